//! Signing in, and what being signed in means: a person's keys in memory, the views that they
//! open, and drafts.

use super::{Engine, bug, storage};
use crate::disk::FileKey;
use crate::keyring::StreamKeys;
use crate::log::{DraftRow, LogChange};
use crate::view::{ViewDb, ViewError};
use domain::Stream;
use ids::{Epoch, PersonId, StreamId};
use interface::{Done, Notice, Refusal};
use vault::{Badge, Identity, Pin, UnlockError, ViewKey};

/// Somebody signed in.
pub(super) struct Session {
    pub(super) person: PersonId,
    pub(super) identity: Identity,
    pub(super) directory: Option<StreamKeys>,
    pub(super) care: Option<StreamKeys>,
}

impl Session {
    /// The keys of a stream, as far as this person holds them.
    pub(super) fn keys(&self, stream: Stream) -> Option<&StreamKeys> {
        match stream {
            Stream::Directory => self.directory.as_ref(),
            Stream::Care => self.care.as_ref(),
            Stream::Devices => None,
        }
    }
}

/// Streams that have a view.
pub(super) const VIEWED: [Stream; 2] = [Stream::Directory, Stream::Care];

impl Engine {
    pub(super) fn sign_in(&mut self, badge: &str, pin: &str) -> Result<Done, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        if !membership.facts.confirmed {
            return Err(Refusal::NotEnrolled);
        }
        let badge = Badge::parse(badge).map_err(|_| Refusal::BadBadge)?;
        let pin = Pin::parse(pin).map_err(|_| Refusal::NotKnown)?;
        let (person, identity) = self.unlock(&badge, &pin)?;
        self.open_session(person, identity)?;
        self.founding_was_read(person);
        Ok(Done::Ok)
    }

    /// Whoever has this badge and PIN. A lookup is bound to its person, so that there is one slot
    /// to stretch for, whatever others put into theirs.
    fn unlock(&self, badge: &Badge, pin: &Pin) -> Result<(PersonId, Identity), Refusal> {
        for slot in self.slots_of_badge(badge) {
            match vault::unlock_slot(&slot.body, badge, pin, &slot.person) {
                // What holds other keys than its signer's is nobody's slot.
                Ok(identity) if identity.signing_public() == slot.signer => {
                    return Ok((slot.person, identity));
                }
                Err(UnlockError::NoMemory) => return Err(Refusal::NoMemory),
                Ok(_) | Err(_) => {}
            }
        }
        Err(Refusal::NotKnown)
    }

    /// Signs in a person whose key comes from elsewhere than a badge (a process that keeps its
    /// own, or the simulator). The roster decides whether it is theirs.
    ///
    /// # Errors
    /// [`Refusal::NotKnown`] when the roster has no such person with this key.
    pub fn sign_in_with(&mut self, identity: Identity) -> Result<(), Refusal> {
        let person = self
            .roster
            .persons()
            .find(|record| record.signing == identity.signing_public() && record.removed.is_none())
            .map(|record| record.id)
            .ok_or(Refusal::NotKnown)?;
        self.open_session(person, identity)
    }

    pub(super) fn open_session(
        &mut self,
        person: PersonId,
        identity: Identity,
    ) -> Result<(), Refusal> {
        let record = self.roster.person(&person).ok_or(Refusal::NotKnown)?;
        if record.removed.is_some() || record.signing != identity.signing_public() {
            return Err(Refusal::NotKnown);
        }
        self.lock();
        let mut session = Session {
            person,
            identity,
            directory: None,
            care: None,
        };
        session.directory = self.stream_keys(Stream::Directory, &session)?;
        session.care = self.stream_keys(Stream::Care, &session)?;
        self.session = Some(session);
        self.open_views()?;
        self.notices.tablet();
        self.notices.house();
        Ok(())
    }

    fn stream_keys(
        &self,
        stream: Stream,
        session: &Session,
    ) -> Result<Option<StreamKeys>, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        StreamKeys::open(
            membership.stream(stream),
            &session.identity,
            &self.roster,
            self.log.as_ref(),
        )
        .map_err(|e| storage(&e))
    }

    /// Opens again what a new wrap may have made readable.
    pub(super) fn refresh_session_keys(&mut self) {
        let Some(mut session) = self.session.take() else {
            return;
        };
        for stream in VIEWED {
            if let Ok(Some(keys)) = self.stream_keys(stream, &session) {
                match stream {
                    Stream::Directory => session.directory = Some(keys),
                    Stream::Care => session.care = Some(keys),
                    Stream::Devices => {}
                }
            }
        }
        self.session = Some(session);
        if let Err(Refusal::Storage { reason }) = self.open_views() {
            self.storage_problem = Some(reason);
        }
    }

    /// Opens the views whose keys are held; a view that is unreadable, or ahead of the log, is
    /// built again from it.
    fn open_views(&mut self) -> Result<(), Refusal> {
        for stream in VIEWED {
            if super::documents::view_of(&self.views, stream).is_some() {
                continue;
            }
            let Some(keys) = self.session.as_ref().and_then(|s| s.keys(stream)) else {
                continue;
            };
            let id = keys.stream();
            let key = self.view_key(stream, id)?;
            let view = match self.open_view(stream, id, &key) {
                Ok(view) => view,
                Err(_) => {
                    self.disk
                        .remove_view(stream.name())
                        .map_err(|e| storage(&e))?;
                    self.open_view(stream, id, &key).map_err(|_| bug("view"))?
                }
            };
            match stream {
                Stream::Directory => self.views.directory = Some(view),
                Stream::Care => self.views.care = Some(view),
                Stream::Devices => {}
            }
        }
        Ok(())
    }

    /// Begins a view again from the log, because it shows something that does not count any more.
    pub(super) fn build_again(&mut self, stream: Stream) -> Result<(), String> {
        self.forget_documents();
        match stream {
            Stream::Directory => self.views.directory = None,
            Stream::Care => self.views.care = None,
            Stream::Devices => {}
        }
        self.disk
            .remove_view(stream.name())
            .map_err(|e| e.to_string())?;
        self.open_views().map_err(|e| e.to_string())?;
        self.notices.house();
        self.notices.contradictions();
        Ok(())
    }

    fn open_view(
        &mut self,
        stream: Stream,
        id: StreamId,
        key: &ViewKey,
    ) -> Result<ViewDb, ViewError> {
        let attached = self
            .disk
            .open_view(stream.name(), &FileKey::new(*key.expose()))
            .map_err(|_| ViewError::Rebuild("does not open"))?;
        let view = ViewDb::open(attached.connection, attached.schema, stream)?;
        let last = self
            .log
            .last_fact(id)
            .map_err(|_| ViewError::Rebuild("no log"))?;
        if view.watermark()?.0 > last {
            return Err(ViewError::Rebuild("ahead of the log"));
        }
        Ok(view)
    }

    /// The random key of a view's file, sealed under the newest epoch it was opened with; a new
    /// one when none opens.
    fn view_key(&mut self, stream: Stream, id: StreamId) -> Result<ViewKey, Refusal> {
        let name = format!("view key {}", stream.name());
        let kept = self.log.meta(&name).map_err(|e| storage(&e))?;
        let keys = self
            .session
            .as_ref()
            .and_then(|s| s.keys(stream))
            .ok_or(Refusal::Locked)?;
        if let Some((epoch, sealed)) = kept.as_deref().and_then(|row| row.split_first_chunk::<4>())
        {
            let epoch = Epoch(u32::from_be_bytes(*epoch));
            if let Some(key) = keys.epoch(epoch)
                && let Ok(view) = vault::open_view_key(&key.view_key_key(), id.as_bytes(), sealed)
            {
                return Ok(view);
            }
        }
        let epoch = keys.newest();
        let key = keys.epoch(epoch).ok_or(Refusal::Locked)?.view_key_key();
        let view = vault::make_view_key(self.random.as_mut()).map_err(|_| Refusal::NoRandom)?;
        let sealed = vault::seal_view_key(self.random.as_mut(), &key, id.as_bytes(), &view)
            .map_err(|_| Refusal::NoRandom)?;
        let row = [epoch.0.to_be_bytes().as_slice(), &sealed].concat();
        let change = LogChange {
            meta: vec![(name, Some(row))],
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.disk
            .remove_view(stream.name())
            .map_err(|e| storage(&e))?;
        Ok(view)
    }

    /// Forgets every key and closes every view. In the browser the shell then ends this engine's
    /// worker, because only that empties its memory.
    pub(super) fn lock(&mut self) {
        self.forget_documents();
        self.views = crate::view::Views::default();
        if self.session.take().is_some() {
            self.notices.push(Notice::Locked);
            self.notices.tablet();
        }
    }

    pub(super) fn keep_draft(&mut self, key: String, text: &str) -> Result<Done, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let device = self
            .membership
            .as_ref()
            .ok_or(Refusal::NotEnrolled)?
            .facts
            .device;
        if key.len() > 256 || text.len() > ids::limits::ENTRY_BYTES {
            return Err(Refusal::Field {
                field: "draft".into(),
                rule: "at most 32 KiB".into(),
            });
        }
        let sealed = if text.is_empty() {
            Vec::new()
        } else {
            let local = session.identity.draft_key(&device);
            vault::seal_local(
                self.random.as_mut(),
                &local,
                key.as_bytes(),
                text.as_bytes(),
            )
            .map_err(|_| Refusal::NoRandom)?
        };
        let row = DraftRow {
            person: session.person,
            key,
            at: self.now,
            sealed,
        };
        let change = LogChange {
            drafts: vec![row],
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.notices.tablet();
        Ok(Done::Ok)
    }
}
