//! Bytes and texts from anywhere: refused, never a panic.

use crate::scene::Scene;
use ids::{Epoch, limits};
use proptest::prelude::*;
use vault::{Badge, FoundingLink, InviteLink, Pin, PlatformKey, RecoverySeed, Sitting};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_by_everything_that_opens(
        bytes in proptest::collection::vec(any::<u8>(), 0..400)
    ) {
        let scene = Scene::new();
        let commitment = scene.epoch.commitment(&scene.id_key);
        let stream = &scene.stream;
        let local = PlatformKey::from_bytes(&[1; 32]).device_vault();
        let badge = vault::make_badge(&mut crate::scene::Seeded::new(1)).unwrap();
        let pin = Pin::parse("123456").unwrap();
        let invite = vault::make_invite(&mut crate::scene::Seeded::new(1)).unwrap();
        prop_assert!(vault::open_wrap(&scene.nurse, stream, Epoch(3), &commitment, &bytes).is_err());
        let hint = wire::wrap_hint(&scene.nurse.agreement_public(), stream, Epoch(3));
        let wrap = [hint.as_slice(), &bytes].concat();
        prop_assert!(vault::open_wrap(&scene.nurse, stream, Epoch(3), &commitment, &wrap).is_err());
        prop_assert!(scene.epoch.open_rung(&bytes, stream, Epoch(3), &scene.id_key, &commitment).is_err());
        prop_assert!(vault::open_local(&local, b"", &bytes).is_err());
        prop_assert!(vault::unlock_slot(&bytes, &badge, &pin, &ids::PersonId::ZERO).is_err());
        prop_assert!(invite.open_blob(&bytes).is_err());
        let _ = vault::peek_slot(&bytes);
        let _ = Sitting::from_bytes(&bytes);
    }

    #[test]
    fn any_text_is_refused_by_everything_that_reads_what_people_type(text in ".{0,80}") {
        prop_assert!(Badge::parse(&text).is_err());
        prop_assert!(RecoverySeed::from_words(&text).is_err());
        let _ = (InviteLink::parse(&text), FoundingLink::parse(&text), Pin::parse(&text));
    }

    #[test]
    fn any_content_survives_sealing(
        content in proptest::collection::vec(any::<u8>(), 0..3_000),
        repeat in 1usize..20,
    ) {
        let mut scene = Scene::new();
        let content = content.repeat(repeat);
        let key = scene.epoch.document_key(&scene.document);
        let header = scene.header(wire::Kind::Changes);
        let (rng, device, nurse) = (&mut scene.rng, &scene.device, &scene.nurse);
        let envelope = vault::seal(rng, &key, header, &content, device, Some(nurse)).unwrap();
        prop_assert!(envelope.body().len() <= limits::ENVELOPE_BODY_BYTES);
        prop_assert_eq!(&*vault::open(&key, &envelope).unwrap(), &content);
    }
}
