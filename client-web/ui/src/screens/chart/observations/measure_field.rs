//! One value: large digits, its unit, and below them what is wrong, unusual, or how it scores.

use super::form::{Entered, Form};
use crate::words::w;
use domain::journal::{Measure, SaturationScale};
use domain::news2::Parameter;
use domain::plausibility::Plausibility;
use leptos::prelude::*;

/// Words and style of what stands below a field. A value that is still being typed is not judged:
/// the 3 of 38 is not wrong.
fn below(form: Form, measure: Measure) -> (&'static str, String) {
    match form.entered(measure) {
        entered if entered.is_wrong() && form.is_typing(measure) => ("", String::new()),
        Entered::Nothing => ("", String::new()),
        Entered::Absent(why) => (
            "",
            (w().observing.not_able_why)((w().observing.absent)(why)),
        ),
        Entered::NotANumber => ("wrong", w().observing.not_a_number.to_owned()),
        Entered::Value(value, Plausibility::Impossible { low, high }) => (
            "wrong",
            (w().observing.hard_limit)(
                &low.to_string(),
                &high.to_string(),
                (w().observing.unit)(value.unit),
            ),
        ),
        Entered::Value(_, Plausibility::TooFine { places }) => {
            ("wrong", (w().observing.too_fine)(places))
        }
        Entered::Value(_, Plausibility::WrongUnit) => {
            ("wrong", w().observing.not_a_number.to_owned())
        }
        Entered::Value(_, Plausibility::Unusual { .. }) => (
            "unusual",
            format!(
                "{} {}",
                w().observing.soft_limit,
                points(form, measure).unwrap_or_default()
            ),
        ),
        Entered::Value(_, Plausibility::Usual) => match scored(form, measure) {
            Some(points @ 2..) => ("scores", said(form, measure, points)),
            Some(points @ 1) => ("", said(form, measure, points)),
            Some(0) | None => ("", String::new()),
        },
    }
}

fn scored(form: Form, measure: Measure) -> Option<u8> {
    let parameter = match measure {
        Measure::RespiratoryRate => Parameter::Respiration,
        Measure::OxygenSaturation => Parameter::Saturation,
        Measure::Systolic => Parameter::Systolic,
        Measure::Pulse => Parameter::Pulse,
        Measure::Temperature => Parameter::Temperature,
        Measure::Diastolic
        | Measure::Weight
        | Measure::Pain
        | Measure::Glucose
        | Measure::OxygenFlow
        | Measure::Height
        | Measure::HeadCircumference
        | Measure::BodyMassIndex
        | Measure::UrineOutput
        | Measure::FluidIntake => return None,
    };
    form.score.with(|score| {
        score
            .points
            .iter()
            .find(|(of, _)| *of == parameter)
            .and_then(|(_, points)| *points)
    })
}

fn points(form: Form, measure: Measure) -> Option<String> {
    scored(form, measure)
        .filter(|points| *points > 0)
        .map(|points| said(form, measure, points))
}

fn said(form: Form, measure: Measure, points: u8) -> String {
    match measure {
        Measure::OxygenSaturation => match form.scale.get() {
            SaturationScale::One => (w().observing.scores_scale)(points, 1),
            SaturationScale::Two => (w().observing.scores_scale)(points, 2),
        },
        Measure::Systolic => (w().observing.systolic_scores)(points),
        _ => (w().observing.scores)(points),
    }
}

/// Name of a field in the page.
pub(super) fn field_id(measure: Measure) -> String {
    format!("measure-{}", measure.name())
}

/// One value.
#[component]
pub(super) fn MeasureField(
    /// The form.
    form: Form,
    /// Which.
    measure: Measure,
) -> impl IntoView {
    let id = field_id(measure);
    let class = move || format!("field {}", below(form, measure).0);
    view! {
        <div class=class>
            <label for=id.clone()>{(w().observing.measure)(measure)}</label>
            <div class="box">
                <ValueInput form=form measure=measure/>
                <em aria-hidden="true">{move || (w().observing.unit)(measure.unit(form.system.get()))}</em>
            </div>
            <small id=format!("{id}-more") aria-live="polite">{move || below(form, measure).1}</small>
        </div>
    }
}

/// Upper and lower blood pressure in one box.
#[component]
pub(super) fn PressureField(
    /// The form.
    form: Form,
) -> impl IntoView {
    let both = move || {
        let upper = below(form, Measure::Systolic);
        let lower = below(form, Measure::Diastolic);
        if form.pressures_crossed() {
            ("wrong", w().observing.too_low_diastolic.to_owned())
        } else if upper.0 == "wrong" || lower.0 == "wrong" {
            // One line serves both: it says which is meant.
            let named = |measure: Measure, below: &(&'static str, String)| {
                let name = (w().observing.measure)(measure);
                (below.0 == "wrong").then(|| format!("{name}: {}", below.1))
            };
            let both = [
                named(Measure::Systolic, &upper),
                named(Measure::Diastolic, &lower),
            ];
            let words = both.into_iter().flatten().collect::<Vec<_>>();
            ("wrong", words.join(" "))
        } else if lower.1.is_empty() {
            upper
        } else if upper.1.is_empty() {
            lower
        } else {
            upper
        }
    };
    view! {
        <fieldset class=move || format!("field bp {}", both().0)>
            <legend>
                {w().observing.blood_pressure}
                // Where the box has no room for its unit (the numbers have one of their own).
                <span class="in-legend" aria-hidden="true">
                    " " {move || (w().observing.unit)(Measure::Systolic.unit(form.system.get()))}
                </span>
            </legend>
            <div class="box">
                <ValueInput form=form measure=Measure::Systolic/>
                <span class="slash" aria-hidden="true">"/"</span>
                <ValueInput form=form measure=Measure::Diastolic/>
                <em aria-hidden="true">{move || (w().observing.unit)(Measure::Systolic.unit(form.system.get()))}</em>
            </div>
            <small id="measure-pressure-more" aria-live="polite">{move || both().1}</small>
        </fieldset>
    }
}

#[component]
fn ValueInput(form: Form, measure: Measure) -> impl IntoView {
    let id = field_id(measure);
    let described = match measure {
        Measure::Systolic | Measure::Diastolic => "measure-pressure-more".to_owned(),
        _ => format!("{id}-more"),
    };
    let wrong = move || form.entered(measure).is_wrong() && !form.is_typing(measure);
    let name = move || {
        let unit = (w().observing.unit)(measure.unit(form.system.get()));
        format!("{} {unit}", (w().observing.measure)(measure))
    };
    view! {
        <input
            id=id.clone()
            type="text"
            inputmode="decimal"
            autocomplete="off"
            maxlength="7"
            aria-label=name
            aria-describedby=described
            aria-invalid=move || wrong().then_some("true")
            prop:value=move || form.text(measure)
            on:input=move |event| form.set_text(measure, event_target_value(&event))
            on:blur=move |_| form.typed_all(measure)
        />
    }
}
