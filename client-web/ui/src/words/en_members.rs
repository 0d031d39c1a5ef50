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
        MemberChange::RelayKey => "The relay has another key".to_owned(),
        MemberChange::RecoveryUsed => {
            return format!(
                "The recovery sheet was used {ago}, and let in {of}. If nobody of yours did this, \
                 somebody else has the sheet: tell your administrator."
            );
        }
        MemberChange::NewSheet => {
            let by = row.by.as_deref().unwrap_or("somebody");
            return format!(
                "{by} replaced the recovery sheet {ago}. If nobody was to do this, tell your \
                 administrator: the new one opens every stream."
            );
        }
    };
    match &row.by {
        Some(by) => format!("{what} · {by} · {ago}"),
        None => format!("{what} · {ago}"),
    }
}
