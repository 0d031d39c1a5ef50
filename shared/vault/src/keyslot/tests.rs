//! What opens a keyslot, what does not, and what is refused before any stretching.

use super::*;
use crate::badge::make_badge;
use crate::hazmat::runs;
use crate::identity::make_identity;
use crate::random::Seeded;

const ROSA: PersonId = PersonId::from_bytes([8; 16]);

/// A slot with these parameters, sealed under a key that needs no stretching: if it were
/// ever stretched for, the counter would tell.
fn slot_with(badge: &Badge, factor: u8, memory_kib: u32, passes: u32) -> Vec<u8> {
    slot_of(&Head {
        factor,
        memory_kib: Some(memory_kib),
        passes: Some(passes),
        ..head_of(badge)
    })
}

fn head_of(badge: &Badge) -> Head<'static> {
    Head {
        factor: 1,
        lookup: badge.lookup(&ROSA).into(),
        name: Some("Rosa"),
        role: Some(1),
        salt: Some([3; 16].into()),
        memory_kib: Some(65_536),
        passes: Some(3),
        number: None,
        withdrawn: None,
    }
}

fn slot_of(head: &Head<'_>) -> Vec<u8> {
    encode(&Body {
        head: &encode(head),
        sealed: &[0; 72],
    })
}

#[test]
fn parameters_outside_the_bounds_are_refused_before_any_stretching() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let pin = Pin::parse("123456").unwrap();
    let (memory, passes) = (limits::ARGON2_MEMORY_KIB, limits::ARGON2_PASSES);
    let outside = [
        (memory - 1, passes),
        (memory, passes - 1),
        (8, 1),
        (0, 0),
        (limits::ARGON2_MEMORY_KIB_MAX + 1, passes),
        (memory, limits::ARGON2_PASSES_MAX + 1),
        // Four tebibytes: a tablet that began would never end.
        (u32::MAX, u32::MAX),
    ];
    let before = runs::so_far();
    for (memory, passes) in outside {
        let slot = slot_with(&badge, 1, memory, passes);
        let refused = unlock_slot(&slot, &badge, &pin, &ROSA).err();
        assert_eq!(
            refused,
            Some(UnlockError::Parameters),
            "{memory} KiB, {passes} passes"
        );
    }
    assert_eq!(runs::so_far(), before);
    // The bounds themselves pass; only the floor is also run.
    assert!(PasswordParams::admit(memory, passes).is_ok());
    let greatest = (limits::ARGON2_MEMORY_KIB_MAX, limits::ARGON2_PASSES_MAX);
    assert!(PasswordParams::admit(greatest.0, greatest.1).is_ok());
    let refused = unlock_slot(&slot_with(&badge, 1, memory, passes), &badge, &pin, &ROSA).err();
    assert_eq!(refused, Some(UnlockError::WrongPin));
    assert_eq!(runs::so_far(), before + 1);
}

#[test]
fn another_badge_or_factor_is_refused_before_any_stretching() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let other = Badge(Secret::copy_of(&[6; 16]));
    let pin = Pin::parse("123456").unwrap();
    let before = runs::so_far();
    let slot = slot_with(&badge, 1, 65_536, 3);
    assert_eq!(
        unlock_slot(&slot, &other, &pin, &ROSA).err(),
        Some(UnlockError::OtherBadge)
    );
    for factor in [0, 2, 3, 4, 255] {
        let slot = slot_with(&badge, factor, 65_536, 3);
        assert_eq!(
            unlock_slot(&slot, &badge, &pin, &ROSA).err(),
            Some(UnlockError::OtherFactor)
        );
        assert_eq!(peek_slot(&slot).unwrap().factor.code(), factor);
    }
    assert_eq!(runs::so_far(), before);
}

#[test]
fn a_slot_that_carries_anothers_lookup_is_refused_before_any_stretching() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let pin = Pin::parse("123456").unwrap();
    let other = PersonId::from_bytes([7; 16]);
    assert_ne!(badge.lookup(&ROSA), badge.lookup(&other));
    // The lookup as Rosa's slot shows it, in a slot of the other's.
    let before = runs::so_far();
    let copied = slot_with(&badge, 1, 65_536, 3);
    let refused = unlock_slot(&copied, &badge, &pin, &other).err();
    assert_eq!(refused, Some(UnlockError::OtherBadge));
    assert_eq!(runs::so_far(), before);
}

#[test]
fn a_slot_opens_for_its_badge_and_pin_only_and_unaltered_only() {
    let mut rng = Seeded::new(1);
    let identity = make_identity(&mut rng).unwrap();
    let badge = make_badge(&mut rng).unwrap();
    let pin = Pin::parse("271828").unwrap();
    let slot = make_badge_slot(&mut rng, &badge, &pin, &ROSA, &identity, "Rosa Nurse", 4).unwrap();

    let public = peek_slot(&slot).unwrap();
    assert_eq!(public.factor, Factor::BadgeAndPin);
    assert_eq!(public.lookup, badge.lookup(&ROSA));
    assert_eq!(
        (public.name.as_deref(), public.role),
        (Some("Rosa Nurse"), Some(4))
    );

    let unlocked = unlock_slot(&slot, &badge, &pin, &ROSA).unwrap();
    assert_eq!(unlocked.signing_public(), identity.signing_public());
    assert_eq!(unlocked.agreement_public(), identity.agreement_public());

    let wrong = Pin::parse("271829").unwrap();
    assert_eq!(
        unlock_slot(&slot, &badge, &wrong, &ROSA).err(),
        Some(UnlockError::WrongPin)
    );

    // The name on the tile is bound too: nobody signs in as "Rosa" under another name.
    let at = slot.windows(4).position(|bytes| bytes == b"Rosa").unwrap();
    let mut renamed = slot.clone();
    renamed[at] = b'S';
    assert_eq!(peek_slot(&renamed).unwrap().name.unwrap(), "Sosa Nurse");
    assert_eq!(
        unlock_slot(&renamed, &badge, &pin, &ROSA).err(),
        Some(UnlockError::WrongPin)
    );
    let mut altered = slot.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(
        unlock_slot(&altered, &badge, &pin, &ROSA).err(),
        Some(UnlockError::WrongPin)
    );
}

#[test]
fn other_bytes_are_no_slot() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let slot = slot_with(&badge, 1, 65_536, 3);
    for len in 0..slot.len() {
        assert_eq!(
            peek_slot(&slot[..len]),
            Err(UnlockError::Malformed),
            "{len}"
        );
    }
    let mut longer = slot.clone();
    longer.push(0);
    assert_eq!(peek_slot(&longer), Err(UnlockError::Malformed));
    // A later version may add fields to both maps.
    let mut more = slot;
    more[0] += 1;
    more.extend([0x09, 0xf5]);
    assert_eq!(peek_slot(&more).unwrap().name.unwrap(), "Rosa");
}

#[test]
fn a_name_up_to_the_bound_makes_a_slot_and_one_byte_more_does_not() {
    let mut rng = Seeded::new(2);
    let identity = make_identity(&mut rng).unwrap();
    let badge = make_badge(&mut rng).unwrap();
    let pin = Pin::parse("271828").unwrap();
    let name = "n".repeat(limits::STRING_BYTES + 1);
    let mut make = |name| make_badge_slot(&mut rng, &badge, &pin, &ROSA, &identity, name, 0);
    assert_eq!(make(&name).err(), Some(SlotMakeError::NameTooLong));
    assert!(make(&name[1..]).is_ok());
}

#[test]
fn a_slot_of_a_factor_that_is_not_stretched_states_no_parameters() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let plain = Head {
        salt: None,
        memory_kib: None,
        passes: None,
        number: Some(7),
        ..head_of(&badge)
    };
    let passkey = peek_slot(&slot_of(&Head { factor: 3, ..plain })).unwrap();
    assert_eq!((passkey.factor, passkey.number), (Factor::Passkey, 7));
    // For a badge they are needed.
    let pin = Pin::parse("123456").unwrap();
    let slot = slot_of(&Head {
        salt: None,
        ..head_of(&badge)
    });
    let refused = unlock_slot(&slot, &badge, &pin, &ROSA).err();
    assert_eq!(refused, Some(UnlockError::Malformed));
}

#[test]
fn a_withdrawn_slot_opens_for_nobody_and_says_so_before_any_stretching() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let pin = Pin::parse("123456").unwrap();
    let before = runs::so_far();
    let slot = slot_of(&Head {
        withdrawn: Some(true),
        ..head_of(&badge)
    });
    assert!(peek_slot(&slot).unwrap().withdrawn);
    let refused = unlock_slot(&slot, &badge, &pin, &ROSA).err();
    assert_eq!(refused, Some(UnlockError::Withdrawn));
    assert_eq!(runs::so_far(), before);
}

#[test]
fn a_slot_that_is_understood_no_further_than_its_factor_still_takes_its_place() {
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let mut head = encode(&Head {
        name: None,
        role: None,
        salt: None,
        memory_kib: None,
        passes: None,
        ..head_of(&badge)
    });
    // A name of two texts, and a role that is one.
    head[0] += 2;
    head.extend([0x02, 0x82, 0x61, b'a', 0x61, b'b', 0x03, 0x61, b'c']);
    let slot = encode(&Body {
        head: &head,
        sealed: &[],
    });
    let public = peek_slot(&slot).unwrap();
    assert_eq!(public.factor, Factor::BadgeAndPin);
    assert_eq!((public.lookup, public.number), (badge.lookup(&ROSA), 0));
    assert_eq!(
        (public.name, public.role, public.withdrawn),
        (None, None, false)
    );
    let pin = Pin::parse("123456").unwrap();
    let refused = unlock_slot(&slot, &badge, &pin, &ROSA).err();
    assert_eq!(refused, Some(UnlockError::Malformed));
}

#[test]
fn a_passphrase_opens_its_slot_however_it_is_spaced_and_nothing_else_does() {
    let mut rng = Seeded::new(4);
    let identity = make_identity(&mut rng).unwrap();
    let words = Passphrase::parse("five winter apples").unwrap();
    let slot = make_passphrase_slot(&mut rng, &words, &identity, "Rosa", 1, 2).unwrap();
    let public = peek_slot(&slot).unwrap();
    assert_eq!((public.factor, public.number), (Factor::Passphrase, 2));
    assert_eq!(public.lookup, [0; 8]);
    let open = |text: &str| {
        let opened = unlock_passphrase_slot(&slot, &Passphrase::parse(text).unwrap());
        opened.map(|identity| identity.signing_public())
    };
    assert_eq!(
        open("  five\twinter  apples "),
        Ok(identity.signing_public())
    );
    assert_eq!(open("Five winter apples"), Err(UnlockError::WrongPin));
    let badge = Badge(Secret::copy_of(&[5; 16]));
    let pin = Pin::parse("123456").unwrap();
    let refused = unlock_slot(&slot, &badge, &pin, &ROSA).err();
    assert_eq!(refused, Some(UnlockError::OtherFactor));
}

#[test]
fn a_passphrase_has_its_bounds_in_normal_form() {
    let is_one = |text: &str| Passphrase::parse(text).is_ok();
    let (least, most) = (limits::PASSPHRASE_BYTES_MIN, limits::PASSPHRASE_BYTES);
    assert!(is_one(&"x".repeat(least)) && !is_one(&"x".repeat(least - 1)));
    assert!(!is_one(&format!("{}  ", "x".repeat(least - 1))));
    assert!(is_one(&"x".repeat(most)) && !is_one(&"x".repeat(most + 1)));
    // A ligature of one letter that normal form writes with eighteen.
    assert!(!is_one(&"\u{fdfa}".repeat(most / 3)));
}
