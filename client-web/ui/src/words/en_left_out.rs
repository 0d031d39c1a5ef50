//! English words for what a tablet has and does not show: how much, and what to do about it.

pub(super) const STORAGE: &str = "This tablet's storage failed while records were read. Not everything is shown; it tries again by itself.";
pub(super) const DAMAGED: &str = "What this tablet shows records from is damaged. Not everything is shown. Use another tablet, and tell your administrator.";

pub(super) fn set_aside(count: u32) -> String {
    let left_out = match count {
        1 => "1 record stopped this tablet whenever it was read, and is set aside.".to_owned(),
        _ => format!(
            "{count} records stopped this tablet whenever they were read, and are set aside."
        ),
    };
    format!(
        "{left_out} Neither that nor what was written on top of it is shown here. Look at the chart on another \
         tablet, and tell your administrator. It is tried again after the next update."
    )
}

pub(super) fn for_update(count: u32) -> String {
    let written = match count {
        1 => "1 record was written by a newer version and is not shown.".to_owned(),
        _ => format!("{count} records were written by a newer version and are not shown."),
    };
    format!("{written} Update this tablet.")
}

pub(super) fn unreadable(count: u32) -> String {
    let unread = match count {
        1 => "1 record cannot be read from this tablet's storage.".to_owned(),
        _ => format!("{count} records cannot be read from this tablet's storage."),
    };
    format!(
        "{unread} If it was written here, enter it again on another tablet. Tell your administrator."
    )
}

pub(super) fn refused(count: u32, of: &str) -> String {
    match count {
        1 => format!(
            "1 record was refused because it breaks the rules of the record. It is from {of}. Tell your administrator."
        ),
        _ => format!(
            "{count} records were refused because they break the rules of the record. The newest are from {of}. \
             Tell your administrator."
        ),
    }
}
