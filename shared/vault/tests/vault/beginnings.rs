//! Invitations, six words, founding, and a sitting's hand-over.

use crate::scene::Scene;
use ids::{ChainHash, Epoch, FacilityId, LogId, RosterHash, RosterSeq, Seq, StreamId, limits};
use std::collections::HashSet;
use vault::{
    FoundingLink, InviteBlob, InviteBlobError, InviteLink, InviteStream, LinkTextError, NotSealed,
    Pin, Sitting, UnlockError,
};

fn blob(scene: &mut Scene, streams: usize, name: &str) -> InviteBlob {
    InviteBlob {
        relay_key: scene.device.signing_public(),
        facility: FacilityId::from_bytes([1; 16]),
        roster_seq: RosterSeq(41),
        roster_hash: RosterHash::from_bytes([3; 32]),
        streams: (0..streams)
            .map(|n| InviteStream {
                stream: StreamId::from_bytes([u8::try_from(n).unwrap(); 16]),
                log_id: LogId::from_bytes([5; 16]),
                seq: Seq(1_000_000),
                chain: ChainHash::from_bytes([6; 32]),
            })
            .collect(),
        devices: StreamId::from_bytes([7; 16]),
        devices_epoch: Epoch(2),
        devices_key: vault::make_epoch(&mut scene.rng).unwrap(),
        devices_id_key: vault::make_id_key(&mut scene.rng).unwrap(),
        facility_name: name.to_owned(),
    }
}

#[test]
fn an_invited_device_gets_all_it_needs_from_link_and_blob() {
    let mut scene = Scene::new();
    let invite = vault::make_invite(&mut scene.rng).unwrap();
    let given = blob(&mut scene, 3, "Haus Lindenhof");
    let sealed = invite.seal_blob(&mut scene.rng, &given).unwrap();

    let link = InviteLink::parse(&invite.text()).unwrap();
    assert_eq!(link.id(), invite.id());
    assert_eq!(
        link.id(),
        wire::invite_id(&invite.identity().signing_public())
    );
    assert_eq!(
        link.identity().signing_public(),
        invite.identity().signing_public()
    );
    let got = link.open_blob(&sealed).unwrap();
    assert_eq!(got.relay_key, given.relay_key);
    assert_eq!(
        (got.facility, got.roster_seq),
        (given.facility, given.roster_seq)
    );
    assert_eq!(
        (got.roster_hash, got.streams),
        (given.roster_hash, given.streams)
    );
    assert_eq!(
        (got.devices, got.devices_epoch),
        (given.devices, given.devices_epoch)
    );
    assert_eq!(got.facility_name, "Haus Lindenhof");
    assert!(got.devices_key.matches(
        &got.devices_id_key,
        &given.devices_key.commitment(&given.devices_id_key)
    ));
    assert!(got.devices_id_key.is_same(&given.devices_id_key));
}

#[test]
fn a_blob_opens_for_its_own_link_only_and_unaltered_only() {
    let mut scene = Scene::new();
    let invite = vault::make_invite(&mut scene.rng).unwrap();
    let other = vault::make_invite(&mut scene.rng).unwrap();
    let given = blob(&mut scene, 1, "Haus Lindenhof");
    let sealed = invite.seal_blob(&mut scene.rng, &given).unwrap();
    assert_eq!(
        other.open_blob(&sealed).err(),
        Some(InviteBlobError::Sealed)
    );
    for at in [0, 23, 24, 100, sealed.len() - 1] {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert_eq!(
            invite.open_blob(&altered).err(),
            Some(InviteBlobError::Sealed),
            "{at}"
        );
        assert_eq!(
            invite.open_blob(&sealed[..at]).err(),
            Some(InviteBlobError::Sealed),
            "{at}"
        );
    }
    let endless = vec![0; limits::INVITE_BLOB_BYTES + 1];
    assert_eq!(
        invite.open_blob(&endless).err(),
        Some(InviteBlobError::Malformed)
    );
}

#[test]
fn a_blob_at_its_bounds_fits_and_beyond_them_is_not_sealed() {
    let mut scene = Scene::new();
    let invite = vault::make_invite(&mut scene.rng).unwrap();
    let name = "n".repeat(limits::STRING_BYTES + 1);
    let most = blob(&mut scene, limits::STREAMS, &name[1..]);
    let sealed = invite.seal_blob(&mut scene.rng, &most).unwrap();
    assert!(sealed.len() <= limits::INVITE_BLOB_BYTES);
    assert_eq!(
        invite.open_blob(&sealed).unwrap().streams.len(),
        limits::STREAMS
    );
    for (streams, name) in [(limits::STREAMS + 1, "n"), (1, name.as_str())] {
        let more = blob(&mut scene, streams, name);
        let refused = invite.seal_blob(&mut scene.rng, &more).err();
        assert_eq!(refused, Some(NotSealed::TooLong));
    }
}

#[test]
fn a_cut_or_foreign_link_is_refused() {
    let mut scene = Scene::new();
    let invite = vault::make_invite(&mut scene.rng).unwrap();
    let text = invite.text();
    assert_eq!(text.len(), 43);
    let founding = FoundingLink::from_parts(scene.device.signing_public(), &[9; 16]);
    assert_eq!(founding.text().len(), 64);
    for other in [
        "",
        &text[1..],
        &text[..42],
        &format!("{}=", *text),
        &founding.text(),
        "ä",
    ] {
        assert_eq!(
            InviteLink::parse(other).err(),
            Some(LinkTextError),
            "{other}"
        );
    }
    for other in ["", &founding.text()[1..], &text] {
        assert_eq!(
            FoundingLink::parse(other).err(),
            Some(LinkTextError),
            "{other}"
        );
    }
    let parsed = FoundingLink::parse(&founding.text()).unwrap();
    assert_eq!(parsed.relay_key(), scene.device.signing_public());
    assert_eq!(parsed.token(), &[9; 16]);
}

#[test]
fn a_link_has_one_text() {
    let text = vault::make_invite(&mut crate::scene::Seeded::new(1))
        .unwrap()
        .text();
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet
        .iter()
        .position(|c| *c == text.as_bytes()[42])
        .unwrap();
    // 256 bits end four bits into the last character.
    assert_eq!(last % 4, 0);
    for unused in 1..4 {
        let other = format!("{}{}", &text[..42], char::from(alphabet[last + unused]));
        assert!(InviteLink::parse(&other).is_err(), "{unused}");
    }
    assert!(InviteLink::parse(&format!("{}=", *text)).is_err());
    assert!(InviteLink::parse(&format!("{}AA", *text)).is_err());
    assert!(InviteLink::parse(&text).is_ok());
}

#[test]
fn six_words_change_with_every_input() {
    let scene = Scene::new();
    let (facility, head) = (
        FacilityId::from_bytes([1; 16]),
        RosterHash::from_bytes([2; 32]),
    );
    let relay = scene.device.signing_public();
    let (sign, agree) = (scene.nurse.signing_public(), scene.nurse.agreement_public());
    let other = &scene.device;
    let all = [
        vault::six_words(&facility, &relay, &head, &sign, &agree),
        vault::six_words(&FacilityId::ZERO, &relay, &head, &sign, &agree),
        vault::six_words(&facility, &sign, &head, &sign, &agree),
        vault::six_words(&facility, &relay, &RosterHash::ZERO, &sign, &agree),
        vault::six_words(&facility, &relay, &head, &other.signing_public(), &agree),
        vault::six_words(&facility, &relay, &head, &sign, &other.agreement_public()),
    ];
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert_eq!(
        all[0],
        vault::six_words(&facility, &relay, &head, &sign, &agree)
    );
    assert!(all.iter().flatten().all(|word| word.len() >= 3));
}

#[test]
fn a_sitting_handed_over_opens_for_its_pin_only() {
    let mut scene = Scene::new();
    let pin = Pin::parse("004217").unwrap();
    let sitting = vault::make_sitting(&mut scene.rng, &pin, &scene.nurse).unwrap();
    let next = Sitting::from_bytes(&sitting.to_bytes()).unwrap();
    let again = next.resume(&pin).unwrap();
    assert_eq!(again.signing_public(), scene.nurse.signing_public());
    let wrong = Pin::parse("004218").unwrap();
    assert_eq!(next.resume(&wrong).err(), Some(UnlockError::WrongPin));
    // Without the secret the PIN is nothing.
    let mut bytes = sitting.to_bytes();
    bytes[0] ^= 1;
    let other = Sitting::from_bytes(&bytes).unwrap();
    assert_eq!(other.resume(&pin).err(), Some(UnlockError::WrongPin));
    assert!(Sitting::from_bytes(&bytes[..47]).is_none());
}
