//! The keys of a facility that is being founded, and the roster's first entry over them.

use super::super::house::acts_of;
use super::super::joining::Asks;
use super::super::membership::{Facts, Membership};
use super::super::{Engine, bug};
use super::{Beginning, Founding};
use crate::keyring::StreamKeys;
use crate::view::Views;
use domain::Stream;
use domain::directory::Role as StaffRole;
use ids::{DeviceId, Epoch, PersonId};
use interface::{Refusal, SecretText};
use vault::{EpochKey, FoundingLink, IdKey, Identity, Pin, RecoverySeed};
use wire::roster::{
    Charter, DeviceKeys, DeviceKind, DeviceScope, Found, Grant, MaySignIn, PersonKeys,
    RecoveryKeys, Right, StreamOpening, StreamWraps, UnsignedEntry,
};
use wire::stream_id;

/// Keys of one stream being opened.
struct Opening {
    stream: Stream,
    epoch: EpochKey,
    id_key: IdKey,
}

/// What the founder says, besides the link.
pub(super) struct Wishes {
    pub(super) settings: domain::directory::Settings,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) device_name: String,
}

impl Engine {
    /// Draws every key and signs the entry. Nothing of it is kept yet.
    pub(super) fn make_founding(
        &mut self,
        command: ids::CommandId,
        link: FoundingLink,
        person: PersonId,
        wishes: Wishes,
    ) -> Result<Founding, Refusal> {
        let device = DeviceId::from_bytes(self.draw::<16>()?);
        let (pin, pin_text) = self.draw_pin()?;
        let random = self.random.as_mut();
        let none = |_| Refusal::NoRandom;
        let identity = vault::make_identity(random).map_err(none)?;
        let device_identity = vault::make_identity(random).map_err(none)?;
        let recovery = vault::make_recovery(random).map_err(none)?;
        let badge = vault::make_badge(random).map_err(none)?;
        let openings = self.openings()?;
        let holders = Holders {
            person: &identity,
            device: &device_identity,
            recovery: &recovery,
        };
        let charter = charter(&link, person, device, &holders, &openings);
        let facility = charter.facility_id();
        let (listed, wraps) = self.first_wraps(&facility, &holders, &openings)?;
        let scope = DeviceScope {
            kind: DeviceKind::Process,
            streams: Stream::ALL
                .map(|stream| stream_id(&facility, stream.name()))
                .to_vec(),
            may_sign_in: MaySignIn::All,
        };
        let grants = Views::STREAMS
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
            device_name: wishes.device_name,
            facility_name: wishes.settings.name.clone(),
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
            asks: Asks::ByLink,
            sent: false,
            link,
            entry,
            wraps,
            membership: Some(membership),
            beginning: Beginning {
                person,
                identity,
                recovery,
                badge,
                pin,
                pin_text,
                settings: wishes.settings,
                given: wishes.given,
                family: wishes.family,
            },
        })
    }

    fn openings(&mut self) -> Result<Vec<Opening>, Refusal> {
        let random = self.random.as_mut();
        let none = |_| Refusal::NoRandom;
        let open = |stream| {
            Ok(Opening {
                stream,
                epoch: vault::make_epoch(random).map_err(none)?,
                id_key: vault::make_id_key(random).map_err(none)?,
            })
        };
        Stream::ALL.into_iter().map(open).collect()
    }

    /// Every stream's first key, wrapped to who holds it and to the recovery sheet.
    fn first_wraps(
        &mut self,
        facility: &ids::FacilityId,
        holders: &Holders<'_>,
        openings: &[Opening],
    ) -> Result<(Vec<StreamWraps>, Vec<bytes::Bytes>), Refusal> {
        let mut wraps = Vec::new();
        let mut listed = Vec::new();
        for opening in openings {
            let stream = stream_id(facility, opening.stream.name());
            // `devices` is granted to devices, everything else to persons.
            let holder = match opening.stream {
                Stream::Devices => holders.device.agreement_public(),
                Stream::Directory | Stream::Care => holders.person.agreement_public(),
            };
            let mut hashes = Vec::new();
            for recipient in [holder, holders.recovery.identity().agreement_public()] {
                let wrap = vault::wrap_epoch(
                    self.random.as_mut(),
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
        Ok((listed, wraps))
    }

    /// Six random digits.
    pub(in super::super) fn draw_pin(&mut self) -> Result<(Pin, SecretText), Refusal> {
        // Rejection keeps the digits uniform.
        loop {
            let drawn = u32::from_be_bytes(self.draw::<4>()?) >> 12;
            if drawn < 1_000_000 {
                let text = SecretText::from(format!("{drawn:06}"));
                let pin = Pin::parse(text.expose()).map_err(|_| bug("pin"))?;
                return Ok((pin, text));
            }
        }
    }
}

/// Who gets the first keys.
struct Holders<'a> {
    person: &'a Identity,
    device: &'a Identity,
    recovery: &'a RecoverySeed,
}

fn charter(
    link: &FoundingLink,
    person: PersonId,
    device: DeviceId,
    holders: &Holders<'_>,
    openings: &[Opening],
) -> Charter {
    let recovery = holders.recovery.identity();
    let opened = openings.iter().map(|opening| StreamOpening {
        name: opening.stream.name().to_owned(),
        commitment: opening.epoch.commitment(&opening.id_key),
        public: opening.epoch.public(),
    });
    Charter {
        relay_key: link.relay_key(),
        recovery: RecoveryKeys {
            signing: recovery.signing_public(),
            agreement: recovery.agreement_public(),
        },
        person: PersonKeys {
            id: person,
            signing: holders.person.signing_public(),
            agreement: holders.person.agreement_public(),
        },
        device: DeviceKeys {
            id: device,
            signing: holders.device.signing_public(),
            agreement: holders.device.agreement_public(),
        },
        streams: opened.collect(),
    }
}
