//! What several screens share, made once at the root and handed down by context. Every part is
//! a handful of signals; copy them freely.

pub(crate) mod clock;
pub(crate) mod deed;
pub(crate) mod drafts;
pub(crate) mod idle;
pub(crate) mod invitation;
pub(crate) mod list;
pub(crate) mod messages;
pub(crate) mod printing;
pub(crate) mod rights;
pub(crate) mod storage;
pub(crate) mod update;

use crate::engine::{Engine, Watched, watch};
use crate::words::w;
use domain::directory::Date;
use ids::UnixMillis;
use interface::{HouseView, Link, Query, ResidentRow, SessionView, TabletState, TabletView, View};
use leptos::prelude::*;

use drafts::Drafts;
use invitation::Invitation;
use list::List;
use messages::Messages;
use rights::Rights;

/// What the whole page shares.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// The engine.
    pub(crate) engine: Engine,
    /// The tablet: connection, outbox, who may sign in.
    pub(crate) tablet: Watched<TabletView>,
    /// Who is signed in.
    pub(crate) session: Watched<SessionView>,
    /// What that person may do.
    pub(crate) rights: Memo<Rights>,
    /// The house, while somebody is signed in.
    pub(crate) house: Watched<HouseView>,
    /// The clock, to the quarter of a minute.
    pub(crate) now: RwSignal<UnixMillis>,
    /// Text of the search box.
    pub(crate) search: RwSignal<String>,
    /// How residents are listed.
    pub(crate) list: List,
    /// What was saved or failed just now.
    pub(crate) messages: Messages,
    /// Unsaved typing.
    pub(crate) drafts: Drafts,
    /// An invitation that came with the address.
    pub(crate) invitation: RwSignal<Option<Invitation>>,
    /// A newer version waits.
    pub(crate) update: RwSignal<bool>,
    /// Whose chart is open, while its banner is scrolled away.
    pub(crate) thin: RwSignal<Option<ResidentRow>>,
    /// The page is being put on paper.
    pub(crate) printing: RwSignal<bool>,
    /// Whether the browser promised to keep what is stored.
    pub(crate) persisted: RwSignal<Option<bool>>,
}

impl State {
    /// Makes it and gives it to everything below.
    pub(crate) fn provide(invitation: Option<Invitation>) -> Self {
        let engine = Engine::start();
        let tablet = watch(
            engine,
            || Some(Query::Tablet),
            |view| match view {
                View::Tablet(tablet) => Some(tablet),
                _ => None,
            },
        );
        let is_open = Memo::new(move |_| {
            tablet
                .value
                .with(|t| t.as_ref().is_some_and(|t| t.state == TabletState::Open))
        });
        let belongs = Memo::new(move |_| {
            tablet
                .value
                .with(|t| t.as_ref().is_some_and(|t| t.facility.is_some()))
        });
        let session = watch(
            engine,
            move || is_open.get().then_some(Query::Session),
            |view| match view {
                View::Session(session) => Some(session),
                _ => None,
            },
        );
        let house = watch(
            engine,
            move || is_open.get().then_some(Query::House),
            |view| match view {
                View::House(house) => Some(house),
                _ => None,
            },
        );
        let state = Self {
            engine,
            tablet,
            session,
            rights: Memo::new(move |_| session.value.with(|s| Rights::of(s.as_ref()))),
            house,
            now: clock::start(),
            search: RwSignal::new(String::new()),
            list: List::new(),
            messages: Messages::new(),
            drafts: Drafts::new(engine),
            invitation: RwSignal::new(invitation),
            update: update::watch(),
            thin: RwSignal::new(None),
            printing: printing::watch(),
            persisted: storage::persist(belongs),
        };
        provide_context(state);
        refuse_second_invitation(state, belongs);
        idle::lock_when_idle(state, is_open);
        let drafts = state.drafts;
        engine.give_away_when_asked(move || drafts.flush());
        Effect::new(move |_| {
            if is_open.get() {
                state.drafts.load();
            } else {
                // Nothing of a person stays on the page after the person.
                state.drafts.forget();
                state.search.set(String::new());
                state.list.reset();
                state.messages.clear();
                state.thin.set(None);
            }
        });
        state
    }

    /// The home's zone; the tablet's own while nobody is signed in.
    pub(crate) fn zone(self) -> String {
        self.session
            .value
            .with(|session| session.as_ref().map(|s| s.time_zone.clone()))
            .unwrap_or_default()
    }

    /// The local day at the home.
    pub(crate) fn today(self) -> Date {
        let now = self.now.get();
        crate::format::zone::local(now, &self.zone()).0
    }

    /// The day from which days are told: "yesterday" on screen. On paper, which is read on any day,
    /// every day is told in full.
    pub(crate) fn told_from(self) -> Date {
        if self.printing.get() {
            crate::format::time::NO_DAY
        } else {
            self.today()
        }
    }

    /// Says that something was saved, and what becomes of it when there is no connection.
    pub(crate) fn saved(self, words: &str) {
        self.messages.say(self.goes(words));
    }

    fn goes(self, words: &str) -> String {
        let live = self.tablet.value.with_untracked(|tablet| {
            tablet
                .as_ref()
                .is_some_and(|t| matches!(t.link, Link::Live | Link::CatchingUp))
        });
        match live {
            true => words.to_owned(),
            false => format!("{words} {}", w().goes_later),
        }
    }

    /// As [`Self::saved`]; and that what was typed on since is not, if anything was.
    pub(crate) fn saved_text(self, words: &str, draft: &str) {
        match self.drafts.waits(draft) {
            true => self
                .messages
                .say(format!("{} {}", self.goes(words), w().typed_since)),
            false => self.saved(words),
        }
    }

    /// Whether the person signed in may sign.
    pub(crate) fn may_sign(self) -> bool {
        self.rights.get().sign
    }

    /// Locks: drafts are kept, keys go.
    pub(crate) fn lock(self) {
        leptos::task::spawn_local(async move {
            self.engine.lock(self.drafts.flush()).await;
        });
    }
}

/// The state given at the root of the page.
pub(crate) fn use_state() -> State {
    expect_context::<State>()
}

/// A link opened on a tablet that belongs to a home already is not used, and said to be so.
fn refuse_second_invitation(state: State, belongs: Memo<bool>) {
    let blank = Memo::new(move |_| {
        state
            .tablet
            .value
            .with(|t| t.as_ref().is_none_or(|t| t.state == TabletState::Blank))
    });
    let began_blank = StoredValue::new(false);
    Effect::new(move |_| {
        if state.tablet.value.with(Option::is_none) {
            return;
        }
        if blank.get() {
            began_blank.set_value(true);
        } else if belongs.get()
            && !began_blank.get_value()
            && state.invitation.with_untracked(Option::is_some)
        {
            state.invitation.set(None);
            state.messages.say(w().already_enrolled);
        }
    });
}
