//! What somebody of the staff does at a tablet, touch by touch.

use crate::demo::{Demo, Person};
use lamplight_tests::tablet::Browser;
use lamplight_tests::tablet::{Page, Words};
use thirtyfour::Key;

/// How somebody works.
#[derive(Clone, Copy)]
pub(crate) enum Hand {
    /// With a finger; the keyboard is for text only.
    Touch,
    /// With the keyboard: Tab, Enter and the keys of digits.
    Keys,
}

/// Somebody with a tablet.
#[derive(Clone, Copy)]
pub(crate) struct Nurse<'a> {
    pub(crate) browser: &'a Browser,
    pub(crate) person: &'a Person,
    pub(crate) hand: Hand,
}

/// The button under what speaks against a dose.
const ALL_THE_SAME: &str = "Chart it all the same";

/// A set of observations: field and value.
pub(crate) const OBSERVATIONS: [(&str, &str); 6] = [
    ("respiratory_rate", "18"),
    ("oxygen_saturation", "97"),
    ("systolic", "128"),
    ("diastolic", "76"),
    ("pulse", "73"),
    ("temperature", "37.1"),
];

/// Enrols a tablet: its name, then six words that equal those the demo prints.
pub(crate) async fn enrol(browser: &Browser, demo: &Demo, tablet: usize, name: &str) -> String {
    let page = browser.page();
    page.open(demo.link(tablet)).await;
    page.sees("h1", "Enrol this tablet").await;
    page.fill("#tablet-name", name).await;
    page.press("Enrol").await;
    let six = async || {
        let words = page.said(".six-words li").await;
        (words.len() == 6).then_some(words)
    };
    let words = page.wait("six words", six).await.join(" ");
    page.wait(
        &format!("the demo's terminal to say “{words}”"),
        async || {
            demo.printed(&format!("It must show these words: {words}"))
                .then_some(())
        },
    )
    .await;
    words
}

/// Says that the words are the same, and waits until staff can sign in and the tablet can start
/// without a network.
pub(crate) async fn confirm_words(page: &Page, person: &Person) {
    page.press("The same").await;
    page.sees(".tile", &person.name).await;
    page.wait("the app to be kept on the tablet", async || {
        let ready =
            "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
        page.look(ready, vec![]).await
    })
    .await;
}

impl Nurse<'_> {
    /// The page.
    pub(crate) fn page(&self) -> &Page {
        self.browser.page()
    }

    /// Signs in with badge and PIN.
    pub(crate) async fn sign_in(&self) {
        self.show_badge().await;
        self.enter_pin().await;
    }

    /// Has the badge read by the hand scanner.
    pub(crate) async fn show_badge(&self) {
        let page = self.page();
        page.sees(".tile", &self.person.name).await;
        // Once: a tablet that is busy may take its time, but reads what was scanned.
        page.scan(&self.person.badge).await;
        page.sees(".step h2", &format!("{}: your PIN", self.person.name))
            .await;
    }

    /// Enters the six digits.
    pub(crate) async fn enter_pin(&self) {
        let page = self.page();
        for digit in self.person.pin.chars() {
            match self.hand {
                Hand::Touch => page.press(&digit.to_string()).await,
                Hand::Keys => page.type_text(&digit.to_string()).await,
            }
        }
        page.sees(".me", "").await;
    }

    /// Presses a button or follows a link.
    pub(crate) async fn act(&self, css: &str, words: Words<'_>) {
        match self.hand {
            Hand::Touch => self.page().touch(css, words).await,
            Hand::Keys => {
                self.page().tab_to(css, words).await;
                self.page().key(Key::Enter).await;
            }
        }
    }

    /// Presses a button by its words.
    pub(crate) async fn press(&self, words: &str) {
        self.act("button", Words::Are(words)).await;
    }

    /// Goes to a field and types.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        match self.hand {
            Hand::Touch => self.page().touch(css, Words::Any).await,
            Hand::Keys => self.page().tab_to(css, Words::Any).await,
        }
        self.page().type_text(text).await;
    }

    /// Makes sure that this person is signed in: a tablet nobody touches locks itself.
    pub(crate) async fn take_up(&self) {
        let page = self.page();
        let locked = page.wait("the tablet", async || {
            match (page.has(".signin").await, page.has(".me").await) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        });
        if locked.await {
            self.sign_in().await;
        }
        // A key that means nothing, but somebody is there.
        page.key(Key::Shift).await;
    }

    /// Locks the tablet.
    pub(crate) async fn lock(&self) {
        self.take_up().await;
        self.press("Lock this tablet").await;
        self.page().sees(".tile", &self.person.name).await;
    }

    /// Opens a chart at one of its tabs, from wherever one is.
    pub(crate) async fn open(&self, resident: &str, tab: &str) {
        self.take_up().await;
        let page = self.page();
        let there = page
            .said(".banner h1")
            .await
            .iter()
            .any(|name| name == resident);
        if !there {
            self.act("a.rail-item", Words::Begin("Residents")).await;
            self.act("a.row", Words::Have(resident)).await;
            page.sees(".banner h1", resident).await;
        }
        self.act(".tabs a", Words::Are(tab)).await;
        page.sees(".tabs a.on", tab).await;
    }

    /// Records a whole set of observations and signs it.
    pub(crate) async fn observe(&self, resident: &str) {
        self.open(resident, "Observations").await;
        let page = self.page();
        for (measure, value) in OBSERVATIONS {
            self.fill(&format!("#measure-{measure}"), value).await;
        }
        page.touch("label.option", Words::Are("Room air")).await;
        page.touch("label.option", Words::Are("Alert")).await;
        page.sees(".score", "NEWS2").await;
        self.press("Save and sign").await;
        page.sees(".messages", "Observations saved on this tablet. NEWS2 0.")
            .await;
    }

    /// Writes a note and signs it.
    pub(crate) async fn write_note(&self, resident: &str, text: &str) {
        self.open(resident, "Notes").await;
        self.fill("#note", text).await;
        self.press("Save and sign").await;
        self.page()
            .sees(".messages", "Saved and signed on this tablet.")
            .await;
        self.page().sees(".note", text).await;
    }

    /// Charts a dose as given; `slot` is the medicine, its dose and its time.
    pub(crate) async fn give(&self, resident: &str, slot: &str) {
        self.open(resident, "Medicines").await;
        let page = self.page();
        self.press(&format!("Given: {slot}")).await;
        page.sees("dialog .dose-words", "").await;
        self.press("Chart as given").await;
        // At whatever hour this runs: far from its time, a dose is asked back.
        let charted = "charted. Saved on this tablet.";
        let asked_back = page.wait("the dose to be charted or asked back", async || {
            let said = page.said(".messages").await;
            if said.iter().any(|said| said.contains(charted)) {
                return Some(false);
            }
            let offered = page.said("dialog button").await;
            offered
                .iter()
                .any(|said| said == ALL_THE_SAME)
                .then_some(true)
        });
        if asked_back.await {
            self.fill("#dose-comment", "As the doctor told").await;
            self.press(ALL_THE_SAME).await;
            page.sees(".messages", charted).await;
        }
    }

    /// Records an allergy.
    pub(crate) async fn record_allergy(&self, resident: &str, substance: &str) {
        self.open(resident, "Today").await;
        let page = self.page();
        self.press("Record an allergy").await;
        self.fill("#substance", substance).await;
        page.touch("label.option", Words::Are("Severe")).await;
        page.sees("dialog", "“None known” stands in this chart.")
            .await;
        self.press("Save").await;
        page.sees(".messages", "Allergy saved on this tablet.")
            .await;
    }

    /// Goes to what waits for a decision.
    pub(crate) async fn reconcile(&self) {
        self.take_up().await;
        self.page()
            .touch("a.rail-item", Words::Begin("Reconcile"))
            .await;
        self.page().sees("h1", "To reconcile").await;
    }

    /// Decides that both doses were given.
    pub(crate) async fn decide_both_given(&self, reason: &str) {
        self.reconcile().await;
        let page = self.page();
        self.press("Both were given…").await;
        self.fill("#decide-reason", reason).await;
        self.press("Decide").await;
        page.sees(".messages", "Decision saved on this tablet.")
            .await;
    }

    /// Opens what the words of a button promise, lets `look` see the sheet, and leaves it.
    pub(crate) async fn glance(&self, button: &str, look: impl AsyncFnOnce(&Page)) {
        self.press(button).await;
        self.page().sees("dialog h2", "").await;
        look(self.page()).await;
        self.leave_sheet().await;
        if matches!(self.hand, Hand::Keys) {
            self.page().keeps_focus(button).await;
        }
    }

    /// Opens the proof of the newest entry in a chart's history.
    pub(crate) async fn prove_newest(&self, resident: &str) {
        self.open(resident, "History").await;
        self.act("button", Words::Begin("Proof…")).await;
        let holds = "All steps hold: this is what its author entered.";
        self.page().sees("dialog .verdict", holds).await;
    }

    /// Opens what the pill leads to.
    pub(crate) async fn open_panel(&self) -> String {
        self.take_up().await;
        self.act("#pill", Words::Any).await;
        self.page().sees("dialog", "Where your records are").await
    }

    /// Leaves a sheet.
    pub(crate) async fn leave_sheet(&self) {
        self.act("dialog button", Words::Are("Close")).await;
        let gone = async || (!self.page().has("dialog").await).then_some(());
        self.page().wait("the sheet to go", gone).await;
    }

    /// Waits until the pill says this, and returns all it says.
    pub(crate) async fn pill(&self, words: &str) -> String {
        self.take_up().await;
        self.page().sees("#pill", words).await
    }
}
