//! Keyslots that need no stretching.

use crate::golden::cases::{PASSKEY, ROSA, TILE, in_charge};
use crate::scene::{Failing, Scene, Seeded};
use ids::{AgreementPublic, PersonId, limits};
use vault::{Factor, PasskeyOutput, SlotMakeError, SlotTile, UnlockError, peek_slot};

fn passkey_slot(credential: &[u8]) -> Result<Vec<u8>, SlotMakeError> {
    let output = PasskeyOutput::from_bytes(&PASSKEY);
    let of = (credential, &[4; 16]);
    vault::make_passkey_slot(&mut Seeded::new(1), &output, of, &Scene::new().nurse, &TILE)
}

fn night_slot(to: &[(PersonId, AgreementPublic)]) -> Result<Vec<u8>, SlotMakeError> {
    vault::make_night_slot(&mut Seeded::new(2), &ROSA, to, &Scene::new().nurse, &TILE)
}

#[test]
fn a_passkeys_slot_opens_for_its_output_only() {
    let slot = passkey_slot(b"credential").unwrap();
    let open = |output: &[u8; 32]| {
        let output = PasskeyOutput::from_bytes(output);
        vault::unlock_passkey_slot(&slot, &output).map(|identity| identity.signing_public())
    };
    assert_eq!(open(&PASSKEY), Ok(Scene::new().nurse.signing_public()));
    assert_eq!(open(&[0; 32]), Err(UnlockError::WrongPin));
    let public = peek_slot(&slot).unwrap();
    assert_eq!(
        (public.factor, public.number),
        (Factor::Passkey, TILE.number)
    );
    assert_eq!(public.name.as_deref(), Some(TILE.name));
    let night = night_slot(&[]).unwrap();
    let output = PasskeyOutput::from_bytes(&PASSKEY);
    let other = vault::unlock_passkey_slot(&night, &output);
    assert_eq!(other.err(), Some(UnlockError::OtherFactor));
}

#[test]
fn a_night_slot_opens_for_those_in_charge_and_its_own_person_only() {
    let (keys, all) = in_charge();
    let slot = night_slot(&all).unwrap();
    let open = |slot: &[u8], person: &PersonId, who: &PersonId, n: usize| {
        let opened = vault::unlock_night_slot(slot, person, (who, &keys[n]));
        opened.map(|identity| identity.signing_public())
    };
    let nurse = Scene::new().nurse.signing_public();
    for (n, (who, _)) in all.iter().enumerate() {
        assert_eq!(open(&slot, &ROSA, who, n), Ok(nurse));
    }
    let (one, two) = (&all[0].0, &all[1].0);
    assert_eq!(open(&slot, &ROSA, two, 0), Err(UnlockError::WrongPin));
    assert_eq!(open(&slot, one, one, 0), Err(UnlockError::WrongPin));
    assert_eq!(open(&slot, &ROSA, &ROSA, 0), Err(UnlockError::OtherBadge));
    let passkey = passkey_slot(b"").unwrap();
    assert_eq!(open(&passkey, &ROSA, one, 0), Err(UnlockError::OtherFactor));
    for at in (0..slot.len()).step_by(7) {
        let mut altered = slot.clone();
        altered[at] ^= 1;
        assert!(open(&altered, &ROSA, one, 0).is_err(), "{at}");
    }
}

#[test]
fn slots_at_their_bounds_are_made_and_beyond_them_not() {
    let n = limits::CREDENTIAL_BYTES;
    assert!(passkey_slot(&vec![1; n]).is_ok());
    assert_eq!(passkey_slot(&vec![1; n + 1]), Err(SlotMakeError::TooLong));
    let (_, all) = in_charge();
    let many = vec![all[0]; limits::NIGHT_RECIPIENTS + 1];
    assert!(night_slot(&many[1..]).is_ok());
    assert_eq!(night_slot(&many), Err(SlotMakeError::TooLong));
    let zero = [(ROSA, AgreementPublic::ZERO)];
    assert_eq!(night_slot(&zero), Err(SlotMakeError::BadRecipient));
    let name = "n".repeat(limits::STRING_BYTES + 1);
    let tile = SlotTile {
        name: &name,
        ..TILE
    };
    let nurse = &Scene::new().nurse;
    let made = vault::make_night_slot(&mut Seeded::new(2), &ROSA, &[], nurse, &tile);
    assert_eq!(made, Err(SlotMakeError::NameTooLong));
    let mut dead = Failing(Seeded::new(1), 1);
    let made = vault::make_night_slot(&mut dead, &ROSA, &all, nurse, &TILE);
    assert!(matches!(made, Err(SlotMakeError::NoRandom(_))));
}
