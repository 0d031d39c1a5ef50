//! Orders of one medicine that two tablets entered: what each began with, which are twins, and since when
//! both are meant. The rules are `domain::contradictions`.

use super::NEVER;
use super::scope::Scope;
use super::standing::date_number;
use crate::view::entry::{EntryRow, resident_bytes};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::chart::OrderId;
use domain::contradictions::{First, Standing, twins};
use domain::entry::ResidentId;
use std::collections::BTreeMap;

/// As the rules take what an entry began with, if it is that itself.
pub(super) fn first(row: &EntryRow) -> First<'_> {
    First {
        key: &row.key,
        device: row.origin.device,
        stated: row.stated(),
    }
}

/// An entry with the first version of its order.
pub(super) fn begun<'a>(
    entry: Standing<'a>,
    firsts: &'a BTreeMap<OrderId, EntryRow>,
) -> Standing<'a> {
    match entry.fact {
        Fact::Order(order) => Standing {
            first: firsts.get(&order.order).map_or(entry.first, first),
            ..entry
        },
        _ => entry,
    }
}

impl ViewDb {
    /// The first version of each order among these entries, where the rules ask for it.
    pub(super) fn first_versions(
        &self,
        scope: &Scope,
        entries: &[EntryRow],
    ) -> Result<BTreeMap<OrderId, EntryRow>, ViewError> {
        let mut firsts = BTreeMap::new();
        let Scope::Orders(resident) = scope else {
            return Ok(firsts);
        };
        for row in entries {
            let Some(Fact::Order(order)) = row.fact() else {
                continue;
            };
            if firsts.contains_key(&order.order) {
                continue;
            }
            let first = self.entries(
                "WHERE e.id IN (SELECT entry FROM @.orders WHERE \"order\" = ?1)
                   AND e.resident = ?2 AND e.state < 3
                 ORDER BY (SELECT o.version FROM @.orders o WHERE o.entry = e.id), e.key LIMIT 1",
                (order.order.0.as_bytes(), resident_bytes(resident)),
            )?;
            firsts.extend(first.into_iter().map(|first| (order.order, first)));
        }
        Ok(firsts)
    }

    /// Keeps which orders of a resident are twins.
    pub(super) fn relate(
        &self,
        resident: &ResidentId,
        standing: &[Standing<'_>],
    ) -> Result<(), ViewError> {
        self.statement("DELETE FROM @.twins WHERE resident = ?1")?
            .execute([resident_bytes(resident)])?;
        for twin in twins(standing) {
            // Versions that stand apart may differ in whether they ran, and how long: one that did suffices.
            self.statement(
                "INSERT INTO @.twins VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET ended = max(ended, excluded.ended)",
            )?
            .execute((
                resident_bytes(resident),
                twin.order.0.as_bytes(),
                twin.other.0.as_bytes(),
                twin.both_since.map_or(i64::MAX, |since| since.0),
                twin.ended.map_or(NEVER, date_number),
            ))?;
        }
        Ok(())
    }
}
