//! Work on the roster: adding people, inviting devices. It needs the relay, because the roster is
//! one line; each piece is appended in a compare-and-swap and tried again when somebody was
//! faster.

use super::plan::{Plan, Saying};
use super::session::VIEWED;
use super::write::seal_refusal;
use super::{Engine, bug, storage};
use crate::log::{LogChange, NewEnvelope, Standing};
use domain::Stream;
use domain::directory::{Role, Staff, short_name};
use domain::entry::{Fact, Subject};
use ids::{CommandId, PersonId, RosterHash, RosterSeq, limits};
use interface::{Done, Notice, Refusal, Settled};
use std::collections::{HashMap, VecDeque};
use vault::{Badge, Identity, InviteBlob, InviteLink, InviteStream, Pin};
use wire::message::{InviteBlobFor, RosterAppend, RosterOutcome, RosterResult};
use wire::roster::{
    AddPerson, DeviceKind, DeviceScope, Grant, Invite, MaySignIn, PersonKeys, Right, RosterBody,
    RosterEntry, UnsignedEntry,
};

/// Appends tried before giving up.
const TRIES: u32 = 8;

#[derive(Default)]
pub(super) struct RosterWork {
    jobs: VecDeque<Job>,
    /// The request on the way, and once appended the roster position it ends at.
    pending: Option<Pending>,
    next_request: u32,
    pub(super) roster_at_welcome: RosterSeq,
    pub(super) enrolling: Option<CommandId>,
}

struct Pending {
    request: u32,
    appended: Option<RosterSeq>,
}

struct Job {
    command: CommandId,
    tries: u32,
    what: What,
}

enum What {
    AddPerson(Box<NewPerson>),
    Invite {
        process: bool,
        left: u32,
        links: Vec<String>,
        current: Option<InviteLink>,
    },
}

struct NewPerson {
    person: PersonId,
    identity: Identity,
    badge: Badge,
    pin: Pin,
    pin_text: String,
    given: String,
    family: String,
    role: Role,
    credential: Option<String>,
}

/// What one append carries.
struct Append {
    entries: Vec<bytes::Bytes>,
    wraps: Vec<bytes::Bytes>,
    blob: Option<InviteBlobFor>,
}

impl RosterWork {
    pub(super) fn session_ended(&mut self) {
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.appended.is_none())
        {
            self.pending = None;
        }
    }
}

impl Engine {
    pub(super) fn add_person(
        &mut self,
        given: String,
        family: String,
        role: Role,
        credential: Option<String>,
    ) -> Result<Done, Refusal> {
        self.may_change_roster()?;
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

    pub(super) fn invite(&mut self, process: bool, count: u32) -> Result<Done, Refusal> {
        self.may_change_roster()?;
        if !(1..=100).contains(&count) {
            return Err(Refusal::Field {
                field: "count".into(),
                rule: "1 to 100".into(),
            });
        }
        self.begin(What::Invite {
            process,
            left: count,
            links: Vec::new(),
            current: None,
        })
    }

    fn may_change_roster(&self) -> Result<(), Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (at, _) = self.roster.head();
        let stream = membership.stream(Stream::Directory);
        let roster = wire::roster::acts::ROSTER;
        if self.roster.acts(&session.person, &stream, at) & roster != roster {
            return Err(Refusal::NotAllowed {
                act: "change the roster".into(),
            });
        }
        if !self.link.is_open() {
            return Err(Refusal::NeedsRelay);
        }
        Ok(())
    }

    fn begin(&mut self, what: What) -> Result<Done, Refusal> {
        let command = self.draw_command_id()?;
        self.work.jobs.push_back(Job {
            command,
            tries: 0,
            what,
        });
        self.work_next();
        Ok(Done::Pending { command })
    }

    fn is_in_roster(&self, job: &Job) -> bool {
        match &job.what {
            What::AddPerson(new) => self.roster.person(&new.person).is_some(),
            What::Invite { .. } => false,
        }
    }

    /// The relay cannot keep the append now; nothing was changed.
    pub(super) fn work_busy(&mut self, request: u32) {
        if self
            .work
            .pending
            .as_ref()
            .is_some_and(|p| p.request == request)
        {
            self.work.pending = None;
            if let Some(job) = self.work.jobs.pop_front() {
                self.fail(job.command, Refusal::NeedsRelay);
            }
            self.work_next();
        }
    }

    /// Sends the append of the job in front, if none is on the way.
    fn work_next(&mut self) {
        if self.work.pending.is_some()
            || !self.link.is_open()
            || self.roster.head().0 < self.work.roster_at_welcome
        {
            return;
        }
        let Some(mut job) = self.work.jobs.pop_front() else {
            return;
        };
        if self.is_in_roster(&job) {
            // It was appended, and the answer was lost with the connection.
            self.finish_job(job);
            return self.work_next();
        }
        match self.append_of(&mut job) {
            Ok(append) => {
                let request = self.work.next_request;
                self.work.next_request = request.wrapping_add(1);
                self.work.pending = Some(Pending {
                    request,
                    appended: None,
                });
                self.work.jobs.push_front(job);
                let (expect, _) = self.roster.head();
                let Append {
                    entries,
                    wraps,
                    blob,
                } = append;
                self.send(
                    &RosterAppend {
                        request,
                        expect,
                        entries,
                        wraps,
                        blob,
                    }
                    .into(),
                );
            }
            Err(refusal) => {
                self.fail(job.command, refusal);
                self.work_next();
            }
        }
    }

    fn append_of(&mut self, job: &mut Job) -> Result<Append, Refusal> {
        match &mut job.what {
            What::AddPerson(new) => self.append_person(new),
            What::Invite {
                process, current, ..
            } => {
                let link =
                    vault::make_invite(self.random.as_mut()).map_err(|_| Refusal::NoRandom)?;
                let append = self.append_invite(&link, *process)?;
                *current = Some(link);
                Ok(append)
            }
        }
    }

    /// Keys, and the grants of the role with the current epoch wrapped to them.
    fn append_person(&mut self, new: &NewPerson) -> Result<Append, Refusal> {
        let keys = PersonKeys {
            id: new.person,
            signing: new.identity.signing_public(),
            agreement: new.identity.agreement_public(),
        };
        let mut bodies = vec![RosterBody::AddPerson(AddPerson { person: keys })];
        let mut wraps = Vec::new();
        for stream in VIEWED {
            let session = self.session.as_ref().ok_or(Refusal::Locked)?;
            let held = session.keys(stream).ok_or_else(|| Refusal::NotAllowed {
                act: stream.name().to_owned(),
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
        Ok(Append {
            entries: self.roster_entries(&bodies)?,
            wraps,
            blob: None,
        })
    }

    /// Entries linked to the present head, signed by the person signed in.
    fn roster_entries(&self, bodies: &[RosterBody]) -> Result<Vec<bytes::Bytes>, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (mut seq, mut prev): (RosterSeq, RosterHash) = self.roster.head();
        let mut entries = Vec::with_capacity(bodies.len());
        for body in bodies {
            seq = seq.next().ok_or_else(|| bug("roster full"))?;
            let unsigned =
                UnsignedEntry::new(membership.facts.facility, seq, prev, session.person, body);
            let signature = session.identity.sign_message(&unsigned.message());
            let entry: RosterEntry = unsigned
                .signed(&signature)
                .map_err(|_| bug("roster entry"))?;
            prev = entry.roster_hash();
            entries.push(entry.bytes().clone());
        }
        Ok(entries)
    }

    fn append_invite(&mut self, link: &InviteLink, process: bool) -> Result<Append, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let streams = Stream::ALL.map(|stream| membership.stream(stream)).to_vec();
        let scope = DeviceScope {
            kind: if process {
                DeviceKind::Process
            } else {
                DeviceKind::Tablet
            },
            streams: streams.clone(),
            may_sign_in: MaySignIn::All,
        };
        let body = RosterBody::Invite(Invite {
            id: link.id(),
            key: link.identity().signing_public(),
            scope,
            expires: self.now.plus(limits::INVITE_MS),
        });
        let (roster_seq, roster_hash) = self.roster.head();
        let (devices_key, devices_id_key) = self.devices_keys_again()?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let blob = InviteBlob {
            relay_key: self
                .roster
                .relay_key()
                .unwrap_or(membership.facts.relay_key),
            facility: membership.facts.facility,
            roster_seq,
            roster_hash,
            streams: streams
                .iter()
                .map(|stream| self.streams.position(*stream))
                .map(|at| InviteStream {
                    stream: at.stream,
                    log_id: at.log_id,
                    seq: at.seq,
                    chain: at.chain,
                })
                .collect(),
            devices: membership.devices.stream(),
            devices_epoch: membership.facts.devices_epoch,
            devices_key,
            devices_id_key,
            facility_name: self
                .settings()
                .map_or_else(|| membership.facts.facility_name.clone(), |s| s.name),
        };
        let sealed = link
            .seal_blob(self.random.as_mut(), &blob)
            .map_err(|_| Refusal::NoRandom)?;
        let blob = InviteBlobFor {
            invite: link.id(),
            sealed: sealed.into(),
        };
        Ok(Append {
            entries: self.roster_entries(&[body])?,
            wraps: Vec::new(),
            blob: Some(blob),
        })
    }

    pub(super) fn roster_result(&mut self, result: &RosterResult) {
        if self.enrols_by_link() {
            return self.enrolment_result(result.request, result.result);
        }
        let Some(pending) = &mut self.work.pending else {
            return;
        };
        if pending.request != result.request {
            return;
        }
        match result.result {
            RosterOutcome::Appended { head } => {
                pending.appended = Some(head);
                self.work_roster_grew();
            }
            RosterOutcome::Conflict { head } => {
                self.work.pending = None;
                self.work.roster_at_welcome = self.work.roster_at_welcome.max(head);
                let given_up = self.work.jobs.front_mut().is_some_and(|job| {
                    job.tries += 1;
                    job.tries > TRIES
                });
                if given_up && let Some(job) = self.work.jobs.pop_front() {
                    self.fail(job.command, Refusal::Changed);
                }
                self.work_next();
            }
            RosterOutcome::Refused { .. } | RosterOutcome::Unknown(_) => {
                self.work.pending = None;
                if let Some(job) = self.work.jobs.pop_front() {
                    self.fail(
                        job.command,
                        Refusal::NotAllowed {
                            act: "change the roster".into(),
                        },
                    );
                }
                self.work_next();
            }
        }
    }

    /// The roster has grown: what was appended is in force once it has come back.
    pub(super) fn work_roster_grew(&mut self) {
        let arrived = matches!(&self.work.pending, Some(Pending { appended: Some(head), .. }) if self.roster.head().0 >= *head);
        if arrived {
            self.work.pending = None;
            if let Some(job) = self.work.jobs.pop_front() {
                self.finish_job(job);
            }
        }
        self.work_next();
    }

    fn finish_job(&mut self, mut job: Job) {
        match &mut job.what {
            What::AddPerson(new) => match self.finish_person(new) {
                Ok(settled) => self.settle(job.command, settled),
                Err(refusal) => self.fail(job.command, refusal),
            },
            What::Invite {
                left,
                links,
                current,
                ..
            } => {
                links.extend(current.take().map(|link| link.text().to_string()));
                *left = left.saturating_sub(1);
                if *left > 0 {
                    self.work.jobs.push_front(job);
                } else {
                    let fragments = std::mem::take(links);
                    self.settle(job.command, Settled::Invited { fragments });
                }
            }
        }
    }

    /// The badge, and the entry in the staff list.
    fn finish_person(&mut self, new: &NewPerson) -> Result<Settled, Refusal> {
        let name = short_name(&new.given, &new.family);
        let slot = self.slot_envelope(
            new.person,
            &new.identity,
            &new.badge,
            &new.pin,
            &name,
            new.role,
        )?;
        self.commit_slot(slot)?;
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
        self.write(plan)?;
        Ok(Settled::PersonAdded {
            person: new.person,
            badge: new.badge.text().to_string(),
            pin: new.pin_text.clone(),
        })
    }

    /// A keyslot, sealed under `devices` and signed by the person whose keys it holds.
    pub(super) fn slot_envelope(
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
            super::slots::role_code(role),
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

    pub(super) fn commit_slot(&mut self, slot: NewEnvelope) -> Result<(), Refusal> {
        let change = LogChange {
            envelopes: vec![slot],
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.queue(&change);
        self.read_slots().map_err(|e| storage(&e))
    }

    /// Puts what was just saved into the outbox's queue.
    pub(super) fn queue(&mut self, change: &LogChange) {
        for new in change.envelopes.iter().filter(|new| new.outbox.is_some()) {
            let header = new.envelope.header();
            self.push
                .add(new.envelope.id(), header.stream, header.document);
        }
    }

    /// Tells whoever supervises an enrolment which six words the other screen must show.
    pub(super) fn announce_accepted(&mut self, change: &LogChange) {
        for (seq, entry) in &change.roster {
            let Ok(entry) = RosterEntry::parse(entry.entry.clone()) else {
                continue;
            };
            let RosterBody::Accept(accept) = entry.body() else {
                continue;
            };
            let before = seq
                .0
                .checked_sub(1)
                .and_then(|n| self.roster.hash_at(RosterSeq(n)));
            let (Some(before), Some(membership)) = (before, &self.membership) else {
                continue;
            };
            let words = vault::six_words(
                &membership.facts.facility,
                &self
                    .roster
                    .relay_key()
                    .unwrap_or(membership.facts.relay_key),
                &before,
                &accept.device.signing,
                &accept.device.agreement,
            );
            let words = words.map(str::to_owned).to_vec();
            self.notices.push(Notice::DeviceAccepted {
                device: accept.device.id,
                words,
            });
        }
    }
}

/// The acts a role's grant of a stream carries.
pub(super) fn acts_of(role: Role, stream: Stream) -> u64 {
    domain::rights::grants(role)
        .into_iter()
        .find(|grant| grant.stream == stream)
        .map_or(0, |grant| grant.acts)
}
