//! When something happened: now, unless the person says otherwise.

use crate::components::choice::Choice;
use crate::components::icon::Icon;
use crate::format::{time, zone};
use crate::state::{State, use_state};
use crate::words::w;
use ids::StatedInstant;
use leptos::prelude::*;

/// Milliseconds by which a stated time may be ahead of the tablet's clock.
const AHEAD_MS: i64 = 120_000;

/// What the person stated.
#[derive(Clone, Copy)]
pub(crate) struct StatedTime {
    /// Open for changing.
    changing: RwSignal<bool>,
    /// `None`: now.
    text: RwSignal<Option<String>>,
    /// Yesterday rather than today.
    yesterday: RwSignal<bool>,
}

impl StatedTime {
    /// Now.
    pub(crate) fn now() -> Self {
        Self {
            changing: RwSignal::new(false),
            text: RwSignal::new(None),
            yesterday: RwSignal::new(false),
        }
    }

    /// Back to now.
    pub(crate) fn reset(self) {
        self.changing.set(false);
        self.text.set(None);
        self.yesterday.set(false);
    }

    /// The instant; `None` for now.
    ///
    /// # Errors
    /// Words of what is wrong with what was typed.
    pub(crate) fn stated(self, state: State) -> Result<Option<StatedInstant>, &'static str> {
        let Some(text) = self.text.get() else {
            return Ok(None);
        };
        let typed = time::parse_time(&text).ok_or(w().observing.time_wrong)?;
        let today = state.today();
        let day = if self.yesterday.get() {
            today.plus_days(-1).unwrap_or(today)
        } else {
            today
        };
        let stated = zone::instant(day, typed, &state.zone());
        if stated.at.since(state.now.get()) > AHEAD_MS {
            Err(w().observing.time_future)
        } else {
            Ok(Some(stated))
        }
    }
}

/// `07:52 now · change`.
#[component]
pub(crate) fn TimeField(
    /// What is stated.
    value: StatedTime,
    /// Name of the group in the page, unique.
    name: &'static str,
) -> impl IntoView {
    let state = use_state();
    let words = move || match value.stated(state) {
        Ok(Some(stated)) => time::when(stated, state.today()),
        Ok(None) | Err(_) => {
            (w().now_at)(&zone::local(state.now.get(), &state.zone()).1.to_string())
        }
    };
    let open = move |_| {
        if value.text.get_untracked().is_none() {
            let now = zone::local(state.now.get_untracked(), &state.zone()).1;
            value.text.set(Some(now.to_string()));
        }
        value.changing.set(true);
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
                        value=Signal::derive(move || Some(value.yesterday.get()))
                        on_choose=Callback::new(move |yesterday| value.yesterday.set(yesterday))
                    />
                    <label class="typed">
                        {w().observing.taken_at}
                        <input
                            id=id.clone()
                            type="text"
                            inputmode="numeric"
                            autocomplete="off"
                            placeholder=w().observing.time_hint
                            prop:value=move || value.text.get().unwrap_or_default()
                            aria-invalid=move || value.stated(state).is_err().then_some("true")
                            on:input=move |event| value.text.set(Some(event_target_value(&event)))
                        />
                    </label>
                    <button type="button" class="btn quiet" on:click=move |_| value.reset()>
                        {w().observing.time_use_now}
                    </button>
                    <small role="alert" class="wrong">{move || value.stated(state).err()}</small>
                </div>
            </Show>
        </div>
    }
}
