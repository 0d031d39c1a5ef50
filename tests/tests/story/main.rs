//! The story, in two real Chromiums behind cut lines, by touch and keyboard alone: two nurses
//! enrol their tablets, lose the network, chart the same dose and an allergy where none was known,
//! lose their browsers too, and find everything again; then both tablets show both truths.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what does not go on is a failed test"
)]

mod acts;
mod demo;
mod engine;
mod findings;
mod nurse;
mod places;
mod released;
mod sheets;
mod unfit;

use demo::Demo;
use findings::{Findings, Network};
use lamplight_tests::programs::lacking;
use lamplight_tests::tablet::{Browser, Chromedriver, Look, Page, Words, waiting};
use nurse::{Hand, Nurse, OBSERVATIONS, confirm_words, enrol};

/// The demo with the bundle that answers queries from outside.
const DEMO: &str = "lamplight-demo";
const NOTE_A: &str = "Slept badly, asks for her daughter.";
const NOTE_B: &str = "Ate half of her lunch; walked to the window.";
const SUBSTANCE: &str = "Penicillin";
const REASON: &str = "Both of us gave it; the physician was told.";
const ADDENDUM: &str = "The daughter was rung.";
const IN_ERROR: &str = "Meant for somebody else.";
const MISTAKEN: &str = "Fell at ten past three.";
const CORRECTED: &str = "Did not fall; slid to the floor.";
const WHY_STRUCK: &str = "Wrong resident";
const CODE_STATUS: &str = "Code status: answers differ";
const DOUBLE_DOSE: &str = "Medicine given twice?";
const ALLERGY: &str = "Allergy, and “none known”";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nurses_lose_the_network_and_their_browsers_and_nothing_else() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("two nurses in two browsers", &why);
    }
    let _turn = places::TURN.lock().await;
    let mut demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let mut findings = Findings::new();
    let nurses = demo.people("registered_nurse");
    let coordinator = demo.people("records_coordinator").remove(0);
    let mut a = Browser::start(&chromedriver, Look::Day).await;
    let mut b = Browser::start(&chromedriver, Look::Night).await;

    tell("both enrol");
    for (n, browser, name) in [(1, &a, "East-1"), (2, &b, "East-2")] {
        let page = browser.page();
        page.open(&origin(demo.link(n))).await;
        page.sees("h1", "This tablet is not enrolled").await;
        findings.screen("not enrolled", page).await;
        page.open(demo.link(n)).await;
        page.sees("h1", "Enrol this tablet").await;
        findings.screen("enrol", page).await;
        let words = enrol(browser, &demo, n, name).await;
        assert_eq!(words.split(' ').count(), 6);
        findings.screen("six words", page).await;
        confirm_words(page, &nurses[0]).await;
        findings.screen("sign in", page).await;
        findings.console(name, browser, Network::Whole).await;
        findings.prove(browser).await;
    }

    tell("both sign in");
    let on_a = Nurse {
        browser: &a,
        person: &nurses[0],
        hand: Hand::Touch,
    };
    let on_b = Nurse {
        browser: &b,
        person: &nurses[1],
        hand: Hand::Keys,
    };
    for nurse in [&on_a, &on_b] {
        nurse.show_badge().await;
        findings.screen("PIN", nurse.page()).await;
        nurse.enter_pin().await;
        nurse.page().sees("a.row", "").await;
        findings.screen("residents", nurse.page()).await;
    }
    let here = origin(demo.link(1));
    a.page()
        .second_tab(&here, async |page| {
            page.sees("h1", "Open in another tab").await;
            findings.screen("elsewhere", page).await;
        })
        .await;
    let (resident, slot) = choose(&on_a).await;
    on_a.find(&birth_date(&on_a).await, &resident).await;
    on_b.open(&resident, "Medicines").await;
    for (nurse, name) in [(&on_a, "A"), (&on_b, "B")] {
        // The name it gave itself is its first record.
        nurse.pill("Received by 1 of 1 tablets").await;
        findings.console(name, nurse.browser, Network::Whole).await;
    }

    on_a.open(&resident, "Medicines").await;
    let not_given = format!("Not given… {slot}");
    on_a.glance(&not_given, async |page| {
        findings.screen("dose sheet", page).await
    })
    .await;
    on_b.open(&resident, "Today").await;
    for form in ["Record an allergy", "Record code status"] {
        on_b.glance(form, async |page| findings.screen(form, page).await)
            .await;
    }

    tell("both are cut off, and work");
    demo.cut(1).await;
    demo.cut(2).await;
    on_a.pill("Offline · all saved here").await;
    on_b.pill("Offline · all saved here").await;
    demo.portal(1).await;
    on_a.try_the_relay().await;
    on_a.pill("This Wi-Fi wants you to sign in").await;
    let panel = on_a.open_panel().await;
    assert!(panel.contains("sign in"), "{panel}");
    on_a.leave_sheet().await;
    demo.cut(1).await;
    on_a.observe(&resident).await;
    findings.screen("observations", on_a.page()).await;
    on_a.give(&resident, &slot).await;
    findings.screen("medicines", on_a.page()).await;
    on_b.give(&resident, &slot).await;
    findings.screen("medicines at night", on_b.page()).await;
    on_a.record_code_status(&resident, "Do not resuscitate")
        .await;
    on_b.record_code_status(&resident, "Comfort measures only")
        .await;
    on_b.leave_half_done(&resident).await;
    on_b.come_back(async |page| findings.screen("PIN alone", page).await)
        .await;
    on_b.find_half_done(&resident).await;
    on_b.correct_a_note(&resident, MISTAKEN, CORRECTED).await;
    on_b.write_note(&resident, NOTE_B).await;
    findings.screen("notes at night", on_b.page()).await;
    let before_a = to_send(&on_a.pill("to send").await);
    let before_b = to_send(&on_b.pill("to send").await);
    findings.console("A", &a, Network::Cut).await;
    findings.console("B", &b, Network::Cut).await;

    tell("both browsers are killed right after they said “saved”, and start again");
    on_a.write_note(&resident, NOTE_A).await;
    a.kill().await;
    on_b.record_allergy(&resident, SUBSTANCE).await;
    b.kill().await;
    for (n, browser) in [(1, &mut a), (2, &mut b)] {
        browser.start_again(&chromedriver).await;
        browser.page().open(&origin(demo.link(n))).await;
    }
    let on_a = Nurse {
        browser: &a,
        person: &nurses[0],
        hand: Hand::Keys,
    };
    let on_b = Nurse {
        browser: &b,
        person: &nurses[1],
        hand: Hand::Touch,
    };
    on_a.sign_in().await;
    on_b.sign_in().await;

    tell("everything that was called saved is there");
    assert!(to_send(&on_a.pill("to send").await) > before_a);
    assert!(to_send(&on_b.pill("to send").await) > before_b);
    for (nurse, note, other) in [(&on_a, NOTE_A, NOTE_B), (&on_b, NOTE_B, NOTE_A)] {
        given_by(nurse, &resident, &[&nurse.person.name]).await;
        notes_are(nurse, &resident, &[note], &[other]).await;
    }
    // And what was saved is nowhere offered to be saved again.
    on_a.page().holds("#note", "").await;
    observed(&on_a, &resident).await;
    on_b.open(&resident, "Today").await;
    on_b.page().sees("#safety", SUBSTANCE).await;
    assert!(!on_b.page().has("dialog").await);
    findings.screen("today at night", on_b.page()).await;

    tell("the records coordinator signs in on A, still without a network");
    on_a.lock().await;
    let office = Nurse {
        browser: &a,
        person: &coordinator,
        hand: Hand::Touch,
    };
    office.sign_in().await;
    notes_are(&office, &resident, &[NOTE_A], &[]).await;
    office.add_words(&resident, ADDENDUM).await;
    office.write_note(&resident, IN_ERROR).await;
    office.strike_newest(&resident, WHY_STRUCK).await;
    office.lock().await;

    tell("A is connected again: its work is stored");
    demo.restore(1).await;
    on_a.pill("Stored by the relay · received by 0 of 1").await;
    let panel = on_a.open_panel().await;
    for truth in [
        "Everything is saved on this tablet.",
        "stored by the relay",
        "received by 0 of 1",
    ] {
        assert!(panel.contains(truth), "{panel}");
    }
    findings.screen("connection", on_a.page()).await;
    on_a.leave_sheet().await;
    tell("B is connected again: its work and A's is received by all");
    demo.restore(2).await;
    on_b.pill("Received by 1 of 1 tablets").await;
    on_a.pill("Received by 1 of 1 tablets").await;

    tell("both tablets show the same");
    same_everywhere(&on_a, &on_b).await;
    for nurse in [&on_a, &on_b] {
        given_by(nurse, &resident, &[&nurses[0].name, &nurses[1].name]).await;
        notes_are(nurse, &resident, &[NOTE_A, NOTE_B], &[]).await;
        observed(nurse, &resident).await;
        nurse.reconcile().await;
        let case = nurse.page().sees("article", DOUBLE_DOSE).await;
        for person in &nurses {
            assert!(
                case.contains(&person.name),
                "{} is missing: {case}",
                person.name
            );
        }
        let case = nurse.page().sees("article", ALLERGY).await;
        assert!(case.contains(SUBSTANCE), "{case}");
        let case = nurse.page().sees("article", CODE_STATUS).await;
        for words in [
            "Do not resuscitate",
            "Comfort measures only",
            "Until decided",
        ] {
            assert!(case.contains(words), "“{words}” is missing: {case}");
        }
        nurse.open(&resident, "Notes").await;
        let note = nurse.page().sees(".note", ADDENDUM).await;
        assert!(note.contains(NOTE_A), "{note}");
        nurse.open(&resident, "History").await;
        nurse.page().sees(".entry", WHY_STRUCK).await;
    }
    findings.screen("reconcile", on_a.page()).await;
    findings.screen("reconcile at night", on_b.page()).await;
    findings.console("A", &a, Network::Cut).await;
    findings.console("B", &b, Network::Cut).await;

    tell("B decides, and A sees who did and why");
    on_b.reconcile().await;
    on_b.glance("Both were given…", async |page| {
        findings.screen("decision", page).await
    })
    .await;
    on_b.decide_both_given(REASON).await;
    on_a.reconcile().await;
    on_a.page().press("Show decided").await;
    let decided = on_a.page().sees("article", REASON).await;
    assert!(decided.contains("Decided: both"), "{decided}");
    assert!(decided.contains(&nurses[1].name), "{decided}");
    findings.screen("decided", on_a.page()).await;
    same_everywhere(&on_a, &on_b).await;

    on_a.open(&resident, "History").await;
    on_a.page()
        .sees(".history", "Decided that both are true")
        .await;
    findings.screen("history", on_a.page()).await;
    on_a.prove_newest(&resident).await;
    findings.screen("proof", on_a.page()).await;
    on_a.leave_sheet().await;
    on_a.act("a.rail-item", Words::Are("About")).await;
    on_a.page().sees("h1", "About").await;
    findings.screen("about", on_a.page()).await;
    findings.console("A", &a, Network::Whole).await;
    findings.console("B", &b, Network::Whole).await;
    stopped(&chromedriver, &here, &mut findings).await;
    demo.interrupted().await;
    findings.tell();
}

/// A resident with a medicine of today that is not charted yet and no known allergy, as the list
/// shows them.
async fn choose(nurse: &Nurse<'_>) -> (String, String) {
    let page = nurse.page();
    page.sees("a.row", "No known allergies").await;
    let rows = page.said("a.row").await;
    for row in rows.iter().filter(|row| row.contains("No known allergies")) {
        page.touch("a.rail-item", Words::Begin("Residents")).await;
        page.touch("a.row", Words::Are(row)).await;
        page.touch(".tabs a", Words::Are("Medicines")).await;
        page.sees("h2", "Medicines today").await;
        let offered = page.wait("the medicines", async || {
            let charted = page.has(".slots").await || page.has(".empty").await;
            if charted {
                Some(page.said("button").await)
            } else {
                None
            }
        });
        let slot = offered
            .await
            .iter()
            .find_map(|said| said.strip_prefix("Given: ").map(str::to_owned));
        if let Some(slot) = slot {
            let name = page.said(".banner h1").await.remove(0);
            return (name, slot);
        }
    }
    panic!("nobody has a medicine today and no allergy: {rows:?}");
}

/// The birth date of the chart that is open, as the banner writes it.
async fn birth_date(nurse: &Nurse<'_>) -> String {
    let who = nurse.page().said(".banner .id").await.concat();
    let (_, after) = who.split_once("born ").expect("a birth date");
    let words: Vec<&str> = after.split(' ').take(3).collect();
    words.join(" ")
}

/// The slots of today show these people's doses.
async fn given_by(nurse: &Nurse<'_>, resident: &str, people: &[&str]) {
    nurse.open(resident, "Medicines").await;
    for person in people {
        nurse.page().sees(".charted", person).await;
    }
    let charted = nurse.page().said(".charted").await;
    assert_eq!(charted.len(), people.len(), "{charted:?}");
}

/// The journal has these notes, signed, and not those.
async fn notes_are(nurse: &Nurse<'_>, resident: &str, there: &[&str], absent: &[&str]) {
    nurse.open(resident, "Notes").await;
    for text in there {
        let note = nurse.page().sees(".note", text).await;
        assert!(note.contains("signed by"), "{note}");
    }
    let notes = nurse.page().said(".note").await;
    for text in absent {
        assert!(!notes.iter().any(|note| note.contains(text)), "{notes:?}");
    }
}

/// The set of observations is there, whole and signed.
async fn observed(nurse: &Nurse<'_>, resident: &str) {
    nurse.open(resident, "Observations").await;
    let set = nurse.page().sees(".earlier", "signed by").await;
    for (measure, value) in OBSERVATIONS {
        assert!(set.contains(value), "{measure} is missing: {set}");
    }
}

/// Both engines have the same documents with the same content.
async fn same_everywhere(on_a: &Nurse<'_>, on_b: &Nurse<'_>) {
    on_a.take_up().await;
    on_b.take_up().await;
    let (a, b): (&Page, &Page) = (on_a.page(), on_b.page());
    let mut last = String::new();
    let same = waiting::until(async || {
        let (one, other) = (engine::digest(a).await?, engine::digest(b).await?);
        last = engine::difference(&one, &other);
        (one == other).then_some(())
    });
    assert!(same.await.is_some(), "the tablets differ: {last}");
}

/// A tablet without room says so, and that nothing is lost.
async fn stopped(chromedriver: &Chromedriver, address: &str, findings: &mut Findings) {
    let full = Browser::start(chromedriver, Look::Day).await;
    full.fill_disk(address.trim_end_matches('/')).await;
    full.page().open(address).await;
    full.page().sees("h1", "Lamplight could not start").await;
    findings.screen("stopped", full.page()).await;
}

/// How many records wait for the relay, as the pill says.
fn to_send(pill: &str) -> u32 {
    let (before, _) = pill.split_once(" to send").expect("a number to send");
    let number = before.rsplit(' ').next().unwrap_or_default();
    number.parse().expect("a number to send")
}

/// The address of the app without the invitation.
fn origin(link: &str) -> String {
    let path = link.find("/enrol").expect("a link to enrol");
    format!("{}/", &link[..path])
}

/// Says how far the story is; shown when it fails.
fn tell(what: &str) {
    println!("--- {what}");
}
