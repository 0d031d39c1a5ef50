//! English: observations and their score.

use super::Text;
use super::en_clinical as clinical;
use domain::journal::{Absent, Consciousness, Measure, SaturationScale};
use domain::news2::Parameter;
use domain::quantity::Unit;
use interface::Gravity;

table! { OBSERVING;
    measure: fn(Measure) -> Text = clinical::measure;
    blood_pressure: Text = "Blood pressure";
    unit: fn(Unit) -> Text = clinical::unit;
    unread_measure: Text = "Something measured";
    unread_value: Text = "a value that this version cannot read";
    oxygen: Text = "Oxygen";
    room_air: Text = "Room air";
    on_oxygen: Text = "Oxygen";
    consciousness_label: Text = "Consciousness";
    consciousness: fn(Consciousness) -> Text = clinical::consciousness;
    absent: fn(Absent) -> Text = clinical::absent;
    scores: fn(u8) -> String = |points| format!("Scores {points}");
    scores_scale: fn(u8, u8) -> String = |points, scale| format!("Scores {points} · scale {scale}");
    systolic_scores: fn(u8) -> String = |points| format!("Systolic scores {points}");
    hard_limit: fn(&str, &str, &str) -> String =
        |low, high, unit| format!("Not possible. Between {low} and {high} {unit}.");
    soft_limit: Text = "Unusual. Check it, then go on.";
    too_fine: fn(u8) -> String = |places| match places {
        0 => "Whole numbers only.".to_owned(),
        1 => "At most 1 digit after the point.".to_owned(),
        _ => format!("At most {places} digits after the point."),
    };
    unusual_title: Text = "Unusual values: are they right?";
    unusual_confirm: Text = "They are right: save";
    unusual_back: Text = "Change them";
    not_a_number: Text = "This is not a number.";
    too_low_diastolic: Text = "The lower value must be below the upper.";
    nothing_entered: Text = "Enter at least one value.";
    mend_values: Text = "Some values are not possible. Correct them first.";
    news2: Text = "NEWS2";
    news2_at_least: fn(u8) -> String = |score| format!("≥ {score}");
    news2_spoken: fn(u8, bool) -> String = |score, incomplete| match incomplete {
        true => format!("NEWS2 at least {score}, incomplete"),
        false => format!("NEWS2 {score}"),
    };
    news2_none: Text = "No score yet";
    news2_for_adults: Text = "NEWS2 is for people of 16 years and more.";
    news2_none_spoken: Text = "No NEWS2 yet";
    news2_part: Text = "Incomplete";
    news2_missing: fn(&str) -> String = |names| format!("Still to measure: {names}.");
    parameter: fn(Parameter) -> Text = clinical::parameter;
    news2_band: fn(Gravity, bool) -> Text = clinical::news2_band;
    news2_advice: fn(Gravity, bool) -> Text = clinical::news2_advice;
    news2_was: fn(u8, &str) -> String = |score, when| format!("Last whole set: {score} ({when}).");
    news2_was_part: fn(u8, &str) -> String = |score, when| format!("Before: ≥ {score}, incomplete ({when}).");
    news2_source: Text = "National Early Warning Score 2, Royal College of Physicians 2017";
    scale_button: fn(SaturationScale) -> Text = |scale| match scale {
        SaturationScale::One => "SpO₂ scale 1…",
        SaturationScale::Two => "SpO₂ scale 2…",
    };
    scale_title: Text = "How oxygen saturation scores";
    scale_words: Text =
        "Scale 2 is for residents whose target is 88 to 92 %, when a physician has confirmed it. Everybody else is on scale 1.";
    scale_one: Text = "Scale 1: 96 % and over scores nothing";
    scale_two: Text = "Scale 2: target 88 to 92 %";
    scale_who: Text = "Who decided";
    scale_who_hint: Text = "The prescriber. The decision is kept in the chart";
    scale_who_missing: Text = "Say who decided.";
    scale_saved: Text = "Saturation scale saved";
    scale_undo: Text = "It holds from now on, until another decision says otherwise.";
    scale_confirm: Text = "Use this scale";
    not_able: Text = "Not able to measure…";
    not_able_title: Text = "Not able to measure";
    not_able_words: Text = "Choose why each value is missing. Leave the others as they are.";
    not_able_why: fn(&str) -> String = |why| format!("Not measured: {why}");
    measured: Text = "Can be measured";
    more_measures: Text = "Weight, pain, glucose…";
    fewer_measures: Text = "Fewer values";
    taken_at: Text = "Time";
    change_time: Text = "Change the time";
    time_day: Text = "Day";
    time_hint: Text = "For example 07:52";
    time_wrong: Text = "This is not a time of day.";
    time_never: Text = "The clock was put forward over this time: that night had no such time. State another.";
    time_twice: Text = "The clock was put back that night and showed this time twice. Say which.";
    time_which: Text = "Which of the two";
    time_first: Text = "First, before it was put back";
    time_second: Text = "Second, after it";
    time_future: Text = "This is in the future.";
    time_use_now: Text = "Use the present time";
    done: Text = "Done";
    trends: Text = "Trends";
    trend_spoken: fn(&str, usize, &str) -> String =
        |what, count, last| format!("{what}: {count} values, the last {last}");
    earlier_sets: Text = "Earlier observations";
    signed_by: fn(&str) -> String = |who| format!("signed by {who}");
    unsigned: Text = "not signed";
    observations_saved: fn(&str) -> String = |score| format!("Observations saved on this tablet. NEWS2 {score}.");
}
