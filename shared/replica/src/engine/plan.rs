//! A plan: the entries a command will make, with their documents and keys, before anything is
//! sealed.

use super::write::key_of;
use super::{Engine, bug};
use crate::log::SettingRow;
use domain::chart::Order;
use domain::entry::{Entry, Fact, ResidentId, Subject};
use domain::journal::SaturationScale;
use domain::{Document, Stream, rights};
use ids::{CommandId, DocumentId, EntryKey, StatedInstant, UnixMillis};
use interface::{Act, Refusal};
use std::collections::{BTreeMap, BTreeSet};

/// What a command will write.
pub(super) struct Plan {
    pub(super) command: CommandId,
    pub(super) entries: Vec<Planned>,
    pub(super) resident: Option<ResidentId>,
    /// Residents admitted by them.
    pub(super) admitted: BTreeSet<ResidentId>,
    /// Orders among the entries: no view has them yet.
    pub(super) orders: Vec<(ResidentId, Order)>,
    /// A resident's last move among the entries.
    pub(super) moved: BTreeMap<ResidentId, EntryKey>,
    /// Decisions on saturation scales among the entries.
    pub(super) scales: Vec<(ResidentId, UnixMillis, SaturationScale)>,
    /// Record numbers given among them.
    pub(super) numbers: BTreeSet<String>,
    /// Settings committed with them.
    pub(super) settings: Vec<SettingRow>,
    /// Drafts forgotten with that.
    pub(super) drafts: Vec<String>,
}

/// One entry, encoded.
pub(super) struct Planned {
    pub(super) stream: Stream,
    pub(super) what: Document,
    pub(super) id: DocumentId,
    pub(super) key: EntryKey,
    pub(super) value: Vec<u8>,
}

impl Plan {
    pub(super) fn new(command: CommandId) -> Self {
        Self {
            command,
            entries: Vec::new(),
            resident: None,
            admitted: BTreeSet::new(),
            orders: Vec::new(),
            moved: BTreeMap::new(),
            scales: Vec::new(),
            numbers: BTreeSet::new(),
            settings: Vec::new(),
            drafts: Vec::new(),
        }
    }
}

/// What an entry says, before it has a place.
pub(super) struct Saying {
    pub(super) subject: Subject,
    pub(super) stated: StatedInstant,
    pub(super) supersedes: Vec<EntryKey>,
    pub(super) fact: Fact,
}

impl Saying {
    pub(super) fn new(subject: Subject, stated: StatedInstant, fact: Fact) -> Self {
        Self {
            subject,
            stated,
            supersedes: Vec::new(),
            fact,
        }
    }
}

impl Engine {
    /// Adds an entry in the document its kind, subject and instant name.
    pub(super) fn plan_entry(&self, plan: &mut Plan, saying: Saying) -> Result<EntryKey, Refusal> {
        let what = home(&saying, None)?;
        self.plan_in(plan, what, saying)
    }

    /// Adds an entry about something in `target`.
    pub(super) fn plan_entry_about(
        &self,
        plan: &mut Plan,
        target: Document,
        saying: Saying,
    ) -> Result<EntryKey, Refusal> {
        let what = home(&saying, Some(target))?;
        self.plan_in(plan, what, saying)
    }

    fn plan_in(
        &self,
        plan: &mut Plan,
        what: Document,
        saying: Saying,
    ) -> Result<EntryKey, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let stream = what.stream();
        self.check_right(stream, &saying)?;
        self.check_readable(&saying)?;
        // Who may write and has no key yet waits for one.
        let keys = session.keys(stream).ok_or(Refusal::NotOpenYet)?;
        let id = keys.document_id(&what);
        let entry = Entry {
            command: plan.command,
            line: u32::try_from(plan.entries.len()).map_err(|_| bug("lines"))?,
            subject: saying.subject,
            stated: saying.stated,
            supersedes: saying.supersedes,
            fact: saying.fact.trimmed(),
        };
        check_entry(&entry, self.now)?;
        let value = entry.to_cbor();
        let actor = self.own_actor(session.person)?;
        let key = key_of(&id, &actor, self.now, &value)?;
        plan.entries.push(Planned {
            stream,
            what,
            id,
            key: key.clone(),
            value,
        });
        Ok(key)
    }

    /// Whether a fact could be saved now, before anything else is done for it.
    pub(super) fn check_fact(&self, subject: Subject, fact: Fact) -> Result<(), Refusal> {
        let entry = Entry {
            command: CommandId::ZERO,
            line: 0,
            subject,
            stated: self.stated_now(),
            supersedes: Vec::new(),
            fact,
        };
        check_entry(&entry, self.now)
    }

    /// Nobody takes the place of what this version cannot read: whoever edits here would write it anew
    /// without what is not shown. Striking it is an act of its own.
    fn check_readable(&self, saying: &Saying) -> Result<(), Refusal> {
        if matches!(saying.fact, Fact::Strike(_)) {
            return Ok(());
        }
        for key in &saying.supersedes {
            if self.target(key)?.fact().is_none() {
                return Err(Refusal::NotAllowed {
                    act: Act::ChangeNewer,
                });
            }
        }
        Ok(())
    }

    fn check_right(&self, stream: Stream, saying: &Saying) -> Result<(), Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (at, _) = self.roster.head();
        let (id, kind) = (membership.stream(stream), saying.fact.kind());
        let needed = rights::act_of(&saying.fact, saying.subject, membership.facts.device);
        // Whoever was given new keys since signing in signs with old ones until the next time.
        let key = self.roster.person_key_at(&session.person, at);
        let may = key == Some(session.identity.signing_public())
            && self.roster.may_write(&session.person, &id, at)
            && self.roster.acts(&session.person, &id, at) & needed == needed;
        may.then_some(())
            .ok_or_else(|| Refusal::NotAllowed { act: enter(kind) })
    }
}

fn check_entry(entry: &Entry, now: UnixMillis) -> Result<(), Refusal> {
    domain::validate::entry(entry, now).map_err(Refusal::from)
}

fn enter(kind: &str) -> Act {
    Act::Enter {
        kind: kind.to_owned(),
    }
}

/// The document an entry lies in.
pub(super) fn home(saying: &Saying, target: Option<Document>) -> Result<Document, Refusal> {
    saying
        .fact
        .home(saying.subject, saying.stated, target)
        .map_err(|_| bug("home"))
}
