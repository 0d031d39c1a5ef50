//! The channel to the worker: replies find their request by its id, settlements their command,
//! notices everybody. Messages are JSON texts of `interface::FromPage` and `interface::FromWorker`.
//! Whatever cannot be sent or read fails the request it belongs to: nobody waits for ever.
//!
//! Before a lock the next worker, the heir, is made and given one end of a `MessageChannel`; the
//! other end goes with the lock. The page holds neither when something is sent through it.

use super::version;
use futures_channel::oneshot;
use ids::CommandId;
use interface::{
    Answer, CannotStart, FromPage, FromWorker, Heir, Notice, Refusal, Reply, Request, RequestBody,
    Settled, Start,
};
use leptos::prelude::{document, window};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::*;
use web_sys::{
    ErrorEvent, MessageChannel, MessageEvent, MessagePort, Worker, WorkerOptions, WorkerType,
};

/// Where this page's own index says that its engine is: never another version's.
const ENGINE: &str = "meta[name=lamplight-engine]";

/// What the worker said that is nobody's reply.
pub(super) enum Unasked {
    /// It answers from now on.
    Ready,
    /// It does not begin.
    Failed(CannotStart),
    /// It said something that this page cannot read.
    Strange,
    /// It trapped or could not be loaded.
    Died,
    /// Something changed.
    Notice(Notice),
}

#[derive(Default)]
struct Channel {
    worker: Option<Live>,
    /// The next worker, loaded and not started.
    heir: Option<Worker>,
    next_id: u32,
    pending: HashMap<u32, oneshot::Sender<Result<Answer, Refusal>>>,
    /// Requests made before the worker was ready, in order.
    early: Vec<(u32, String)>,
    waiting: HashMap<CommandId, oneshot::Sender<Settled>>,
    /// Settlements that came before anyone waited.
    settled: HashMap<CommandId, Settled>,
}

struct Live {
    worker: Worker,
    ready: bool,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

thread_local! {
    static CHANNEL: RefCell<Channel> = RefCell::default();
}

/// Makes the next worker, and returns the end of the channel for the present one.
pub(super) fn make_heir() -> Option<MessagePort> {
    let worker = load().ok()?;
    // One that cannot be loaded is not waited for: the next start loads another, and says why not.
    let failed = Closure::once_into_js(|event: ErrorEvent| {
        event.prevent_default();
        drop_heir();
    });
    worker.set_onerror(Some(failed.unchecked_ref()));
    let channel = MessageChannel::new().ok()?;
    let ends = js_sys::Array::of1(&channel.port2());
    let heir = serde_json::to_string(&FromPage::Heir(Heir::Heir)).ok()?;
    worker
        .post_message_with_transfer(&JsValue::from_str(&heir), &ends)
        .ok()?;
    let before = CHANNEL.with_borrow_mut(|channel| channel.heir.replace(worker));
    if let Some(before) = before {
        before.terminate();
    }
    Some(channel.port1())
}

/// Starts a worker (the heir, if there is one) and calls `unasked` with whatever it says of its
/// own accord. `anew`: what it cannot open may go.
pub(super) fn open(anew: bool, unasked: impl Fn(Unasked) + Clone + 'static) {
    let heir = CHANNEL.with_borrow_mut(|channel| channel.heir.take());
    let worker = match heir.map_or_else(load, Ok) {
        Ok(worker) => worker,
        Err(error) => {
            let said = text_of(&error);
            return unasked(Unasked::Failed(CannotStart::Storage { said }));
        }
    };
    let heard = unasked.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        receive(&event.data(), &heard);
    });
    let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
        event.prevent_default();
        unasked(Unasked::Died);
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let start = FromPage::Start {
        start: Start {
            origin: window().location().origin().unwrap_or_default(),
            bundle: version::bundle(),
            anew,
        },
    };
    // A start that does not arrive is noticed by the time a worker may take.
    let _ = serde_json::to_string(&start).map(|start| post(&worker, &start));
    CHANNEL.with_borrow_mut(|channel| {
        channel.worker = Some(Live {
            worker,
            ready: false,
            _on_message: on_message,
            _on_error: on_error,
        });
    });
}

/// Loads the worker's program; it says nothing before it is started.
fn load() -> Result<Worker, JsValue> {
    let named = document().query_selector(ENGINE)?;
    let path = named.and_then(|meta| meta.get_attribute("content"));
    let path = path.ok_or_else(|| JsValue::from_str(ENGINE))?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name("lamplight-engine");
    Worker::new_with_options(&path, &options)
}

/// Ends the heir that was made for a lock and is not wanted any more.
pub(super) fn drop_heir() {
    if let Some(heir) = CHANNEL.with_borrow_mut(|channel| channel.heir.take()) {
        heir.terminate();
    }
}

/// Ends the worker at once. What was asked and not answered fails with [`Refusal::Locked`].
pub(super) fn close() {
    end(&Refusal::Locked);
}

/// The worker ended by itself. Of what was asked and not answered nobody knows whether it was done:
/// "locked" would say that it was not.
pub(super) fn died() {
    end(&Refusal::Bug {
        code: "engine-ended".to_owned(),
    });
}

fn end(why: &Refusal) {
    let ended = CHANNEL.with_borrow_mut(|channel| {
        channel.early.clear();
        channel.waiting.clear();
        channel.settled.clear();
        let pending: Vec<_> = channel.pending.drain().map(|(_, reply)| reply).collect();
        (channel.worker.take(), pending)
    });
    let (live, pending) = ended;
    if let Some(live) = live {
        live.worker.set_onmessage(None);
        live.worker.set_onerror(None);
        live.worker.terminate();
    }
    for reply in pending {
        let _ = reply.send(Err(why.clone()));
    }
}

/// Sends one request and waits for its reply.
pub(super) async fn request(body: RequestBody) -> Result<Answer, Refusal> {
    let answer = CHANNEL.with_borrow_mut(|channel| {
        let (id, text, answer) = channel.ask(body)?;
        let posted = match &channel.worker {
            Some(live) if live.ready => post(&live.worker, &text),
            Some(_) | None => {
                channel.early.push((id, text));
                Ok(())
            }
        };
        channel.sent(id, posted).map(|()| answer)
    })?;
    answer.await.unwrap_or(Err(Refusal::Locked))
}

/// Sends one request, and a port that goes to the worker with it. A worker that is not ready has
/// nothing to hand over.
pub(super) async fn request_with(body: RequestBody, port: &MessagePort) -> Result<Answer, Refusal> {
    let answer = CHANNEL.with_borrow_mut(|channel| {
        let (id, text, answer) = channel.ask(body)?;
        let live = channel.worker.as_ref().filter(|live| live.ready);
        let posted = live.map_or(Err(Refusal::Locked), |live| {
            let ports = js_sys::Array::of1(port);
            let text = JsValue::from_str(&text);
            live.worker
                .post_message_with_transfer(&text, &ports)
                .map_err(|_| Refusal::Locked)
        });
        channel.sent(id, posted).map(|()| answer)
    })?;
    answer.await.unwrap_or(Err(Refusal::Locked))
}

type Answered = oneshot::Receiver<Result<Answer, Refusal>>;

impl Channel {
    /// Id and text of a request, and where its reply will be.
    fn ask(&mut self, body: RequestBody) -> Result<(u32, String, Answered), Refusal> {
        let (reply, answer) = oneshot::channel();
        self.next_id = self.next_id.wrapping_add(1);
        let id = self.next_id;
        let request = FromPage::Request(Request { id, body });
        let text = serde_json::to_string(&request).map_err(|_| bug("page-encode"))?;
        self.pending.insert(id, reply);
        Ok((id, text, answer))
    }

    /// Whether a request went off. One that did not gets no reply.
    fn sent(&mut self, id: u32, posted: Result<(), Refusal>) -> Result<(), Refusal> {
        if posted.is_err() {
            self.pending.remove(&id);
        }
        posted
    }
}

fn bug(code: &str) -> Refusal {
    Refusal::Bug {
        code: code.to_owned(),
    }
}

/// Waits until a pending command is settled.
pub(super) async fn settled(command: CommandId) -> Settled {
    let outcome = CHANNEL.with_borrow_mut(|channel| {
        if let Some(settled) = channel.settled.remove(&command) {
            return Ok(settled);
        }
        let (tell, told) = oneshot::channel();
        channel.waiting.insert(command, tell);
        Err(told)
    });
    match outcome {
        Ok(settled) => settled,
        Err(told) => told.await.unwrap_or(Settled::Failed {
            refusal: Refusal::Locked,
        }),
    }
}

fn receive(data: &JsValue, unasked: &impl Fn(Unasked)) {
    let text = data.as_string().or_else(|| {
        js_sys::JSON::stringify(data)
            .ok()
            .and_then(|text| text.as_string())
    });
    match text.as_deref().map(serde_json::from_str::<FromWorker>) {
        Some(Ok(FromWorker::Ready { ready: true })) => {
            flush_early();
            unasked(Unasked::Ready);
        }
        Some(Ok(FromWorker::Ready { ready: false })) => unasked(Unasked::Died),
        Some(Ok(FromWorker::Failed { failed })) => unasked(Unasked::Failed(failed)),
        Some(Ok(FromWorker::Reply(Reply::To { id, result }))) => answered(id, result),
        Some(Ok(FromWorker::Reply(Reply::Notice(notice)))) => {
            if let Notice::Settled { command, settled } = &notice {
                settle(*command, settled.clone());
            }
            unasked(Unasked::Notice(notice));
        }
        Some(Ok(FromWorker::Unread { to })) => answered(to.id, Err(bug("page-decode"))),
        // It may have been what somebody waits for, and there is no telling who.
        Some(Ok(FromWorker::Strange(_)) | Err(_)) | None => {
            give_up("page-decode");
            unasked(Unasked::Strange);
        }
    }
}

fn answered(id: u32, result: Result<Answer, Refusal>) {
    let reply = CHANNEL.with_borrow_mut(|channel| channel.pending.remove(&id));
    if let Some(reply) = reply {
        let _ = reply.send(result);
    }
}

/// Whatever is waited for fails.
fn give_up(code: &str) {
    let (pending, waiting) = CHANNEL.with_borrow_mut(|channel| {
        (
            std::mem::take(&mut channel.pending),
            std::mem::take(&mut channel.waiting),
        )
    });
    for reply in pending.into_values() {
        let _ = reply.send(Err(bug(code)));
    }
    for tell in waiting.into_values() {
        let _ = tell.send(Settled::Failed { refusal: bug(code) });
    }
}

fn settle(command: CommandId, settled: Settled) {
    let waiting = CHANNEL.with_borrow_mut(|channel| channel.waiting.remove(&command));
    match waiting {
        Some(tell) => {
            let _ = tell.send(settled);
        }
        None => CHANNEL.with_borrow_mut(|channel| {
            channel.settled.insert(command, settled);
        }),
    }
}

fn flush_early() {
    CHANNEL.with_borrow_mut(|channel| {
        let Some(live) = &mut channel.worker else {
            return;
        };
        live.ready = true;
        let unsent: Vec<u32> = std::mem::take(&mut channel.early)
            .into_iter()
            .filter(|(_, text)| post(&live.worker, text).is_err())
            .map(|(id, _)| id)
            .collect();
        for id in unsent {
            if let Some(reply) = channel.pending.remove(&id) {
                let _ = reply.send(Err(bug("page-post")));
            }
        }
    });
}

fn post(worker: &Worker, text: &str) -> Result<(), Refusal> {
    let posted = worker.post_message(&JsValue::from_str(text));
    posted.map_err(|_| bug("page-post"))
}

fn text_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_default()
}
