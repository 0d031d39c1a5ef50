//! What has become of who and what belongs, for everybody to see: the roster holds it, and nobody reads
//! the roster. That the recovery sheet was used or replaced is what somebody does who has taken it.

use super::Engine;
use super::introduce::name_in;
use crate::log::{LogChange, StoreError};
use ids::{UnixMillis, limits};
use interface::{MemberChange, MemberRow};
use wire::roster::{Right, RosterBody, SignerId, acts};
use wire::{Countersigned, RosterEntry};

/// Rows kept of what is in order, and as many of each thing that is grave: no number of the one hides the
/// other, and who used the sheet hides behind no number of new ones.
const KEPT: usize = 8;

/// The newest of them.
#[derive(Default)]
pub(super) struct Members {
    /// Newest first.
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    what: MemberChange,
    /// Whom or which device it is about.
    of: SignerId,
    by: SignerId,
    at: UnixMillis,
}

impl Row {
    /// Rows of one sort push each other out.
    fn is_of_sort(&self, other: &Self) -> bool {
        match (self.what.is_grave(), other.what.is_grave()) {
            (true, true) => self.what == other.what,
            (grave, other) => grave == other,
        }
    }

    fn stands_out(&self, now: UnixMillis) -> bool {
        self.what.is_grave() && now.since(self.at) < limits::STANDS_OUT_MS
    }
}

impl Members {
    /// Takes in what is newer than all before. What one person may do is one row however often it changed.
    fn add(&mut self, row: Row) {
        let same = |old: &Row| old.of == row.of;
        if row.what == MemberChange::Granted {
            let joined = |old: &Row| {
                old.what == MemberChange::PersonAdded && row.at.since(old.at) < limits::JOINING_MS
            };
            if self.rows.iter().any(|old| same(old) && joined(old)) {
                return;
            }
        }
        if matches!(row.what, MemberChange::Granted | MemberChange::Administers) {
            self.rows.retain(|old| !(same(old) && old.what == row.what));
        }
        self.rows.insert(0, row);
        let mut kept = 0;
        self.rows.retain(|old| {
            kept += usize::from(old.is_of_sort(&row));
            !old.is_of_sort(&row) || kept <= KEPT
        });
    }
}

/// What an entry changes of who and what belongs, if it does.
fn read(entry: &Countersigned) -> Option<Row> {
    let parsed = RosterEntry::parse(entry.entry.clone()).ok()?;
    let (what, of) = match parsed.body() {
        RosterBody::AddPerson(body) => (MemberChange::PersonAdded, body.person.id.into()),
        RosterBody::RekeyPerson(body) => (MemberChange::PersonRekeyed, body.person.id.into()),
        RosterBody::RemovePerson(body) => (MemberChange::PersonRemoved, body.person.into()),
        RosterBody::Grant(body) => {
            let administers = body.right != Right::Withdrawn && body.acts & acts::ROSTER != 0;
            let what = match administers {
                true => MemberChange::Administers,
                false => MemberChange::Granted,
            };
            (what, body.person.into())
        }
        RosterBody::AddDevice(body) => (MemberChange::DeviceChanged, body.device.id.into()),
        RosterBody::Accept(body) => (MemberChange::DeviceAdded, body.device.id.into()),
        RosterBody::RemoveDevice(body) => (MemberChange::DeviceRemoved, body.device.into()),
        RosterBody::RelayKey(_) => (MemberChange::RelayKey, SignerId::NONE),
        RosterBody::RecoveryUsed(body) => {
            let person = body.person.as_ref().map(|person| person.id.into());
            (MemberChange::RecoveryUsed, person.unwrap_or(SignerId::NONE))
        }
        RosterBody::NewSheet(_) => (MemberChange::NewSheet, SignerId::NONE),
        RosterBody::Found(_)
        | RosterBody::Invite(_)
        | RosterBody::WithdrawInvite(_)
        | RosterBody::Rotate(_)
        | RosterBody::NewLog(_)
        | RosterBody::Policy(_)
        | RosterBody::Destroy(_)
        | RosterBody::Clock(_)
        | RosterBody::Unknown { .. } => return None,
    };
    let by = match what {
        // An invitation signs, and stands for nobody.
        MemberChange::DeviceAdded => SignerId::NONE,
        _ => parsed.head().signer,
    };
    Some(Row {
        what,
        of,
        by,
        at: entry.time,
    })
}

impl Engine {
    /// Takes in what a commit brought.
    pub(super) fn follow_members(&mut self, change: &LogChange) {
        if change.roster_anew {
            self.members = Members::default();
        }
        let came = change.roster.iter();
        for row in came.filter_map(|(_, entry)| read(entry)) {
            self.members.add(row);
        }
    }

    pub(super) fn load_members(&mut self) -> Result<(), StoreError> {
        self.members = Members::default();
        for (_, entry) in self.log.roster()? {
            if let Some(row) = read(&entry) {
                self.members.add(row);
            }
        }
        Ok(())
    }

    /// As the screen shows them, newest first.
    pub(super) fn member_rows(&self) -> Vec<MemberRow> {
        let names = self.device_names().unwrap_or_default();
        let named = |what: MemberChange, id: SignerId| match what {
            _ if id == SignerId::NONE => None,
            MemberChange::DeviceAdded
            | MemberChange::DeviceChanged
            | MemberChange::DeviceRemoved => Some(name_in(&names, id.device())),
            _ => Some(self.name_and_role(id.person()).0),
        };
        let rows = self.members.rows.iter();
        rows.map(|row| MemberRow {
            what: row.what,
            of: named(row.what, row.of),
            by: (row.by != SignerId::NONE).then(|| self.name_and_role(row.by.person()).0),
            at: row.at,
            grave: row.stands_out(self.now),
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::PersonId;

    fn row(what: MemberChange, of: u8, at: i64) -> Row {
        let id = |n| SignerId::from(PersonId::from_bytes([n; 16]));
        Row {
            what,
            of: id(of),
            by: id(99),
            at: UnixMillis(at),
        }
    }

    fn of(rows: impl IntoIterator<Item = Row>) -> Vec<Row> {
        let mut members = Members::default();
        rows.into_iter().for_each(|row| members.add(row));
        members.rows
    }

    #[test]
    fn who_the_sheet_let_in_is_pushed_out_by_no_number_of_anything_else() {
        let used = row(MemberChange::RecoveryUsed, 1, 0);
        let after = (2..60).flat_map(|n| {
            [
                row(MemberChange::NewSheet, 0, i64::from(n)),
                row(MemberChange::Administers, n, i64::from(n)),
                row(MemberChange::RelayKey, 0, i64::from(n)),
                row(MemberChange::PersonAdded, n, i64::from(n)),
            ]
        });
        let rows = of([used].into_iter().chain(after));
        assert_eq!(rows.last(), Some(&used));
        assert_eq!(rows.len(), 1 + 4 * KEPT);
    }

    #[test]
    fn what_one_person_may_do_is_one_row_and_their_joining_is_not_hidden_by_it() {
        let hour = limits::JOINING_MS;
        let joined = row(MemberChange::PersonAdded, 1, 0);
        let grants = (1..20).map(|n| row(MemberChange::Granted, 1, n));
        assert_eq!(of([joined].into_iter().chain(grants)), [joined]);
        let later = (1..20).map(|n| row(MemberChange::Granted, 1, hour * n));
        let newest = row(MemberChange::Granted, 1, hour * 19);
        assert_eq!(of([joined].into_iter().chain(later)), [newest, joined]);
        // That somebody may change who belongs is a row beside it, at once.
        let administers = row(MemberChange::Administers, 1, 2);
        assert_eq!(of([joined, administers]), [administers, joined]);
    }

    #[test]
    fn what_is_grave_stands_out_for_thirty_days() {
        let grave = row(MemberChange::RelayKey, 0, 5);
        let last = UnixMillis(5 + limits::STANDS_OUT_MS - 1);
        assert!(grave.stands_out(last) && grave.stands_out(UnixMillis(0)));
        assert!(!grave.stands_out(last.plus(1)));
        assert!(!row(MemberChange::PersonAdded, 1, 5).stands_out(last));
    }
}
