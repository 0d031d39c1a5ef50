//! What is said of others: who has what, and who is counted at all.

use crate::{care, faults, in_step, save};
use ids::{ChainHash, Seq, Signature};
use interface::RelayFault;
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::{journal_of, note_in};
use lamplight_tests::harness::{Forgery, Hostile, Template};
use wire::SeenMark;
use wire::message::{PushResult, SeenBy};

#[test]
fn a_tablet_that_does_not_carry_the_charts_is_not_waited_for() {
    let home = Template::home();
    let mut world = in_step(2, 71);
    save(&mut world, 1, "who has this?");
    assert!(world.until(30_000, 50, |world| {
        let tablet = world.tablet(1).unwrap();
        tablet.to_send == 0 && tablet.received_by >= 1
    }));
    let before = world.tablet(1).unwrap();
    assert!(
        before.received_by < before.tablets,
        "tablets 3 and 4 are off"
    );
    let mut member = Hostile::new(home, 3, 0, 71);
    let (stream, _, _) = care(&world, 1);
    // One that lacks it, and one that has it: each was counted, and is not any more.
    member.carries_no_more(&mut world, home, home.device(4), stream);
    world.pass(2_000);
    let without = world.tablet(1).unwrap();
    assert_eq!(without.tablets, before.tablets - 1);
    assert_eq!(without.received_by, before.received_by);
    member.carries_no_more(&mut world, home, home.device(2), stream);
    world.pass(2_000);
    let after = world.tablet(1).unwrap();
    assert_eq!(after.tablets, before.tablets - 2);
    assert_eq!(after.received_by, before.received_by - 1);
}

#[test]
fn marks_that_only_the_relay_says_count_for_nobody_and_accuse_nobody() {
    let home = Template::home();
    let mut world = in_step(2, 72);
    world.stop(2);
    save(&mut world, 1, "nobody else has this");
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.pass(2_000);
    let (stream, log_id, seq) = care(&world, 1);
    let kept = lamplight_tests::harness::log_of(&world.devices[1]);
    let chain = kept.chain_at(stream, log_id, seq).unwrap().unwrap();
    let of_two = home.device(2);
    let old = kept
        .seen()
        .unwrap()
        .into_iter()
        .find(|mark| mark.device == of_two && mark.stream == stream);
    let old = old.expect("the tablet said what it had");
    let before = world.tablet(1).unwrap().received_by;
    let said = SeenMark {
        device: of_two,
        stream,
        log_id,
        seq,
        chain,
        signature: Signature::ZERO,
    };
    // Made up; with the signature of an older one; another's under this one's name; of no device.
    for mark in [
        said,
        SeenMark {
            signature: old.signature,
            ..said
        },
        SeenMark {
            device: home.device(3),
            ..old
        },
        SeenMark {
            device: ids::DeviceId::from_bytes([9; 16]),
            ..said
        },
        SeenMark {
            chain: ChainHash::from_bytes([9; 32]),
            ..said
        },
        SeenMark {
            seq: Seq(seq.0 - 1),
            chain: ChainHash::from_bytes([9; 32]),
            ..said
        },
    ] {
        let marks = vec![mark];
        world.say_as_relay(1, &SeenBy { marks }.into());
        world.pass(100);
        let tablet = world.tablet(1).unwrap();
        assert_eq!(tablet.received_by, before, "{mark:?}");
        assert_eq!(tablet.relay_faults, [], "{mark:?}");
        assert!(world.is_connected(1));
    }
    // The tablet itself is believed.
    world.start(2);
    assert!(world.until(30_000, 50, |world| {
        world.tablet(1).unwrap().received_by > before
    }));
}

/// What a member's envelope states that its author had seen.
fn said_in_a_header(seed: u64, chain_of: impl Fn(ChainHash) -> ChainHash) -> Vec<RelayFault> {
    let mut world = in_step(1, seed);
    let (stream, log_id, seq) = care(&world, 1);
    let kept = lamplight_tests::harness::log_of(&world.devices[1]);
    let chain = chain_of(kept.chain_at(stream, log_id, seq).unwrap().unwrap());
    let mut member = Hostile::new(Template::home(), 3, 2, seed);
    let journal = journal_of(world.residents[0], world.now);
    let run = member.run();
    let value = note_in(world.residents[0], world.now, "by a member");
    let (document, actor) = (member.document_id(&journal), member.actor(&run));
    let forged = Forged::honest(&document, &actor, world.now, &[value]);
    let forgery = Forgery {
        header: Box::new(move |header| {
            (header.seen_log, header.seen_seq, header.seen_chain) = (log_id, seq, chain);
        }),
        chunks: vec![forged.chunk()],
        sealed: Some((actor, forged.seq, forged.hash())),
    };
    let envelope = member.seal(&journal, run, 0, &forgery);
    let answers = member.push(&mut world, &[envelope]);
    assert!(matches!(answers.as_slice(), [PushResult::Stored { .. }]));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.pass(1_000);
    faults(&mut world, 1)
}

#[test]
fn a_header_that_states_another_history_is_said_and_one_that_states_this_one_is_not() {
    assert_eq!(said_in_a_header(73, |chain| chain), []);
    let another = said_in_a_header(73, |_| ChainHash::from_bytes([9; 32]));
    assert_eq!(another, [RelayFault::OtherDevice]);
}
