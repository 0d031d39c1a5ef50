//! The life of the engine in this tab: take the lock, start a worker, replace it when it traps
//! and whenever the tablet is locked (the worker that held keys is ended, a fresh one goes on).

use super::channel::{self, Unasked};
use super::hold::{self, Held};
use super::traps::Traps;
use super::version;
use crate::format::zone;
use interface::{CannotStart, Command, Notice, RequestBody};
use leptos::prelude::*;
use std::time::Duration;

/// How long a lock request may wait before "open in another tab" is shown.
const HOLD_WAIT: Duration = Duration::from_millis(500);
/// How long the other tab has to let go when it was asked.
const YIELD_WAIT: Duration = Duration::from_secs(3);
/// How long sealing drafts may take before the worker is ended anyway.
const LOCK_WAIT: Duration = Duration::from_secs(3);
/// How long a new worker may take to answer (it may wait for its predecessor's files).
const START_WAIT: Duration = Duration::from_secs(60);

/// Where the engine of this tab is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The lock or the worker is being waited for.
    Starting,
    /// It answers.
    Running,
    /// Another tab has it.
    Elsewhere,
    /// It could not start, or (without a reason) trapped again and again or did not answer.
    Failed(Option<CannotStart>),
}

/// The engine: signals that say when to ask again. Copy it freely.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    /// Its life.
    pub(crate) phase: RwSignal<Phase>,
    /// Counts workers: everything asked of an earlier one is void.
    pub(crate) run: RwSignal<u32>,
    /// Counts notices of each kind.
    pub(super) tablet: RwSignal<u32>,
    pub(super) house: RwSignal<u32>,
    pub(super) residents: RwSignal<u32>,
    pub(super) contradictions: RwSignal<u32>,
    traps: StoredValue<Traps>,
    /// The worker is about to be ended: what is on screen is nobody's any more.
    pub(crate) locking: RwSignal<bool>,
}

impl Engine {
    /// Takes the lock and starts.
    pub(crate) fn start() -> Self {
        let engine = Self {
            phase: RwSignal::new(Phase::Starting),
            run: RwSignal::new(0),
            tablet: RwSignal::new(0),
            house: RwSignal::new(0),
            residents: RwSignal::new(0),
            contradictions: RwSignal::new(0),
            traps: StoredValue::new(Traps::default()),
            locking: RwSignal::new(false),
        };
        engine.take(false);
        set_timeout(
            move || {
                if engine.phase.get_untracked() == Phase::Starting
                    && engine.run.get_untracked() == 0
                {
                    engine.phase.set(Phase::Elsewhere);
                }
            },
            HOLD_WAIT,
        );
        engine
    }

    /// Uses the engine here: asks the other tab, and takes it if that does not answer.
    pub(crate) fn use_here(self) {
        self.phase.set(Phase::Starting);
        hold::ask_others();
        set_timeout(
            move || {
                if self.phase.get_untracked() == Phase::Starting && !hold::is_held() {
                    self.take(true);
                }
            },
            YIELD_WAIT,
        );
    }

    /// Tries again after [`Phase::Failed`].
    pub(crate) fn retry(self) {
        self.traps.set_value(Traps::default());
        if self.phase.get_untracked() == Phase::Failed(Some(CannotStart::OtherVersion)) {
            self.phase.set(Phase::Starting);
            version::reload();
        } else {
            self.restart(false);
        }
    }

    /// Empties this tablet if it does not open, and starts. A person said twice that this is wanted.
    pub(crate) fn empty(self) {
        self.traps.set_value(Traps::default());
        self.restart(true);
    }

    /// Ends the worker that held the keys and goes on with a fresh one, to which the old one hands
    /// who may come back with the PIN alone.
    /// `first` is what must be done before, if it can be done in time.
    pub(crate) async fn lock(self, first: impl Future<Output = ()>) {
        if self.locking.get_untracked() {
            return;
        }
        self.locking.set(true);
        let run = self.run.get_untracked();
        // The worker may be busy or gone; the keys go all the same.
        set_timeout(
            move || {
                if self.run.get_untracked() == run {
                    self.restart(false);
                }
            },
            LOCK_WAIT,
        );
        first.await;
        let lock = RequestBody::Command(Command::Lock);
        let _ = match channel::make_heir() {
            Some(port) => channel::request_with(lock, &port).await,
            None => channel::request(lock).await,
        };
        if self.run.get_untracked() == run {
            self.restart(false);
        }
    }

    fn take(self, steal: bool) {
        hold::request(steal, move |held| match held {
            Held::Granted | Held::Unsupported => self.restart(false),
            Held::Stolen => {
                channel::close();
                channel::drop_heir();
                self.phase.set(Phase::Elsewhere);
                self.take(false);
            }
        });
    }

    /// Lets another tab have the engine whenever it asks; `first` is what must be done before.
    pub(crate) fn give_away_when_asked<F: Future<Output = ()> + 'static>(
        self,
        first: impl Fn() -> F + 'static,
    ) {
        hold::on_asked(move || {
            let first = first();
            leptos::task::spawn_local(async move {
                self.locking.set(true);
                first.await;
                let _ = self.command(Command::Lock).await;
                channel::close();
                self.locking.set(false);
                self.phase.set(Phase::Elsewhere);
                hold::release();
                // Wait in line: when the other tab closes, this one goes on.
                self.take(false);
            });
        });
    }

    fn restart(self, anew: bool) {
        channel::close();
        self.locking.set(false);
        self.phase.set(Phase::Starting);
        self.run.update(|run| *run += 1);
        let run = self.run.get_untracked();
        channel::open(anew, move |unasked| {
            if self.run.get_untracked() == run {
                self.hear(unasked);
            }
        });
        set_timeout(
            move || {
                let same = self.run.get_untracked() == run;
                if same && self.phase.get_untracked() == Phase::Starting && hold::is_held() {
                    channel::close();
                    self.phase.set(Phase::Failed(None));
                }
            },
            START_WAIT,
        );
    }

    fn hear(self, unasked: Unasked) {
        match unasked {
            Unasked::Ready => {
                version::fits();
                self.phase.set(Phase::Running);
                self.everything_changed();
            }
            Unasked::Failed(why) => self.failed(why),
            // Before it answers, it is of another bundle; later, what it said may concern anything.
            Unasked::Strange if self.phase.get_untracked() == Phase::Starting => {
                self.failed(CannotStart::OtherVersion);
            }
            Unasked::Strange => self.everything_changed(),
            Unasked::Died => {
                channel::died();
                let goes_on = self
                    .traps
                    .try_update_value(|traps| traps.one_more(zone::now()));
                if goes_on == Some(true) {
                    self.restart(false);
                } else {
                    self.phase.set(Phase::Failed(None));
                }
            }
            Unasked::Notice(notice) => self.changed(&notice),
        }
    }

    fn failed(self, why: CannotStart) {
        channel::close();
        // The page that fits is a reload away.
        if why != CannotStart::OtherVersion || !version::reload_once() {
            self.phase.set(Phase::Failed(Some(why)));
        }
    }

    fn changed(self, notice: &Notice) {
        let bump = |signal: RwSignal<u32>| signal.update(|count| *count = count.wrapping_add(1));
        match notice {
            Notice::Tablet | Notice::Settled { .. } => bump(self.tablet),
            Notice::House => bump(self.house),
            Notice::Residents { .. } => bump(self.residents),
            Notice::Contradictions => bump(self.contradictions),
            // The other end of an enrolment is a terminal's or a desk's matter.
            Notice::DeviceAccepted { .. } => {}
            Notice::Locked => {
                // It locked itself: nothing it held may stay in this worker.
                self.restart(false);
            }
        }
    }

    /// Everything shown is asked again: a worker is new, or a person signed in.
    pub(crate) fn everything_changed(self) {
        for signal in [self.tablet, self.house, self.residents, self.contradictions] {
            signal.update(|count| *count = count.wrapping_add(1));
        }
    }
}
