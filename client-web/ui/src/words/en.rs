//! English: the frame of the product, signing in, lists and forms. Observations, registers and
//! decisions have tables of their own, names of clinical things are in `en_clinical`, refusals in
//! `en_refusals`, what a tablet has and does not show in `en_left_out`; all are reached through
//! this table.

use super::Text;
use super::en_clinical as clinical;
use super::en_left_out as left_out;
use super::en_members as members;
use super::en_refusals as refusals;
use super::en_rules as rules;
use super::{en_deciding, en_ending, en_moving, en_observing, en_registers};
use crate::format::fact;
use domain::chart::Sex;
use domain::directory::Role;
use domain::journal::{NotGiven, SaturationScale};
use interface::{CannotStart, HeldUp, MemberRow, ProofStep, Refusal, RelayFault, StorageFault};

table! { ENGLISH;
    // ---- frame -----------------------------------------------------------------------------
    lamplight: Text = "Lamplight";
    skip_to_content: Text = "Skip to content";
    places: Text = "Places";
    residents: Text = "Residents";
    reconcile: Text = "Reconcile";
    about: Text = "About";
    lock: Text = "Lock";
    lock_tablet: Text = "Lock this tablet";
    search: Text = "Search residents";
    search_hint: Text = "Name, room, date of birth, record number";
    clear_search: Text = "Clear the search";
    close: Text = "Close";
    cancel: Text = "Cancel";
    change: Text = "change";
    show_more: Text = "Show more";
    try_again: Text = "Try again";
    residents_in: fn(&str, u32) -> String = |unit, count| match count {
        1 => format!("{unit} · 1 resident"),
        _ => format!("{unit} · {count} residents"),
    };
    residents_in_all: fn(u32) -> String = |count| match count {
        1 => "1 resident".to_owned(),
        _ => format!("{count} residents"),
    };
    waiting_to_reconcile: fn(u32) -> String = |count| format!("{count} to reconcile");
    page_title: fn(&str) -> String = |place| format!("{place} · Lamplight");
    not_found: Text = "There is nothing at this address.";
    to_residents: Text = "Go to residents";

    paper_printed: fn(&str, &str) -> String = |at, who| format!("Printed {at} by {who}");
    paper_as_of: fn(&str) -> String = |at| format!("Records as of {at}");
    paper_offline_since: fn(&str) -> String =
        |at| format!("Not connected: records of other tablets as of {at}");
    paper_offline: Text = "Not connected: records of other tablets may be missing";

    // ---- days and times --------------------------------------------------------------------
    months_in_full: [Text; 12] = [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];
    months: [Text; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    weekdays: [Text; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    today: Text = "today";
    yesterday: Text = "yesterday";
    tomorrow: Text = "tomorrow";
    day_month: fn(u8, &str) -> String = |day, month| format!("{day} {month}");
    month_year: fn(&str, i16) -> String = |month, year| format!("{month} {year}");
    day_month_year: fn(u8, &str, i16) -> String = |day, month, year| format!("{day} {month} {year}");
    just_now: Text = "just now";
    minutes_ago: fn(i64) -> String = |n| format!("{n} min ago");
    hours_ago: fn(i64) -> String = |n| format!("{n} h ago");
    minutes_long: fn(i64) -> String = |n| format!("{n} min");
    hours_long: fn(i64, i64) -> String = |hours, minutes| format!("{hours} h {minutes} min");
    days_ago: fn(i64) -> String = |n| format!("{n} days ago");

    // ---- one tab, one engine ---------------------------------------------------------------
    elsewhere_title: Text = "Open in another tab";
    elsewhere_words: Text =
        "Lamplight runs in one tab at a time, so that nothing is written twice. \
         Using it here locks the other tab; drafts there are kept.";
    use_it_here: Text = "Use it here";
    stopped_title: Text = "Lamplight could not start";
    stopped_words: Text =
        "What was saved on this tablet is still there. Try again; if it does not help, restart the tablet.";
    cannot_start: fn(&CannotStart) -> String = refusals::cannot_start;
    unopened_title: Text = "This tablet cannot open its records";
    unopened_words: Text =
        "This browser no longer has the key to what Lamplight kept here, or damaged it. \
         Try again first, and restart the tablet. If that does not help, the tablet has to be enrolled anew.";
    unopened_lost: Text =
        "What this tablet had sent to the relay is safe, and comes back when it is enrolled. \
         What was entered here and not sent yet is lost, and so are drafts.";
    anew_ask: Text = "Enrol this tablet anew…";
    anew_title: Text = "Erase what is on this tablet?";
    anew_words: Text =
        "This cannot be undone. Entries that were not sent yet, and drafts, are gone from this tablet for good. \
         Afterwards you need an invitation link from an administrator.";
    anew_confirm: Text = "Erase and enrol anew";

    // ---- enrolling -------------------------------------------------------------------------
    enrol_title: Text = "Enrol this tablet";
    enrol_words: Text =
        "Give the tablet a name that people will recognise, such as East-2. \
         The invitation works once.";
    enrol_no_link_title: Text = "This tablet is not enrolled";
    enrol_no_link_words: Text =
        "Open an invitation link on this tablet, or paste it here. An administrator makes one with the command line: lamplight-client invite.";
    enrol_link: Text = "Invitation link";
    enrol_use_link: Text = "Use this link";
    enrol_broken_link: Text = "This link is not complete. Copy the whole of it.";
    enrol_founding_link: Text =
        "This link founds a new home. Use it with the command line: lamplight-client found.";
    enrol_other_host: Text =
        "This link is for another address than this one. Open it by itself, or ask for one of this home.";
    tablet_name: Text = "Name of this tablet";
    tablet_name_hint: Text = "For example East-2";
    tablet_name_missing: Text = "Give the tablet a name.";
    enrol: Text = "Enrol";
    enrolling: Text = "Enrolling…";
    enrolling_words: Text = "Fetching the invitation from the relay.";
    enrolling_carried_on: Text =
        "The relay was asked. This goes on by itself as soon as it answers, also after the tablet was closed.";
    enrolling_give_up: Text = "Stop enrolling";
    words_title: Text = "Are these six words the same on both screens?";
    words_words: Text =
        "Compare them with the screen of whoever invited this tablet. \
         If one differs, someone may be listening in.";
    words_label: Text = "The six words";
    the_same: Text = "The same";
    different: Text = "Different";
    words_rejected: Text = "The enrolment was forgotten. Ask for a new invitation.";
    preparing_offline: Text =
        "The relay cannot be reached. Check the Wi-Fi; this goes on by itself as soon as it answers.";
    preparing_title: Text = "Preparing this tablet";
    preparing_words: Text = "Fetching what the first sign-in needs. This happens once.";
    progress: fn(u64, u64) -> String = |done, all| format!("{done} of {all}");
    already_enrolled: Text = "This tablet is already enrolled; the invitation was not used.";

    // ---- signing in ------------------------------------------------------------------------
    tablet_locked: fn(&str) -> String = |tablet| format!("Tablet {tablet} · locked");
    still_exchanging: Text = "still exchanging records";
    not_exchanging: Text = "not connected";
    show_badge: Text = "Show your badge";
    or_touch_name: Text = "or touch your name";
    nobody_yet: Text = "Nobody can sign in here yet. Records of staff are still arriving.";
    people: Text = "People who can sign in";
    badge_title: Text = "Show your badge";
    badge_title_for: fn(&str) -> String = |name| format!("{name}: show your badge");
    badge_words: Text = "Scan it with the hand scanner, or type what is printed on it.";
    badge_type: Text = "Type or paste the badge";
    badge_held: fn(u32) -> String = |count| match count {
        0 => "Waiting for a badge".to_owned(),
        1 => "1 character read".to_owned(),
        _ => format!("{count} characters read"),
    };
    badge_clear: Text = "Start again";
    badge_bad: Text = "This badge could not be read. Scan or type it again.";
    pin_title: Text = "Your PIN";
    pin_is_enough: Text = "PIN is enough";
    badge_instead: Text = "Show badge instead";
    pin_title_for: fn(&str) -> String = |name| format!("{name}: your PIN");
    pin_words: Text = "Six digits";
    pin_held: fn(u32) -> String = |count| format!("{count} of 6 digits");
    pin_digit: fn(u8) -> String = |digit| format!("{digit}");
    pin_back: Text = "Delete the last digit";
    pin_clear: Text = "Clear";
    checking: Text = "Checking…";
    left_draft: fn(&str) -> String = |name| format!("{name} left a draft on this tablet");
    someone_left_draft: Text = "Someone left a draft on this tablet";

    // ---- connection ------------------------------------------------------------------------
    pill_label: Text = "Connection and saved records";
    saved_here: Text = "Saved on this tablet";
    all_saved: Text = "all saved here";
    all_saved_line: Text = "All saved on this tablet";
    to_send: fn(u32) -> String = |count| format!("{count} to send");
    stored: Text = "Stored by the relay";
    received: fn(u32, u32) -> String = |by, of| format!("Received by {by} of {of} tablets");
    received_none: Text = "Received by other tablets";
    received_short: fn(u32, u32) -> String = |by, of| format!("received by {by} of {of}");
    offline: Text = "Offline";
    connecting: Text = "Connecting";
    connected: Text = "Connected";
    catching_up: fn(u32) -> String = |count| match count {
        0 => "Catching up".to_owned(),
        _ => format!("{count} arriving"),
    };
    captive_portal: Text = "This Wi-Fi wants you to sign in";
    wrong_relay: Text = "Not our relay";
    outdated: Text = "Update needed";
    removed: Text = "This tablet was removed";
    nothing_to_send: Text = "nothing to send";
    sending_now: fn(u32) -> String = |count| format!("sending {count}");
    storage_problem: Text = "Read-only: storage problem";
    relay_fault: Text = "Something is wrong with the relay";
    panel_relay_fault: fn(RelayFault) -> Text = |fault| match fault {
        RelayFault::TwoHistories => "The relay signed for two different histories. Tell whoever runs it.",
        RelayFault::FalsePlace => "The relay said it stored something of this tablet's that it did not. It stays here and is sent again. Tell whoever runs the relay.",
        RelayFault::WentBackwards => "The relay has lost records it had confirmed. They are on this tablet. Tell whoever runs the relay.",
        RelayFault::NewLog => "The relay began its list of records anew. What it had before is on this tablet. Tell whoever runs the relay.",
        RelayFault::Roster => "The relay's list of members is older than this tablet's, or not signed as it must be. Tell whoever runs the relay.",
        RelayFault::OtherDevice => "Another tablet signed for a different history than this one has: the relay shows two, or that tablet is not to be trusted. Tell whoever runs the relay.",
        RelayFault::TooMuch => "The relay sent far more than was asked for, and was hung up on.",
        RelayFault::OlderRoster => "The relay put a record under an earlier list of members than the record before it, as if somebody who has left still belonged. It was not taken, and nothing after it. Tell whoever runs the relay.",
        RelayFault::FalseRefusal => "The relay said that it would not store something of this tablet's, and stored it all the same. It is shown now: see whether it was entered again. Tell whoever runs the relay.",
    };
    panel_members: Text = "Who joined, changed or left";
    panel_member: fn(&MemberRow, &str) -> String = members::change;
    clock_wrong: Text = "Clock wrong";
    panel_title: Text = "Where your records are";
    panel_saved: fn(u32) -> String = |to_send| match to_send {
        0 => "Everything is saved on this tablet.".to_owned(),
        1 => "Everything is saved on this tablet; 1 record is only here.".to_owned(),
        _ => format!("Everything is saved on this tablet; {to_send} records are only here."),
    };
    panel_oldest: fn(&str) -> String = |ago| format!("The oldest of them was saved {ago}.");
    panel_stored_all: Text = "Everything from this tablet is stored by the relay.";
    panel_stored_waiting: fn(u32) -> String = |count| match count {
        1 => "1 record waits for the relay. It goes by itself.".to_owned(),
        _ => format!("{count} records wait for the relay. They go by themselves."),
    };
    panel_stored_but: fn(u32) -> String = |count| match count {
        1 => "The relay stored everything but 1 record, which it did not accept.".to_owned(),
        _ => format!("The relay stored everything but {count} records, which it did not accept."),
    };
    held_up: fn(HeldUp) -> Text = |why| match why {
        HeldUp::RelayFull => "The relay is full",
        HeldUp::KeysChanged => "Keys were changed",
        HeldUp::NewerRelay => "Update needed",
    };
    panel_held_up: fn(HeldUp) -> Text = |why| match why {
        HeldUp::RelayFull => "The relay has no room left for this home. What is saved here stays here until whoever runs the relay gives it more.",
        HeldUp::KeysChanged => "The home's keys were changed since these records were saved. They stay here until an update of the app can hand them in.",
        HeldUp::NewerRelay => "The relay gives an answer that only a newer version of the app knows. Update the app.",
    };
    not_accepted: fn(u32) -> String = |count| match count {
        1 => "1 record was not accepted".to_owned(),
        _ => format!("{count} records were not accepted"),
    };
    panel_stored_none: Text = "Nothing of this tablet's own has been stored yet.";
    panel_received: fn(u32, u32) -> String = |by, of| match of {
        0 => "No other tablet is enrolled.".to_owned(),
        _ => format!("The newest of what the relay stored has been received by {by} of {of} other tablets."),
    };
    panel_unconfirmed: fn(u32) -> String = |count| match count {
        1 => "1 tablet more was enrolled, and nobody has found its six words the same. It is not counted.".to_owned(),
        _ => format!("{count} tablets more were enrolled, and nobody has found their six words the same. They are not counted."),
    };
    panel_reconcile: fn(u32) -> String = |count| match count {
        0 => "Nothing waits to be reconciled.".to_owned(),
        1 => "1 thing waits for a person to decide.".to_owned(),
        _ => format!("{count} things wait for a person to decide."),
    };
    panel_reconcile_locked: Text = "Sign in to see what waits for a decision.";
    panel_not_accepted: fn(u32) -> String = |count| match count {
        1 => "1 record was not accepted by the relay.".to_owned(),
        _ => format!("{count} records were not accepted by the relay."),
    };
    not_all_shown: Text = "Not everything is shown";
    some_left_out: fn(u32) -> String = |count| match count {
        1 => "1 record is left out".to_owned(),
        _ => format!("{count} records are left out"),
    };
    panel_set_aside: fn(u32) -> String = left_out::set_aside;
    panel_for_update: fn(u32) -> String = left_out::for_update;
    panel_unreadable: fn(u32) -> String = left_out::unreadable;
    panel_refused: fn(u32, &str) -> String = left_out::refused;
    panel_not_shown_storage: Text = left_out::STORAGE;
    panel_not_shown_damaged: Text = left_out::DAMAGED;
    to_reconcile: Text = "To reconcile";
    panel_link_live: Text = "Connected to the relay.";
    panel_link_for: fn(&str, Option<&str>) -> String = |link, span| match span {
        None => format!("{link}, since a moment ago."),
        Some(span) => format!("{link} for {span}."),
    };
    panel_last_live: fn(&str) -> String = |ago| format!("Last exchanged everything {ago}.");
    panel_never_live: Text = "Has not exchanged records with the relay yet.";
    panel_arriving: fn(u32) -> String = |count| format!("{count} records are arriving.");
    panel_captive: Text =
        "The Wi-Fi shows its own page instead of the relay. Open a browser window and sign in to the Wi-Fi.";
    panel_wrong_relay: Text =
        "The server that answers is not the relay of this home. Nothing was sent. Tell your administrator.";
    panel_outdated: Text = "The relay and this tablet run versions that cannot talk. Update the app.";
    panel_removed: Text =
        "An administrator removed this tablet. What it saved since then is kept here and was not accepted.";
    panel_clock: fn(i64) -> String = |minutes| match minutes {
        m if m > 0 => format!("This tablet's clock is {m} min ahead. Set it right: times of records depend on it."),
        m => format!("This tablet's clock is {} min behind. Set it right: times of records depend on it.", -m),
    };
    panel_storage: fn(&StorageFault) -> String =
        |fault| format!("This tablet cannot write: {}. Nothing new can be saved.", rules::storage(fault));
    panel_persisted: Text = "The browser will not clear these records by itself.";
    panel_not_persisted: Text = "Storage may be cleared by the browser. Install Lamplight on the home screen.";
    unsent_old: Text = "Some records have been only on this tablet for more than 72 hours.";
    try_now: Text = "Try the relay now";
    as_of: fn(&str, u32) -> String = |when, arriving| match arriving {
        0 => format!("As of {when}"),
        _ => format!("As of {when}, {arriving} arriving"),
    };
    update_ready: Text = "A new version is ready";
    update_take: Text = "Restart with it";

    // ---- saving ----------------------------------------------------------------------------
    saved: Text = "Saved on this tablet.";
    goes_later: Text = "It goes to the relay when there is a connection.";
    saved_signed: Text = "Saved and signed on this tablet.";
    typed_since: Text = "What you typed since is not saved yet.";
    signed: Text = "Signed.";
    saving: Text = "Saving…";
    save: Text = "Save";
    save_and_sign: Text = "Save and sign";
    draft_kept: Text = "Draft kept on this tablet";
    discard_draft: Text = "Discard draft";
    draft_unopened: fn(u32) -> String = |count| match count {
        1 => "A draft of yours on this tablet does not open.".to_owned(),
        _ => format!("{count} drafts of yours on this tablet do not open."),
    };
    draft_waits: fn(u32) -> String = |count| match count {
        1 => "You left a draft".to_owned(),
        _ => format!("You left {count} drafts"),
    };
    draft_of: fn(&str) -> Text = clinical::draft;
    reason: Text = "Reason";
    reason_missing: Text = "Give the reason.";
    comment_optional: Text = "Comment (optional)";

    // ---- residents -------------------------------------------------------------------------
    order: Text = "Order";
    by_room: Text = "By room";
    by_need: Text = "By need";
    by_name: Text = "By name";
    unit_filter: Text = "Unit";
    all_units: Text = "All";
    no_residents: Text = "No residents yet.";
    no_residents_words: Text = "Records are still arriving, or nobody has been admitted.";
    nobody_found: fn(&str) -> String = |search| format!("Nobody found for “{search}”.");
    nobody_found_words: Text = "Try a part of the name, a room, a birth date or a record number.";
    shown_of: fn(usize, u32) -> String = |shown, of| format!("{shown} of {of} shown");
    found: fn(u32) -> String = |count| match count {
        1 => "1 resident found".to_owned(),
        _ => format!("{count} residents found"),
    };
    age_between: fn(u16, u16) -> String = |least, most| format!("{least} or {most}");
    born: fn(&str) -> String = |date| format!("born {date}");
    birth_date_unknown: Text = "birth date not known";
    no_bed: Text = "–";
    no_bed_words: Text = "no bed";
    room: Text = "Room";
    record: Text = "record";
    on_leave: Text = "On leave";
    discharged: Text = "Discharged";
    deceased: Text = "Deceased";
    medicines_due: fn(&str, u32) -> String = |time, count| match count {
        1 => format!("{time} medicine due"),
        _ => format!("{time} medicines due"),
    };
    medicines_next: fn(&str) -> String = |time| format!("next {time}");
    medicines_late: fn(&str, u32) -> String = |time, count| match count {
        1 => format!("{time} medicine overdue"),
        _ => format!("{time} medicines overdue"),
    };

    // ---- chart -----------------------------------------------------------------------------
    chart_tabs: Text = "Chart";
    tab_today: Text = "Today";
    tab_medicines: Text = "Medicines";
    tab_observations: Text = "Observations";
    tab_notes: Text = "Notes";
    tab_history: Text = "History";
    resident_missing: Text = "This resident's chart is not on this tablet.";
    banner_allergy: Text = "Allergy…";
    banner_code_status: Text = "Code status…";
    resident_contradictions: fn(u32) -> String = |count| match count {
        1 => "1 thing to reconcile".to_owned(),
        _ => format!("{count} things to reconcile"),
    };
    safety: Text = "Beware of";
    due_now: Text = "Due today";
    nothing_due: Text = "Nothing is due.";
    last_observations: Text = "Last observations";
    no_observations: Text = "No observations yet.";
    record_observations: Text = "Record observations";
    notes_of_day: Text = "Notes of the last day";
    no_notes_of_day: Text = "No notes in the last day.";
    write_note: Text = "Write a note";
    problems: Text = "Problems";
    no_problems: Text = "No problems recorded.";
    since: fn(&str) -> String = |date| format!("since {date}");
    ended: fn(&str) -> String = |date| format!("ended {date}");
    allergies: Text = "Allergies";
    code_status: Text = "Code status";
    record_allergy: Text = "Record an allergy";
    record_code_status: Text = "Record code status";
    safety_title: Text = "Allergies and code status";

    // ---- medicines -------------------------------------------------------------------------
    previous_day: Text = "Day before";
    next_day: Text = "Day after";
    medicines_on: fn(&str) -> String = |day| format!("Medicines {day}");
    no_medicines: Text = "No medicines on this day.";
    as_needed: Text = "As needed";
    as_needed_for: fn(&str) -> String = |why| format!("as needed for {why}");
    high_alert: Text = "High alert";
    due: Text = "Due";
    late: Text = "Overdue";
    upcoming: Text = "Later";
    not_here: Text = "Not here";
    stated_ahead: Text = "stated in the future";
    before_order: Text = "Before it was ordered";
    given_under_other: Text = "Given under the other order";
    scale_decided: fn(SaturationScale) -> String = |scale| match scale {
        SaturationScale::One => "Saturation scale 1".to_owned(),
        SaturationScale::Two => "Saturation scale 2 (target 88–92 %)".to_owned(),
    };
    decided_on: fn(&str, &str) -> String = |who, day| format!("Decided by {who} on {day}");
    minutes_apart: fn(u16) -> String = |minutes| format!("At least {minutes} minutes apart");
    most_in_a_day: fn(u16) -> String = |doses| format!("At most {doses} in 24 hours");
    hold_if: fn(&str) -> String = |words| format!("Hold: {words}");
    chart_all_the_same: Text = "Chart it all the same";
    given: Text = "Given";
    not_given: Text = "Not given";
    contradicted: Text = "Two entries: was it given twice?";
    chart_given: Text = "Given";
    chart_not_given: Text = "Not given…";
    give_now: Text = "Give now…";
    see_reconcile: Text = "See both sides";
    given_by: fn(&str, &str, &str) -> String = |time, who, tablet| format!("Given {time} · {who} · {tablet}");
    not_given_by: fn(&str, &str, &str, &str) -> String =
        |why, time, who, tablet| format!("Not given: {why} · {time} · {who} · {tablet}");
    decided_against: fn(&str, &str, &str) -> String =
        |why, who, at| format!("Decided: does not count. {why} · {who} · {at}");
    decided_counts: fn(&str, &str, &str) -> String =
        |why, who, at| format!("Decided: counts. {why} · {who} · {at}");
    sheet_given: Text = "Chart this dose as given?";
    sheet_not_given: Text = "Chart this dose as not given?";
    sheet_early: fn(&str, &str) -> String =
        |when, span| format!("It is early: this dose is due {when}, in {span}.");
    sheet_late: fn(&str, &str) -> String =
        |when, span| format!("It is late: this dose was due {when}, {span} ago.");
    last_given: fn(&str, &str, &str) -> String =
        |when, ago, who| format!("Last given {when}, {ago}, by {who}.");
    given_that_day: fn(usize) -> String = |count| match count {
        1 => "Given once today.".to_owned(),
        _ => format!("Given {count} times today."),
    };
    order_changed: fn(&str) -> String = |words| format!("The order was changed meanwhile: {words}.");
    order_gone: Text = "The order does not stand or run then any more. Look at the medicines before you give anything.";
    charted_meanwhile: Text = "This dose is charted. A second entry is one more dose.";
    not_given_lately: Text = "Not given today or yesterday.";
    now_at: fn(&str) -> String = |time| format!("{time} now");
    why_not_given: Text = "Why was it not given?";
    choose_reason: Text = "Choose a reason.";
    comment_needed: Text = "Say what the reason was.";
    confirm_given: Text = "Chart as given";
    confirm_not_given: Text = "Chart as not given";
    dose_saved: fn(&str) -> String = |medicine| format!("{medicine}: charted. Saved on this tablet.");
    started: fn(&str) -> String = |date| format!("since {date}");
    prescribed_by: fn(&str) -> String = |who| format!("prescribed by {who}");

    // ---- notes -----------------------------------------------------------------------------
    note_text: Text = "Note";
    note_empty: Text = "Write something first.";
    notes: Text = "Notes";
    no_notes: Text = "No notes yet.";
    no_notes_found: fn(&str) -> String = |search| format!("No note contains “{search}”.");
    search_notes: Text = "Search notes";
    add_addendum: Text = "Add words…";
    addendum: Text = "Addendum";
    addendum_save: Text = "Add to the note";
    added_by: fn(&str, &str) -> String = |who, when| format!("{who} added {when}");
    sign_note: Text = "Sign";
    of_note: fn(&str, &str) -> String = |words, when| format!("{words} Note of {when}");
    edit_note: Text = "Correct…";
    correcting: Text = "Correcting an unsigned note";
    struck: fn(&str) -> String = |why| format!("Entered in error: {why}");

    // ---- history ---------------------------------------------------------------------------
    history: Text = "History";
    no_history: Text = "Nothing was entered yet.";
    history_before: Text = "Before";
    history_superseded: Text = "Replaced later";
    history_withheld: Text = "Shown to you alone: your right or key was gone when it was stored";
    history_proved: Text = "Author proved";
    history_not_proved: Text = "Author not proved";
    history_unknown: fn(&str) -> String = |kind| format!("An entry of a newer version ({kind})");
    on_tablet: fn(&str) -> String = |tablet| format!("Tablet {tablet}");
    recorded_at: fn(&str) -> String = |when| format!("recorded {when}");
    not_stored_yet: Text = "only on this tablet so far";
    of_entry: fn(&str, &str) -> String = |words, entry| format!("{words} {entry}");
    entry_of: fn(&str, &str) -> String = |kind, when| format!("{kind} of {when}");
    show_proof: Text = "Proof…";
    strike: Text = "Entered in error…";
    strike_title: Text = "Mark as entered in error?";
    strike_words: Text = "It stays in the record, struck through, with your name and the reason.";
    strike_brings_back: Text = "What it had replaced is entered again in your name, and counts from now on:";
    strike_confirm: Text = "Mark as entered in error";
    proof_title: Text = "Proof of authorship";
    proof_words: Text = "Checked just now on this tablet, step by step.";
    proof_holds: Text = "All steps hold: this is what its author entered.";
    proof_fails: Text = "Not all steps hold.";
    proof_step: fn(ProofStep) -> Text = clinical::proof_step;
    holds: Text = "holds";
    does_not_hold: Text = "does not hold";
    proof_named: fn(&str, &str, &str) -> String =
        |by, at, key| format!("This name was entered by {by}, {at}. Their key begins {key}.");
    proof_named_self: fn(&str) -> String =
        |key| format!("This administrator entered their own name. Their key begins {key}.");
    proof_unnamed: fn(&str) -> String =
        |key| format!("Nobody has entered a name for this person. Their key begins {key}.");
    proof_envelope: Text = "Envelope";
    proof_key: Text = "Author's key";
    proof_place: Text = "Place in the log";
    proof_place_words: fn(&str, u64, u64) -> String =
        |log, seq, roster| format!("log {log} · number {seq} · roster {roster}");
    proof_no_place: Text = "Not stored by the relay yet.";

    // ---- about -----------------------------------------------------------------------------
    about_version: Text = "Version";
    about_bundle: Text = "Bundle";
    about_tablet: Text = "Tablet";
    about_facility: Text = "Home";
    about_device_id: Text = "Tablet id";
    about_storage: Text = "Storage";
    about_time_zone: Text = "Time zone";
    about_words: Text =
        "The relay carries ciphertext only. Compare the bundle's hash with the one published for this version.";
    persisted_yes: Text = "kept until you remove it";
    persisted_no: Text = "may be cleared by the browser";
    persisted_unknown: Text = "not known";

    // ---- tables of their own ------------------------------------------------------------------
    // Observations and their score.
    observing: &'static en_observing::Words = &en_observing::OBSERVING;
    // Allergies and code status.
    registers: &'static en_registers::Words = &en_registers::REGISTERS;
    // Moving a resident.
    moving: &'static en_moving::Words = &en_moving::MOVING;
    // The last day of an order.
    ending: &'static en_ending::Words = &en_ending::ENDING;
    // What waits for a decision, and deciding it.
    deciding: &'static en_deciding::Words = &en_deciding::DECIDING;

    // ---- people and refusals ---------------------------------------------------------------
    role: fn(Role) -> Text = clinical::role;
    sex: fn(Sex) -> Text = clinical::sex;
    sex_spoken: fn(Sex) -> Text = clinical::sex_spoken;
    not_given_reason: fn(NotGiven) -> Text = clinical::not_given;
    refusal: fn(&Refusal) -> String = refusals::refusal;
    kind: fn(&str) -> Text = clinical::kind;
    move_kind: fn(domain::directory::MoveKind) -> Text = clinical::move_kind;
    order_words: fn(&str, &str, &str) -> String =
        |medicine, dose, route| format!("{medicine} {} {route}", fact::unbroken(dose));
    dose_given: fn(&str) -> String = |slot| format!("Dose given ({slot})");
    dose_not_given: fn(&str, &str) -> String = |why, slot| format!("Dose not given: {why} ({slot})");
    signed_entries: fn(usize) -> String = |count| match count {
        1 => "Signed 1 entry".to_owned(),
        _ => format!("Signed {count} entries"),
    };
    resolved_both: fn(&str) -> String = |why| format!("Decided that both are true: {why}");
    resolved_neither: fn(&str) -> String = |why| format!("Decided that none of them is right: {why}");
    resolved_only: fn(&str) -> String = |why| format!("Decided that only one is right: {why}");
    allergy_none_fact: Text = "No known allergies";
    allergy_fact: fn(&str) -> String = |what| format!("Allergy: {what}");
    on_room_air: Text = "room air";
    on_oxygen_short: Text = "on oxygen";
}
