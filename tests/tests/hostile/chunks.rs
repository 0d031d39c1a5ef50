//! Changes, values and bodies that no engine writes.

use crate::scene::{Scene, forgery};
use ids::UnixMillis;
use lamplight_tests::harness::Forgery;
use lamplight_tests::harness::forged::{
    ACTION, Forged, INSERT, KEY, PREDECESSORS, VALUE_METADATA, chunk_around, prefixed, sleb, uleb,
};
use wire::message::PushResult;

/// Chunks that `admit` must refuse, each an honest one but for one thing.
fn chunks_no_engine_writes(honest: &Forged) -> Vec<(&'static str, Forged)> {
    let run = |count: i64, number: u64| [sleb(count), uleb(number)].concat();
    let column = |spec, bytes| honest.clone().with_column(spec, bytes);
    let key = [b'0'; 26];
    let ascending = |count: u32| -> Vec<[u8; 32]> {
        (1..=count)
            .map(|n| {
                let mut dep = [0; 32];
                dep[..4].copy_from_slice(&n.to_be_bytes());
                dep
            })
            .collect()
    };
    vec![
        (
            "an unknown actor",
            Forged {
                other_actors: vec![vec![9; 16]],
                ..honest.clone()
            },
        ),
        (
            "an unknown object",
            honest
                .clone()
                .and_column(0x01, run(-1, 5))
                .and_column(0x02, run(-1, 9)),
        ),
        (
            "an unknown predecessor",
            column(PREDECESSORS, run(-1, 1))
                .and_column(0x71, run(-1, 9))
                .and_column(0x73, run(-1, 1)),
        ),
        ("a huge run length", column(ACTION, run(i64::MAX, 1))),
        ("a huge run of inserts", column(INSERT, uleb(u64::MAX))),
        (
            "a million operations in a run",
            column(KEY, [sleb(1_000_000), prefixed(&key)].concat()),
        ),
        ("a million operations listed", column(KEY, sleb(-1_000_000))),
        ("a make-map", column(ACTION, run(-1, 0))),
        ("a deletion", column(ACTION, run(-1, 3))),
        ("a counter", column(VALUE_METADATA, run(-1, (8 << 4) | 8))),
        ("a string", column(VALUE_METADATA, run(-1, (8 << 4) | 6))),
        (
            "a long message",
            Forged {
                message: vec![0xff; 500_000],
                ..honest.clone()
            },
        ),
        (
            "many dependencies",
            Forged {
                deps: ascending(20_000),
                ..honest.clone()
            },
        ),
        (
            "a number of zero",
            Forged {
                seq: 0,
                ..honest.clone()
            },
        ),
        (
            "the largest number",
            Forged {
                seq: u64::MAX,
                ..honest.clone()
            },
        ),
        (
            "the largest operation",
            Forged {
                start_op: u64::MAX,
                ..honest.clone()
            },
        ),
        (
            "no columns",
            Forged {
                columns: Vec::new(),
                ..honest.clone()
            },
        ),
        (
            "bytes behind it",
            Forged {
                extra: vec![0; 100],
                ..honest.clone()
            },
        ),
        (
            "the compressed type",
            Forged {
                chunk_type: 2,
                ..honest.clone()
            },
        ),
    ]
}

#[test]
fn what_the_forgeries_are_made_from_is_shown_by_everybody() {
    let mut scene = Scene::new(1);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "an honest note, made by hand");
    scene.send_in(run, 0, &forged);
    scene.everybody_shows("an honest note, made by hand");
    scene.all_agree();
}

#[test]
fn chunks_no_engine_writes_are_refused_by_everybody() {
    let mut scene = Scene::new(2);
    let run = scene.hostile.run();
    let honest = scene.honest(&run, "hidden in a forged chunk");
    for (what, forged) in chunks_no_engine_writes(&honest) {
        // The actor must fit the run of its envelope: the same run every time would be a gap.
        let run = scene.hostile.run();
        let actor = scene.hostile.actor(&run).as_bytes().to_vec();
        scene.send_in(run, 0, &Forged { actor, ..forged });
        scene.all_agree();
        println!("refused: {what}");
    }
    scene.nobody_shows("hidden in a forged chunk");
    scene.others_go_on("forged chunks");
    scene.restart_everybody();
    scene.nobody_shows("hidden in a forged chunk");
    scene.others_go_on("a restart on top of forged chunks");
}

#[test]
fn an_inflate_bomb_is_refused_by_everybody() {
    let mut scene = Scene::new(3);
    let run = scene.hostile.run();
    // A deflated change whose stream would go on for long: one stored block after another.
    let stored = [&[0, 0xff, 0xff, 0, 0][..], &[0x41; 65_535]].concat();
    let bomb = chunk_around(2, &stored.repeat(8));
    let actor = scene.hostile.actor(&run);
    let forgery = Forgery {
        header: Box::new(|_| {}),
        chunks: vec![bomb],
        sealed: Some((actor, 1, ids::ChangeHash::from_bytes([1; 32]))),
    };
    scene.send_forgery(run, 0, &forgery);
    scene.others_go_on("a bomb");
}

#[test]
fn values_that_are_no_entries_are_refused_by_everybody() {
    let mut scene = Scene::new(10);
    let nested = [vec![0x81; 30_000], vec![0xf6]].concat();
    let bad_text = {
        let mut value = scene.note("bad text inside");
        let at = value.windows(3).position(|three| three == b"bad").unwrap();
        value[at] = 0xff;
        value
    };
    let cut = {
        let value = scene.note("bad text inside");
        value[..value.len() - 3].to_vec()
    };
    for value in [
        b"not CBOR at all".to_vec(),
        nested,
        bad_text,
        cut,
        vec![0xbf, 0xff],
        vec![0],
    ] {
        let run = scene.hostile.run();
        let forged = Forged::honest(
            &scene.id(),
            &scene.hostile.actor(&run),
            scene.world.now,
            &[value],
        );
        scene.send_in(run, 0, &forged);
        scene.all_agree();
    }
    scene.nobody_shows("bad text inside");
    scene.others_go_on("values that are no entries");
    scene.restart_everybody();
    scene.others_go_on("a restart on top of them");
}

#[test]
fn entries_recorded_at_the_ends_of_time_harm_nobody() {
    let mut scene = Scene::new(11);
    for at in [UnixMillis(0), UnixMillis((1 << 48) - 1)] {
        let run = scene.hostile.run();
        let value = scene.note("from another time");
        let forged = Forged::honest(&scene.id(), &scene.hostile.actor(&run), at, &[value]);
        scene.send_in(run, 0, &forged);
        scene.all_agree();
    }
    scene.others_go_on("the ends of time");
}

#[test]
fn bodies_that_are_none_are_refused_by_everybody() {
    let mut scene = Scene::new(13);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "in a body that is none");
    let good = forgery(&scene.hostile, &run, &forged);
    let journal = scene.journal;
    let plain = scene.hostile.body(&journal, &good).encode().unwrap();
    for bytes in [
        plain[..plain.len() / 2].to_vec(),
        [plain.clone(), vec![0]].concat(),
        Vec::new(),
        vec![0xff; 900_000],
    ] {
        let run = scene.hostile.run();
        let envelope = scene.hostile.seal_plain(&journal, run, 0, &good, &bytes);
        let answers = scene.hostile.push(&mut scene.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        scene.world.pass(2_000);
        scene.all_agree();
    }
    scene.nobody_shows("in a body that is none");
    scene.others_go_on("bodies that are none");
}
