//! Adding people. The new person's keys, badge and PIN are kept, sealed under the device's vault,
//! from before the relay is sent their entry until their keyslot and their name are in the record:
//! neither a crash nor a lock leaves somebody with grants whose keys nobody has. What was begun is
//! carried on when somebody who may change the roster signs in.

use super::super::kept_text::KeptText;
use super::super::plan::{Plan, Saying};
use super::super::sealed_keys::SealedKeys;
use super::super::write::seal_refusal;
use super::super::{Engine, bug, slots, storage};
use super::{Append, Job, What};
use crate::log::{LogChange, NewEnvelope, Setting, SettingRow, Standing, StoreError};
use crate::view::Views;
use domain::Stream;
use domain::directory::{Role, Staff, short_name};
use domain::entry::{Fact, Subject};
use ids::{CommandId, PersonId};
use interface::{Act, Done, Refusal, Rule, SecretText, Settled};
use minicbor::{Decode, Encode};
use std::collections::HashMap;
use vault::{Badge, Identity, Pin};
use wire::roster::{AddPerson, Grant, PersonKeys, Right, RosterBody};

/// Where a new person lies.
const KEPT: SealedKeys = SealedKeys {
    row: Setting::NewPerson,
    identity: Setting::NewPersonIdentity,
};

pub(super) struct NewPerson {
    pub(super) person: PersonId,
    identity: Identity,
    badge: Badge,
    pin: Pin,
    pin_text: SecretText,
    given: String,
    family: String,
    role: Role,
    credential: Option<String>,
}

impl NewPerson {
    fn settled(&self) -> Settled {
        Settled::PersonAdded {
            person: self.person,
            badge: self.badge.text().into(),
            pin: self.pin_text.clone(),
        }
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Row {
    #[n(0)]
    command: CommandId,
    #[n(1)]
    person: PersonId,
    #[n(2)]
    badge: KeptText,
    #[n(3)]
    pin: KeptText,
    #[n(4)]
    given: String,
    #[n(5)]
    family: String,
    #[n(6)]
    role: Role,
    #[n(7)]
    credential: Option<String>,
    /// They are in the record; what is left is to be told to whoever asked.
    #[n(8)]
    written: bool,
}

/// Somebody as they were read from the disk.
struct Kept {
    command: CommandId,
    new: NewPerson,
    written: bool,
}

impl Engine {
    pub(in super::super) fn add_person(
        &mut self,
        given: String,
        family: String,
        role: Role,
        credential: Option<String>,
    ) -> Result<Done, Refusal> {
        self.may_change_roster()?;
        if domain::rights::grants(role).is_empty() {
            return Err(Refusal::Field {
                field: "role".into(),
                rule: Rule::NotYet,
            });
        }
        if let Some(command) = self.adds_already(&given, &family, role) {
            return Ok(Done::Pending { command });
        }
        if let Some(command) = self.told_again(&given, &family, role) {
            return Ok(Done::Pending { command });
        }
        let staff = Fact::Staff(Staff {
            given: given.clone(),
            family: family.clone(),
            role,
            credential: credential.clone(),
        });
        let person = PersonId::from_bytes(self.draw::<16>()?);
        self.check_fact(Subject::Person(person), staff)?;
        let (pin, pin_text) = self.draw_pin()?;
        let identity = vault::make_identity(self.random.as_mut()).map_err(|_| Refusal::NoRandom)?;
        let badge = vault::make_badge(self.random.as_mut()).map_err(|_| Refusal::NoRandom)?;
        let new = NewPerson {
            person,
            identity,
            badge,
            pin,
            pin_text,
            given,
            family,
            role,
            credential,
        };
        self.begin(What::AddPerson(Box::new(new)))
    }

    /// Keys, and the grants of the role with the current epoch wrapped to them.
    pub(super) fn append_person(
        &mut self,
        command: CommandId,
        new: &NewPerson,
    ) -> Result<Append, Refusal> {
        let keys = PersonKeys {
            id: new.person,
            signing: new.identity.signing_public(),
            agreement: new.identity.agreement_public(),
        };
        let mut bodies = vec![RosterBody::AddPerson(AddPerson { person: keys })];
        let mut wraps = Vec::new();
        for stream in Views::STREAMS {
            let session = self.session.as_ref().ok_or(Refusal::Locked)?;
            let held = session.keys(stream).ok_or(Refusal::NotAllowed {
                act: Act::ChangeRoster,
            })?;
            let epoch = held.newest();
            let key = held.epoch(epoch).ok_or_else(|| bug("epoch"))?;
            let wrap = vault::wrap_epoch(
                self.random.as_mut(),
                &keys.agreement,
                &held.stream(),
                epoch,
                key,
                held.id_key(),
            )
            .map_err(|_| Refusal::NoRandom)?;
            bodies.push(RosterBody::Grant(Grant {
                person: new.person,
                stream: held.stream(),
                right: Right::Write,
                acts: acts_of(new.role, stream),
                until: None,
                wraps: vec![vault::wrap_hash(&wrap)],
            }));
            wraps.push(bytes::Bytes::from(wrap));
        }
        let entries = self.roster_entries(&bodies)?;
        self.keep_person(command, new)?;
        Ok(Append {
            entries,
            wraps,
            blob: None,
        })
    }

    /// Durable before the entry is sent: the relay may take it at its word.
    fn keep_person(&mut self, command: CommandId, new: &NewPerson) -> Result<(), Refusal> {
        let change = LogChange {
            settings: self.person_rows(command, new, false)?,
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))
    }

    fn person_rows(
        &mut self,
        command: CommandId,
        new: &NewPerson,
        written: bool,
    ) -> Result<Vec<SettingRow>, Refusal> {
        let row = Row {
            command,
            person: new.person,
            badge: new.badge.text().into(),
            pin: new.pin_text.clone().into(),
            given: new.given.clone(),
            family: new.family.clone(),
            role: new.role,
            credential: new.credential.clone(),
            written,
        };
        self.seal_keys(KEPT, &row, &new.identity)
    }

    fn kept_person(&self) -> Result<Option<Kept>, StoreError> {
        self.open_keys(KEPT, |row: Row, identity| {
            let new = NewPerson {
                person: row.person,
                identity,
                badge: Badge::parse(row.badge.expose()).ok()?,
                pin: Pin::parse(row.pin.expose()).ok()?,
                pin_text: row.pin.0,
                given: row.given,
                family: row.family,
                role: row.role,
                credential: row.credential,
            };
            Some(Kept {
                command: row.command,
                new,
                written: row.written,
            })
        })
    }

    /// The relay has said for good that it will not have them.
    pub(super) fn forget_person(&mut self) {
        let change = LogChange {
            settings: KEPT.forgotten(),
            ..LogChange::default()
        };
        // Kept in spite of this, they are refused again.
        let _ = self.commit(&change);
    }

    /// The command that is adding somebody of this name and role: asked again after a crash, it
    /// goes on, and ends with the same badge.
    fn adds_already(&self, given: &str, family: &str, role: Role) -> Option<CommandId> {
        let is_they = |job: &&Job| match &job.what {
            What::AddPerson(new) => {
                job.carried_on && (new.given == given && new.family == family && new.role == role)
            }
            What::Invite { .. } => false,
        };
        self.work.jobs.iter().find(is_they).map(|job| job.command)
    }

    /// Somebody of this name and role was added, and whoever asked may not have been told: they are,
    /// until the badge has signed in here or somebody else is added.
    fn told_again(&mut self, given: &str, family: &str, role: Role) -> Option<CommandId> {
        let kept = self.kept_person().ok().flatten()?;
        let new = &kept.new;
        let same = new.given == given && new.family == family && new.role == role;
        (kept.written && same).then(|| {
            self.settle(kept.command, new.settled());
            kept.command
        })
    }

    /// Somebody signed in by badge: what is kept of them has been read.
    pub(in super::super) fn newcomer_was_read(&mut self, by: PersonId) {
        let read = |kept: Kept| kept.written && kept.new.person == by;
        if self.kept_person().ok().flatten().is_some_and(read) {
            self.forget_person();
        }
    }

    /// Goes on with somebody whose adding was cut off. Whoever is signed in must be able to sign
    /// for them.
    pub(in super::super) fn carry_on_adding(&mut self) {
        let unfinished = self
            .kept_person()
            .ok()
            .flatten()
            .filter(|kept| !kept.written);
        let Some(Kept { command, new, .. }) = unfinished else {
            return;
        };
        let is_under_way = self.work.jobs.iter().any(|job| job.command == command);
        let may = self.may_sign_roster().is_ok();
        if may && !is_under_way {
            self.work.jobs.push_front(Job {
                command,
                tries: 0,
                carried_on: true,
                what: What::AddPerson(Box::new(new)),
            });
            self.work_next();
        }
    }

    /// The badge, and the entry in the staff list.
    pub(super) fn finish_person(
        &mut self,
        command: CommandId,
        new: &NewPerson,
    ) -> Result<Settled, Refusal> {
        self.read_slots().map_err(|e| storage(&e))?;
        // It may have been done before a crash.
        if self.slots.of(new.person).is_none() {
            let slot = self.slot_envelope(
                new.person,
                &new.identity,
                &new.badge,
                &new.pin,
                &short_name(&new.given, &new.family),
                new.role,
            )?;
            self.commit_slot(slot)?;
        }
        self.begin_run()?;
        let mut plan = Plan::new(self.draw_command_id()?);
        let staff = Staff {
            given: new.given.clone(),
            family: new.family.clone(),
            role: new.role,
            credential: new.credential.clone(),
        };
        let saying = Saying::new(
            Subject::Person(new.person),
            self.stated_now(),
            Fact::Staff(staff),
        );
        self.plan_entry(&mut plan, saying)?;
        plan.settings.extend(self.person_rows(command, new, true)?);
        self.write(plan)?;
        Ok(new.settled())
    }

    /// A keyslot, sealed under `devices` and signed by the person whose keys it holds.
    pub(in super::super) fn slot_envelope(
        &mut self,
        person: PersonId,
        identity: &Identity,
        badge: &Badge,
        pin: &Pin,
        name: &str,
        role: Role,
    ) -> Result<NewEnvelope, Refusal> {
        let body = vault::make_badge_slot(
            self.random.as_mut(),
            badge,
            pin,
            &person,
            identity,
            name,
            slots::role_code(role),
        )
        .map_err(|_| Refusal::NoRandom)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let document = vault::keyslot_document_id(membership.devices.id_key(), &person);
        let epoch = membership.devices.newest();
        let key = membership
            .devices
            .document_key(epoch, &document)
            .ok_or_else(|| bug("devices key"))?;
        let mut header = self
            .next_header(wire::Kind::Slot, Stream::Devices, document, &HashMap::new())
            .map_err(|e| storage(&e))?;
        header.person = person;
        header.epoch = epoch;
        let envelope = vault::seal(
            self.random.as_mut(),
            &key,
            header,
            &body,
            &membership.identity,
            Some(identity),
        )
        .map_err(|e| seal_refusal(&e))?;
        Ok(NewEnvelope {
            envelope,
            standing: Standing::Accepted,
            place: None,
            outbox: Some(self.now),
        })
    }

    pub(in super::super) fn commit_slot(&mut self, slot: NewEnvelope) -> Result<(), Refusal> {
        let change = LogChange {
            envelopes: vec![slot],
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.queue(&change);
        self.read_slots().map_err(|e| storage(&e))
    }
}

/// The acts a role's grant of a stream carries.
pub(in super::super) fn acts_of(role: Role, stream: Stream) -> u64 {
    domain::rights::grants(role)
        .into_iter()
        .find(|grant| grant.stream == stream)
        .map_or(0, |grant| grant.acts)
}
