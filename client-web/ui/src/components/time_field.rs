//! When something happened: now, unless the person says otherwise.

use crate::components::choice::Choice;
use crate::components::icon::Icon;
use crate::format::{time, zone};
use crate::state::{State, use_state};
use crate::words::w;
use domain::clock::Shown;
use domain::directory::{Date, TimeOfDay};
use ids::{StatedInstant, UnixMillis};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Milliseconds by which a stated time may be ahead of the tablet's clock.
const AHEAD_MS: i64 = 120_000;

/// A time as typed, and of which day: a draft may be gone on with tomorrow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Typed {
    day: Date,
    text: String,
    /// Of a time that the clock showed twice that night: whether the second is meant.
    #[serde(default)]
    second: Option<bool>,
}

/// What was typed, read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Read {
    At(UnixMillis),
    NoTime,
    /// The clock skipped it.
    Never,
    /// The clock showed it twice, and nobody has said which is meant.
    Which(UnixMillis, UnixMillis),
}

/// Reads it; `shown` knows the clocks of the home.
fn read(typed: &Typed, shown: impl Fn(Date, TimeOfDay) -> Shown) -> Read {
    let Some(time) = time::parse_time(&typed.text) else {
        return Read::NoTime;
    };
    match (shown(typed.day, time), typed.second) {
        (Shown::Once(at), _)
        | (Shown::Twice(at, _), Some(false))
        | (Shown::Twice(_, at), Some(true)) => Read::At(at),
        (Shown::Twice(first, second), None) => Read::Which(first, second),
        (Shown::Never, _) => Read::Never,
    }
}

/// What the person stated.
#[derive(Clone, Copy)]
pub(crate) struct StatedTime {
    /// Open for changing.
    changing: RwSignal<bool>,
    /// `None`: now.
    typed: RwSignal<Option<Typed>>,
}

/// Key of the draft of a stated time, beside the draft of what happened then.
pub(crate) fn time_draft(of: &str) -> String {
    format!("time/{of}")
}

impl StatedTime {
    /// Now.
    pub(crate) fn now() -> Self {
        Self {
            changing: RwSignal::new(false),
            typed: RwSignal::new(None),
        }
    }

    /// Now, or what was stated before a lock: kept as a draft beside the one of this key.
    pub(crate) fn drafted(state: State, of: &str) -> Self {
        let stated = Self::now();
        let key = StoredValue::new(time_draft(of));
        state.drafts.follow(
            key.get_value(),
            stated.typed,
            |typed: &Option<Typed>| typed.as_ref().and_then(|t| serde_json::to_string(t).ok()),
            |text| serde_json::from_str(text).ok().map(Some),
        );
        stated
    }

    /// Back to now.
    pub(crate) fn reset(self) {
        self.changing.set(false);
        self.typed.set(None);
    }

    /// Follows what is stated, right or wrong.
    pub(crate) fn track(self) {
        self.typed.track();
    }

    /// The instant; `None` for now.
    ///
    /// # Errors
    /// Words of what is wrong with what was typed.
    pub(crate) fn stated(self, state: State) -> Result<Option<StatedInstant>, &'static str> {
        let Some(read) = self.read(state) else {
            return Ok(None);
        };
        let at = match read {
            Read::At(at) => at,
            Read::NoTime => return Err(w().observing.time_wrong),
            Read::Never => return Err(w().observing.time_never),
            Read::Which(..) => return Err(w().observing.time_twice),
        };
        let stated = zone::in_zone(at, &state.zone());
        if stated.at.since(state.now.get()) > AHEAD_MS {
            Err(w().observing.time_future)
        } else {
            Ok(Some(stated))
        }
    }

    fn read(self, state: State) -> Option<Read> {
        let zone = state.zone();
        let shown = |day, time| zone::shown(day, time, &zone);
        self.typed
            .with(|typed| typed.as_ref().map(|typed| read(typed, shown)))
    }

    /// Whether the clock showed this time twice that night.
    fn is_twice(self, state: State) -> bool {
        let asked = |typed: &Typed| Typed {
            second: None,
            ..typed.clone()
        };
        let zone = state.zone();
        let shown = |day, time| zone::shown(day, time, &zone);
        self.typed.with(|typed| {
            let typed = typed.as_ref().map(asked);
            typed.is_some_and(|typed| matches!(read(&typed, shown), Read::Which(..)))
        })
    }

    fn change(self, change: impl FnOnce(&mut Typed)) {
        self.typed.update(|typed| {
            if let Some(typed) = typed {
                change(typed);
            }
        });
    }

    fn set_text(self, text: String) {
        self.change(|typed| {
            typed.text = text;
            typed.second = None;
        });
    }

    fn set_day(self, day: Date) {
        self.change(|typed| {
            typed.day = day;
            typed.second = None;
        });
    }
}

/// `07:52 now · change`.
#[component]
pub(crate) fn TimeField(
    /// What is stated.
    value: StatedTime,
    /// Name of the group in the page, unique.
    name: &'static str,
    /// Name of the group that asks which of two is meant, unique.
    which: &'static str,
) -> impl IntoView {
    let state = use_state();
    let words = move || match value.stated(state) {
        Ok(Some(stated)) => time::when(stated, state.today()),
        Ok(None) | Err(_) => {
            (w().now_at)(&zone::local(state.now.get(), &state.zone()).1.to_string())
        }
    };
    let open = move |_| {
        if value.typed.with_untracked(Option::is_none) {
            let (day, now) = zone::local(state.now.get_untracked(), &state.zone());
            value.typed.set(Some(Typed {
                day,
                text: now.to_string(),
                second: None,
            }));
        }
        value.changing.set(true);
    };
    // Of a draft that is older, neither is chosen; the words say the day.
    let yesterday = move || {
        let day = value.typed.with(|typed| typed.as_ref().map(|t| t.day))?;
        match day.days_until(state.today()) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        }
    };
    let choose = move |yesterday: bool| {
        let today = untrack(|| state.today());
        let before = today.plus_days(-1).filter(|_| yesterday);
        value.set_day(before.unwrap_or(today));
    };
    let text = move || {
        value
            .typed
            .with(|typed| typed.as_ref().map(|t| t.text.clone()))
    };
    let id = format!("{name}-time");
    view! {
        <div class="time-field">
            <p class="time-now">
                <Icon icon=icondata_lu::LuClock/>
                <span>{words}</span>
                <button type="button" class="link" aria-label=w().observing.change_time on:click=open>
                    {w().change}
                </button>
            </p>
            <Show when=move || value.changing.get()>
                <div class="time-change">
                    <Choice
                        label=w().observing.time_day
                        name=name
                        options=vec![(false, w().today), (true, w().yesterday)]
                        value=Signal::derive(yesterday)
                        on_choose=Callback::new(choose)
                    />
                    <label class="typed">
                        {w().observing.taken_at}
                        <input
                            id=id.clone()
                            type="text"
                            inputmode="numeric"
                            autocomplete="off"
                            placeholder=w().observing.time_hint
                            prop:value=move || text().unwrap_or_default()
                            aria-invalid=move || value.stated(state).is_err().then_some("true")
                            on:input=move |event| value.set_text(event_target_value(&event))
                        />
                    </label>
                    <Show when=move || value.is_twice(state)>
                        <Choice
                            label=w().observing.time_which
                            name=which
                            options=vec![
                                (false, w().observing.time_first),
                                (true, w().observing.time_second),
                            ]
                            value=Signal::derive(move || {
                                value.typed.with(|typed| typed.as_ref().and_then(|t| t.second))
                            })
                            on_choose=Callback::new(move |second| {
                                value.change(|typed| typed.second = Some(second));
                            })
                        />
                    </Show>
                    <button type="button" class="btn quiet" on:click=move |_| value.reset()>
                        {w().observing.time_use_now}
                    </button>
                    <small role="alert" class="wrong">{move || value.stated(state).err()}</small>
                </div>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Zone;

    #[test]
    fn a_stated_time_keeps_its_day_in_the_draft() {
        let typed = Typed {
            day: "2026-11-21".parse().unwrap(),
            text: "23:30".into(),
            second: Some(true),
        };
        let kept = serde_json::to_string(&typed).unwrap();
        assert_eq!(serde_json::from_str::<Typed>(&kept).unwrap(), typed);
    }

    #[test]
    fn a_time_the_clock_skipped_or_showed_twice_is_asked_back_and_not_moved() {
        let zone = Zone::named("America/New_York").unwrap();
        let shown = |day, time| zone.shown(day, time).unwrap();
        let typed = |day: &str, text: &str, second| Typed {
            day: day.parse().unwrap(),
            text: text.into(),
            second,
        };
        assert_eq!(read(&typed("2026-03-08", "2:30", None), shown), Read::Never);
        let Read::Which(first, second) = read(&typed("2026-11-01", "1:30", None), shown) else {
            panic!("not asked back");
        };
        assert_eq!(second.since(first), 3_600_000);
        let said = |second| read(&typed("2026-11-01", "1:30", Some(second)), shown);
        assert_eq!(said(false), Read::At(first));
        assert_eq!(said(true), Read::At(second));
        assert!(matches!(
            read(&typed("2026-11-01", "8:30", None), shown),
            Read::At(_)
        ));
    }
}
