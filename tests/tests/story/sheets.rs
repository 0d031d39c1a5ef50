//! The sheets of a chart: what is typed on one outlives a lock, and what is done on one meets what
//! somebody else did elsewhere meanwhile. Between them they make every kind of contradiction that
//! the long story does not.

use crate::demo::{Demo, Person};
use crate::findings::{Findings, Network};
use crate::nurse::{Hand, Nurse, confirm_words, enrol};
use crate::{DEMO, origin, places};
use domain::chart::{Allergy, AllergyTo, Severity};
use domain::directory::MoveKind;
use domain::entry::ResidentId;
use domain::journal::SaturationScale;
use interface::{
    Command, DoseConcern, Query, ResidentOrder, ResidentRow, SlotState, SlotView, View,
};
use lamplight_tests::harness::Badge;
use lamplight_tests::native::Client;
use lamplight_tests::programs::lacking;
use lamplight_tests::tablet::{Browser, Chromedriver, Look, Words};
use std::time::Duration;
use thirtyfour::Key;

const SUBSTANCE: &str = "Latex";
const REASON: &str = "Nearer the nurses";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_on_a_sheet_outlives_a_lock() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("what was typed on a sheet", &why);
    }
    let _turn = places::TURN.lock().await;
    let demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let person = demo.people("registered_nurse").remove(0);
    let browser = Browser::start(&chromedriver, Look::Day).await;
    let page = browser.page();
    enrol(&browser, &demo, 1, "East-1").await;
    confirm_words(page, &person).await;
    let nurse = on(&browser, &person);
    nurse.sign_in().await;
    page.touch("a.row", Words::Any).await;
    page.sees(".banner h1", "").await;
    let resident = page.said(".banner h1").await.remove(0);
    nurse.press("Allergy…").await;
    nurse.fill("#substance", SUBSTANCE).await;
    page.touch("label.option", Words::Are("Severe")).await;
    // Another tab takes over: this one keeps what was typed, and locks.
    page.second_tab(&origin(demo.link(1)), async |page| {
        page.sees("h1", "Open in another tab").await;
        page.press("Use it here").await;
        nurse.sign_in().await;
        page.touch("a.row", Words::Have(&resident)).await;
        page.sees("dialog h2", "Record an allergy").await;
        page.holds("#substance", SUBSTANCE).await;
        page.sees("dialog label.option.on", "Severe").await;
        nurse.press("Save").await;
        page.sees(".messages", "Allergy saved on this tablet.")
            .await;
        // Saved or left, it does not come back.
        nurse.open(&resident, "Notes").await;
        page.touch("a.rail-item", Words::Begin("Residents")).await;
        nurse.open(&resident, "Today").await;
        page.sees("#safety", SUBSTANCE).await;
        assert!(!page.has("dialog").await);
        // Nor does what is typed on a sheet that charting opens get lost.
        nurse.open(&resident, "History").await;
        nurse.act("button", Words::Begin("Entered in error…")).await;
        page.sees("dialog .note-box", SUBSTANCE).await;
        nurse.fill("#strike-reason", REASON).await;
        page.second_tab(&origin(demo.link(1)), async |page| {
            page.sees("h1", "Open in another tab").await;
            page.press("Use it here").await;
            nurse.sign_in().await;
            page.touch("a.row", Words::Have(&resident)).await;
            page.sees("dialog .note-box", SUBSTANCE).await;
            page.holds("#strike-reason", REASON).await;
            nurse.leave_sheet().await;
            nurse.open(&resident, "History").await;
            assert!(!page.has("dialog").await);
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moves_last_days_and_scales_are_recorded_and_meet_what_others_did() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("moves, last days and scales", &why);
    }
    let _turn = places::TURN.lock().await;
    let mut demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let mut findings = Findings::new();
    let people = demo.people("registered_nurse");
    let browser = Browser::start(&chromedriver, Look::Night).await;
    let page = browser.page();
    enrol(&browser, &demo, 1, "East-1").await;
    // Without a network it says that it waits, and for what.
    demo.cut(1).await;
    page.press("The same").await;
    page.sees("h1", "Preparing this tablet").await;
    page.sees("main", "The relay cannot be reached.").await;
    findings.screen("preparing", page).await;
    demo.restore(1).await;
    page.sees(".tile", &people[0].name).await;
    let nurse = on(&browser, &people[0]);
    nurse.sign_in().await;
    let mut other = Elsewhere::enrol(&demo, &people[1]).await;
    other
        .meanwhile(nurse.pill("Received by 1 of 1 tablets"))
        .await;
    // What arrives closes no sheet.
    let (busy, slots) = other.with_slots(2, &[]).await;
    nurse.open(&name(&busy), "Medicines").await;
    let not_given = format!("Not given… {}", slot(&slots[0]));
    nurse.act("button", Words::Begin(&not_given)).await;
    nurse.fill("#dose-comment", REASON).await;
    other.gives(busy.id, &slots[1]).await;
    let sees_it = page.sees(".slot .charted", &people[1].name);
    other.meanwhile(sees_it).await;
    page.holds("#dose-comment", REASON).await;
    // What is charted for its very slot is said on it.
    other.gives(busy.id, &slots[0]).await;
    let warned = page.sees(
        "dialog",
        "This dose is charted. A second entry is one more dose.",
    );
    other.meanwhile(warned).await;
    page.sees("dialog .charted", &people[1].name).await;
    page.holds("#dose-comment", REASON).await;
    nurse.leave_sheet().await;
    // A finger that bounces does not confirm what the first touch was asked back for.
    page.press("Day after").await;
    page.sees("h2", "Medicines tomorrow").await;
    nurse.act("button", Words::Begin("Not given…")).await;
    page.touch("dialog label.option", Words::Are("refused"))
        .await;
    page.touch_twice("dialog button", Words::Are("Chart as not given"))
        .await;
    page.sees("dialog button", "Chart it all the same").await;
    nurse.leave_sheet().await;
    assert!(!page.has(".charted").await);
    page.press("Day before").await;
    page.sees("h2", "Medicines today").await;
    demo.cut(1).await;

    page.touch("a.rail-item", Words::Begin("Residents")).await;
    nurse.fill("#search", "Nobody of this name").await;
    page.sees(".empty", "Nobody found").await;
    findings.screen("nobody found", page).await;
    page.press("Clear the search").await;

    // Somebody else, elsewhere.
    let (gone, dose) = other.with_slot(&[]).await;
    let (ended, last_dose) = other.with_slot(&[gone.id]).await;
    let rest = other.rest(&[gone.id, ended.id]).await;
    let [away, joining] = [&rest[0], &rest[1]];
    let allergic = other.on_scale_one(&rest[2..]).await;
    let bed = other.free_bed().await;
    other.moves(gone.id, MoveKind::Discharge, None).await;
    other.gives(ended.id, &last_dose).await;
    other.moves(away.id, MoveKind::LeaveBegins, None).await;
    other
        .moves(joining.id, MoveKind::BedChange, Some(&bed))
        .await;
    other.allergy(allergic.id, Severity::Mild).await;
    other.client.until_synced().await;

    // The nurse, cut off.
    nurse.give(&name(&gone), &slot(&dose)).await;
    nurse.open(&name(&ended), "Medicines").await;
    let medicine = format!("{} {}", last_dose.medicine, last_dose.dose);
    page.press(&format!("More about {medicine}")).await;
    page.sees("dialog h3", "Last day of this medicine").await;
    findings.screen("last day", page).await;
    page.press("Set the last day").await;
    page.sees("dialog .wrong", "Choose the last day.").await;
    page.touch("label.option", Words::Are("Yesterday")).await;
    nurse.fill("#end-reason", "Not needed any more").await;
    page.press("Set the last day").await;
    page.sees(".messages", "last day").await;
    nurse.open(&name(&ended), "Notes").await;
    page.sees(".note", "Not needed any more").await;

    nurse.open(&name(away), "Today").await;
    page.touch(".place", Words::Any).await;
    page.sees("dialog h2", "Where the resident is").await;
    page.touch("label.option", Words::Are("Moves to another bed"))
        .await;
    findings.screen("move", page).await;
    page.press("Record the move").await;
    page.sees("dialog .wrong", "Choose a bed.").await;
    page.tab_to("#move-bed", Words::Any).await;
    page.type_text(&bed.name).await;
    nurse.fill("#move-reason", REASON).await;
    page.press("Record the move").await;
    page.sees(".messages", "Move saved on this tablet.").await;
    page.sees(".place", &bed.name).await;
    nurse.open(&name(away), "History").await;
    page.sees(".entry", REASON).await;

    nurse.open(&name(allergic), "Today").await;
    nurse.press("Allergy…").await;
    nurse.fill("#substance", SUBSTANCE).await;
    page.touch("label.option", Words::Are("Severe")).await;
    nurse.press("Save").await;
    page.sees(".messages", "Allergy saved on this tablet.")
        .await;
    nurse.open(&name(allergic), "History").await;
    nurse.act("button", Words::Begin("Entered in error…")).await;
    page.sees("dialog h2", "").await;
    findings.screen("entered in error", page).await;
    nurse.leave_sheet().await;
    nurse.open(&name(allergic), "Observations").await;
    nurse
        .glance("Not able to measure…", async |page| {
            findings.screen("not able", page).await
        })
        .await;
    nurse.fill("#measure-pulse", "190").await;
    nurse
        .glance("Save", async |page| {
            findings.screen("unusual values", page).await
        })
        .await;
    page.touch("#measure-pulse", Words::Any).await;
    page.key(Key::End).await;
    for _ in 0..3 {
        page.key(Key::Backspace).await;
    }
    page.press("SpO₂ scale 1…").await;
    page.touch("label.option", Words::Begin("Scale 2")).await;
    findings.screen("scale", page).await;
    page.press("Use this scale").await;
    page.sees("dialog .wrong", "Say who decided.").await;
    nurse.fill("#scale-who", "Dr Lund").await;
    nurse.fill("#scale-reason", "Hypercapnic").await;
    page.press("Use this scale").await;
    page.sees("button", "SpO₂ scale 2…").await;
    nurse.fill("#measure-oxygen_saturation", "90").await;
    page.press("Save").await;
    page.sees(".messages", "Observations saved on this tablet.")
        .await;
    page.sees("button", "SpO₂ scale 2…").await;
    nurse.open(&name(allergic), "History").await;
    page.sees(".entry", "Saturation scale 2").await;
    page.sees(".entry", "Decided by Dr Lund").await;

    demo.restore(1).await;
    other
        .meanwhile(nurse.pill("Received by 1 of 1 tablets"))
        .await;
    nurse.reconcile().await;
    for title in [
        "Given after leaving?",
        "Given after the order ended?",
        "One resident, several places",
        "One bed, several residents",
        "Allergy: how bad?",
    ] {
        page.sees("article h2", title).await;
    }
    findings.screen("reconcile, newer kinds", page).await;
    page.key(Key::Home).await;
    page.touch("article .actions button", Words::Any).await;
    page.sees("dialog h2", "").await;
    findings.screen("decision, newer kinds", page).await;
    findings.console("East-1", &browser, Network::Cut).await;
    findings.tell();
}

fn on<'a>(browser: &'a Browser, person: &'a Person) -> Nurse<'a> {
    Nurse {
        browser,
        person,
        hand: Hand::Touch,
    }
}

/// As lists and banners write it.
fn name(row: &ResidentRow) -> String {
    format!("{}, {}", row.family.to_uppercase(), row.given)
}

/// As the buttons of a row say it.
fn slot(of: &SlotView) -> String {
    let time = of.slot.time.map(|time| time.to_string());
    format!("{} {} {}", of.medicine, of.dose, time.unwrap_or_default())
}

/// Somebody else with a device that needs no screen.
struct Elsewhere {
    client: Client,
    _folder: tempfile::TempDir,
}

impl Elsewhere {
    async fn enrol(demo: &Demo, person: &Person) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (origin, fragment) = demo.link(2).split_once("/enrol#").expect("a link");
        let mut client = Client::open(folder.path(), origin).await;
        client.enrol(fragment, "Cart").await;
        client.until_synced().await;
        let badge = Badge {
            text: person.badge.as_str().into(),
            pin: person.pin.as_str().into(),
        };
        client.sign_in(&badge).await;
        client.process.engine().project_all();
        client.until_synced().await;
        Self {
            client,
            _folder: folder,
        }
    }

    /// Exchanges with the relay while something else goes on.
    async fn meanwhile<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = std::pin::pin!(other);
        loop {
            tokio::select! {
                done = &mut other => return done,
                () = self.client.turn(Duration::from_secs(1)) => {}
            }
        }
    }

    fn ask(&mut self, query: &Query) -> View {
        self.client.process.query(query).expect("an answer")
    }

    /// Everybody but these.
    async fn rest(&mut self, without: &[ResidentId]) -> Vec<ResidentRow> {
        let query = Query::Residents {
            order: ResidentOrder::Room,
            unit: None,
            search: String::new(),
            limit: 100,
        };
        let View::Residents(view) = self.ask(&query) else {
            panic!("no residents");
        };
        let rows = view.residents.into_iter();
        rows.filter(|row| !without.contains(&row.id)).collect()
    }

    /// Somebody with a dose of today that is not charted.
    async fn with_slot(&mut self, without: &[ResidentId]) -> (ResidentRow, SlotView) {
        let (row, mut slots) = self.with_slots(1, without).await;
        (row, slots.remove(0))
    }

    /// Somebody with so many of them.
    async fn with_slots(
        &mut self,
        count: usize,
        without: &[ResidentId],
    ) -> (ResidentRow, Vec<SlotView>) {
        for row in self.rest(without).await {
            let query = Query::Medicines {
                resident: row.id,
                date: None,
            };
            let View::Medicines(view) = self.ask(&query) else {
                panic!("no medicines");
            };
            let open = [
                SlotState::Due,
                SlotState::Late,
                SlotState::Upcoming,
                SlotState::BeforeOrder,
            ];
            let slots = view.orders.into_iter().flat_map(|order| order.slots);
            let slots: Vec<_> = slots
                .filter(|slot| open.contains(&slot.state) && slot.slot.time.is_some())
                .collect();
            if slots.len() >= count {
                return (row, slots);
            }
        }
        panic!("nobody has so many medicines today");
    }

    /// One of them for whom nobody decided on another saturation scale.
    async fn on_scale_one<'a>(&mut self, of: &'a [ResidentRow]) -> &'a ResidentRow {
        let mut of = of.iter();
        of.find(|row| {
            let query = Query::Observations {
                resident: row.id,
                limit: 1,
                before: None,
            };
            matches!(self.ask(&query), View::Observations(view) if view.scale == SaturationScale::One)
        })
        .expect("somebody on scale 1")
    }

    async fn free_bed(&mut self) -> interface::BedRow {
        let View::House(house) = self.ask(&Query::House) else {
            panic!("no house");
        };
        let mut beds = house.beds.into_iter();
        beds.find(|bed| bed.residents.is_empty())
            .expect("a free bed")
    }

    async fn moves(
        &mut self,
        resident: ResidentId,
        what: MoveKind,
        bed: Option<&interface::BedRow>,
    ) {
        let command = Command::RecordMove {
            resident,
            what,
            bed: bed.map(|bed| bed.id),
            comment: None,
            at: None,
        };
        self.client.command(command).await;
    }

    async fn gives(&mut self, resident: ResidentId, slot: &SlotView) {
        let command = Command::RecordDose {
            resident,
            slot: slot.slot,
            not_given: None,
            // At whatever hour this runs.
            comment: Some("As the doctor told".into()),
            at: None,
            despite: vec![DoseConcern::OutOfTime],
        };
        self.client.command(command).await;
    }

    async fn allergy(&mut self, resident: ResidentId, severity: Severity) {
        let command = Command::RecordAllergy {
            resident,
            allergy: Allergy::To(AllergyTo {
                substance: SUBSTANCE.into(),
                reaction: None,
                severity: Some(severity),
                source: None,
            }),
            at: None,
        };
        self.client.command(command).await;
    }
}
