//! What an engine shows, whole, in a form that two engines can be compared by.

use domain::entry::ResidentId;
use ids::{PersonId, UnixMillis};
use interface::{HistoryRow, Query, ResidentOrder, TabletView, View};
use replica::Engine;
use serde_json::Value;
use std::collections::BTreeMap;

/// More than any test enters.
const ALL: u32 = 100_000;

/// What it says of itself; `None` when its disk does not answer.
pub fn tablet(engine: &mut Engine, now: UnixMillis) -> Option<TabletView> {
    match engine.query(&Query::Tablet, now) {
        Ok(View::Tablet(tablet)) => Some(tablet),
        _ => None,
    }
}

/// Who is signed in, and their name.
pub fn signed_in(engine: &mut Engine, now: UnixMillis) -> Option<(PersonId, String)> {
    match engine.query(&Query::Session, now) {
        Ok(View::Session(session)) => Some((session.person, session.name)),
        _ => None,
    }
}

/// Heads and entry digests of every document.
pub fn digest(engine: &mut Engine, now: UnixMillis) -> Vec<(String, Vec<String>, String)> {
    match engine.query(&Query::Digest, now) {
        Ok(View::Digest { documents }) => documents,
        other => panic!("no digest: {other:?}"),
    }
}

/// Everybody who ever was a resident.
pub fn residents(engine: &mut Engine, now: UnixMillis) -> Vec<ResidentId> {
    let asked = Query::Residents {
        order: ResidentOrder::Name,
        unit: None,
        search: String::new(),
        limit: ALL,
    };
    match engine.query(&asked, now) {
        Ok(View::Residents(view)) => view.residents.into_iter().map(|row| row.id).collect(),
        other => panic!("no residents: {other:?}"),
    }
}

/// Everything ever entered on a resident, newest first.
pub fn history(engine: &mut Engine, resident: ResidentId, now: UnixMillis) -> Vec<HistoryRow> {
    let asked = Query::History {
        resident,
        limit: ALL,
        before: None,
    };
    match engine.query(&asked, now) {
        Ok(View::History(view)) => view.rows,
        other => panic!("no history: {other:?}"),
    }
}

/// Every answer about the record, by question, without what differs from device to device by
/// right: a device calls itself by its name and others by their ids.
pub fn everything_shown(engine: &mut Engine, now: UnixMillis) -> BTreeMap<String, Value> {
    let mut asked = vec![
        Query::House,
        Query::Staff,
        Query::Contradictions {
            decided: true,
            resident: None,
        },
    ];
    for order in [
        ResidentOrder::Name,
        ResidentOrder::Need,
        ResidentOrder::Room,
    ] {
        asked.push(Query::Residents {
            order,
            unit: None,
            search: String::new(),
            limit: ALL,
        });
    }
    for resident in residents(engine, now) {
        asked.extend([
            Query::Banner { resident },
            Query::Today { resident },
            Query::Chart { resident },
            Query::Medicines {
                resident,
                date: None,
            },
            Query::Observations {
                resident,
                limit: ALL,
                before: None,
            },
            Query::Notes {
                resident,
                limit: ALL,
                before: None,
                search: String::new(),
            },
            Query::History {
                resident,
                limit: ALL,
                before: None,
            },
        ]);
    }
    asked
        .into_iter()
        .map(|query| {
            let answer = engine
                .query(&query, now)
                .unwrap_or_else(|e| panic!("{query:?}: {e}"));
            let answer = serde_json::to_value(answer).expect("an answer is JSON");
            (format!("{query:?}"), answer)
        })
        .collect()
}
