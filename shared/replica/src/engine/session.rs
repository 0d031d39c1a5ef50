//! Signing in, and what being signed in means: a person's keys in memory, the views that they
//! open, and drafts.

use super::trouble::Trouble;
use super::{Engine, storage};
use crate::keyring::StreamKeys;
use crate::log::{DraftRow, LocalFact, LogChange, Setting, StoreError};
use crate::view::{ViewDb, ViewError, Views};
use domain::Stream;
use ids::{Epoch, PersonId, StreamId};
use interface::{Done, Notice, Refusal, Rule};
use vault::{Badge, FileKey, Identity, Pin, UnlockError};

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
        self.newcomer_was_read(person);
        Ok(Done::Ok)
    }

    /// Whoever has this badge and PIN. A lookup is bound to its person, so that there is one slot
    /// to stretch for, whatever others put into theirs.
    fn unlock(&self, badge: &Badge, pin: &Pin) -> Result<(PersonId, Identity), Refusal> {
        let mut unusable = false;
        for slot in self.slots_of_badge(badge) {
            match vault::unlock_slot(&slot.body, badge, pin, &slot.person) {
                // What holds other keys than its signer's is nobody's slot.
                Ok(identity) if identity.signing_public() == slot.signer => {
                    return Ok((slot.person, identity));
                }
                Err(UnlockError::NoMemory) => return Err(Refusal::NoMemory),
                // Nothing was stretched, so no PIN was tried: this says nothing about one.
                Err(UnlockError::Parameters | UnlockError::Malformed) => unusable = true,
                Ok(_) | Err(_) => {}
            }
        }
        Err(if unusable {
            Refusal::BadgeUnusable
        } else {
            Refusal::NotKnown
        })
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
        let is_theirs = record.is_active() && record.signing == identity.signing_public();
        if !is_theirs || !self.may_sign_in_here(&person) {
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
        self.troubles.forget();
        self.open_views();
        // This person may hold keys that the one before did not.
        self.retry_waiting();
        self.carry_on_adding();
        self.notices.tablet();
        self.notices.house();
        Ok(())
    }

    /// The keys of a stream that the grants let this person read now. A wrap alone opens nothing:
    /// whoever may break the glass has one too, and so has who may read no more until the next
    /// rotation, and of all before it.
    fn stream_keys(
        &self,
        stream: Stream,
        session: &Session,
    ) -> Result<Option<StreamKeys>, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        if !self.may_open(&session.person, stream) {
            return Ok(None);
        }
        StreamKeys::open(
            membership.stream(stream),
            &session.identity,
            None,
            &self.roster,
            self.log.as_ref(),
        )
        .map_err(|e| storage(&e))
    }

    fn may_open(&self, person: &PersonId, stream: Stream) -> bool {
        let at = self.roster.head().0;
        let stream = self.membership.as_ref().map(|of| of.stream(stream));
        stream.is_some_and(|stream| self.roster.may_read(person, &stream, at))
    }

    /// Opens again what a new wrap may have made readable.
    pub(super) fn refresh_session_keys(&mut self) {
        let Some(mut session) = self.session.take() else {
            return;
        };
        for stream in Views::STREAMS {
            if let Ok(Some(keys)) = self.stream_keys(stream, &session) {
                match stream {
                    Stream::Directory => session.directory = Some(keys),
                    Stream::Care => session.care = Some(keys),
                    Stream::Devices => {}
                }
            }
        }
        self.session = Some(session);
        self.open_views();
    }

    /// Opens the views whose keys are held. What keeps one closed keeps nobody from signing in: it
    /// is said on the screen and tried again.
    fn open_views(&mut self) {
        for stream in Views::STREAMS {
            if self.views.of(stream).is_none() {
                self.open_view_of(stream);
            }
        }
    }

    pub(super) fn open_view_of(&mut self, stream: Stream) {
        if let Err(trouble) = self.try_to_open(stream) {
            self.in_trouble(stream, trouble);
        }
    }

    /// A view that is unreadable, ahead of the log or to be begun anew is built again from the log.
    fn try_to_open(&mut self, stream: Stream) -> Result<(), Trouble> {
        let Some(keys) = self.session.as_ref().and_then(|s| s.keys(stream)) else {
            return Ok(());
        };
        let id = keys.stream();
        let key = self.view_key(stream, id)?;
        let anew = self.begins_anew(stream)?;
        if anew.is_some() {
            self.disk.remove_view(stream.name())?;
        }
        let view = match self.open_view(stream, id, &key) {
            Ok(view) => view,
            Err(ViewError::Storage(what)) => return Err(Trouble::Failed(what)),
            Err(ViewError::Rebuild(_)) => {
                self.disk.remove_view(stream.name())?;
                self.open_view(stream, id, &key)?
            }
        };
        let is_empty = view.watermark()?.0 == 0;
        if anew.is_some() && !is_empty {
            return Err(Trouble::Failed("file stays".to_owned()));
        }
        if is_empty {
            self.begin_in_order(stream, anew)?;
        }
        self.views.hold(stream, Some(view));
        self.turns.forget();
        let found = self.find_suspects(stream);
        if found.is_err() {
            self.views.hold(stream, None);
        }
        found
    }

    /// Begins a view again from the log, because it is damaged or shows something that does not
    /// count any more. Should the disk refuse now, it is begun again when it is next opened.
    pub(super) fn build_again(&mut self, stream: Stream) -> Result<(), Trouble> {
        self.forget_documents();
        self.keep_beginning_anew(stream)?;
        self.views.hold(stream, None);
        self.try_to_open(stream)?;
        self.notices.house();
        self.notices.contradictions();
        Ok(())
    }

    fn open_view(
        &mut self,
        stream: Stream,
        id: StreamId,
        key: &FileKey,
    ) -> Result<ViewDb, ViewError> {
        let attached = self
            .disk
            .open_view(stream.name(), key)
            .map_err(|error| match error {
                StoreError::Corrupt(_) | StoreError::Newer { .. } => ViewError::Rebuild("unopened"),
                StoreError::Full | StoreError::Io(_) => ViewError::Storage(error.to_string()),
            })?;
        let view = ViewDb::open(attached.connection, attached.schema, stream)?;
        let (number, shown) = view.watermark()?;
        // A log that was restored from a copy gives its numbers out anew.
        let fact = self
            .log
            .facts(id, number.saturating_sub(1), 1)
            .map_err(|error| ViewError::Storage(error.to_string()))?;
        let of_this_log =
            |fact: &LocalFact| fact.number == number && fact.envelope.envelope.id() == shown;
        if number > 0 && !fact.first().is_some_and(of_this_log) {
            return Err(ViewError::Rebuild("another log"));
        }
        Ok(view)
    }

    /// The random key of a view's file, sealed under the newest epoch it was opened with; a new
    /// one when none opens.
    fn view_key(&mut self, stream: Stream, id: StreamId) -> Result<FileKey, Trouble> {
        let setting = Setting::ViewKey(stream);
        let kept = self.log.setting(setting)?;
        let keys = self
            .session
            .as_ref()
            .and_then(|s| s.keys(stream))
            .ok_or_else(Trouble::closed)?;
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
        let key = keys
            .epoch(epoch)
            .ok_or_else(Trouble::closed)?
            .view_key_key();
        let view = vault::make_view_key(self.random.as_mut())?;
        let sealed = vault::seal_view_key(self.random.as_mut(), &key, id.as_bytes(), &view)
            .map_err(|error| Trouble::Failed(error.to_string()))?;
        let row = [epoch.0.to_be_bytes().as_slice(), &sealed].concat();
        let change = LogChange {
            settings: vec![(setting, Some(row))],
            ..LogChange::default()
        };
        self.commit(&change)?;
        self.disk.remove_view(stream.name())?;
        Ok(view)
    }

    /// Forgets every key and closes every view. In the browser the shell then ends this engine's
    /// worker, because only that empties its memory.
    pub(super) fn lock(&mut self) {
        self.keep_lately();
        self.forget_documents();
        self.views = Views::default();
        if self.session.take().is_some() {
            self.notices.push(Notice::Locked);
            self.notices.tablet();
        }
    }

    /// Whoever has left, may not read any longer what is open, may not sign in here, or has other keys
    /// by now, is signed in no longer: the keys that were replaced may be in other hands.
    pub(super) fn lock_out(&mut self) {
        let Some(session) = &self.session else {
            return;
        };
        let person = session.person;
        let stands = self.roster.person(&person).is_some_and(|record| {
            record.is_active() && record.signing == session.identity.signing_public()
        });
        let reads = Views::STREAMS
            .into_iter()
            .filter(|stream| session.keys(*stream).is_some())
            .all(|stream| self.may_open(&person, stream));
        if !stands || !reads || !self.may_sign_in_here(&person) {
            self.lock();
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
                rule: Rule::TooLong {
                    most: ids::limits::ENTRY_BYTES,
                },
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
