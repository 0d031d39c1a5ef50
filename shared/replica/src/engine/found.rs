//! Founding a facility on a blank device: keys for the first administrator, this device, the
//! recovery sheet and three streams, the roster's first entry, and the first entries of the
//! record.

use super::house::acts_of;
use super::membership::{Facts, Membership};
use super::plan::{Plan, Saying};
use super::session::VIEWED;
use super::{Engine, bug, storage};
use crate::keyring::StreamKeys;
use crate::log::LogChange;
use domain::Stream;
use domain::directory::{Role as StaffRole, Settings, Staff};
use domain::entry::{Fact, Subject};
use ids::{CommandId, DeviceId, Epoch, PersonId, SigningPublic};
use interface::{Done, Link as Shown, Refusal, Settled};
use vault::{Badge, EpochKey, FoundingLink, IdKey, Identity, Pin, RecoverySeed};
use wire::message::{ErrorCode, Found as FoundMessage};
use wire::roster::{
    Charter, DeviceKeys, DeviceKind, DeviceScope, Found, Grant, MaySignIn, PersonKeys,
    RecoveryKeys, Right, RosterEntry, StreamOpening, StreamWraps, UnsignedEntry,
};
use wire::{Message, Role, Transcript, stream_id};

/// A founding under way. Its keys exist in memory only until the relay has the entry; if it fails,
/// nothing of it remains anywhere.
pub(super) struct Founding {
    command: CommandId,
    link: FoundingLink,
    entry: RosterEntry,
    wraps: Vec<bytes::Bytes>,
    membership: Membership,
    person: PersonId,
    identity: Identity,
    recovery: RecoverySeed,
    badge: Badge,
    pin: Pin,
    pin_text: String,
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
    pub(super) fn answer(&self, transcript: &Transcript) -> Message {
        FoundMessage {
            proof: transcript.founding_proof(self.link.token(), self.entry.bytes()),
            entry: self.entry.bytes().clone(),
            wraps: self.wraps.clone(),
        }
        .into()
    }
}

/// Keys of one stream being opened.
struct Opening {
    stream: Stream,
    epoch: EpochKey,
    id_key: IdKey,
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
        if self.membership.is_some() || self.enrolment.is_some() || self.founding.is_some() {
            return Err(Refusal::AlreadyEnrolled);
        }
        let link = FoundingLink::parse(fragment.trim()).map_err(|_| Refusal::BadLink)?;
        let device_name = self.checked_device_name(&device_name)?;
        self.check_fact(Subject::Facility, Fact::Settings(settings.clone()))?;
        let person = PersonId::from_bytes(self.draw::<16>()?);
        let staff = Staff {
            given: given.clone(),
            family: family.clone(),
            role: StaffRole::Administrator,
            credential: None,
        };
        self.check_fact(Subject::Person(person), Fact::Staff(staff))?;
        let command = self.draw_command_id()?;
        self.founding =
            Some(self.make_founding(command, link, settings, given, family, device_name)?);
        self.reconnect_as_new();
        Ok(Done::Pending { command })
    }

    fn make_founding(
        &mut self,
        command: CommandId,
        link: FoundingLink,
        settings: Settings,
        given: String,
        family: String,
        device_name: String,
    ) -> Result<Founding, Refusal> {
        let person = PersonId::from_bytes(self.draw::<16>()?);
        let device = DeviceId::from_bytes(self.draw::<16>()?);
        let (pin, pin_text) = self.draw_pin()?;
        let random = self.random.as_mut();
        let none = |_| Refusal::NoRandom;
        let identity = vault::make_identity(random).map_err(none)?;
        let device_identity = vault::make_identity(random).map_err(none)?;
        let recovery = vault::make_recovery(random).map_err(none)?;
        let badge = vault::make_badge(random).map_err(none)?;
        let mut openings = Vec::new();
        for stream in Stream::ALL {
            let epoch = vault::make_epoch(random).map_err(none)?;
            let id_key = vault::make_id_key(random).map_err(none)?;
            openings.push(Opening {
                stream,
                epoch,
                id_key,
            });
        }
        let recovery_identity = recovery.identity();
        let charter = Charter {
            relay_key: link.relay_key(),
            recovery: RecoveryKeys {
                signing: recovery_identity.signing_public(),
                agreement: recovery_identity.agreement_public(),
            },
            person: PersonKeys {
                id: person,
                signing: identity.signing_public(),
                agreement: identity.agreement_public(),
            },
            device: DeviceKeys {
                id: device,
                signing: device_identity.signing_public(),
                agreement: device_identity.agreement_public(),
            },
            streams: openings
                .iter()
                .map(|opening| StreamOpening {
                    name: opening.stream.name().to_owned(),
                    commitment: opening.epoch.commitment(),
                    public: opening.epoch.public(),
                })
                .collect(),
        };
        let facility = charter.facility_id();
        let mut wraps = Vec::new();
        let mut listed = Vec::new();
        for opening in &openings {
            let stream = stream_id(&facility, opening.stream.name());
            // `devices` is granted to devices, everything else to persons.
            let holder = match opening.stream {
                Stream::Devices => device_identity.agreement_public(),
                Stream::Directory | Stream::Care => identity.agreement_public(),
            };
            let mut hashes = Vec::new();
            for recipient in [holder, recovery_identity.agreement_public()] {
                let wrap = vault::wrap_epoch(
                    random,
                    &recipient,
                    &stream,
                    Epoch(0),
                    &opening.epoch,
                    &opening.id_key,
                )
                .map_err(|_| Refusal::NoRandom)?;
                hashes.push(vault::wrap_hash(&wrap));
                wraps.push(bytes::Bytes::from(wrap));
            }
            listed.push(StreamWraps {
                stream,
                wraps: hashes,
            });
        }
        let scope = DeviceScope {
            kind: DeviceKind::Process,
            streams: Stream::ALL
                .map(|stream| stream_id(&facility, stream.name()))
                .to_vec(),
            may_sign_in: MaySignIn::All,
        };
        let grants = VIEWED
            .map(|stream| Grant {
                person,
                stream: stream_id(&facility, stream.name()),
                right: Right::Write,
                acts: acts_of(StaffRole::Administrator, stream),
                until: None,
                wraps: Vec::new(),
            })
            .to_vec();
        let unsigned = UnsignedEntry::found(&Found::new(charter, scope, grants, listed));
        let signature = identity.sign_message(&unsigned.message());
        let entry = unsigned.signed(&signature).map_err(|_| bug("found"))?;
        let opening = openings
            .into_iter()
            .find(|o| o.stream == Stream::Devices)
            .ok_or_else(|| bug("devices"))?;
        let devices = StreamKeys::from_epoch(
            stream_id(&facility, Stream::Devices.name()),
            Epoch(0),
            opening.epoch,
            opening.id_key,
            &self.roster,
        );
        let facts = Facts {
            facility,
            device,
            relay_key: link.relay_key(),
            device_name,
            facility_name: settings.name.clone(),
            devices_epoch: Epoch(0),
            confirmed: true,
            words: Vec::new(),
            prepared: false,
            pinned: Vec::new(),
            introduced: false,
        };
        let membership = Membership {
            facts,
            identity: device_identity,
            devices,
        };
        Ok(Founding {
            command,
            link,
            entry,
            wraps,
            membership,
            person,
            identity,
            recovery,
            badge,
            pin,
            pin_text,
            settings,
            given,
            family,
        })
    }

    /// Six random digits.
    pub(super) fn draw_pin(&mut self) -> Result<(Pin, String), Refusal> {
        // Rejection keeps the digits uniform.
        loop {
            let drawn = u32::from_be_bytes(self.draw::<4>()?) >> 12;
            if drawn < 1_000_000 {
                let text = format!("{drawn:06}");
                let pin = Pin::parse(&text).map_err(|_| bug("pin"))?;
                return Ok((pin, text));
            }
        }
    }

    /// The relay has the entry: keep what was made, then come back as the device it made.
    pub(super) fn founding_welcomed(&mut self) {
        let Some(founding) = self.founding.take() else {
            return;
        };
        let command = founding.command;
        if let Err(refusal) = self.keep_founding(founding) {
            self.fail(command, refusal);
        }
        self.reconnect_as_new();
    }

    fn keep_founding(&mut self, founding: Founding) -> Result<(), Refusal> {
        let mut change = LogChange {
            meta: self
                .membership_meta(&founding.membership)
                .map_err(|_| Refusal::NoRandom)?,
            ..LogChange::default()
        };
        change.wraps = self.listed_wraps(&founding);
        self.commit(&change).map_err(|e| storage(&e))?;
        self.membership = Some(founding.membership);
        self.work.founded = Some(Founded {
            command: founding.command,
            person: founding.person,
            identity: founding.identity,
            recovery: founding.recovery,
            badge: founding.badge,
            pin: founding.pin,
            pin_text: founding.pin_text,
            settings: founding.settings,
            given: founding.given,
            family: founding.family,
        });
        Ok(())
    }

    fn listed_wraps(&self, founding: &Founding) -> Vec<(ids::StreamId, ids::RosterSeq, Vec<u8>)> {
        let streams = Stream::ALL.map(|stream| founding.membership.stream(stream));
        founding
            .wraps
            .chunks(2)
            .zip(streams)
            .flat_map(|(pair, stream)| {
                pair.iter()
                    .map(move |wrap| (stream, ids::RosterSeq(1), wrap.to_vec()))
            })
            .collect()
    }

    /// Once the first entry has come back countersigned: the first administrator signs in here,
    /// and the record begins with the settings, the administrator and the badge.
    pub(super) fn finish_founding(&mut self) {
        if self.work.founded.is_none() || self.roster.head().0 == ids::RosterSeq(0) {
            return;
        }
        let Some(founded) = self.work.founded.take() else {
            return;
        };
        let command = founded.command;
        match self.begin_record(founded) {
            Ok(settled) => self.settle(command, settled),
            Err(refusal) => self.fail(command, refusal),
        }
    }

    fn begin_record(&mut self, founded: Founded) -> Result<Settled, Refusal> {
        let person = founded.person;
        let name = short_name(&founded.given, &founded.family);
        let slot = self.slot_envelope(
            person,
            &founded.identity,
            &founded.badge,
            &founded.pin,
            &name,
            StaffRole::Administrator,
        )?;
        self.commit_slot(slot)?;
        self.open_session(person, founded.identity)?;
        self.begin_run()?;
        let mut plan = Plan::new(founded.command);
        let now = self.stated_now();
        self.plan_entry(
            &mut plan,
            Saying::new(Subject::Facility, now, Fact::Settings(founded.settings)),
        )?;
        let staff = Staff {
            given: founded.given,
            family: founded.family,
            role: StaffRole::Administrator,
            credential: None,
        };
        self.plan_entry(
            &mut plan,
            Saying::new(Subject::Person(person), now, Fact::Staff(staff)),
        )?;
        self.write(plan)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        Ok(Settled::Founded {
            facility: membership.facts.facility,
            badge: founded.badge.text().to_string(),
            pin: founded.pin_text,
            recovery: founded
                .recovery
                .words()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }

    pub(super) fn founding_refused(&mut self, code: ErrorCode) {
        match code {
            ErrorCode::TokenRefused | ErrorCode::FoundRefused | ErrorCode::Unauthorised => {
                self.founding_fails(Refusal::LinkUsed);
            }
            _ => {}
        }
    }

    pub(super) fn founding_link_ended(&mut self) {
        let wrong_relay = self.link.shown().0 == Shown::WrongRelay;
        self.founding_fails(if wrong_relay {
            Refusal::BadLink
        } else {
            Refusal::NeedsRelay
        });
    }

    fn founding_fails(&mut self, refusal: Refusal) {
        if let Some(founding) = self.founding.take() {
            self.fail(founding.command, refusal);
            self.reconnect_as_new();
        }
    }
}

/// What is left to do once the roster's first entry is here.
pub(super) struct Founded {
    command: CommandId,
    person: PersonId,
    identity: Identity,
    recovery: RecoverySeed,
    badge: Badge,
    pin: Pin,
    pin_text: String,
    settings: Settings,
    given: String,
    family: String,
}

/// `M. Okafor`.
pub(super) fn short_name(given: &str, family: &str) -> String {
    match given.trim().chars().next() {
        Some(initial) => format!("{initial}. {}", family.trim()),
        None => family.trim().to_owned(),
    }
}
