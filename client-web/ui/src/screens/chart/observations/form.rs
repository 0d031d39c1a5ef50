//! The state of the form: texts as typed, reasons, choices. Kept as a draft with every pause, so
//! that a lock or a crash loses nothing; made into observations by the rules of `domain`.

use crate::screens::chart::observations_draft;
use crate::state::State;
use domain::ResidentId;
use domain::directory::MeasureSystem;
use domain::journal::{
    Absent, Consciousness, Measure, Observations, Reading, SaturationScale, Unstated,
};
use domain::news2::Score;
use domain::plausibility::{Plausibility, check};
use domain::quantity::Quantity;
use ids::EntryKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::Duration;

/// Without a key for so long, what was typed is taken as all of it.
const PAUSE: Duration = Duration::from_millis(1_500);

/// What was typed and chosen. Nothing is filled in before a person does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    texts: BTreeMap<Measure, String>,
    absent: BTreeMap<Measure, Absent>,
    on_oxygen: Option<bool>,
    oxygen_absent: Option<Absent>,
    consciousness: Option<Consciousness>,
    consciousness_absent: Option<Absent>,
    comment: String,
}

/// What may be missing with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Value(Measure),
    Oxygen,
    Consciousness,
}

/// What became of one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entered {
    /// Nothing was typed.
    Nothing,
    /// It says why there is no value.
    Absent(Absent),
    /// Not a number.
    NotANumber,
    /// A number, and how plausible.
    Value(Quantity, Plausibility),
}

impl Entered {
    /// Whether it keeps the form from being saved.
    pub(super) fn is_wrong(self) -> bool {
        match self {
            Entered::Nothing | Entered::Absent(_) => false,
            Entered::NotANumber => true,
            Entered::Value(_, plausibility) => !matches!(
                plausibility,
                Plausibility::Usual | Plausibility::Unusual { .. }
            ),
        }
    }
}

/// The form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) state: State,
    pub(super) resident: ResidentId,
    pub(super) system: Memo<MeasureSystem>,
    /// The scale decided for the resident.
    pub(super) scale: Memo<SaturationScale>,
    /// Whether NEWS2 is meant for somebody of the resident's age.
    pub(super) is_scored: Memo<bool>,
    /// The decisions on it that stand.
    pub(super) decided: Memo<Vec<EntryKey>>,
    typed: RwSignal<Typed>,
    /// The measure whose value is being typed just now.
    typing: RwSignal<Option<Measure>>,
    /// Ends when nothing was typed for a while.
    pause: StoredValue<Option<TimeoutHandle>>,
    /// Measures whose values the engine asked back: far from the resident's last.
    asked_back: RwSignal<Vec<Measure>>,
    /// What it would save: only what is plausible.
    pub(super) observations: Memo<Observations>,
    /// The score of that.
    pub(super) score: Memo<Score>,
}

impl Form {
    /// The form, going on with a draft if there is one.
    pub(super) fn new(
        state: State,
        resident: ResidentId,
        system: Memo<MeasureSystem>,
        (scale, is_scored): (Memo<SaturationScale>, Memo<bool>),
        decided: Memo<Vec<EntryKey>>,
    ) -> Self {
        let typed = RwSignal::new(Typed::default());
        state.drafts.follow(
            observations_draft(resident),
            typed,
            |typed| serde_json::to_string(typed).ok(),
            |text| serde_json::from_str(text).ok(),
        );
        let observations =
            Memo::new(move |_| typed.with(|typed| observations(typed, system.get(), scale.get())));
        let score = Memo::new(move |_| match is_scored.get() {
            true => observations.with(Score::of),
            false => Score::empty(),
        });
        Self {
            state,
            resident,
            system,
            scale,
            is_scored,
            decided,
            typed,
            typing: RwSignal::new(None),
            pause: StoredValue::new(None),
            asked_back: RwSignal::new(Vec::new()),
            observations,
            score,
        }
    }

    /// The text of a measure.
    pub(super) fn text(self, measure: Measure) -> String {
        self.typed
            .with(|typed| typed.texts.get(&measure).cloned().unwrap_or_default())
    }

    /// Takes what was typed.
    pub(super) fn set_text(self, measure: Measure, text: String) {
        self.typing.set(Some(measure));
        if let Some(pause) = self.pause.get_value() {
            pause.clear();
        }
        let ended = move || {
            // The screen may be gone by now.
            if self.typing.try_get_untracked() == Some(Some(measure)) {
                self.typing.set(None);
            }
        };
        self.pause
            .set_value(set_timeout_with_handle(ended, PAUSE).ok());
        self.asked_back
            .update(|asked| asked.retain(|of| *of != measure));
        self.typed.update(|typed| {
            typed.absent.remove(&measure);
            if text.trim().is_empty() {
                typed.texts.remove(&measure);
            } else {
                typed.texts.insert(measure, text);
            }
        });
    }

    /// The field was left: what it says is judged.
    pub(super) fn typed_all(self, measure: Measure) {
        if self.typing.get_untracked() == Some(measure) {
            self.typing.set(None);
        }
    }

    /// Nothing is being typed any more: it is to be saved.
    pub(super) fn judge_all(self) {
        self.typing.set(None);
    }

    /// Whether somebody is in the middle of typing any value.
    pub(super) fn is_typing_any(self) -> bool {
        self.typing.with(Option::is_some)
    }

    /// Whether somebody is in the middle of typing this value.
    pub(super) fn is_typing(self, measure: Measure) -> bool {
        self.typing.get() == Some(measure)
    }

    /// Why there is no value, or that there is one.
    pub(super) fn set_absent(self, what: Missing, why: Option<Absent>) {
        self.typed.update(|typed| typed.set_absent(what, why));
    }

    /// Why there is no value.
    pub(super) fn absent(self, what: Missing) -> Option<Absent> {
        self.typed.with(|typed| typed.absent(what))
    }

    /// What became of a text.
    pub(super) fn entered(self, measure: Measure) -> Entered {
        self.typed
            .with(|typed| entered(typed, measure, self.system.get()))
    }

    /// Whether oxygen is given.
    pub(super) fn on_oxygen(self) -> Option<bool> {
        self.typed.with(|typed| typed.on_oxygen)
    }

    /// Takes it.
    pub(super) fn set_on_oxygen(self, on: bool) {
        self.typed.update(|typed| {
            typed.on_oxygen = Some(on);
            typed.oxygen_absent = None;
        });
    }

    /// Consciousness.
    pub(super) fn consciousness(self) -> Option<Consciousness> {
        self.typed.with(|typed| typed.consciousness)
    }

    /// Takes it.
    pub(super) fn set_consciousness(self, level: Consciousness) {
        self.typed.update(|typed| {
            typed.consciousness = Some(level);
            typed.consciousness_absent = None;
        });
    }

    /// Forgets what was typed, with its draft.
    pub(super) fn clear(self) {
        self.typed.set(Typed::default());
        self.asked_back.set(Vec::new());
    }

    /// The engine asked values back.
    pub(super) fn ask_back(self, measures: &[Measure]) {
        // The form may be gone by now.
        self.asked_back
            .try_update(|asked| asked.extend_from_slice(measures));
    }

    /// The first measure that keeps the form from being saved.
    pub(super) fn first_wrong(self) -> Option<Measure> {
        Measure::ALL
            .into_iter()
            .find(|measure| self.entered(*measure).is_wrong())
    }

    /// Whether the lower pressure is not below the upper.
    pub(super) fn pressures_crossed(self) -> bool {
        match (
            self.entered(Measure::Systolic),
            self.entered(Measure::Diastolic),
        ) {
            (Entered::Value(upper, _), Entered::Value(lower, _)) => {
                lower.value.compare(upper.value) != Ordering::Less
            }
            _ => false,
        }
    }

    /// Values to be confirmed before they are saved.
    pub(super) fn unusual(self) -> Vec<(Measure, Quantity)> {
        let asked_back = self.asked_back.get();
        Measure::ALL
            .into_iter()
            .filter_map(|measure| match self.entered(measure) {
                Entered::Value(value, Plausibility::Unusual { .. }) => Some((measure, value)),
                Entered::Value(value, Plausibility::Usual) if asked_back.contains(&measure) => {
                    Some((measure, value))
                }
                _ => None,
            })
            .collect()
    }

    /// Whether there is nothing to save.
    pub(super) fn is_empty(self) -> bool {
        self.observations.with(|set| {
            set.readings.is_empty()
                && set.on_oxygen.is_none()
                && set.oxygen_unstated.is_none()
                && set.consciousness.is_none()
                && set.consciousness_unstated.is_none()
        })
    }
}

impl Typed {
    /// A value and the reason why there is none do not stand together.
    fn set_absent(&mut self, what: Missing, why: Option<Absent>) {
        match (what, why) {
            (Missing::Value(measure), Some(why)) => {
                self.texts.remove(&measure);
                self.absent.insert(measure, why);
            }
            (Missing::Value(measure), None) => {
                self.absent.remove(&measure);
            }
            (Missing::Oxygen, why) => {
                self.on_oxygen = self.on_oxygen.filter(|_| why.is_none());
                self.oxygen_absent = why;
            }
            (Missing::Consciousness, why) => {
                self.consciousness = self.consciousness.filter(|_| why.is_none());
                self.consciousness_absent = why;
            }
        }
    }

    fn absent(&self, what: Missing) -> Option<Absent> {
        match what {
            Missing::Value(measure) => self.absent.get(&measure).copied(),
            Missing::Oxygen => self.oxygen_absent,
            Missing::Consciousness => self.consciousness_absent,
        }
    }
}

fn entered(typed: &Typed, measure: Measure, system: MeasureSystem) -> Entered {
    if let Some(why) = typed.absent.get(&measure) {
        return Entered::Absent(*why);
    }
    let Some(text) = typed.texts.get(&measure) else {
        return Entered::Nothing;
    };
    // A decimal comma is what half the world's number pads give.
    match Quantity::parse(&text.trim().replace(',', "."), measure.unit(system)) {
        Ok(value) => Entered::Value(value, check(measure, value)),
        Err(_) => Entered::NotANumber,
    }
}

fn observations(typed: &Typed, system: MeasureSystem, scale: SaturationScale) -> Observations {
    let readings = Measure::ALL
        .into_iter()
        .filter_map(|measure| match entered(typed, measure, system) {
            Entered::Absent(why) => Some((measure, Reading::Absent(why))),
            Entered::Value(value, Plausibility::Usual | Plausibility::Unusual { .. }) => {
                Some((measure, Reading::Value(value)))
            }
            Entered::Nothing | Entered::NotANumber | Entered::Value(..) => None,
        })
        .collect();
    let comment = typed.comment.trim();
    Observations {
        readings,
        unread: Vec::new(),
        oxygen_unstated: typed.oxygen_absent.map(Unstated::Because),
        consciousness_unstated: typed.consciousness_absent.map(Unstated::Because),
        on_oxygen: typed.on_oxygen,
        consciousness: typed.consciousness,
        scale,
        comment: (!comment.is_empty()).then(|| comment.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(texts: &[(Measure, &str)]) -> Typed {
        Typed {
            texts: texts.iter().map(|(m, t)| (*m, (*t).to_owned())).collect(),
            ..Typed::default()
        }
    }

    #[test]
    fn what_is_not_possible_is_neither_saved_nor_scored() {
        let typed = typed(&[(Measure::Pulse, "970"), (Measure::RespiratoryRate, "22")]);
        let set = observations(&typed, MeasureSystem::Metric, SaturationScale::One);
        assert_eq!(set.readings.len(), 1);
        assert_eq!(Score::of(&set).total(), 2);
        assert!(entered(&typed, Measure::Pulse, MeasureSystem::Metric).is_wrong());
    }

    #[test]
    fn a_decimal_comma_is_a_point() {
        let typed = typed(&[(Measure::Temperature, "38,3")]);
        let set = observations(&typed, MeasureSystem::Metric, SaturationScale::One);
        assert_eq!(Score::of(&set).total(), 1);
    }

    #[test]
    fn oxygen_and_consciousness_may_be_missing_with_a_reason_and_never_beside_a_value() {
        let mut typed = typed(&[(Measure::Pulse, "80")]);
        typed.on_oxygen = Some(false);
        typed.consciousness = Some(Consciousness::Alert);
        let said = |typed: &Typed| observations(typed, MeasureSystem::Metric, SaturationScale::One);
        typed.set_absent(Missing::Consciousness, Some(Absent::Asleep));
        typed.set_absent(Missing::Oxygen, None);
        let set = said(&typed);
        assert_eq!(set.consciousness, None);
        assert_eq!(
            set.consciousness_unstated,
            Some(Unstated::Because(Absent::Asleep))
        );
        assert_eq!((set.on_oxygen, set.oxygen_unstated), (Some(false), None));
    }

    #[test]
    fn a_draft_survives_its_text() {
        let mut draft = typed(&[(Measure::Systolic, "106")]);
        draft.absent.insert(Measure::Pulse, Absent::Asleep);
        draft.consciousness_absent = Some(Absent::Declined);
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Typed>(&text).unwrap(), draft);
    }
}
