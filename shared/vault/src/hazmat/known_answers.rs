//! The primitives against published answers: the RFCs' own vectors and Google's Wycheproof sets.

use super::*;
use crate::random::{NoRandom, Random};
use crate::secret::Secret;
use ids::{AgreementPublic, Signature, SigningPublic};
use wycheproof::TestResult;
use zeroize::Zeroizing;

fn unhex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn secret(text: &str) -> Secret<32> {
    Secret::from_slice(&unhex(text)).unwrap()
}

/// Gives out these bytes once, and fails ever after.
struct Once(Vec<u8>);

impl Random for Once {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        if self.0.len() < bytes.len() {
            return Err(NoRandom);
        }
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

#[test]
fn argon2id_answers_as_rfc_9106_says() {
    // Section 5.3: it has four lanes, a secret and associated data, which we never use.
    let params = argon2::ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
        .output_len(32)
        .build()
        .unwrap();
    let argon2 = argon2::Argon2::new_with_secret(
        &[3; 8],
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        params,
    )
    .unwrap();
    let mut out = [0; 32];
    argon2
        .hash_password_into(&[1; 32], &[2; 16], &mut out)
        .unwrap();
    assert_eq!(
        out.to_vec(),
        unhex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    );
}

#[test]
fn our_stretching_is_argon2id_of_one_lane() {
    let (factor, salt) = (Secret::copy_of(&[1; 32]), [2; 16]);
    let before = runs::so_far();
    let stretched = stretch(PasswordParams::CURRENT, &factor, &salt).unwrap();
    assert_eq!(runs::so_far(), before + 1);
    let params = argon2::Params::new(65_536, 3, 1, Some(32)).unwrap();
    let mut out = [0; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(factor.bytes(), &salt, &mut out)
        .unwrap();
    assert_eq!(stretched.bytes(), &out);
}

#[test]
fn hpke_answers_as_rfc_9180_says() {
    // A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, sequence 0.
    let ikm_e = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
    let recipient = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
    let recipient_secret = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
    let info = unhex("4f6465206f6e2061204772656369616e2055726e");
    let (aad, plaintext) = (b"Count-0", b"Beauty is truth, truth beauty");
    let recipient = AgreementPublic::from_slice(&unhex(recipient)).unwrap();
    let recipient_secret = secret(recipient_secret);
    assert_eq!(agreement_public(&recipient_secret), recipient);

    let sealed = hpke_seal(&mut Once(unhex(ikm_e)), &recipient, &info, aad, plaintext).unwrap();
    let expected = unhex(concat!(
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db",
        "21993c62ce81883d2dd1b51a28",
    ));
    assert_eq!(sealed, expected);
    let opened = hpke_open(&recipient_secret, &info, aad, &sealed).unwrap();
    assert_eq!(opened.as_slice(), plaintext);
    assert!(hpke_open(&recipient_secret, &info, b"Count-1", &sealed).is_none());
    assert!(hpke_open(&recipient_secret, b"other", aad, &sealed).is_none());
}

#[test]
fn hpke_without_randomness_seals_nothing() {
    let recipient = agreement_public(&Secret::copy_of(&[9; 32]));
    for mut rng in [Once(vec![]), Once(vec![7; 31]), Once(vec![0; 32])] {
        let sealed = hpke_seal(&mut rng, &recipient, b"", b"", b"a note");
        assert!(matches!(sealed, Err(HpkeFailed::NoRandom)));
    }
}

#[test]
fn hpke_refuses_keys_of_small_order() {
    let secret = Secret::copy_of(&[9; 32]);
    // RFC 7748's base point order: 0 and 1 are of small order.
    for low in [[0; 32], core::array::from_fn(|i| u8::from(i == 0))] {
        let recipient = AgreementPublic::from_bytes(low);
        let sealed = hpke_seal(&mut Once(vec![7; 32]), &recipient, b"", b"", b"a note");
        assert!(matches!(sealed, Err(HpkeFailed::BadRecipient)));
        assert!(hpke_open(&secret, b"", b"", &[low.as_slice(), &[0; 32]].concat()).is_none());
    }
}

#[test]
fn xchacha20_poly1305_answers_as_its_draft_says() {
    // draft-irtf-cfrg-xchacha-03, A.3.1.
    let key = secret("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    let nonce = *b"@ABCDEFGHIJKLMNOPQRSTUVW";
    let aad = unhex("50515253c0c1c2c3c4c5c6c7");
    let plaintext = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
        for the future, sunscreen would be it.";
    let expected = unhex(concat!(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb",
        "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452",
        "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9",
        "21f9664c97637da9768812f615c68b13b52e",
        "c0875924c1c7987947deafd8780acf49",
    ));
    let mut buffer = Zeroizing::new(plaintext.to_vec());
    seal_in_place(&key, &nonce, &aad, &mut buffer).unwrap();
    assert_eq!(*buffer, expected);
    assert_eq!(
        open_in_new(&key, &nonce, &aad, &expected)
            .unwrap()
            .as_slice(),
        plaintext
    );
}

#[test]
fn xchacha20_poly1305_passes_wycheproof() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::XChaCha20Poly1305);
    let (mut sealed, mut refused, mut other_nonce) = (0, 0, 0);
    for test in set
        .unwrap()
        .test_groups
        .iter()
        .flat_map(|group| &group.tests)
    {
        let key = Secret::from_slice(&test.key).unwrap();
        let Ok(nonce) = <[u8; NONCE_LEN]>::try_from(test.nonce.as_slice()) else {
            // Other nonce lengths are no type here.
            assert_eq!(test.result, TestResult::Invalid);
            other_nonce += 1;
            continue;
        };
        let stated = [test.ct.as_slice(), &test.tag].concat();
        let opened = open_in_new(&key, &nonce, &test.aad, &stated);
        if test.result == TestResult::Valid {
            assert_eq!(
                opened.unwrap().as_slice(),
                test.pt.as_slice(),
                "{}",
                test.tc_id
            );
            let mut buffer = Zeroizing::new(test.pt.to_vec());
            seal_in_place(&key, &nonce, &test.aad, &mut buffer).unwrap();
            assert_eq!(*buffer, stated, "{}", test.tc_id);
            sealed += 1;
        } else {
            assert!(opened.is_none(), "{}", test.tc_id);
            refused += 1;
        }
    }
    assert_eq!((sealed, refused, other_nonce), (246, 60, 9));
}

#[test]
fn ed25519_answers_as_rfc_8032_says() {
    // Section 7.1, tests 1 to 3: seed, public key, message, signature.
    let cases = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac\
             c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e\
             458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290\
             ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (seed, public, message, signature) in cases {
        let signer = Signer::from_seed(&secret(seed));
        let signature = Signature::from_slice(&unhex(signature)).unwrap();
        assert_eq!(signer.public().as_bytes().as_slice(), unhex(public));
        assert_eq!(signer.sign(&unhex(message)), signature);
        wire::verify_strict(&signer.public(), &unhex(message), &signature).unwrap();
    }
}

#[test]
fn strict_verification_passes_wycheproof() {
    // No case of this set tells strict verification from RFC 8032's: its public keys are honest.
    // The next test has the differences.
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let (mut valid, mut refused) = (0, 0);
    for group in &set.test_groups {
        let public = SigningPublic::from_slice(&group.key.pk).unwrap();
        for test in &group.tests {
            let verified = Signature::from_slice(&test.sig)
                .is_some_and(|sig| wire::verify_strict(&public, &test.msg, &sig).is_ok());
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            valid += usize::from(verified);
            refused += usize::from(!verified);
        }
    }
    assert_eq!((valid, refused), (88, 63));
}

#[test]
fn strict_verification_refuses_keys_and_nonces_of_small_order() {
    // The identity point as public key and R, S = 0: RFC 8032's equation holds for any message,
    // and the relaxed verification of the same crate says so.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&identity).unwrap();
    let relaxed = ed25519_dalek::Signature::from_bytes(&signature);
    assert!(ed25519_dalek::Verifier::verify(&key, b"anything", &relaxed).is_ok());
    let public = SigningPublic::from_bytes(identity);
    let signature = Signature::from_bytes(signature);
    assert!(wire::verify_strict(&public, b"anything", &signature).is_err());
}

#[test]
fn x25519_passes_wycheproof() {
    let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).unwrap();
    let (mut agreed, mut refused) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let private = <[u8; 32]>::try_from(test.private_key.as_slice()).unwrap();
        let public = <[u8; 32]>::try_from(test.public_key.as_slice()).unwrap();
        let shared = x25519_dalek::StaticSecret::from(private)
            .diffie_hellman(&x25519_dalek::PublicKey::from(public));
        assert_eq!(
            shared.as_bytes().as_slice(),
            test.shared_secret.as_slice(),
            "{}",
            test.tc_id
        );
        // Acceptable to Wycheproof, but not to RFC 9180, are zero secrets: HPKE refuses them.
        let zero = test
            .flags
            .contains(&wycheproof::xdh::TestFlag::ZeroSharedSecret);
        assert_eq!(shared.was_contributory(), !zero, "{}", test.tc_id);
        let sealed = hpke_seal(
            &mut Once(vec![7; 32]),
            &AgreementPublic::from_bytes(public),
            b"",
            b"",
            b"",
        );
        assert_eq!(sealed.is_err(), zero, "{}", test.tc_id);
        agreed += usize::from(!zero);
        refused += usize::from(zero);
    }
    assert_eq!((agreed, refused), (487, 31));
}

#[test]
fn blake3_answers_as_its_test_vectors_say() {
    // BLAKE3-team/BLAKE3 test_vectors.json, input length 0.
    assert_eq!(
        derive("BLAKE3 2019-12-27 16:29:52 test vectors context", &[])
            .bytes()
            .as_slice(),
        unhex("2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d")
    );
    let key = Secret::copy_of(b"whats the Elvish word for friend");
    assert_eq!(
        keyed(&key, &[]).bytes().as_slice(),
        unhex("92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26")
    );
}
