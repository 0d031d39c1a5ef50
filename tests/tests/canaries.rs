//! Thirty words, numbers and keys that must stay secret are used by two tablets, and then looked
//! for, in five notations, in everything the relay and the tablets leave on their disks.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Problem, Sex};
use domain::clock::Zone;
use domain::journal::{NotGiven, Slot};
use interface::{Command, Done, DoseConcern, NewOrder, NewResident, Query, View};
use lamplight_tests::harness::{Badge, Dice, SeenSeeds};
use lamplight_tests::native::Client;
use lamplight_tests::programs::RelayProcess;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What is entered somewhere and must be nowhere in clear. None is a word that anything else uses.
const WORDS: [&str; 18] = [
    "Quillifred",
    "Oxenstierna",
    "Brunhilta",
    "Vanterpool",
    "Mirabelda",
    "Okaforski",
    "Jonathane",
    "Lindqvistova",
    "slept uneasily near the window",
    "refused porridge twice",
    "asks for her brother Wendelin",
    "Zanthoxylin",
    "hives on both forearms",
    "Recurrent brachialgia",
    "Tolvaptanib",
    "spat out quietly",
    "no tube feeding ever",
    "both nurses were in the room",
];
/// Bytes that a needle is found by.
const HEAD: usize = 4;

/// One secret in one notation.
struct Needle {
    canary: usize,
    notation: &'static str,
    bytes: Vec<u8>,
}

fn base64(bytes: &[u8], url: bool) -> String {
    let tail: [u8; 2] = if url { *b"-_" } else { *b"+/" };
    let mut alphabet: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .collect();
    alphabet.extend(tail);
    let mut out = String::new();
    for three in bytes.chunks_exact(3) {
        let group = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        out.extend([18, 12, 6, 0].map(|shift| alphabet[(group >> shift & 63) as usize] as char));
    }
    out
}

/// Every notation of a secret. In base64 it may begin at any of three places of a group; what is
/// left of it in whole groups is looked for.
fn needles(canary: usize, secret: &[u8]) -> Vec<Needle> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = secret.iter().flat_map(|byte| [*byte, 0]).collect();
    let mut all = vec![
        ("as it is", secret.to_vec()),
        ("UTF-16", wide),
        ("hexadecimal", hex.clone().into_bytes()),
        ("hexadecimal", hex.to_uppercase().into_bytes()),
    ];
    for skip in 0..3 {
        for url in [false, true] {
            let text = base64(&secret[skip.min(secret.len())..], url);
            if text.len() >= 4 {
                all.push(("base64", text.into_bytes()));
            }
        }
    }
    let needle = |(notation, bytes)| Needle {
        canary,
        notation,
        bytes,
    };
    all.into_iter().map(needle).collect()
}

/// Which needles are in the bytes.
fn found<'n>(needles: &'n [Needle], bytes: &[u8]) -> Vec<&'n Needle> {
    let mut by_head: HashMap<&[u8], Vec<&Needle>> = HashMap::new();
    for needle in needles {
        by_head
            .entry(&needle.bytes[..HEAD])
            .or_default()
            .push(needle);
    }
    let mut found: HashMap<*const Needle, &Needle> = HashMap::new();
    for at in 0..bytes.len().saturating_sub(HEAD - 1) {
        for needle in by_head.get(&bytes[at..at + HEAD]).into_iter().flatten() {
            if bytes[at..].starts_with(&needle.bytes) {
                found.insert(std::ptr::from_ref(*needle), needle);
            }
        }
    }
    found.into_values().collect()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(files(&entry.path())),
            false => all.push(entry.path()),
        }
    }
    all
}

/// What the two tablets, the office and the relay leave behind, and what must not be in it.
struct Scene {
    folder: tempfile::TempDir,
    relay: Option<RelayProcess>,
    secrets: Vec<Vec<u8>>,
    /// Every throw of 32 bytes: seeds, keys of epochs, ids and views.
    throws: Vec<[u8; 32]>,
}

impl Scene {
    async fn played() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let relay = RelayProcess::start(&at("relay"), 0, &at("relay.log"), &[]);
        let mut seen =
            [1, 2, 3].map(|n| SeenSeeds::new(Dice::new(u64::from(std::process::id()) << 8 | n)));
        let link = relay.founding.clone().unwrap();
        let mut office =
            Client::open_seen(&at("office"), &relay.origin, seen[0].fork(), true).await;
        let admin = office.found(&link).await;
        let mary = office.add_nurse(WORDS[4], WORDS[5]).await;
        let jonas = office.add_nurse(WORDS[6], WORDS[7]).await;
        let resident = furnish(&mut office).await;
        office.until_synced().await;
        let links = office.invite(2).await;
        for (n, link) in links.iter().enumerate() {
            let mut tablet = Client::open_seen(
                &at(&format!("tablet{n}")),
                &relay.origin,
                seen[n + 1].fork(),
                true,
            )
            .await;
            tablet.enrol(link, "East").await;
            tablet.until_synced().await;
            tablet.process.stop().await;
        }
        // Both are cut off: nothing connects them.
        let mut tablets = Vec::new();
        for (n, (badge, work)) in [(&mary, one as Work), (&jonas, other as Work)]
            .into_iter()
            .enumerate()
        {
            let mut tablet = Client::open_seen(
                &at(&format!("tablet{n}")),
                &relay.origin,
                seen[n + 1].fork(),
                false,
            )
            .await;
            tablet.sign_in(badge).await;
            for command in work(resident) {
                tablet.command(command).await;
            }
            tablets.push(tablet);
        }
        for tablet in &mut tablets {
            tablet.process.start().await;
        }
        for _ in 0..2 {
            for tablet in &mut tablets {
                tablet.until_synced().await;
            }
        }
        resolve(&mut tablets[1]).await;
        tablets[1].until_synced().await;
        tablets[0].until_synced().await;
        let throws: Vec<[u8; 32]> = seen.iter().flat_map(SeenSeeds::seen).collect();
        let secrets = secrets(&[admin, mary, jonas], &links, &throws);
        drop((office, tablets));
        Self {
            folder,
            relay: Some(relay),
            secrets,
            throws,
        }
    }

    /// Everything on the disks but the key that the platform keeps for each device.
    fn left(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let all = files(self.folder.path()).into_iter();
        let kept = all.filter(|path| path.file_name().is_none_or(|name| name != "device.key"));
        kept.map(|path| (path.clone(), without_times(&path)))
            .collect()
    }
}

/// A file's bytes; of a log without the instants in front of its lines, which are digits like a PIN.
fn without_times(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_none_or(|end| end != "log") {
        return bytes;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let rest = |line: &str| {
        line.split_once('Z')
            .map_or(line.to_owned(), |(_, rest)| rest.to_owned())
    };
    text.lines()
        .map(rest)
        .collect::<Vec<_>>()
        .join("\n")
        .into_bytes()
}

type Work = fn(domain::ResidentId) -> Vec<Command>;

fn slot() -> Slot {
    Slot {
        order: domain::chart::OrderId(ids::CommandId::from_bytes([7; 16])),
        version: 1,
        date: "2026-11-02".parse().unwrap(),
        time: "08:00".parse().ok(),
    }
}

/// When a dose of it is given.
fn at_its_time() -> ids::StatedInstant {
    let zone = Zone::named("America/Chicago").unwrap();
    let slot = slot();
    zone.stated(zone.instant(slot.date, slot.time.unwrap()).unwrap())
}

fn note(resident: domain::ResidentId, text: &str) -> Command {
    Command::WriteNote {
        resident,
        text: text.into(),
        replaces: None,
        at: None,
        sign: true,
    }
}

fn one(resident: domain::ResidentId) -> Vec<Command> {
    vec![
        note(resident, WORDS[8]),
        Command::RecordDose {
            resident,
            slot: slot(),
            not_given: None,
            comment: None,
            at: Some(at_its_time()),
            despite: Vec::new(),
        },
        note(resident, WORDS[9]),
    ]
}

fn other(resident: domain::ResidentId) -> Vec<Command> {
    let allergy = Allergy::To(AllergyTo {
        substance: WORDS[11].into(),
        reaction: Some(WORDS[12].into()),
        severity: None,
        source: None,
    });
    let refused = (Some(NotGiven::Refused), Some(WORDS[15].to_owned()));
    let status = CodeStatus {
        choice: CodeStatusChoice::Limited,
        comment: Some(WORDS[16].into()),
        stated_by: None,
    };
    vec![
        note(resident, WORDS[10]),
        Command::RecordDose {
            resident,
            slot: slot(),
            not_given: refused.0,
            comment: refused.1,
            at: Some(at_its_time()),
            despite: vec![DoseConcern::Charted],
        },
        Command::RecordAllergy {
            resident,
            allergy,
            at: None,
        },
        Command::RecordCodeStatus {
            resident,
            status,
            replaces: Vec::new(),
            at: None,
        },
        Command::KeepDraft {
            key: "note".into(),
            text: WORDS[10].into(),
        },
    ]
}

async fn furnish(office: &mut Client) -> domain::ResidentId {
    let new = |given: &str, family: &str| NewResident {
        given: given.into(),
        family: family.into(),
        preferred: None,
        born: "1934-04-09".parse().ok(),
        sex: Sex::Female,
        bed: None,
        id: None,
    };
    office
        .command(Command::AddResident(new(WORDS[0], WORDS[1])))
        .await;
    let done = office
        .command(Command::AddResident(new(WORDS[2], WORDS[3])))
        .await;
    let Done::Saved {
        resident: Some(resident),
        ..
    } = done
    else {
        panic!("{done:?}")
    };
    let order = NewOrder {
        id: Some(slot().order),
        medicine: WORDS[14].into(),
        dose: "3 mg".into(),
        route: "by mouth".into(),
        times: vec!["08:00".parse().unwrap()],
        as_needed: None,
        starts: "2026-11-01".parse().unwrap(),
        starts_at: None,
        prescriber: None,
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
        high_alert: true,
    };
    let problem = Problem {
        text: WORDS[13].into(),
        coding: None,
        onset: None,
        ended: None,
    };
    for command in [
        Command::RecordOrder { resident, order },
        Command::RecordProblem { resident, problem },
        Command::RecordAllergy {
            resident,
            allergy: Allergy::NoneKnown,
            at: None,
        },
    ] {
        office.command(command).await;
    }
    resident
}

async fn resolve(tablet: &mut Client) {
    let asked = Query::Contradictions {
        decided: false,
        resident: None,
    };
    let found = match tablet.process.query(&asked) {
        Ok(View::Contradictions { contradictions }) => contradictions,
        other => panic!("{other:?}"),
    };
    assert!(found.len() >= 2, "a double dose and an allergy: {found:#?}");
    let contradiction = found[0].id.clone();
    let decision = found[0].choices[0].clone();
    let reason = WORDS[17].into();
    tablet
        .command(Command::Resolve {
            contradiction,
            decision,
            reason,
        })
        .await;
}

/// Words, PINs, badges, links and keys: thirty.
fn secrets(badges: &[Badge], links: &[String], throws: &[[u8; 32]]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = WORDS.iter().map(|word| word.as_bytes().to_vec()).collect();
    all.extend(
        badges
            .iter()
            .map(|badge| badge.pin.expose().as_bytes().to_vec()),
    );
    // The secret stands behind the prefix that every badge begins with.
    all.extend(badges.iter().map(|badge| {
        badge
            .text
            .expose()
            .trim_start_matches("LL1")
            .as_bytes()
            .to_vec()
    }));
    all.extend(links.iter().map(|link| link.clone().into_bytes()));
    all.extend(throws.iter().take(4).map(|key| key.to_vec()));
    assert_eq!(all.len(), 30);
    all
}

fn of_all(secrets: &[Vec<u8>]) -> Vec<Needle> {
    secrets
        .iter()
        .enumerate()
        .flat_map(|(n, secret)| needles(n, secret))
        .collect()
}

fn run<T>(scene: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(scene)
}

#[test]
fn no_disk_holds_a_name_a_note_a_pin_a_badge_or_a_key() {
    let mut scene = run(Scene::played());
    let needles = of_all(&scene.secrets);
    let keys: Vec<Needle> = (100..)
        .zip(&scene.throws)
        .map(|(canary, key)| Needle {
            canary,
            notation: "as it is",
            bytes: key.to_vec(),
        })
        .collect();
    // While the relay runs, and after it was killed: its write-ahead log is there both times.
    for ended in [false, true] {
        if ended {
            scene.relay.take().unwrap().kill();
        }
        let left = scene.left();
        for name in [
            "relay.db",
            "relay.log",
            "log.db",
            "view-care.db",
            "view-directory.db",
        ] {
            let files = left
                .iter()
                .filter(|(path, _)| path.file_name().is_some_and(|file| file == name));
            let bytes: usize = files.map(|(_, bytes)| bytes.len()).sum();
            assert!(bytes > 0, "{name} is missing: nothing was looked at");
        }
        let total: usize = left.iter().map(|(_, bytes)| bytes.len()).sum();
        println!(
            "{} files, {total} bytes, {} needles, {} keys",
            left.len(),
            needles.len(),
            keys.len()
        );
        for (path, bytes) in &left {
            let all = found(&needles, bytes)
                .into_iter()
                .chain(found(&keys, bytes));
            let held: Vec<_> = all.map(|needle| (needle.canary, needle.notation)).collect();
            assert!(held.is_empty(), "{} holds {held:?}", path.display());
        }
    }
}

#[test]
fn the_scan_finds_each_of_the_thirty_in_every_notation() {
    let badge = |n: u8| Badge {
        text: format!("LL1{}", format!("{n}K7Q2M").repeat(5)).into(),
        pin: format!("{n}40917").into(),
    };
    let links = [
        "Zm91bmRpbmcgbGluayBvbmU".to_owned(),
        "YW5vdGhlciBsaW5rIG9mIG91cnM".to_owned(),
    ];
    let mut dice = Dice::new(7);
    let throws: Vec<[u8; 32]> = (0..4).map(|_| dice.bytes()).collect();
    let secrets = secrets(&[badge(1), badge(2), badge(3)], &links, &throws);
    let needles = of_all(&secrets);
    for (n, secret) in secrets.iter().enumerate() {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let wide: Vec<u8> = secret.iter().flat_map(|byte| [*byte, 0]).collect();
        let padded = |by: usize| {
            let bytes = [&b"xyz"[..by], secret, b"xyz"].concat();
            base64(&bytes, n % 2 == 0).into_bytes()
        };
        let notations = [
            ("as it is", secret.clone()),
            ("UTF-16", wide),
            ("hexadecimal", hex.into_bytes()),
            ("base64", padded(0)),
            ("base64", padded(1)),
            ("base64", padded(2)),
        ];
        for (notation, bytes) in notations {
            let control = [
                dice.bytes::<64>().to_vec(),
                bytes,
                dice.bytes::<64>().to_vec(),
            ]
            .concat();
            let found = found(&needles, &control);
            assert!(
                found
                    .iter()
                    .any(|needle| needle.canary == n && needle.notation == notation),
                "{n} {notation}"
            );
        }
    }
}
