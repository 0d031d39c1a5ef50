//! Rules of entries about other entries.

use super::{Broken, Rule, bounds, hold, text};
use crate::meta::{Resolution, Signature, Strike};
use crate::verdict;
use ids::EntryKey;

pub(super) fn signature(says: &Signature) -> Result<(), Broken> {
    hold(!says.entries.is_empty(), "entries", Rule::Mandatory)?;
    named("entries", &says.entries)
}

pub(super) fn strike(says: &Strike, supersedes: &[EntryKey]) -> Result<(), Broken> {
    text::prose("reason", &says.reason, bounds::COMMENT_BYTES)?;
    hold(
        supersedes.contains(&says.entry),
        "supersedes",
        Rule::Contradicts { other: "entry" },
    )
}

pub(super) fn resolution(says: &Resolution) -> Result<(), Broken> {
    hold(says.of.len() >= 2, "of", Rule::Mandatory)?;
    named("of", &says.of)?;
    hold(
        verdict::decides_what_it_says(says),
        "decision",
        Rule::Contradicts { other: "of" },
    )?;
    text::prose("reason", &says.reason, bounds::COMMENT_BYTES)
}

/// Keys: each once, ascending.
fn named(field: &'static str, keys: &[EntryKey]) -> Result<(), Broken> {
    let most = bounds::NAMED;
    hold(keys.len() <= most, field, Rule::TooMany { most })?;
    hold(verdict::ascend(keys), field, Rule::Order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::KnownKind;
    use crate::meta::Decision;

    fn key(n: i64) -> EntryKey {
        EntryKey::from_parts(ids::UnixMillis(n), [0; 10])
    }

    #[test]
    fn what_is_named_is_bounded_at_n_and_n_plus_1() {
        let sign = |n: usize| {
            signature(&Signature {
                entries: (0..).take(n).map(key).collect(),
            })
        };
        assert_eq!(sign(bounds::NAMED), Ok(()));
        assert!(sign(bounds::NAMED + 1).is_err());
        assert!(sign(0).is_err());
        assert!(
            signature(&Signature {
                entries: vec![key(2), key(1)]
            })
            .is_err()
        );
        assert!(
            signature(&Signature {
                entries: vec![key(1), key(1)]
            })
            .is_err()
        );
    }

    #[test]
    fn a_strike_gives_its_reason_and_supersedes_its_target() {
        let says = |reason: &str| Strike {
            entry: key(1),
            reason: reason.into(),
            kind: KnownKind::named("note").unwrap(),
        };
        assert_eq!(strike(&says("wrong resident"), &[key(1)]), Ok(()));
        assert_eq!(strike(&says(""), &[key(1)]).unwrap_err().field, "reason");
        assert_eq!(
            strike(&says("wrong resident"), &[]).unwrap_err().field,
            "supersedes"
        );
    }

    #[test]
    fn a_decision_is_on_its_own_sides() {
        let says = |of: &[i64], decision| {
            let of = of.iter().copied().map(key).collect();
            resolution(&Resolution {
                of,
                decision,
                reason: "asked".into(),
            })
            .is_ok()
        };
        assert!(says(&[1, 2], Decision::Both));
        assert!(says(&[1, 2], Decision::Only(key(2))));
        assert!(!says(&[1, 2], Decision::Only(key(3))));
        assert!(!says(&[1], Decision::Both));
    }
}
