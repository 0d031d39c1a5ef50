//! English: moving a resident.

use super::Text;
use domain::directory::MoveKind;

table! { MOVING;
    open: fn(&str) -> String = |place| format!("{place}: move…");
    no_place: Text = "No bed";
    title: Text = "Where the resident is";
    what: Text = "What happens";
    act: fn(MoveKind) -> Text = |kind| match kind {
        MoveKind::Admission => "Comes back to live here",
        MoveKind::BedChange => "Moves to another bed",
        MoveKind::LeaveBegins => "Leaves for a while; the bed is kept",
        MoveKind::LeaveEnds => "Comes back from leave",
        MoveKind::Discharge => "Leaves for good (discharge)",
        MoveKind::Death => "Has died",
    };
    choose: Text = "Choose what happens.";
    bed: Text = "New bed";
    choose_bed: Text = "Choose a bed";
    bed_missing: Text = "Choose a bed.";
    taken: fn(&str) -> String = |bed| format!("{bed} (taken)");
    taken_words: Text =
        "Somebody is in this bed. Both will stand in it, and be named under Reconcile, until one of them is moved.";
    leaves: Text =
        "The bed is free from then on. Medicines are not ended by this; a dose charted afterwards is named under Reconcile.";
    none: Text = "This resident has died. A mistake is marked as “Entered in error” under History.";
    undo: Text = "A mistake can be marked as “Entered in error” under History; the place before then counts again.";
    confirm: Text = "Record the move";
    saved: Text = "Move saved on this tablet.";
}
