//! Founding a facility on a blank device: keys for the first administrator, this device, the
//! recovery sheet and three streams, the roster's first entry, and the first entries of the
//! record.
//!
//! Everything is kept, sealed, before the relay is sent the entry, and carried on after a crash
//! (`kept`). Badge, PIN and recovery sheet are shown when the record has begun, and again at every
//! start, until the badge signs in here: only then are they known to have been read.

mod kept;
mod make;

use super::joining::Asks;
use super::membership::Membership;
use super::plan::{Plan, Saying};
use super::{Engine, bug, storage};
use domain::Stream;
use domain::directory::{Role as StaffRole, Settings, Staff, short_name};
use domain::entry::{Fact, Subject};
use ids::{CommandId, PersonId, RosterSeq, SigningPublic, StreamId, limits};
use interface::{Done, Link as Shown, Refusal, SecretText, Settled};
use make::Wishes;
use vault::{Badge, FoundingLink, Identity, Pin, RecoverySeed};
use wire::message::Found as FoundMessage;
use wire::roster::RosterEntry;
use wire::{Message, Role, Transcript};

/// A founding under way.
pub(super) struct Founding {
    pub(super) command: CommandId,
    pub(super) asks: Asks,
    /// The entry is on its way, and nothing was answered.
    sent: bool,
    link: FoundingLink,
    entry: RosterEntry,
    wraps: Vec<bytes::Bytes>,
    /// What this device will be, until it is kept.
    membership: Option<Membership>,
    beginning: Beginning,
}

/// What the record begins with, and what is shown of it once.
struct Beginning {
    person: PersonId,
    identity: Identity,
    recovery: RecoverySeed,
    badge: Badge,
    pin: Pin,
    pin_text: SecretText,
    settings: Settings,
    given: String,
    family: String,
}

impl Founding {
    pub(super) fn role(&self) -> Role {
        Role::Founder {
            relay_key: self.link.relay_key(),
        }
    }

    pub(super) fn relay_key(&self) -> SigningPublic {
        self.link.relay_key()
    }

    /// The founder's answer to the challenge.
    fn answer(&self, transcript: &Transcript) -> Message {
        FoundMessage {
            proof: transcript.founding_proof(self.link.token(), self.entry.bytes()),
            entry: self.entry.bytes().clone(),
            wraps: self.wraps.clone(),
        }
        .into()
    }

    /// The relay answered what was on its way.
    pub(super) fn was_answered(&mut self) {
        self.sent = false;
    }

    /// The connection ended: whether the relay has the entry is not known.
    pub(super) fn lost_sight(&mut self) {
        if std::mem::take(&mut self.sent) {
            self.asks = Asks::AsDevice {
                link_is_spent: false,
            };
        }
    }
}

impl Engine {
    pub(super) fn found(
        &mut self,
        fragment: &str,
        settings: Settings,
        given: String,
        family: String,
        device_name: String,
    ) -> Result<Done, Refusal> {
        let link = FoundingLink::parse(fragment.trim()).map_err(|_| Refusal::BadLink)?;
        if let Some(command) = self.founded_by(&link)? {
            return Ok(Done::Pending { command });
        }
        if self.membership.is_some() || self.is_joining() {
            return Err(Refusal::AlreadyEnrolled);
        }
        let device_name = self.checked_device_name(&device_name)?;
        self.check_fact(Subject::Facility, Fact::Settings(settings.clone()))?;
        let person = PersonId::from_bytes(self.draw::<16>()?);
        let staff = administrator(&given, &family);
        self.check_fact(Subject::Person(person), staff)?;
        let command = self.draw_command_id()?;
        let wishes = Wishes {
            settings,
            given,
            family,
            device_name,
        };
        self.founding = Some(self.make_founding(command, link, person, wishes)?);
        self.notices.tablet();
        self.reconnect_as_new();
        Ok(Done::Pending { command })
    }

    /// The command that began a founding by this link here: one under way goes on, and one that
    /// is done is shown again.
    fn founded_by(&mut self, link: &FoundingLink) -> Result<Option<CommandId>, Refusal> {
        if let Some(founding) = &self.founding {
            let command = founding.command;
            let same = founding.link.text() == link.text();
            self.link_retry_now();
            return Ok(same.then_some(command));
        }
        if self.membership.is_none() {
            return Ok(None);
        }
        let Some(kept) = self.kept_founding().map_err(|e| storage(&e))? else {
            return Ok(None);
        };
        if !kept.written || kept.founding.link.text() != link.text() {
            return Ok(None);
        }
        self.settle_founding(&kept.founding);
        Ok(Some(kept.founding.command))
    }

    /// What the founder says when challenged. Kept first: the relay may take it at its word.
    pub(super) fn founder_answers(&mut self, transcript: &Transcript) -> Option<Message> {
        if let Err(refusal) = self.keep_founding() {
            self.joining_fails(refusal);
            return None;
        }
        let founding = self.founding.as_mut()?;
        founding.sent = true;
        Some(founding.answer(transcript))
    }

    /// The relay has the entry: come back as the device it made.
    pub(super) fn founding_welcomed(&mut self) {
        if let Some(founding) = &mut self.founding {
            founding.sent = false;
            founding.asks = Asks::AsDevice {
                link_is_spent: true,
            };
            self.reconnect_as_new();
        }
    }

    /// A founding of which nothing is kept fails with its connection.
    pub(super) fn founding_link_ended(&mut self) {
        let wrong_relay = self.link.shown().0 == Shown::WrongRelay;
        self.joining_fails(if wrong_relay {
            Refusal::BadLink
        } else {
            Refusal::NeedsRelay
        });
    }

    /// Once the first entry has come back countersigned: the first administrator signs in here,
    /// and the record begins with the badge, the settings and the administrator.
    pub(super) fn finish_founding(&mut self) {
        let (Some(_), Some(membership)) = (&self.founding, &self.membership) else {
            return;
        };
        if self.roster.head().0 == RosterSeq(0) {
            return;
        }
        if self.roster.facility() != Some(membership.facts.facility) {
            return self.joining_fails(Refusal::LinkUsed);
        }
        let Some(founding) = self.founding.take() else {
            return;
        };
        match self.begin_record() {
            Ok(()) => self.settle_founding(&founding),
            Err(Refusal::Storage { .. }) => {
                // The disk is asked again by and by.
                self.founding = Some(founding);
                let again = self.now.plus(limits::READ_AGAIN_MS);
                self.read_again_at.get_or_insert(again);
            }
            // What is kept is tried again at the next start.
            Err(refusal) => self.fail(founding.command, refusal),
        }
    }

    /// Every step may have been done before a crash, or before a disk that did it and said that it
    /// had not.
    fn begin_record(&mut self) -> Result<(), Refusal> {
        let kept = self.kept_founding().map_err(|e| storage(&e))?;
        let kept = kept.ok_or_else(|| bug("founding"))?;
        if kept.written {
            return Ok(());
        }
        let rows = self.founding_rows(&kept.founding, true)?;
        let beginning = kept.founding.beginning;
        self.read_slots().map_err(|e| storage(&e))?;
        if self.slots.of(beginning.person).is_none() {
            let slot = self.slot_envelope(
                beginning.person,
                &beginning.identity,
                &beginning.badge,
                &beginning.pin,
                &short_name(&beginning.given, &beginning.family),
                StaffRole::Administrator,
            )?;
            self.commit_slot(slot)?;
        }
        self.open_session(beginning.person, beginning.identity)?;
        self.begin_run()?;
        let mut plan = Plan::new(kept.founding.command);
        plan.settings = rows;
        let now = self.stated_now();
        let settings = Fact::Settings(beginning.settings);
        self.plan_entry(&mut plan, Saying::new(Subject::Facility, now, settings))?;
        let staff = administrator(&beginning.given, &beginning.family);
        let subject = Subject::Person(beginning.person);
        self.plan_entry(&mut plan, Saying::new(subject, now, staff))?;
        self.write(plan)?;
        Ok(())
    }

    fn settle_founding(&mut self, founding: &Founding) {
        let Some(membership) = &self.membership else {
            return;
        };
        let beginning = &founding.beginning;
        let settled = Settled::Founded {
            facility: membership.facts.facility,
            badge: beginning.badge.text().into(),
            pin: beginning.pin_text.clone(),
            recovery: beginning
                .recovery
                .words()
                .split_whitespace()
                .map(SecretText::from)
                .collect(),
        };
        self.settle(founding.command, settled);
    }
}

fn administrator(given: &str, family: &str) -> Fact {
    Fact::Staff(Staff {
        given: given.to_owned(),
        family: family.to_owned(),
        role: StaffRole::Administrator,
        credential: None,
    })
}

/// The wraps of a founding with their streams, as `log.db` keeps them.
fn listed_wraps(
    wraps: &[bytes::Bytes],
    membership: &Membership,
) -> Vec<(StreamId, RosterSeq, Vec<u8>)> {
    let streams = Stream::ALL.map(|stream| membership.stream(stream));
    let of = |(pair, stream): (&[bytes::Bytes], StreamId)| {
        let row = |wrap: &bytes::Bytes| (stream, RosterSeq(1), wrap.to_vec());
        pair.iter().map(row).collect::<Vec<_>>()
    };
    wraps.chunks(2).zip(streams).flat_map(of).collect()
}
