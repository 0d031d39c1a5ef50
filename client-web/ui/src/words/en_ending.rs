//! English: the last day of an order.

use super::Text;

table! { ENDING;
    open: fn(&str) -> String = |medicine| format!("More about {medicine}");
    title: Text = "Last day of this medicine";
    last_day: Text = "Last day";
    now: Text = "Now: nothing more is due";
    yesterday: Text = "Yesterday";
    today: Text = "Today";
    tomorrow: Text = "Tomorrow";
    another_day: Text = "Another day";
    day_hint: Text = "Year-month-day, for example 2026-11-30";
    day_wrong: Text = "This is not a day.";
    choose: Text = "Choose the last day.";
    before_start: Text = "The last day lies before the first.";
    reason_hint: Text = "It is kept as a note with your name";
    undo: Text =
        "A mistake is put right by a later last day: open a day on which the medicine still ran, and set it there.";
    confirm: Text = "Set the last day";
    note: fn(&str, &str, &str) -> String =
        |order, day, why| format!("Last day of {order}: {day}. Reason: {why}");
    saved: fn(&str, &str) -> String =
        |order, day| format!("{order}: last day {day}. Saved on this tablet.");
}
