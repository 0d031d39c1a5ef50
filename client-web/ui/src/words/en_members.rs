//! English words for what has become of who and what belongs.

use interface::{MemberChange, MemberRow};

pub(super) fn change(row: &MemberRow, ago: &str) -> String {
    let of = row.of.as_deref().unwrap_or("somebody");
    let what = match row.what {
        MemberChange::PersonAdded => format!("{of} joined"),
        MemberChange::PersonRekeyed => format!("{of} has new keys"),
        MemberChange::PersonRemoved => format!("{of} left"),
        MemberChange::Granted => format!("What {of} may do was changed"),
        MemberChange::DeviceAdded => format!("Device joined: {of}"),
        MemberChange::DeviceChanged => format!("Device changed: {of}"),
        MemberChange::DeviceRemoved => format!("Device removed: {of}"),
        MemberChange::Administers => format!("{of} may now change who belongs here"),
        MemberChange::RelayKey => "The relay has another key".to_owned(),
        MemberChange::RecoveryUsed => match &row.of {
            Some(of) => format!("The recovery sheet was used, and let in {of}"),
            None => "The recovery sheet was used".to_owned(),
        },
        MemberChange::NewSheet => "The recovery sheet was replaced".to_owned(),
    };
    let said = match &row.by {
        Some(by) => format!("{what} · {by} · {ago}"),
        None => format!("{what} · {ago}"),
    };
    match to_look_into(row) {
        Some(why) => format!("{said}. {why}"),
        None => said,
    }
}

/// What somebody should ask who reads of it soon after.
fn to_look_into(row: &MemberRow) -> Option<&'static str> {
    let why = match row.what {
        _ if !row.grave => return None,
        MemberChange::Administers => {
            "If nobody was to do this, tell your administrator: they can let in others, and themselves to every stream."
        }
        MemberChange::RelayKey => {
            "If nobody set up the relay anew, tell your administrator: tablets now trust another relay."
        }
        MemberChange::RecoveryUsed => {
            "If nobody of yours did this, somebody else has the sheet: tell your administrator."
        }
        MemberChange::NewSheet => {
            "If nobody was to do this, tell your administrator: the new one opens every stream."
        }
        MemberChange::PersonAdded
        | MemberChange::PersonRekeyed
        | MemberChange::PersonRemoved
        | MemberChange::Granted
        | MemberChange::DeviceAdded
        | MemberChange::DeviceChanged
        | MemberChange::DeviceRemoved => return None,
    };
    Some(why)
}
