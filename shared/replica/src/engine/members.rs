//! What has become of who and what belongs, for everybody to see: the roster holds it, and nobody reads
//! the roster. That the recovery sheet was used or replaced is what somebody does who has taken it.

use super::Engine;
use super::introduce::name_in;
use crate::log::{LogChange, StoreError};
use ids::UnixMillis;
use interface::{MemberChange, MemberRow};
use wire::roster::{RosterBody, SignerId};
use wire::{Countersigned, RosterEntry};

/// Rows kept of what is in order, and as many of what is grave: no number of the one hides the other.
const KEPT: usize = 8;

/// The newest of them.
#[derive(Default)]
pub(super) struct Members {
    /// Newest first.
    rows: Vec<Row>,
}

struct Row {
    what: MemberChange,
    /// Whom or which device it is about.
    of: SignerId,
    by: SignerId,
    at: UnixMillis,
}

impl Members {
    /// Of the whole roster, oldest first.
    fn of(roster: impl DoubleEndedIterator<Item = Countersigned>) -> Self {
        let (mut rows, mut kept) = (Vec::new(), [0usize; 2]);
        for row in roster.rev().filter_map(|entry| read(&entry)) {
            let [plain, grave] = &mut kept;
            let count = if row.what.is_grave() { grave } else { plain };
            *count += 1;
            if *count <= KEPT {
                rows.push(row);
            }
        }
        Self { rows }
    }
}

/// What an entry changes of who and what belongs, if it does.
fn read(entry: &Countersigned) -> Option<Row> {
    let parsed = RosterEntry::parse(entry.entry.clone()).ok()?;
    let (what, of) = match parsed.body() {
        RosterBody::AddPerson(body) => (MemberChange::PersonAdded, body.person.id.into()),
        RosterBody::RekeyPerson(body) => (MemberChange::PersonRekeyed, body.person.id.into()),
        RosterBody::RemovePerson(body) => (MemberChange::PersonRemoved, body.person.into()),
        RosterBody::Grant(body) => (MemberChange::Granted, body.person.into()),
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
    /// Reads them anew if a commit changed them.
    pub(super) fn follow_members(&mut self, change: &LogChange) {
        if !change.roster.is_empty() {
            // It was written a moment ago; what is shown meanwhile is of before.
            let _ = self.load_members();
        }
    }

    pub(super) fn load_members(&mut self) -> Result<(), StoreError> {
        let roster = self.log.roster()?.into_iter().map(|(_, entry)| entry);
        self.members = Members::of(roster);
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
        })
        .collect()
    }
}
