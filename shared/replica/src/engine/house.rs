//! Work on the roster: adding people (`person`), inviting devices (`invite`). It needs the relay, because the roster is
//! one line; each piece is appended in a compare-and-swap and tried again when somebody was
//! faster.

use super::{Engine, bug};
use crate::log::LogChange;
use domain::Stream;
use ids::{CommandId, RosterHash, RosterSeq, limits};
use interface::{Act, Done, Link, Refusal, Rule, SecretText, Settled};
use person::NewPerson;
use std::collections::VecDeque;
use vault::InviteLink;
use wire::message::{InviteBlobFor, RosterAppend, RosterOutcome, RosterResult};
use wire::roster::{RosterBody, RosterEntry, UnsignedEntry};

mod invite;
mod person;

pub(super) use person::acts_of;

/// Appends tried before giving up.
const TRIES: u32 = 8;
/// Most links of one command.
const INVITATIONS: u32 = 100;

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
    /// Begun before a restart or a lock.
    carried_on: bool,
    what: What,
}

enum What {
    AddPerson(Box<NewPerson>),
    Invite {
        process: bool,
        left: u32,
        links: Vec<SecretText>,
        current: Option<InviteLink>,
    },
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
    pub(super) fn invite(&mut self, process: bool, count: u32) -> Result<Done, Refusal> {
        self.may_change_roster()?;
        if !(1..=INVITATIONS).contains(&count) {
            return Err(Refusal::Field {
                field: "count".into(),
                rule: Rule::Count {
                    least: 1,
                    most: INVITATIONS,
                },
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
        self.may_sign_roster()?;
        if !self.link.is_open() {
            return Err(Refusal::NeedsRelay);
        }
        Ok(())
    }

    /// Whether whoever is signed in has the right.
    fn may_sign_roster(&self) -> Result<(), Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (at, _) = self.roster.head();
        let stream = membership.stream(Stream::Directory);
        let roster = wire::roster::acts::ROSTER;
        if self.roster.acts(&session.person, &stream, at) & roster != roster {
            return Err(Refusal::NotAllowed {
                act: Act::ChangeRoster,
            });
        }
        Ok(())
    }

    fn begin(&mut self, what: What) -> Result<Done, Refusal> {
        let command = self.draw_command_id()?;
        self.work.jobs.push_back(Job {
            command,
            tries: 0,
            carried_on: false,
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
                self.not_appended(job, Refusal::NeedsRelay);
            }
            self.work_next();
        }
    }

    /// Sends the append of the job in front, if none is on the way.
    fn work_next(&mut self) {
        if self.work.pending.is_some()
            || self.read_again_at.is_some()
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
                        former: None,
                    }
                    .into(),
                );
            }
            Err(refusal) => {
                self.give_up_for_now(job, refusal);
                self.work_next();
            }
        }
    }

    /// A disk that says no may have done it: it is asked again by and by. Anything else is told.
    fn give_up_for_now(&mut self, job: Job, refusal: Refusal) {
        if matches!(refusal, Refusal::Storage { .. }) {
            self.work.jobs.push_front(job);
            let again = self.now.plus(limits::READ_AGAIN_MS);
            self.read_again_at.get_or_insert(again);
        } else {
            self.fail(job.command, refusal);
        }
    }

    /// The relay's word that it did not append what a job asked for.
    fn not_appended(&mut self, job: Job, refusal: Refusal) {
        if matches!(job.what, What::AddPerson(_)) && !self.is_in_roster(&job) {
            self.forget_person();
        }
        self.fail(job.command, refusal);
    }

    /// Work that waited for the connection, or for the disk.
    pub(super) fn carry_on_work(&mut self) {
        if !self.work.jobs.is_empty() {
            self.work_next();
        }
    }

    fn append_of(&mut self, job: &mut Job) -> Result<Append, Refusal> {
        match &mut job.what {
            What::AddPerson(new) => self.append_person(job.command, new),
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
                    self.not_appended(job, Refusal::Changed);
                }
                self.work_next();
            }
            // Neither success nor final: what was appended, if it was, comes back with the roster.
            RosterOutcome::Unknown(_) => self.hang_up(Link::Offline),
            RosterOutcome::Refused { .. } => {
                self.work.pending = None;
                if let Some(job) = self.work.jobs.pop_front() {
                    let act = Act::ChangeRoster;
                    self.not_appended(job, Refusal::NotAllowed { act });
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
            What::AddPerson(new) => match self.finish_person(job.command, new) {
                Ok(settled) => self.settle(job.command, settled),
                Err(refusal) => self.give_up_for_now(job, refusal),
            },
            What::Invite {
                left,
                links,
                current,
                ..
            } => {
                links.extend(current.take().map(|link| SecretText::from(link.text())));
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

    /// Puts what was just saved into the outbox's queue.
    pub(super) fn queue(&mut self, change: &LogChange) {
        for new in change.envelopes.iter().filter(|new| new.outbox.is_some()) {
            let header = new.envelope.header();
            self.push
                .add(new.envelope.id(), header.stream, header.document);
        }
    }
}
