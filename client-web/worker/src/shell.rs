//! The engine with its clock, its timer and its socket: events in, effects out.

use crate::pool::Pool;
use crate::socket::Socket;
use crate::{key, portal, say, scope, with_shell};
use ids::UnixMillis;
use interface::{
    Act, Answer, CannotStart, Command, Forgotten, FromWorker, Query, Refusal, Reply, Request,
    RequestBody, View,
};
use js_sys::Uint8Array;
use replica::log::StoreError;
use replica::{Effect, Ended, Engine, Event, Held, NoRandom, OpenError, Random};
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessagePort;

/// The browser's randomness.
struct BrowserRandom;

impl Random for BrowserRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        getrandom::fill(bytes).map_err(|_| NoRandom)
    }
}

/// The engine and what surrounds it.
pub(crate) struct Shell {
    engine: Engine,
    origin: String,
    socket: Option<Socket>,
    /// Counts connections: what is found out about an earlier one is void.
    connection: u32,
    /// Whether the present one ever stood.
    stood: bool,
    timer: Option<i32>,
    woken: Closure<dyn FnMut()>,
    held: Held,
}

/// Now, by this tablet's clock.
fn now() -> UnixMillis {
    #[allow(clippy::cast_possible_truncation)] // whole milliseconds, far below 2^53
    UnixMillis(js_sys::Date::now() as i64)
}

impl Shell {
    /// Opens this browser profile's engine. What does not open is emptied if `anew`, and only then.
    ///
    /// # Errors
    /// Why it does not begin.
    pub(crate) async fn open(origin: String, anew: bool) -> Result<Self, CannotStart> {
        let pool = Pool::install().await?;
        let opened = match Self::engine(&pool).await {
            Err(CannotStart::Unopened) if anew => {
                pool.empty()?;
                Self::engine(&pool).await
            }
            opened => opened,
        };
        let engine = opened?;
        let woken = Closure::new(|| with_shell(|shell| shell.happened(Event::Tick)));
        Ok(Self {
            engine,
            origin,
            socket: None,
            connection: 0,
            stood: false,
            timer: None,
            woken,
            held: Held::default(),
        })
    }

    /// A new key is made for an empty pool only: files whose key is gone are somebody's records.
    async fn engine(pool: &Pool) -> Result<Engine, CannotStart> {
        let platform = match key::find().await? {
            Some(platform) => platform,
            None if pool.is_empty()? => key::make().await?,
            None => return Err(CannotStart::Unopened),
        };
        let disk = Box::new(pool.disk());
        Engine::open(disk, platform, Box::new(BrowserRandom), now()).map_err(unopened)
    }

    /// Begins to connect.
    pub(crate) fn start(&mut self) {
        let effects = self.engine.start(now());
        self.carry_out(effects);
    }

    /// Something happened.
    pub(crate) fn happened(&mut self, event: Event) {
        let effects = self.engine.handle(event, now());
        self.carry_out(effects);
    }

    /// The connection ended.
    pub(crate) fn lost(&mut self, how: Ended) {
        self.socket = None;
        self.happened(Event::Disconnected(how));
    }

    /// The connection stands.
    pub(crate) fn opened(&mut self) {
        self.stood = true;
    }

    /// The connection closed. One that never stood may have met a page that is no relay: a browser
    /// does not say what a failed WebSocket was answered, so it is asked for.
    pub(crate) fn closed(&mut self) {
        self.socket = None;
        if self.stood {
            return self.happened(Event::Disconnected(Ended::Network));
        }
        let (connection, origin) = (self.connection, self.origin.clone());
        spawn_local(async move {
            let how = portal::who_answers(&origin).await;
            with_shell(|shell| {
                if shell.connection == connection {
                    shell.happened(Event::Disconnected(how));
                }
            });
        });
    }

    /// What the worker before this one handed over.
    pub(crate) fn inherit(&mut self, bytes: &[u8]) {
        let effects = self.engine.take_over(bytes, now());
        self.carry_out(effects);
    }

    /// Hands the sittings to the next worker. Before the lock: its answer ends this worker.
    pub(crate) fn hand_over(&mut self, heir: &MessagePort) {
        let bytes = self.engine.hand_over();
        let array = Uint8Array::from(bytes.as_slice());
        // Without it the badge is asked again.
        let _ = heir.post_message(&array);
        array.fill(0, 0, array.length());
    }

    /// The page asks for something.
    pub(crate) fn request(&mut self, request: Request) {
        let result = self.answer(request.body);
        reply(Reply::To {
            id: request.id,
            result,
        });
    }

    fn answer(&mut self, body: RequestBody) -> Result<Answer, Refusal> {
        match body {
            RequestBody::Command(command) => self.command(command),
            // For tests and support only, and not through the page.
            RequestBody::Query(Query::Digest) => Err(Refusal::NotAllowed { act: Act::Inspect }),
            RequestBody::Query(query) => self.ask(&query).map(|view| Answer::View(Box::new(view))),
            RequestBody::PinDigit(digit) => Ok(self.entered(|held| held.pin_digit(digit, now()))),
            RequestBody::PinBack => Ok(self.entered(|held| held.pin_back(now()))),
            RequestBody::PinClear => Ok(self.entered(|held| {
                held.clear_pin();
                None
            })),
            RequestBody::BadgeKey(key) => Ok(self.entered(|held| held.badge_key(key, now()))),
            RequestBody::BadgeClear => Ok(self.entered(|held| {
                held.clear_badge();
                None
            })),
            RequestBody::SignIn => {
                let (badge, pin) = self.held.take_texts(now())?;
                let outcome = self.command(Command::SignIn {
                    badge,
                    pin: pin.clone(),
                });
                match outcome {
                    Ok(answer) => {
                        self.held.clear_badge();
                        self.engine.begin_sitting(pin.expose());
                        Ok(answer)
                    }
                    Err(refusal) => Err(self.held.refused(refusal)),
                }
            }
            RequestBody::SignInAgain(person) => {
                let pin = self.held.take_pin(now())?;
                self.command(Command::SignInAgain { person, pin })
            }
        }
    }

    /// Answers a query.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) fn ask(&mut self, query: &Query) -> Result<View, Refusal> {
        self.engine.query(query, now())
    }

    fn command(&mut self, command: Command) -> Result<Answer, Refusal> {
        let (outcome, effects) = self.engine.command(command, now());
        self.carry_out(effects);
        outcome.map(Answer::Done)
    }

    fn entered(&mut self, act: impl FnOnce(&mut Held) -> Option<Forgotten>) -> Answer {
        let forgotten = act(&mut self.held);
        self.held
            .answer(forgotten, |badge| self.engine.badge_owner(badge))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Connect => {
                    self.hang_up();
                    match Socket::open(&self.origin) {
                        Ok(socket) => self.socket = Some(socket),
                        Err(how) => {
                            queue.extend(self.engine.handle(Event::Disconnected(how), now()))
                        }
                    }
                }
                Effect::Send(frame) => {
                    if let Some(socket) = &self.socket {
                        socket.send(&frame);
                    }
                }
                Effect::Disconnect => self.hang_up(),
                Effect::WakeAt(at) => self.wake_at(at),
                Effect::Notice(notice) => reply(Reply::Notice(notice)),
            }
        }
    }

    fn hang_up(&mut self) {
        self.socket = None;
        self.stood = false;
        self.connection = self.connection.wrapping_add(1);
    }

    fn wake_at(&mut self, at: UnixMillis) {
        let scope = scope();
        if let Some(timer) = self.timer.take() {
            scope.clear_timeout_with_handle(timer);
        }
        let wait = i32::try_from(at.since(now()).max(0)).unwrap_or(i32::MAX);
        let woken = self.woken.as_ref().unchecked_ref();
        self.timer = scope
            .set_timeout_with_callback_and_timeout_and_arguments_0(woken, wait)
            .ok();
    }
}

/// Damaged is told like unopened: neither opens by trying again, and both end the same way.
fn unopened(error: OpenError) -> CannotStart {
    match error {
        OpenError::Vault | OpenError::Store(StoreError::Corrupt(_)) => CannotStart::Unopened,
        OpenError::Store(StoreError::Newer { .. }) => CannotStart::Newer,
        OpenError::Store(StoreError::Full) => CannotStart::Full,
        OpenError::Store(StoreError::Io(said)) => CannotStart::Storage { said },
        OpenError::NoRandom(_) => CannotStart::NoRandom,
    }
}

fn reply(reply: Reply) {
    say(&FromWorker::Reply(reply));
}
