//! What a home does in order: founding, people, furniture, links, enrolment. All of it commands.

use super::render::signed_in;
use super::template::Person;
use super::world::{Outcome, World};
use domain::chart::{Allergy, OrderId, Sex};
use domain::directory::{MeasureSystem, Role, Settings, Shift, TimeOfDay};
use domain::entry::ResidentId;
use ids::{CommandId, PersonId};
use interface::{
    Command, Done, NewOrder, NewResident, Notice, Refusal, SecretText, Settled, TabletState,
};
use replica::Identity;
use vault::FoundingLink;

/// Badge text and PIN, as printed once.
#[derive(Clone, Debug)]
pub struct Badge {
    /// Its text.
    pub text: SecretText,
    /// Six digits.
    pub pin: SecretText,
}

/// Settings of the home of every test.
pub fn settings() -> Settings {
    let at = |hour| TimeOfDay { hour, minute: 0 };
    Settings {
        name: "Maple House".into(),
        time_zone: "America/Chicago".into(),
        measures: MeasureSystem::UsCustomary,
        dose_times: vec![at(8), at(20)],
        shifts: vec![
            Shift {
                name: "Day".into(),
                begins: at(7),
            },
            Shift {
                name: "Night".into(),
                begins: at(19),
            },
        ],
        dose_window_minutes: 60,
        record_prefix: "MH".into(),
    }
}

impl World {
    /// Founds the home on a blank device and signs the first administrator in there.
    pub fn found(&mut self, device: usize, token: [u8; 16]) -> Badge {
        self.relay.offer_founding(token);
        let link = FoundingLink::from_parts(self.relay.key(), &token);
        let outcome = self.command(
            device,
            Command::Found {
                fragment: link.text().into(),
                settings: settings(),
                given: "Ada".into(),
                family: "Admin".into(),
                device_name: "Office".into(),
            },
        );
        let Some(Settled::Founded { badge, pin, .. }) = self.settled(device, &outcome) else {
            panic!("not founded: {outcome:?}");
        };
        self.devices[device].id = self.tablet(device).and_then(|tablet| tablet.device);
        Badge { text: badge, pin }
    }

    /// Adds somebody to the staff.
    pub fn add_person(
        &mut self,
        device: usize,
        given: &str,
        family: &str,
        role: Role,
    ) -> (PersonId, Badge) {
        let outcome = self.command(
            device,
            Command::AddPerson {
                given: given.into(),
                family: family.into(),
                role,
                credential: Some("RN".into()),
            },
        );
        match self.settled(device, &outcome) {
            Some(Settled::PersonAdded { person, badge, pin }) => {
                (person, Badge { text: badge, pin })
            }
            other => panic!("{given} {family} was not added: {outcome:?}, {other:?}"),
        }
    }

    /// Takes note of everybody whose keys were drawn from this world's dice, in the order in which
    /// they were added: from now on they can be signed in by their seeds.
    pub fn know_everybody(&mut self, device: usize) {
        let now = self.clock(device);
        for seed in self.seeds.seen() {
            let engine = self.devices[device].engine.as_mut().expect("it runs");
            if engine.sign_in_with(Identity::from_seed(&seed)).is_ok() {
                let (id, name) = signed_in(engine, now).expect("somebody is signed in");
                self.people.push(Person { name, id, seed });
            }
        }
    }

    /// Admits a resident who takes warfarin at eight in the morning and in the evening, and was
    /// asked for allergies.
    pub fn admit(&mut self, device: usize, n: u8, given: &str, family: &str) -> ResidentId {
        let resident = ResidentId(CommandId::from_bytes([n; 16]));
        let new = NewResident {
            given: given.into(),
            family: family.into(),
            preferred: None,
            born: "1934-04-09".parse().ok(),
            sex: Sex::Female,
            bed: None,
            id: Some(resident),
        };
        self.saved(device, Command::AddResident(new));
        let order = NewOrder {
            id: Some(order_of(resident)),
            medicine: "Warfarin".into(),
            dose: "3 mg".into(),
            route: "by mouth".into(),
            times: vec![
                TimeOfDay { hour: 8, minute: 0 },
                TimeOfDay {
                    hour: 20,
                    minute: 0,
                },
            ],
            as_needed: None,
            starts: "2026-11-01".parse().expect("a date"),
            starts_at: None,
            prescriber: None,
            apart_minutes: None,
            most_in_a_day: None,
            hold: None,
            high_alert: true,
        };
        self.saved(device, Command::RecordOrder { resident, order });
        let allergy = Allergy::NoneKnown;
        self.saved(
            device,
            Command::RecordAllergy {
                resident,
                allergy,
                at: None,
            },
        );
        self.residents.push(resident);
        resident
    }

    /// A command that must be called saved.
    #[track_caller]
    pub fn saved(&mut self, device: usize, command: Command) -> Vec<ids::EntryKey> {
        match self.command(device, command) {
            Outcome::Done(Done::Saved { entries, .. }) => entries,
            other => panic!("not saved: {other:?}"),
        }
    }

    /// Links for so many tablets; `None` when the roster could not be changed now.
    pub fn invite(&mut self, device: usize, count: u32) -> Option<Vec<String>> {
        let outcome = self.command(
            device,
            Command::Invite {
                process: false,
                count,
            },
        );
        match self.settled(device, &outcome) {
            Some(Settled::Invited { fragments }) => {
                let texts = fragments.iter().map(|link| link.expose().to_owned());
                Some(texts.collect())
            }
            _ => None,
        }
    }

    /// Enrols a blank device and compares the words; `true` once it is ready for a first sign-in.
    pub fn enrol(&mut self, device: usize, link: &str) -> bool {
        self.devices[device].link = Some(link.to_owned());
        self.enrol_again(device);
        self.until(120_000, 100, |world| {
            world.enrol_again(device);
            world
                .tablet(device)
                .is_some_and(|tablet| tablet.state == TabletState::Locked)
        })
    }

    /// Takes the next step of an enrolment: begin, begin again after a failure, confirm the words.
    pub fn enrol_again(&mut self, device: usize) {
        let Some(link) = self.devices[device].link.clone() else {
            return;
        };
        let Some(tablet) = self.tablet(device) else {
            return;
        };
        match tablet.state {
            TabletState::Blank => {
                assert!(
                    !self.is_spent(device),
                    "a link was used up before its tablet knew"
                );
                let device_name = format!("Tablet {device}");
                let outcome = self.command(
                    device,
                    Command::Enrol {
                        fragment: link.into(),
                        device_name,
                    },
                );
                assert!(
                    !matches!(outcome, Outcome::Refused(Refusal::BadLink)),
                    "a good link was refused"
                );
            }
            TabletState::Words => {
                self.command(device, Command::ConfirmWords);
            }
            TabletState::Enrolling => {}
            TabletState::Preparing | TabletState::Locked | TabletState::Open => {
                self.devices[device].link = None;
                self.devices[device].id = tablet.device;
            }
        }
    }
}

impl World {
    /// Whether the device was told that its link was used: by itself, when the answer was lost.
    fn is_spent(&mut self, device: usize) -> bool {
        let failed = |notice: &Notice| {
            matches!(
                notice,
                Notice::Settled {
                    settled: Settled::Failed {
                        refusal: Refusal::LinkUsed
                    },
                    ..
                }
            )
        };
        self.take_notices(device).iter().any(failed)
    }
}

/// The one order of a resident that [`World::admit`] made.
pub fn order_of(resident: ResidentId) -> OrderId {
    let mut bytes = resident.0.to_bytes();
    bytes[0] = 0xee;
    OrderId(CommandId::from_bytes(bytes))
}
