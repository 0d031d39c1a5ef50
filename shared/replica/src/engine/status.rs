//! What this tablet is and does: the connection pill, the sign-in page, the session.

use super::{Engine, storage};
use crate::log::StoreError;
use crate::view::Views;
use domain::Stream;
use domain::rights::DECIDE;
use ids::{PersonId, UnixMillis};
use interface::{DraftRow, NotShown, Notice, Refusal, SessionView, TabletState, TabletView, View};
use wire::roster::{DeviceKind, acts};

/// Of the newest own work the relay stored: how many other tablets have it, of how many that carry
/// its streams; how many more were enrolled and never spoke; whether any own work was stored at all.
#[derive(Default)]
struct Received {
    by: usize,
    of: usize,
    unconfirmed: usize,
    stored_any: bool,
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Engine {
    pub(super) fn tablet_view(&self) -> Result<View, Refusal> {
        let (to_send, oldest_unsent, refused) =
            self.log.outbox_summary().map_err(|e| storage(&e))?;
        let (link, link_since) = self.link.shown();
        let facts = self.membership.as_ref().map(|membership| &membership.facts);
        let received = self.received().map_err(|e| storage(&e))?;
        let words = facts
            .filter(|f| !f.confirmed && !self.is_joining())
            .map(|f| f.words.clone());
        let mut drafts_of: Vec<PersonId> = self
            .log
            .drafts()
            .map_err(|e| storage(&e))?
            .into_iter()
            .map(|draft| draft.person)
            .collect();
        drafts_of.sort();
        drafts_of.dedup();
        Ok(View::Tablet(TabletView {
            state: self.tablet_state(),
            carried_on: self.joining_is_kept(),
            facility: facts.map(|f| f.facility),
            facility_name: self
                .settings()
                .map(|s| s.name)
                .or_else(|| facts.map(|f| f.facility_name.clone())),
            device: facts.map(|f| f.device),
            device_name: facts.map(|f| f.device_name.clone()),
            words,
            link,
            link_since,
            last_live: self.lately.exchanged,
            to_send,
            oldest_unsent,
            held_up_by: self.push.held_up_by(),
            arriving: self
                .streams
                .arriving()
                .saturating_add(self.waiting.left_out()),
            received_by: count(received.by),
            tablets: count(received.of),
            unconfirmed: count(received.unconfirmed),
            stored_any: received.stored_any,
            marks_exchanged: self.marks_exchanged(),
            not_accepted: refused,
            set_aside: self.standings.set_aside,
            refused: self.standings.refused,
            refused_of: self.refused_of(),
            for_update: self.standings.for_update,
            unreadable: self.unreadable(),
            not_shown: self.not_shown(),
            relay_faults: self.relay_faults(),
            members: self.member_rows(),
            clock_wrong_ms: self.link.clock_wrong_ms,
            storage_problem: self.storage_problem.clone(),
            people: if facts.is_some_and(|f| f.confirmed) {
                self.tiles()
            } else {
                Vec::new()
            },
            drafts_of,
            progress: self.progress(),
        }))
    }

    fn tablet_state(&self) -> TabletState {
        match (&self.membership, &self.session) {
            (_, Some(_)) => TabletState::Open,
            _ if self.is_joining() => TabletState::Enrolling,
            (None, None) => TabletState::Blank,
            (Some(membership), None) if !membership.facts.confirmed => TabletState::Words,
            (Some(membership), None) if !membership.facts.prepared => TabletState::Preparing,
            (Some(_), None) => TabletState::Locked,
        }
    }

    /// Why not everything is shown: a view is in trouble, or nobody could count what was not taken.
    fn not_shown(&self) -> Option<NotShown> {
        let uncounted = self.standings.again_at.map(|_| NotShown::Storage);
        self.troubles.shown().max(uncounted)
    }

    /// Envelopes that this tablet's disk does not give back.
    fn unreadable(&self) -> u32 {
        let count = self.push.unreadable() + self.waiting.unreadable();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Who else has the newest own work the relay stored.
    fn received(&self) -> Result<Received, StoreError> {
        let Some(membership) = &self.membership else {
            return Ok(Received::default());
        };
        let device = membership.facts.device;
        let mut newest = Vec::new();
        for id in Views::STREAMS.map(|stream| membership.stream(stream)) {
            let log_id = self.streams.position(id).log_id;
            let seq = self.log.newest_own_place(id, log_id, device)?;
            newest.extend(seq.map(|seq| (id, seq)));
        }
        let others = self.roster.devices().filter(|record| {
            record.keys.id != device
                && record.removed.is_none()
                && record.scope.kind == DeviceKind::Tablet
                && newest.iter().all(|(stream, _)| record.carries(stream))
        });
        let mut received = Received {
            stored_any: !newest.is_empty(),
            ..Received::default()
        };
        for other in others.map(|record| record.keys.id) {
            if !self.has_spoken(other) {
                received.unconfirmed += 1;
                continue;
            }
            received.of += 1;
            let has = |(stream, seq): &(_, _)| self.has_seen(other, *stream, *seq);
            received.by += usize::from(newest.iter().all(has));
        }
        Ok(received)
    }

    /// Rows verified of rows known, while the log is arriving.
    fn progress(&self) -> Option<(u64, u64)> {
        let arriving = u64::from(self.streams.arriving());
        if arriving == 0 {
            return None;
        }
        let here = self.membership.as_ref().map_or(0, |membership| {
            Stream::ALL
                .iter()
                .map(|stream| self.streams.position(membership.stream(*stream)).seq.0)
                .sum::<u64>()
        });
        Some((here, here.saturating_add(arriving)))
    }

    /// Envelopes that are here and not shown yet.
    fn unprojected(&self) -> u32 {
        let streams = Views::STREAMS.into_iter();
        streams.map(|stream| self.unprojected_of(stream)).sum()
    }

    fn unprojected_of(&self, stream: Stream) -> u32 {
        let count = || {
            let membership = self.membership.as_ref()?;
            let (number, _) = self.views.of(stream)?.watermark().ok()?;
            let after = self.log.facts_after(membership.stream(stream), number);
            after.ok()
        };
        count().unwrap_or(0)
    }

    /// Whether records of a stream are on their way here, or here and not shown yet.
    pub(super) fn is_arriving(&self, stream: Stream) -> bool {
        let membership = self.membership.as_ref();
        membership.is_some_and(|m| self.streams.is_arriving(m.stream(stream)))
            || self.unprojected_of(stream) > 0
            || self.waiting.has_left_out(stream)
    }

    /// Whoever was told that charts are arriving asks again once they are here.
    pub(super) fn tell_arrived(&mut self) {
        if self.told_arriving.get() && !self.is_arriving(Stream::Care) {
            self.told_arriving.set(false);
            let residents = Vec::new();
            self.notices.push(Notice::Residents { residents });
        }
    }

    pub(super) fn session_view(&self) -> Result<View, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (at, _) = self.roster.head();
        let may_in = |stream: Stream, act: u64| {
            let stream = membership.stream(stream);
            self.roster.may_write(&session.person, &stream, at)
                && self.roster.acts(&session.person, &stream, at) & act == act
        };
        let may = |act: u64| may_in(Stream::Care, act);
        let zone = self.zone();
        let time_zone = self
            .settings()
            .map_or_else(|| "UTC".to_owned(), |settings| settings.time_zone);
        let unprojected = self.unprojected();
        let (name, role) = self.name_and_role(session.person);
        Ok(View::Session(SessionView {
            person: session.person,
            name,
            role,
            may_chart: may(0),
            may_order: may(acts::ORDER),
            // Moves lie in the directory.
            may_register: may_in(Stream::Directory, acts::REGISTRATION),
            may_sign: may(acts::SIGN),
            may_strike: may(acts::STRIKE),
            may_resolve: may(DECIDE),
            may_roster: may(acts::ROSTER),
            as_of: self.as_of(unprojected),
            arriving: unprojected.saturating_add(self.streams.arriving()),
            to_reconcile: self.waiting_contradictions(),
            offset_minutes: zone
                .as_ref()
                .map_or(0, |zone| zone.offset_minutes(self.now)),
            today: zone.as_ref().map_or_else(
                || domain::clock::utc_date(self.now),
                |zone| zone.date(self.now),
            ),
            time_zone,
        }))
    }

    /// Of when what is shown is: of now while live and projected, of the last exchange once all that
    /// it brought is shown, and before that of when nothing was missing.
    fn as_of(&self, unprojected: u32) -> Option<UnixMillis> {
        if unprojected > 0 {
            return self.lately.whole;
        }
        let live = self.link.is_open() && self.streams.arriving() == 0;
        if live {
            Some(self.now)
        } else {
            self.lately.exchanged
        }
    }

    fn waiting_contradictions(&self) -> u32 {
        let views = Views::STREAMS.into_iter();
        views
            .filter_map(|stream| self.views.of(stream))
            .filter_map(|view| view.waiting_contradictions().ok())
            .chain(self.views.waiting_crossings().ok())
            .sum()
    }

    pub(super) fn drafts_view(&self) -> Result<View, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let device = self
            .membership
            .as_ref()
            .ok_or(Refusal::NotEnrolled)?
            .facts
            .device;
        let key = session.identity.draft_key(&device);
        let rows = self.log.drafts().map_err(|e| storage(&e))?;
        let drafts = rows
            .into_iter()
            .filter(|row| row.person == session.person)
            .map(|row| {
                let opened = vault::open_local(&key, row.key.as_bytes(), &row.sealed).ok();
                let text = opened.and_then(|text| String::from_utf8(text.to_vec()).ok());
                DraftRow {
                    key: row.key,
                    text,
                    at: row.at,
                }
            })
            .collect();
        Ok(View::Drafts { drafts })
    }
}
