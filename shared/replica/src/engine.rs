//! The façade, and a map of what stands behind it. One struct, one thread: any file may read any
//! field of [`Engine`]; a field is written where the map says, and elsewhere only through what that
//! file offers.
//!
//! What the link brings:
//!
//! | file | what comes in | field it keeps |
//! |---|---|---|
//! | `link` (`handshake`) | connections, frames; hands each message on | `link` |
//! | `roster` | roster entries, wraps | `roster` |
//! | `arrive` | rows and receipts | `streams`, with `streams`, `claims`, `marks` |
//! | `claims` | places that the relay only said | |
//! | `marks` | marks of devices, own and others' | |
//! | `faults` | what of all this is untrue | `faults` |
//! | `push` (`refused`) | answers to what was sent | `push`: the outbox |
//! | `lately` | when everything was exchanged, and shown, last | `lately`, `lately_kept` |
//!
//! What a person does:
//!
//! | file | command | field it keeps |
//! |---|---|---|
//! | `enrol`, `found`; both: `joining` | enrol, compare words; found | `enrolment`, `founding` |
//! | `membership` | what this device then is | `membership` |
//! | `session` | sign in, lock, keep a draft | `session`, `views` |
//! | `sitting` | sign in by the PIN alone | `sittings` |
//! | `slots` | who can sign in here at all | `slots` |
//! | `house` (`person`, `invite`) | add a person, invite a device | `work` |
//! | `record` | everything on the record: makes a `plan` | |
//! | `write` | a plan becomes envelopes and one commit | |
//! | `introduce` | the first sign-in: this device's name | |
//! | `not_accepted` | take what the relay refused off the list | |
//! | `sealed_keys`, `kept_text` | how new keys and secrets are kept meanwhile | |
//!
//! From the log into the views:
//!
//! | file | what it does | field it keeps |
//! |---|---|---|
//! | `project` | opens, admits, applies, projects | |
//! | `documents` | open Automerge documents; this run | `documents`, `run`, `run_is_over` |
//! | `verdict` | whether an entry counts | |
//! | `waiting` | what lacks a key or a change | `waiting` |
//! | `trying` | what may kill the engine | `trying` |
//! | `trouble` | a view that does not follow | `troubles` |
//! | `standings` | what was not taken | `standings` |
//!
//! What is asked: `ask` (the record, by way of the views), `status` (this tablet), `members` (`members`:
//! what has become of who belongs), `names` and
//! `home` (who and where somebody is), `proof` (who wrote an entry). What goes out: `notices`
//! (`notices`, `effects`, `told_arriving`), `wake`, and `turns` (`turns`: what the clock alone changes).
//! This file: `run`'s beginning, commits, `storage_problem` and
//! `read_again_at`.

use crate::disk::Disk;
use crate::event::{Effect, Event};
use crate::log::{LogChange, LogStore, Setting, StoreError};
use crate::view::Views;
use ids::{CommandId, RunId, UnixMillis, limits};
use interface::{Command, Done, Notice, Query, Refusal, Settled, StorageFault, View};
use std::cell::Cell;
use vault::{PlatformKey, Random};
use wire::RosterState;

mod arrive;
mod ask;
mod claims;
mod documents;
mod enrol;
mod faults;
mod found;
mod home;
mod house;
mod introduce;
mod joining;
mod kept_text;
mod lately;
mod link;
mod marks;
mod members;
mod membership;
mod names;
mod not_accepted;
mod notices;
mod plan;
mod project;
mod proof;
mod push;
mod record;
mod roster;
mod sealed_keys;
mod session;
mod sitting;
mod slots;
mod standings;
mod status;
mod streams;
mod trouble;
mod trying;
mod turns;
mod verdict;
mod waiting;
mod wake;
mod write;

/// Why the engine did not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The disk's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The device vault does not open with the platform's key: this profile was copied or its key lost.
    #[error("vault")]
    Vault,
    /// No randomness.
    #[error(transparent)]
    NoRandom(#[from] vault::NoRandom),
}

/// One copy of a facility's records. See the crate's documentation for its usage rule.
pub struct Engine {
    disk: Box<dyn Disk>,
    log: Box<dyn LogStore>,
    random: Box<dyn Random>,
    platform: PlatformKey,
    run: RunId,
    run_is_over: bool,
    now: UnixMillis,
    membership: Option<membership::Membership>,
    enrolment: Option<enrol::Enrolment>,
    founding: Option<found::Founding>,
    roster: RosterState,
    slots: slots::Slots,
    link: link::Link,
    members: members::Members,
    lately: lately::Lately,
    /// The same, as the disk has it.
    lately_kept: lately::Lately,
    streams: streams::Streams,
    faults: faults::Faults,
    push: push::Outbox,
    work: house::RosterWork,
    session: Option<session::Session>,
    sittings: sitting::Sittings,
    views: Views,
    documents: documents::Documents,
    waiting: waiting::Waiting,
    trying: trying::Trying,
    troubles: trouble::Troubles,
    turns: turns::Turns,
    standings: standings::Standings,
    notices: notices::Notices,
    /// Somebody was shown that charts are arriving.
    told_arriving: Cell<bool>,
    effects: Vec<Effect>,
    storage_problem: Option<StorageFault>,
    /// The disk failed, so nobody knows what it holds: it is read again at this time.
    read_again_at: Option<UnixMillis>,
}

impl Engine {
    /// Opens what the disk holds, or a blank device. Nobody is signed in.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open(
        mut disk: Box<dyn Disk>,
        platform: PlatformKey,
        mut random: Box<dyn Random>,
        now: UnixMillis,
    ) -> Result<Self, OpenError> {
        let log = disk.open_log(&platform.log_file_key())?;
        let mut run = [0u8; 16];
        random.fill(&mut run)?;
        let mut engine = Self {
            disk,
            log,
            random,
            platform,
            run: RunId::from_bytes(run),
            run_is_over: false,
            now,
            membership: None,
            enrolment: None,
            founding: None,
            roster: RosterState::default(),
            slots: slots::Slots::default(),
            link: link::Link::new(now),
            members: members::Members::default(),
            lately: lately::Lately::default(),
            lately_kept: lately::Lately::default(),
            streams: streams::Streams::default(),
            faults: faults::Faults::default(),
            push: push::Outbox::default(),
            work: house::RosterWork::default(),
            session: None,
            sittings: sitting::Sittings::default(),
            views: Views::default(),
            documents: documents::Documents::default(),
            waiting: waiting::Waiting::default(),
            trying: trying::Trying::default(),
            troubles: trouble::Troubles::default(),
            turns: turns::Turns::default(),
            standings: standings::Standings::default(),
            notices: notices::Notices::default(),
            told_arriving: Cell::new(false),
            effects: Vec::new(),
            storage_problem: None,
            read_again_at: None,
        };
        engine.load()?;
        Ok(engine)
    }

    fn load(&mut self) -> Result<(), OpenError> {
        self.load_roster()?;
        self.load_members()?;
        self.load_membership()?;
        self.load_enrolment()?;
        self.load_founding()?;
        self.load_faults()?;
        self.load_streams()?;
        self.after_update()?;
        self.load_slots()?;
        self.follow_devices()?;
        self.load_waiting()?;
        self.load_saves()?;
        self.count_standings();
        self.load_lately()?;
        Ok(())
    }

    /// What to do first: connect, if this device belongs anywhere.
    pub fn start(&mut self, now: UnixMillis) -> Vec<Effect> {
        self.clock_says(now);
        self.link_start();
        self.take_effects()
    }

    /// Hands in what happened.
    pub fn handle(&mut self, event: Event, now: UnixMillis) -> Vec<Effect> {
        self.clock_says(now);
        match event {
            Event::Connected => self.link_connected(),
            Event::Received(frame) => self.link_received(frame),
            Event::Disconnected(how) => self.link_ended(how),
            Event::Tick => self.link_tick(),
        }
        self.send_off();
        self.catch_up();
        self.take_effects()
    }

    /// Carries out a command.
    pub fn command(
        &mut self,
        command: Command,
        now: UnixMillis,
    ) -> (Result<Done, Refusal>, Vec<Effect>) {
        let (outcome, mut effects) = self.command_first(command, now);
        effects.extend(self.follow_up(now));
        (outcome, effects)
    }

    /// The same up to where it is durable and ready to leave: its effects can be carried out before
    /// this device brings its own views up to date. [`Self::follow_up`] comes next, before any query.
    pub fn command_first(
        &mut self,
        command: Command,
        now: UnixMillis,
    ) -> (Result<Done, Refusal>, Vec<Effect>) {
        self.clock_says(now);
        let outcome = self.carry_out(command);
        self.send_off();
        (outcome, self.take_effects())
    }

    /// The rest of what a command leads to.
    pub fn follow_up(&mut self, now: UnixMillis) -> Vec<Effect> {
        self.clock_says(now);
        self.catch_up();
        self.take_effects()
    }

    /// Asks the relay to answer when it has read all that was sent so far. Until it does, this device
    /// does not say that its marks were exchanged.
    pub fn ask_for_an_answer(&mut self, now: UnixMillis) -> Vec<Effect> {
        self.clock_says(now);
        self.ask_answer();
        self.take_effects()
    }

    /// Answers a query. Reads only.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn query(&mut self, query: &Query, now: UnixMillis) -> Result<View, Refusal> {
        self.clock_says(now);
        self.ask(query)
    }

    /// Takes over the clock's time. One that was set back must not make anything wait for as long as
    /// it was set back: what was to be done at a time is then as far ahead as it was.
    pub(super) fn clock_says(&mut self, now: UnixMillis) {
        let back = self.now.since(now);
        self.now = now;
        if back > 0 {
            self.link.clock_set_back(back);
            self.push.clock_set_back(back);
            self.streams.clock_set_back(back);
            self.troubles.clock_set_back(back);
            self.turns.clock_set_back();
            set_back(&mut self.standings.again_at, back);
            set_back(&mut self.read_again_at, back);
        }
    }

    fn carry_out(&mut self, command: Command) -> Result<Done, Refusal> {
        match command {
            Command::Enrol {
                fragment,
                device_name,
            } => self.enrol(fragment.expose(), device_name),
            Command::ConfirmWords => self.confirm_words(),
            Command::RejectWords => self.reject_words(),
            Command::SignIn { badge, pin } => self.sign_in(badge.expose(), pin.expose()),
            Command::SignInAgain { person, pin } => self.sign_in_again(person, pin.expose()),
            Command::Lock => {
                self.lock();
                Ok(Done::Ok)
            }
            Command::Reconnect => {
                self.link_retry_now();
                Ok(Done::Ok)
            }
            Command::DealWith { envelope } => self.deal_with(envelope),
            Command::Found {
                fragment,
                settings,
                given,
                family,
                device_name,
            } => self.found(fragment.expose(), settings, given, family, device_name),
            Command::AddPerson {
                given,
                family,
                role,
                credential,
            } => self.add_person(given, family, role, credential),
            Command::Invite { process, count } => self.invite(process, count),
            Command::KeepDraft { key, text } => self.keep_draft(key, &text),
            record => self.record(record),
        }
    }

    /// Work that follows any input: what is ready is sent.
    fn send_off(&mut self) {
        self.read_again();
        self.count_again();
        self.carry_on_joining();
        self.carry_on_work();
        self.push_outbox();
    }

    /// And after that: views are brought up to date, and it is asked to be woken.
    fn catch_up(&mut self) {
        let all_shown = self.project_some();
        self.note_lately(all_shown);
        self.tell_arrived();
        self.send_seen();
        self.watch_claims();
        self.watch_turns();
        self.schedule();
    }

    fn take_effects(&mut self) -> Vec<Effect> {
        let notices = self.notices.take();
        self.effects.extend(notices.into_iter().map(Effect::Notice));
        std::mem::take(&mut self.effects)
    }

    /// Commits to `log.db` and notes what the disk says. What is returned is what became of the
    /// change, whatever is read after it.
    fn commit(&mut self, change: &LogChange) -> Result<(), StoreError> {
        if change.is_empty() {
            return Ok(());
        }
        let notes = self.notes_for(change);
        let outcome = if notes.is_empty() {
            self.log.commit(change)
        } else {
            let mut noted = change.clone();
            noted.settings.extend(notes);
            self.log.commit(&noted)
        };
        let problem = outcome.as_ref().err().map(StoreError::fault);
        if problem != self.storage_problem {
            self.storage_problem = problem;
            self.notices.tablet();
        }
        if outcome.is_ok() {
            self.follow_members(change);
        }
        match &outcome {
            Ok(()) if self.changes_standings(change) => {
                self.count_standings();
                self.notices.tablet();
            }
            Ok(()) => {}
            Err(_) => self.read_again_at = Some(self.now.plus(limits::READ_AGAIN_MS)),
        }
        outcome
    }

    /// After a failed commit what is in memory may be more or less than what is on the disk. The
    /// outbox follows the disk; positions do when the connection is made anew.
    fn read_again(&mut self) {
        if self.read_again_at.is_none_or(|at| at > self.now) {
            return;
        }
        self.read_again_at = None;
        if self.load_outbox().is_err() {
            self.read_again_at = Some(self.now.plus(limits::READ_AGAIN_MS));
            return;
        }
        // Whether it can be written again is found by writing: the screen still says that it cannot.
        let probe = LogChange {
            settings: vec![(Setting::Written, Some(self.now.0.to_be_bytes().to_vec()))],
            ..LogChange::default()
        };
        let _ = self.commit(&probe);
    }

    fn draw_command_id(&mut self) -> Result<CommandId, Refusal> {
        self.draw::<16>().map(CommandId::from_bytes)
    }

    fn draw<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let mut bytes = [0u8; N];
        self.random
            .fill(&mut bytes)
            .map_err(|_| Refusal::NoRandom)?;
        Ok(bytes)
    }

    fn settle(&mut self, command: CommandId, settled: Settled) {
        self.notices.push(Notice::Settled { command, settled });
    }

    fn fail(&mut self, command: CommandId, refusal: Refusal) {
        self.settle(command, Settled::Failed { refusal });
    }
}

/// Moves a time at which something is to be done, with a clock that was set back by so much.
fn set_back(at: &mut Option<UnixMillis>, by: i64) {
    *at = at.map(|at| at.plus(-by));
}

/// The disk's fault as a refusal.
fn storage(error: &StoreError) -> Refusal {
    Refusal::Storage {
        fault: error.fault(),
    }
}

/// A check of our own that failed: names the place.
fn bug(code: &str) -> Refusal {
    Refusal::Bug {
        code: code.to_owned(),
    }
}
