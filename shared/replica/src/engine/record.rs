//! Commands on the record: from what a person did to the entries that say so.

use super::plan::{Plan, Saying, home};
use super::{Engine, bug};
use crate::view::EntryRow;
use domain::chart::Identity;
use domain::directory::{Bed, Move, MoveKind, ResidentName, Room, Settings, Unit};
use domain::entry::{Fact, ResidentId, SpaceId, Subject};
use domain::journal::{Dose, Note};
use domain::meta::Signature;
use domain::{Document, Stream};
use ids::{EntryKey, StatedInstant, limits};
use interface::{Act, Command, Done, Missing, NewResident, Refusal, Rule};

mod about;
mod known;
mod medicines;
mod moves;
mod numbers;
mod observations;
mod registers;

impl Engine {
    /// Plans and writes a command on the record.
    pub(super) fn record(&mut self, command: Command) -> Result<Done, Refusal> {
        if self.session.is_none() {
            return Err(if self.membership.is_some() {
                Refusal::Locked
            } else {
                Refusal::NotEnrolled
            });
        }
        self.begin_run()?;
        let mut plan = Plan::new(self.draw_command_id()?);
        let now = self.stated_now();
        let command = match command {
            Command::FromDrafts { drafts, command } => {
                plan.drafts = drafts;
                *command
            }
            command => command,
        };
        match command {
            Command::Bulk { commands } => {
                // What it builds on may have been written a moment ago and be in no view yet.
                self.project_all();
                for (stated, command) in commands {
                    self.plan_command(&mut plan, command, stated)?;
                }
            }
            command => self.plan_command(&mut plan, command, now)?,
        }
        self.write(plan)
    }

    /// The present instant with the home's offset.
    pub(super) fn stated_now(&self) -> StatedInstant {
        let offset_minutes = self.zone().map_or(0, |zone| zone.offset_minutes(self.now));
        StatedInstant {
            at: self.now,
            offset_minutes,
        }
    }

    fn plan_command(
        &mut self,
        plan: &mut Plan,
        command: Command,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        if let Some(resident) = known::resident_of(&command) {
            self.check_known(plan, resident)?;
        }
        match command {
            Command::ChangeSettings { settings } => self.plan_settings(plan, settings, now),
            Command::AddUnit { name } => self.plan_unit(plan, name, now),
            Command::AddRoom { unit, name, beds } => self.plan_room(plan, unit, name, beds, now),
            Command::AddResident(new) => self.plan_resident(plan, new, now),
            Command::CorrectIdentity {
                resident,
                identity,
                replaces,
            } => {
                let mut saying = Saying::new(
                    Subject::Resident(resident),
                    now,
                    Fact::Identity(identity.clone()),
                );
                let target = self.target(&replaces)?;
                same_record_number(&target, &identity)?;
                saying.supersedes = vec![replaces];
                self.plan_entry_about(plan, target.origin.what, saying)?;
                self.plan_resident_name(plan, resident, identity.given, identity.family, now)
            }
            Command::RecordProblem { resident, problem } => {
                self.plan_about(plan, resident, now, Fact::Problem(problem))
            }
            Command::RecordAllergy {
                resident,
                allergy,
                at,
            } => self.plan_about(plan, resident, at.unwrap_or(now), Fact::Allergy(allergy)),
            Command::RecordCodeStatus {
                resident,
                status,
                replaces,
                at,
            } => self.plan_code_status(plan, resident, status, replaces, at.unwrap_or(now)),
            Command::RecordSaturationScale {
                resident,
                decision,
                replaces,
                at,
            } => self.plan_scale(plan, resident, decision, replaces, at.unwrap_or(now)),
            Command::RecordMove {
                resident,
                what,
                bed,
                comment,
                at,
            } => {
                let says = Move {
                    resident,
                    what,
                    bed,
                    comment,
                    after: None,
                };
                self.plan_move(plan, says, at.unwrap_or(now))
            }
            Command::RecordOrder { resident, order } => self.plan_order(plan, resident, order, now),
            Command::EndOrder {
                order,
                last,
                last_at,
            } => self.plan_end(plan, order, (last, last_at), now),
            Command::RecordDose {
                resident,
                slot,
                not_given,
                comment,
                at,
                despite,
            } => {
                let dose = Dose {
                    slot,
                    not_given,
                    comment,
                };
                self.plan_dose(plan, resident, dose, at.unwrap_or(now), &despite)
            }
            Command::RecordObservations {
                resident,
                observations,
                at,
                sign,
                confirmed,
            } => {
                let taken = observations::Taken {
                    observations,
                    stated: at.unwrap_or(now),
                    confirmed,
                };
                self.plan_observations(plan, resident, taken, sign)
            }
            Command::WriteNote {
                resident,
                text,
                replaces,
                at,
                sign,
            } => self.plan_note(plan, resident, text, replaces, at.unwrap_or(now), sign),
            Command::Sign { entries } => self.plan_signatures(plan, &entries, now),
            Command::AddAddendum { to, text } => self.plan_addendum(plan, to, text, now),
            Command::Strike { entry, reason } => self.plan_strike(plan, entry, reason, now),
            Command::Resolve {
                contradiction,
                decision,
                reason,
            } => self.plan_resolution(plan, &contradiction, decision, reason, now),
            Command::Enrol { .. }
            | Command::ConfirmWords
            | Command::RejectWords
            | Command::SignIn { .. }
            | Command::SignInAgain { .. }
            | Command::Lock
            | Command::Reconnect
            | Command::DealWith { .. }
            | Command::Found { .. }
            | Command::AddPerson { .. }
            | Command::Invite { .. }
            | Command::KeepDraft { .. }
            | Command::FromDrafts { .. }
            | Command::Bulk { .. } => Err(Refusal::Field {
                field: "commands".into(),
                rule: Rule::RecordOnly,
            }),
        }
    }

    fn plan_settings(
        &self,
        plan: &mut Plan,
        settings: Settings,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let mut saying = Saying::new(Subject::Facility, now, Fact::Settings(settings));
        if let Some(view) = self.views.of(Stream::Directory) {
            let standing = view.house("settings").map_err(|_| bug("settings"))?;
            saying.supersedes = standing
                .into_iter()
                .map(|row| row.key)
                .take(limits::SUPERSEDES)
                .collect();
        }
        self.plan_entry(plan, saying).map(drop)
    }

    fn plan_unit(
        &mut self,
        plan: &mut Plan,
        name: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let id = SpaceId(self.draw_command_id()?);
        let fact = Fact::Unit(Unit { id, name });
        self.plan_entry(plan, Saying::new(Subject::Space(id), now, fact))
            .map(drop)
    }

    fn plan_room(
        &mut self,
        plan: &mut Plan,
        unit: SpaceId,
        name: String,
        beds: Vec<String>,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let room = SpaceId(self.draw_command_id()?);
        let fact = Fact::Room(Room {
            id: room,
            unit,
            name,
        });
        self.plan_entry(plan, Saying::new(Subject::Space(room), now, fact))?;
        for name in beds {
            let id = SpaceId(self.draw_command_id()?);
            let fact = Fact::Bed(Bed { id, room, name });
            self.plan_entry(plan, Saying::new(Subject::Space(id), now, fact))?;
        }
        Ok(())
    }

    fn plan_resident(
        &mut self,
        plan: &mut Plan,
        new: NewResident,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let resident = match new.id {
            Some(id) => id,
            None => ResidentId(self.draw_command_id()?),
        };
        let record_number = self.new_record_number(plan)?;
        plan.numbers.insert(record_number.clone());
        let identity = Identity {
            given: new.given.clone(),
            family: new.family.clone(),
            preferred: new.preferred,
            born: new.born,
            sex: new.sex,
            record_number,
        };
        let subject = Subject::Resident(resident);
        self.plan_entry(plan, Saying::new(subject, now, Fact::Identity(identity)))?;
        self.plan_resident_name(plan, resident, new.given, new.family, now)?;
        let admission = Move {
            resident,
            what: MoveKind::Admission,
            bed: new.bed,
            comment: None,
            after: None,
        };
        self.plan_move(plan, admission, now)?;
        plan.resident = Some(resident);
        plan.admitted.insert(resident);
        Ok(())
    }

    fn plan_resident_name(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        given: String,
        family: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let mut saying = Saying::new(
            Subject::Resident(resident),
            now,
            Fact::ResidentName(ResidentName { given, family }),
        );
        if let Some(view) = self.views.of(Stream::Directory) {
            let standing = view
                .standing(&resident, "resident_name")
                .map_err(|_| bug("name"))?;
            saying.supersedes = standing
                .into_iter()
                .map(|row| row.key)
                .take(limits::SUPERSEDES)
                .collect();
        }
        self.plan_entry(plan, saying).map(drop)
    }

    fn plan_about(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        stated: StatedInstant,
        fact: Fact,
    ) -> Result<(), Refusal> {
        self.plan_entry(plan, Saying::new(Subject::Resident(resident), stated, fact))
            .map(drop)
    }

    fn plan_replacing(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        stated: StatedInstant,
        fact: Fact,
        replaces: Vec<EntryKey>,
    ) -> Result<(), Refusal> {
        let mut saying = Saying::new(Subject::Resident(resident), stated, fact);
        for key in &replaces {
            let target = self.target(key)?;
            if target.subject() != saying.subject || target.kind() != saying.fact.kind() {
                return Err(Refusal::Changed);
            }
        }
        saying.supersedes = replaces;
        self.plan_entry(plan, saying).map(drop)
    }

    fn plan_note(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        text: String,
        replaces: Option<EntryKey>,
        stated: StatedInstant,
        sign: bool,
    ) -> Result<(), Refusal> {
        let mut saying = Saying::new(
            Subject::Resident(resident),
            stated,
            Fact::Note(Note { text }),
        );
        let mut document = None;
        if let Some(key) = replaces {
            let target = self.target(&key)?;
            document = Some(target.origin.what);
            if self.is_signed(&target)? || target.origin.person != self.person()? {
                return Err(Refusal::NotAllowed {
                    act: Act::CorrectNote,
                });
            }
            saying.stated = target.stated();
            saying.supersedes = vec![key];
        }
        self.plan_signed(plan, saying, document, sign)
    }

    /// An entry, and its author's signature in the same document when asked.
    fn plan_signed(
        &self,
        plan: &mut Plan,
        saying: Saying,
        target: Option<Document>,
        sign: bool,
    ) -> Result<(), Refusal> {
        let subject = saying.subject;
        let what = home(&saying, target)?;
        let key = match target {
            Some(target) => self.plan_entry_about(plan, target, saying)?,
            None => self.plan_entry(plan, saying)?,
        };
        if sign {
            let fact = Fact::Signature(Signature { entries: vec![key] });
            self.plan_entry_about(plan, what, Saying::new(subject, self.stated_now(), fact))?;
        }
        Ok(())
    }

    pub(super) fn person(&self) -> Result<ids::PersonId, Refusal> {
        self.session
            .as_ref()
            .map(|session| session.person)
            .ok_or(Refusal::Locked)
    }

    /// The entry a command is about, wherever it lies.
    pub(super) fn target(&self, key: &EntryKey) -> Result<EntryRow, Refusal> {
        for stream in [Stream::Care, Stream::Directory] {
            if let Some(view) = self.views.of(stream)
                && let Some(row) = view.entry(key).map_err(|_| bug("entry"))?
            {
                return Ok(row);
            }
        }
        Err(Refusal::NotFound {
            what: Missing::Entry,
        })
    }

    pub(super) fn is_signed(&self, target: &EntryRow) -> Result<bool, Refusal> {
        let Some(view) = self.views.of(target.origin.what.stream()) else {
            return Ok(false);
        };
        view.is_signed(target).map_err(|_| bug("signatures"))
    }
}

fn same_record_number(target: &EntryRow, new: &Identity) -> Result<(), Refusal> {
    match target.fact() {
        Some(Fact::Identity(old)) if old.record_number == new.record_number => Ok(()),
        Some(Fact::Identity(_)) => Err(Refusal::Field {
            field: "record_number".into(),
            rule: Rule::ForLife,
        }),
        _ => Err(Refusal::Changed),
    }
}
