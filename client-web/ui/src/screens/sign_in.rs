//! Sign in on a shared tablet: a badge, then six digits. Every character and digit goes to the
//! worker as it comes; no control keeps one. The left side tells what the tablet does while it is
//! locked, and whose draft waits.

mod keys;
mod tablet_line;

use crate::components::brand::Brand;
use crate::components::deed_button::Refused;
use crate::components::icon::Icon;
use crate::components::pin_pad::{PIN_DIGITS, PinPad};
use crate::focus;
use crate::format::name;
use crate::state::deed::Deed;
use crate::state::{State, use_state};
use crate::words::w;
use ids::PersonId;
use interface::{Answer, Refusal, RequestBody, TileView};
use keys::{Key, listen};
use leptos::prelude::*;
use tablet_line::TabletLine;

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Names, and the invitation to show a badge.
    Names,
    /// A badge is awaited or being read.
    Badge,
    /// The badge is read; digits.
    Pin,
}

/// A sign-in under way. It counts what the worker holds and knows none of it.
#[derive(Clone, Copy)]
struct SigningIn {
    state: State,
    step: RwSignal<Step>,
    touched: RwSignal<Option<TileView>>,
    pin: RwSignal<u32>,
    badge: RwSignal<u32>,
    badge_wrong: RwSignal<bool>,
    deed: Deed,
}

impl SigningIn {
    fn new(state: State) -> Self {
        Self {
            state,
            step: RwSignal::new(Step::Names),
            touched: RwSignal::new(None),
            pin: RwSignal::new(0),
            badge: RwSignal::new(0),
            badge_wrong: RwSignal::new(false),
            deed: Deed::new(),
        }
    }

    fn show_badge(self, person: Option<TileView>) {
        self.touched.set(person);
        self.deed.refused.set(None);
        self.step.set(Step::Badge);
    }

    fn press(self, key: Key) {
        if self.deed.pending.get_untracked() {
            return;
        }
        match (key, self.step.get_untracked()) {
            (Key::Character(c), Step::Pin) if c.is_ascii_digit() => {
                if let Some(digit) = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
                    self.digit(digit);
                }
            }
            // A letter while digits are awaited: somebody scans another badge.
            (Key::Character(c), Step::Pin) => {
                self.start_again();
                self.send(RequestBody::BadgeKey(c.to_ascii_uppercase()));
            }
            (Key::Character(c), Step::Names | Step::Badge) => {
                self.step.set(Step::Badge);
                self.badge_wrong.set(false);
                self.send(RequestBody::BadgeKey(c.to_ascii_uppercase()));
            }
            (Key::Back, Step::Pin) => self.send(RequestBody::PinBack),
            (Key::Enter, Step::Badge) => {
                // A hand scanner ends with Enter; what is not a whole badge by then never will be.
                let read = self.badge;
                set_timeout(
                    move || {
                        if self.step.get_untracked() == Step::Badge && read.get_untracked() > 0 {
                            self.start_again();
                            self.badge_wrong.set(true);
                        }
                    },
                    std::time::Duration::from_millis(300),
                );
            }
            (Key::Enter, Step::Pin) if self.pin.get_untracked() == PIN_DIGITS => self.sign_in(),
            (Key::Escape, _) => self.leave(),
            (Key::Back, Step::Names | Step::Badge) | (Key::Enter, Step::Names | Step::Pin) => {}
        }
    }

    fn digit(self, digit: u8) {
        if self.pin.get_untracked() < PIN_DIGITS && !self.deed.pending.get_untracked() {
            self.deed.refused.set(None);
            self.send(RequestBody::PinDigit(digit));
        }
    }

    fn start_again(self) {
        self.send(RequestBody::PinClear);
        self.send(RequestBody::BadgeClear);
        self.deed.refused.set(None);
        self.badge_wrong.set(false);
        self.step.set(Step::Badge);
    }

    fn leave(self) {
        self.start_again();
        self.touched.set(None);
        self.step.set(Step::Names);
        focus::after_paint("main h1");
    }

    /// Sends one key and takes over what the worker says it holds now.
    fn send(self, body: RequestBody) {
        leptos::task::spawn_local(async move {
            match self.state.engine.request(body).await {
                Ok(Answer::Held { pin, badge, badge_ok }) => self.holds(pin, badge, badge_ok),
                Ok(Answer::Done(_) | Answer::View(_)) => {}
                Err(refusal) => {
                    self.badge_wrong.try_set(refusal == Refusal::BadBadge);
                }
            }
        });
    }

    fn holds(self, pin: u32, badge: u32, badge_ok: bool) {
        if self.pin.try_set(pin).is_some() {
            return; // the screen is gone
        }
        self.badge.set(badge);
        if badge_ok && self.step.get_untracked() == Step::Badge {
            self.step.set(Step::Pin);
        }
        if badge_ok && pin == PIN_DIGITS && self.deed.refused.get_untracked().is_none() {
            self.sign_in();
        }
    }

    fn sign_in(self) {
        let refused = self.deed.refused;
        let attempt = async move {
            let outcome = self.state.engine.request(RequestBody::SignIn).await;
            if outcome.is_err() {
                // Digits are not tried twice.
                let _ = self.state.engine.request(RequestBody::PinClear).await;
                self.pin.try_set(0);
            }
            if matches!(outcome, Err(Refusal::BadgeNeeded | Refusal::BadBadge)) {
                let _ = self.state.engine.request(RequestBody::BadgeClear).await;
                self.badge.try_set(0);
                self.step.try_set(Step::Badge);
            }
            outcome
        };
        refused.set(None);
        self.deed.run(attempt, move |_| self.state.engine.everything_changed());
    }
}

/// The screen.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let state = use_state();
    let signing_in = SigningIn::new(state);
    listen(move |key| signing_in.press(key));
    let step = signing_in.step;
    let facility = move || {
        state
            .tablet
            .value
            .with(|t| t.as_ref().and_then(|t| t.facility_name.clone()))
            .unwrap_or_else(|| w().lamplight.to_owned())
    };
    view! {
        <main class="signin">
            <section class="left">
                <Brand/>
                <h1 tabindex="-1">{facility}</h1>
                <TabletLine/>
                <Show when=move || step.get() == Step::Names>
                    <button
                        type="button"
                        class="btn primary big"
                        on:click=move |_| signing_in.show_badge(None)
                    >
                        <Icon icon=icondata_lu::LuScanQrCode/>
                        {w().show_badge}
                    </button>
                    <p class="muted">{w().or_touch_name}</p>
                </Show>
            </section>
            <section class="right">
                {move || match step.get() {
                    Step::Names => view! { <Names signing_in=signing_in/> }.into_any(),
                    Step::Badge => view! { <Badge signing_in=signing_in/> }.into_any(),
                    Step::Pin => view! { <Pin signing_in=signing_in/> }.into_any(),
                }}
            </section>
        </main>
    }
}

#[component]
fn Names(signing_in: SigningIn) -> impl IntoView {
    let tablet = signing_in.state.tablet.value;
    let people = Memo::new(move |_| {
        tablet.with(|t| t.as_ref().map(|t| t.people.clone()).unwrap_or_default())
    });
    let drafts = Memo::new(move |_| {
        tablet.with(|t| t.as_ref().map(|t| t.drafts_of.clone()).unwrap_or_default())
    });
    let tile = move |person: TileView| {
        let touched = person.clone();
        view! {
            <li>
                <button
                    type="button"
                    class="tile"
                    on:click=move |_| signing_in.show_badge(Some(touched.clone()))
                >
                    <span class="face big" aria-hidden="true">{name::initials_of(&person.name)}</span>
                    <strong>{person.name.clone()}</strong>
                    <small>{(w().role)(person.role)}</small>
                </button>
            </li>
        }
    };
    view! {
        <div class="names">
            <h2 class="spoken">{w().people}</h2>
            {move || people.get().is_empty().then(|| view! { <p class="muted">{w().nobody_yet}</p> })}
            <ul class="tiles">{move || people.get().into_iter().map(tile).collect_view()}</ul>
            {move || {
                drafts
                    .get()
                    .into_iter()
                    .map(|person| {
                        view! {
                            <p class="draft">
                                <Icon icon=icondata_lu::LuClock/>
                                {left_draft(&people.get(), person)}
                            </p>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

fn left_draft(people: &[TileView], person: PersonId) -> String {
    people
        .iter()
        .find(|tile| tile.person == person)
        .map_or(w().someone_left_draft.to_owned(), |tile| (w().left_draft)(&tile.name))
}

#[component]
fn Badge(signing_in: SigningIn) -> impl IntoView {
    let title = match signing_in.touched.get_untracked() {
        Some(person) => (w().badge_title_for)(&person.name),
        None => w().badge_title.to_owned(),
    };
    // The control hands every character on and is emptied at once.
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        if let Some(input) = keys::target_input(&event) {
            input.set_value("");
        }
        for c in text.chars().filter(char::is_ascii_alphanumeric) {
            signing_in.press(Key::Character(c));
        }
    };
    // Not the control below: it would raise the keyboard of a tablet before a scanner.
    focus::after_paint("#step-title");
    view! {
        <div class="step">
            <h2 id="step-title" tabindex="-1">{title}</h2>
            <p>{w().badge_words}</p>
            <p class="badge-held" role="status">
                <Icon icon=icondata_lu::LuScanLine/>
                {move || (w().badge_held)(signing_in.badge.get())}
            </p>
            <label class="typed">
                {w().badge_type}
                <input
                    id="badge"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    on:input=typed
                />
            </label>
            <p role="alert" class="wrong">
                {move || signing_in.badge_wrong.get().then_some(w().badge_bad)}
            </p>
            <Refused deed=signing_in.deed/>
            <div class="actions">
                <button type="button" class="btn quiet" on:click=move |_| signing_in.start_again()>
                    {w().badge_clear}
                </button>
                <button type="button" class="btn quiet" on:click=move |_| signing_in.leave()>
                    {w().cancel}
                </button>
            </div>
        </div>
    }
}

#[component]
fn Pin(signing_in: SigningIn) -> impl IntoView {
    let title = match signing_in.touched.get_untracked() {
        Some(person) => (w().pin_title_for)(&person.name),
        None => w().pin_title.to_owned(),
    };
    let deed = signing_in.deed;
    focus::after_paint("#step-title");
    view! {
        <div class="step">
            <h2 id="step-title" tabindex="-1">{title}</h2>
            <p role="status">
                {move || if deed.pending.get() { w().checking } else { w().pin_words }}
            </p>
            <PinPad
                held=signing_in.pin.into()
                on_digit=Callback::new(move |digit| signing_in.digit(digit))
                on_back=Callback::new(move |()| signing_in.send(RequestBody::PinBack))
                on_clear=Callback::new(move |()| signing_in.send(RequestBody::PinClear))
            />
            <Refused deed=deed/>
            <button type="button" class="btn quiet" on:click=move |_| signing_in.leave()>
                {w().cancel}
            </button>
        </div>
    }
}
