//! Which entries count, and what they take the place of: rules that every replica applies to
//! whatever it receives. Pure over entries, their authors and their documents, and the same
//! whichever entry came first. Fixed for ever: what `validate` asks of authors may change with
//! time, what is asked here may not, or replicas of two versions would show two records.

use crate::chart::{Allergy, Problem};
use crate::entry::{Entry, Fact, MergeClass, Recorded, Subject};
use crate::home::{Document, DocumentKind};
use crate::kind::KnownKind;
use crate::meta::{Decision, Resolution};
use ids::{EntryKey, PersonId};

/// Whether an entry that lies in `what` says something that can be said there. One that does not
/// is shown nowhere and supersedes nothing. Of an entry of a newer version only its place can be
/// judged.
pub fn is_sound(recorded: &Recorded, what: &Document) -> bool {
    let entry = match recorded {
        Recorded::Known(entry) => entry,
        Recorded::Unknown { kind, .. } => return lies_where_its_kind_does(kind, what),
    };
    lies_at_home(entry, what) && is_about_what_it_says(entry) && holds_together(entry)
}

/// A kind of this version lies in the type of document it always lies in, whatever it says.
fn lies_where_its_kind_does(kind: &str, what: &Document) -> bool {
    DocumentKind::of_entries(kind).is_none_or(|home| home == what.kind)
}

/// In the document of its kind, subject and instant; what takes the place of another lies with it.
fn lies_at_home(entry: &Entry, what: &Document) -> bool {
    let Some(kind) = DocumentKind::of_entries(entry.fact.kind()) else {
        return !what.kind.is_of_resident() || entry.subject == what.subject;
    };
    Document::of(kind, entry.subject, entry.stated).is_ok_and(|own| {
        (own.kind, own.subject) == (what.kind, what.subject)
            && (own.period == what.period || !entry.supersedes.is_empty())
    })
}

/// Whether the subject is of the sort this kind is about.
pub(crate) fn is_about_what_it_says(entry: &Entry) -> bool {
    match &entry.fact {
        Fact::Settings(_) => entry.subject == Subject::Facility,
        Fact::Unit(says) => entry.subject == Subject::Space(says.id),
        Fact::Room(says) => entry.subject == Subject::Space(says.id),
        Fact::Bed(says) => entry.subject == Subject::Space(says.id),
        Fact::Staff(_) => matches!(entry.subject, Subject::Person(_)),
        Fact::Device(_) => matches!(entry.subject, Subject::Device(_)),
        Fact::Move(says) => entry.subject == Subject::Resident(says.resident),
        Fact::ResidentName(_)
        | Fact::Identity(_)
        | Fact::Problem(_)
        | Fact::Allergy(_)
        | Fact::CodeStatus(_)
        | Fact::SaturationScale(_)
        | Fact::Order(_)
        | Fact::Dose(_)
        | Fact::Observations(_)
        | Fact::Note(_) => matches!(entry.subject, Subject::Resident(_)),
        Fact::Addendum(_) | Fact::Signature(_) | Fact::Strike(_) | Fact::Resolution(_) => true,
    }
}

fn holds_together(entry: &Entry) -> bool {
    match &entry.fact {
        Fact::Signature(says) => !says.entries.is_empty() && ascend(&says.entries),
        Fact::Strike(says) => entry.supersedes.contains(&says.entry),
        Fact::Resolution(says) => {
            says.of.len() >= 2 && ascend(&says.of) && decides_what_it_says(says)
        }
        Fact::Settings(_)
        | Fact::Unit(_)
        | Fact::Room(_)
        | Fact::Bed(_)
        | Fact::Staff(_)
        | Fact::Device(_)
        | Fact::ResidentName(_)
        | Fact::Move(_)
        | Fact::Identity(_)
        | Fact::Problem(_)
        | Fact::Allergy(_)
        | Fact::CodeStatus(_)
        | Fact::SaturationScale(_)
        | Fact::Order(_)
        | Fact::Dose(_)
        | Fact::Observations(_)
        | Fact::Note(_)
        | Fact::Addendum(_) => true,
    }
}

/// Each once, ascending.
pub(crate) fn ascend(keys: &[EntryKey]) -> bool {
    keys.is_sorted_by(|a, b| a < b)
}

/// Whether what was decided for is among what it was decided about, or beside it if none of that is
/// right.
pub(crate) fn decides_what_it_says(says: &Resolution) -> bool {
    match &says.decision {
        Decision::Both => true,
        Decision::Only(right) => says.of.contains(right),
        Decision::Neither(right) => !says.of.contains(right),
    }
}

/// An entry with what its envelope says of it.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// Its key.
    pub key: &'a EntryKey,
    /// What it says.
    pub recorded: &'a Recorded,
    /// Who wrote it.
    pub author: PersonId,
    /// Where it lies.
    pub what: Document,
}

/// What one entry does to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supersedes {
    /// It says the same thing anew.
    Replaces,
    /// It says that the other was entered in error.
    Strikes,
}

/// What `by`, an entry that counts, does to `target`, another that counts; `None` when naming it
/// in `supersedes` is not `by`'s to say. `is_signed`: whether a signature of the target's author
/// that counts names the target, whichever was made first.
///
/// Something that was done or seen is replaced by its own author and only while it is unsigned;
/// what the home or the chart states, by whoever may write there, in the same register. Anything
/// else is struck, which is an act of its own. What a newer version wrote replaces nothing until
/// this one is updated.
pub fn supersedes(by: &Placed<'_>, target: &Placed<'_>, is_signed: bool) -> Option<Supersedes> {
    let Recorded::Known(entry) = by.recorded else {
        return None;
    };
    if !entry.supersedes.contains(target.key) || !follows(by, target) {
        return None;
    }
    if let Fact::Strike(strike) = &entry.fact {
        let strikes = strike.entry == *target.key
            && strike.kind.name() == target.recorded.kind()
            && may_be_struck(target, by.author);
        return strikes.then_some(Supersedes::Strikes);
    }
    if entry.fact.kind() != target.recorded.kind() {
        return None;
    }
    let replaces = match entry.fact.class() {
        MergeClass::Event => by.author == target.author && !is_signed,
        MergeClass::SafetyRegister
        | MergeClass::PlainRegister
        | MergeClass::List
        | MergeClass::Claim => is_same_register(&entry.fact, by.author, target),
        // Who changes their mind decides anew; another's decision stands beside it.
        MergeClass::About => by.author == target.author && is_same_question(&entry.fact, target),
    };
    replaces.then_some(Supersedes::Replaces)
}

/// Whether an entry can be marked as entered in error by `author`, who has the acts for it. The home's
/// settings and the names of its devices are said anew and never taken away: without its zone every
/// dose would move. A signature is its author's own word. Of a kind that is not known here nobody knows
/// which act it asks.
pub fn may_be_struck(target: &Placed<'_>, author: PersonId) -> bool {
    match target.recorded.kind() {
        "settings" | "device" | "strike" => false,
        "signature" => author == target.author,
        kind => KnownKind::named(kind).is_some(),
    }
}

/// Whether a decision is on the same entries as another.
fn is_same_question(fact: &Fact, target: &Placed<'_>) -> bool {
    match (fact, target.recorded) {
        (
            Fact::Resolution(new),
            Recorded::Known(Entry {
                fact: Fact::Resolution(old),
                ..
            }),
        ) => new.of == old.of,
        _ => false,
    }
}

/// Whether an entry about `target` lies where such entries lie and is about the same subject: else
/// a tablet that holds the target's documents might not hold what is said about it.
pub fn follows(by: &Placed<'_>, target: &Placed<'_>) -> bool {
    by.recorded.subject() == target.recorded.subject()
        && by.what == target.what.for_followers(by.recorded.stated())
}

/// Whether a signature stands for `target`: it is its author's own.
pub fn signs(by: &Placed<'_>, target: &Placed<'_>) -> bool {
    match by.recorded {
        Recorded::Known(Entry {
            fact: Fact::Signature(says),
            ..
        }) => {
            by.author == target.author && says.entries.contains(target.key) && follows(by, target)
        }
        Recorded::Known(_) | Recorded::Unknown { .. } => false,
    }
}

/// Whether a decision counts for `target`: it names it, and lies with it. A decision that does so
/// with none of the entries it names decides nothing: whose chart they are in would not show it.
pub fn decides(by: &Placed<'_>, target: &Placed<'_>) -> bool {
    match by.recorded {
        Recorded::Known(Entry {
            fact: Fact::Resolution(says),
            ..
        }) => says.of.contains(target.key) && follows(by, target),
        Recorded::Known(_) | Recorded::Unknown { .. } => false,
    }
}

/// Of two entries of one kind about one subject: whether the one, of this author, speaks of the same
/// thing as the other.
fn is_same_register(fact: &Fact, author: PersonId, target: &Placed<'_>) -> bool {
    let says = match target.recorded {
        Recorded::Known(entry) => Some(&entry.fact),
        Recorded::Unknown { .. } => None,
    };
    match (fact, says) {
        (Fact::Order(new), Some(Fact::Order(old))) => new.order == old.order,
        (Fact::Identity(new), Some(Fact::Identity(old))) => new.record_number == old.record_number,
        // An allergy leaves the chart by being struck. Only "none known" gives way to one. Whoever may
        // write may tell of one, so another's stands beside it, and the worst of both counts.
        (Fact::Allergy(new), Some(Fact::Allergy(old))) => match (new, old) {
            (Allergy::To(new), Allergy::To(old)) => {
                new.substance == old.substance && author == target.author
            }
            (_, Allergy::NoneKnown) => true,
            (Allergy::NoneKnown, Allergy::To(_)) => false,
        },
        (Fact::Problem(new), Some(Fact::Problem(old))) => is_same_problem(new, old),
        (Fact::Order(_) | Fact::Identity(_) | Fact::Allergy(_) | Fact::Problem(_), _) => false,
        _ => true,
    }
}

/// The same words byte for byte, or the same code.
fn is_same_problem(new: &Problem, old: &Problem) -> bool {
    let code = |says: &Problem| {
        let coding = says.coding.as_ref()?;
        Some((coding.system.clone(), coding.code.clone()))
    };
    new.text == old.text || (code(new).is_some() && code(new) == code(old))
}

#[cfg(test)]
mod tests;
