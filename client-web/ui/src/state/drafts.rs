//! Unsaved typing. The page keeps it while a person is signed in; the engine seals it under that
//! person's key within half a second of the last keystroke, and before every lock.

use crate::components::time_field::time_draft;
use crate::engine::Engine;
use interface::{Command, Done, Query, Refusal, View};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use wasm_bindgen::prelude::*;

const PAUSE: Duration = Duration::from_millis(500);

/// What becomes of a text that is typed on between Save and its answer: seconds, while much arrives.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TypedSince {
    /// It goes with the sheet, which closes.
    Dropped,
    /// Words are text of their own: what was added to those that were saved stays to be saved.
    Added,
    /// It is of one piece: all of it stays.
    Whole,
}

impl TypedSince {
    /// What stays in the draft once `typed` is saved and the draft says `now`.
    fn left(self, typed: &str, now: &str) -> String {
        let added = now.strip_prefix(typed).map(str::trim_start);
        match (self, added) {
            (Self::Dropped, _) => String::new(),
            (Self::Whole, Some("")) => String::new(),
            (Self::Added, Some(added)) => added.to_owned(),
            (Self::Added | Self::Whole, _) => now.to_owned(),
        }
    }
}

/// The drafts of the person signed in.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    engine: Engine,
    texts: RwSignal<BTreeMap<String, String>>,
    /// Keys of drafts that do not open.
    unopened: RwSignal<BTreeSet<String>>,
    unsaved: StoredValue<BTreeSet<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// Whether the sealed drafts have been read.
    pub(crate) loaded: RwSignal<bool>,
}

impl Drafts {
    pub(super) fn new(engine: Engine) -> Self {
        let drafts = Self {
            engine,
            texts: RwSignal::default(),
            unopened: RwSignal::default(),
            unsaved: StoredValue::default(),
            timer: StoredValue::new(None),
            loaded: RwSignal::new(false),
        };
        // A page that is put away may never come back.
        let hidden = Closure::<dyn FnMut()>::new(move || {
            leptos::task::spawn_local(drafts.flush());
        });
        let _ = document()
            .add_event_listener_with_callback("visibilitychange", hidden.as_ref().unchecked_ref());
        hidden.forget();
        drafts
    }

    /// The text of a draft; empty when there is none.
    pub(crate) fn text(self, key: &str) -> String {
        self.texts
            .with(|texts| texts.get(key).cloned().unwrap_or_default())
    }

    /// Whether there is a draft, asked once.
    pub(crate) fn waits(self, key: &str) -> bool {
        !self.text_now(key).is_empty()
    }

    /// Keys of all drafts.
    pub(crate) fn keys(self) -> Vec<String> {
        self.texts.with(|texts| texts.keys().cloned().collect())
    }

    /// Keeps a draft. Empty text forgets it.
    pub(crate) fn keep(self, key: &str, text: String) {
        let same = self
            .texts
            .with_untracked(|texts| texts.get(key).map_or(text.is_empty(), |old| *old == text));
        if same {
            return;
        }
        self.unopened.update(|keys| {
            keys.remove(key);
        });
        self.texts.update(|texts| {
            if text.is_empty() {
                texts.remove(key);
            } else {
                texts.insert(key.to_owned(), text);
            }
        });
        self.unsaved.update_value(|unsaved| {
            unsaved.insert(key.to_owned());
        });
        self.schedule();
    }

    /// Lets a form and its draft follow each other. What the draft says is taken into a form that
    /// is still empty: it may be read after the form is shown, and typing begun meanwhile wins. A
    /// draft that is forgotten, because it was saved, empties the form that shows it.
    pub(crate) fn follow<T: Clone + Default + PartialEq + Send + Sync + 'static>(
        self,
        key: String,
        form: RwSignal<T>,
        write: fn(&T) -> Option<String>,
        read: fn(&str) -> Option<T>,
    ) {
        let key = StoredValue::new(key);
        let text_of = move |form: &T| match *form == T::default() {
            true => String::new(),
            false => write(form).unwrap_or_default(),
        };
        Effect::new(move |before: Option<String>| {
            let draft = self.text(&key.get_value());
            let next = form.with_untracked(|form| {
                taken(&draft, before.as_deref(), &text_of(form)).then(|| read(&draft))
            });
            match next {
                Some(_) if draft.is_empty() => form.set(T::default()),
                Some(Some(kept)) => form.set(kept),
                Some(None) | None => {}
            }
            draft
        });
        Effect::new(move |_| {
            let text = form.with(text_of);
            // Before the sealed drafts are read, an empty form says nothing about them.
            if !text.is_empty() || self.loaded.get_untracked() {
                untrack(|| self.keep(&key.get_value(), text));
            }
        });
    }

    /// Saves what was typed on a sheet that closes then. See [`Self::save_text`].
    ///
    /// # Errors
    /// What the engine refused; the draft is kept.
    pub(crate) async fn save(self, key: String, command: Command) -> Result<Done, Refusal> {
        self.save_text(key, command, TypedSince::Dropped).await
    }

    /// Saves what was typed as this draft. The engine forgets the draft in the commit that saves it,
    /// so that a tablet that is killed right after "saved" does not offer it to be saved again; the
    /// page forgets it whether or not its form is still there.
    ///
    /// # Errors
    /// What the engine refused; the draft is kept.
    pub(crate) async fn save_text(
        self,
        key: String,
        command: Command,
        since: TypedSince,
    ) -> Result<Done, Refusal> {
        let time_draft_of = time_draft(&key);
        let drafts = vec![time_draft_of.clone(), key];
        let typed: Vec<String> = drafts.iter().map(|key| self.text_now(key)).collect();
        // What waits to be sealed goes with the command, and must not be sealed after it.
        self.unsaved.try_update_value(|unsaved| {
            unsaved.retain(|key| !drafts.contains(key));
        });
        let from = Command::FromDrafts {
            drafts: drafts.clone(),
            command: Box::new(command),
        };
        let saved = self.engine.command(from).await;
        for (key, typed) in drafts.iter().zip(&typed) {
            let now = self.text_now(key);
            let left = match (&saved, *key == time_draft_of) {
                (Err(_), _) => now.clone(),
                (Ok(_), true) => String::new(),
                (Ok(_), false) => since.left(typed, &now),
            };
            // Typed on meanwhile: it may be sealed by now, and is sealed or forgotten anew.
            if !now.is_empty() && (saved.is_err() || now != *typed) {
                self.unsaved
                    .try_update_value(|unsaved| unsaved.insert(key.clone()));
                self.schedule();
            }
            if left != now {
                self.texts.try_update(|texts| match left.is_empty() {
                    true => texts.remove(key),
                    false => texts.insert(key.clone(), left),
                });
            }
        }
        saved
    }

    /// It was left: what was typed as this draft is not wanted, nor the time stated beside it.
    pub(crate) fn discard(self, key: &str) {
        self.keep(&time_draft(key), String::new());
        self.keep(key, String::new());
    }

    fn text_now(self, key: &str) -> String {
        let text = self
            .texts
            .try_with_untracked(|texts| texts.get(key).cloned());
        text.flatten().unwrap_or_default()
    }

    /// Seals what is not sealed yet.
    pub(crate) async fn flush(self) {
        let unsaved = self
            .unsaved
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        for key in unsaved {
            let text = self
                .texts
                .with_untracked(|texts| texts.get(&key).cloned().unwrap_or_default());
            let kept = self
                .engine
                .command(Command::KeepDraft {
                    key: key.clone(),
                    text,
                })
                .await;
            if kept.is_err() {
                // Tried again with the next keystroke, and before the lock.
                self.unsaved.update_value(|unsaved| {
                    unsaved.insert(key);
                });
            }
        }
    }

    pub(super) fn load(self) {
        leptos::task::spawn_local(async move {
            if let Ok(View::Drafts { drafts }) = self.engine.ask(Query::Drafts).await {
                let (opened, unopened): (Vec<_>, Vec<_>) =
                    drafts.into_iter().partition(|draft| draft.text.is_some());
                self.texts.update(|texts| {
                    for draft in opened {
                        texts
                            .entry(draft.key)
                            .or_insert(draft.text.unwrap_or_default());
                    }
                });
                let keys = unopened.into_iter().map(|draft| draft.key);
                self.unopened.set(keys.collect());
            }
            self.loaded.set(true);
        });
    }

    /// How many drafts do not open.
    pub(crate) fn unopened(self) -> u32 {
        self.unopened
            .with(|keys| u32::try_from(keys.len()).unwrap_or(u32::MAX))
    }

    /// Discards the drafts that do not open.
    pub(crate) fn discard_unopened(self) {
        leptos::task::spawn_local(async move {
            for key in self.unopened.get_untracked() {
                let text = String::new();
                let discard = Command::KeepDraft {
                    key: key.clone(),
                    text,
                };
                if self.engine.command(discard).await.is_ok() {
                    self.unopened.update(|keys| {
                        keys.remove(&key);
                    });
                }
            }
        });
    }

    pub(super) fn forget(self) {
        self.texts.update(BTreeMap::clear);
        self.unopened.update(BTreeSet::clear);
        self.unsaved.set_value(BTreeSet::new());
        self.loaded.set(false);
    }

    fn schedule(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        let handle =
            set_timeout_with_handle(move || leptos::task::spawn_local(self.flush()), PAUSE);
        self.timer.set_value(handle.ok());
    }
}

/// Whether a form takes what its draft says now: when it is empty, or when it shows the draft that
/// was saved or thrown away.
fn taken(draft: &str, before: Option<&str>, shown: &str) -> bool {
    if draft.is_empty() {
        !shown.is_empty() && before == Some(shown)
    } else {
        shown.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_shows_a_draft_is_emptied_when_the_draft_was_saved() {
        assert!(taken("", Some("88"), "88"));
        // What was typed since is nobody's draft yet.
        assert!(!taken("", Some("88"), "889"));
        assert!(!taken("", None, "88"));
    }

    #[test]
    fn what_is_typed_between_save_and_its_answer_stays_to_be_saved() {
        use TypedSince::{Added, Dropped, Whole};
        assert_eq!(Added.left("slept well", "slept well"), "");
        assert_eq!(Added.left("slept well", "slept well "), "");
        let on = "slept well, ate half";
        assert_eq!(Added.left("slept well", on), ", ate half");
        // Changed in the middle: nobody knows which words are which.
        assert_eq!(
            Added.left("slept well", "slept very well"),
            "slept very well"
        );
        assert_eq!(Whole.left("slept well", on), on);
        assert_eq!(Whole.left("slept well", "slept well\n"), "");
        assert_eq!(Dropped.left("slept well", on), "");
    }

    #[test]
    fn an_empty_form_takes_a_draft_and_typing_begun_meanwhile_wins() {
        assert!(taken("88", None, ""));
        assert!(!taken("88", Some(""), "9"));
        assert!(!taken("", Some(""), ""));
    }
}
