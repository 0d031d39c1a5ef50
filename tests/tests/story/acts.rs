//! More of what somebody does at a tablet: code status, an addendum, an entry made in error, a
//! search, and coming back with the PIN alone.

use crate::nurse::Nurse;
use lamplight_tests::tablet::{Page, Words};
use thirtyfour::Key;

const HALF: &str = "Half a sentence";

impl Nurse<'_> {
    /// Records a code status from the banner, wherever in the chart one is.
    pub(crate) async fn record_code_status(&self, resident: &str, status: &str) {
        self.open(resident, "Notes").await;
        let page = self.page();
        self.press("Code status…").await;
        page.sees("dialog", "It replaces what is shown now:").await;
        page.touch("dialog label.option", Words::Are(status)).await;
        self.fill("#stated-by", "daughter").await;
        self.press("Save").await;
        page.sees(".messages", "Code status saved on this tablet.")
            .await;
    }

    /// Asks for the relay at once.
    pub(crate) async fn try_the_relay(&self) {
        self.open_panel().await;
        self.press("Try the relay now").await;
        self.leave_sheet().await;
    }

    /// Adds words to the newest note.
    pub(crate) async fn add_words(&self, resident: &str, words: &str) {
        self.open(resident, "Notes").await;
        self.act("button", Words::Begin("Add words…")).await;
        self.fill(".note textarea", words).await;
        self.press("Add to the note").await;
        self.page().sees(".addendum", words).await;
    }

    /// Saves a note unsigned, begins to correct it while a new note is half written, looks elsewhere,
    /// and signs the correction: one note stands, and the new one is still being written.
    pub(crate) async fn correct_a_note(&self, resident: &str, wrong: &str, right: &str) {
        self.open(resident, "Notes").await;
        let page = self.page();
        self.fill("#note", wrong).await;
        self.press("Save").await;
        page.sees(".note", wrong).await;
        self.fill("#note", HALF).await;
        self.act("button", Words::Begin("Correct…")).await;
        page.holds(".note textarea", wrong).await;
        page.holds("#note", HALF).await;
        page.touch(".note textarea", Words::Any).await;
        page.key(Key::End).await;
        for _ in wrong.chars() {
            page.key(Key::Backspace).await;
        }
        page.type_text(right).await;
        self.open(resident, "Today").await;
        self.open(resident, "Notes").await;
        page.holds(".note textarea", right).await;
        self.act(".note button", Words::Are("Save and sign")).await;
        page.sees(".note", right).await;
        let gone = async || {
            let notes = page.said(".note").await;
            (!notes.iter().any(|note| note.contains(wrong))).then_some(())
        };
        page.wait("the wrong note to be replaced", gone).await;
        page.holds("#note", HALF).await;
        self.press("Discard draft").await;
        page.holds("#note", "").await;
    }

    /// Marks the newest entry of the chart as entered in error.
    pub(crate) async fn strike_newest(&self, resident: &str, reason: &str) {
        self.open(resident, "History").await;
        self.act("button", Words::Begin("Entered in error…")).await;
        self.fill("#strike-reason", reason).await;
        self.press("Mark as entered in error").await;
        self.page().sees(".messages", "Saved on this tablet.").await;
    }

    /// Searches, and opens the one resident who is found.
    pub(crate) async fn find(&self, typed: &str, resident: &str) {
        self.take_up().await;
        let page = self.page();
        self.fill("#search", typed).await;
        let only = async || {
            let rows = page.said("a.row").await;
            (rows.len() == 1 && rows[0].contains(resident)).then_some(())
        };
        page.wait(&format!("“{typed}” to find {resident}"), only)
            .await;
        self.act("a.row", Words::Have(resident)).await;
        page.sees(".banner h1", resident).await;
        self.press("Clear the search").await;
    }

    /// Locks while two forms are half filled in.
    pub(crate) async fn leave_half_done(&self, resident: &str) {
        self.open(resident, "Notes").await;
        self.fill("#note", HALF).await;
        self.open(resident, "Observations").await;
        // Nothing may be lost between the last key and the lock.
        self.fill("#measure-pulse", "88").await;
        // Taken yesterday: a time that cannot be "now" again.
        self.press("Change the time").await;
        self.page()
            .touch(".time-change label.option", Words::Are("yesterday"))
            .await;
        self.press("Lock this tablet").await;
        self.page().sees(".draft", &self.person.name).await;
    }

    /// Comes back with the PIN alone, after a wrong one that `look` sees.
    pub(crate) async fn come_back(&self, look: impl AsyncFnOnce(&Page)) {
        let page = self.page();
        page.wait("the PIN to be enough", async || {
            let tiles = page.said(".tile").await;
            let enough = |tile: &&String| tile.contains("PIN is enough");
            let ours = tiles.iter().find(enough)?;
            assert!(ours.contains(&self.person.name), "{tiles:?}");
            Some(())
        })
        .await;
        self.act(".tile", Words::Have(&self.person.name)).await;
        page.sees("h2", "your PIN").await;
        let wrong = match self.person.pin.as_str() {
            "000000" => "111111",
            _ => "000000",
        };
        page.type_text(wrong).await;
        page.sees(".refused", "Wrong PIN. After 4 more").await;
        look(page).await;
        self.enter_pin().await;
    }

    /// Finds what [`Nurse::leave_half_done`] left, and throws it away.
    pub(crate) async fn find_half_done(&self, resident: &str) {
        self.open(resident, "Observations").await;
        self.page().holds("#measure-pulse", "88").await;
        self.page().sees(".time-now", "yesterday").await;
        self.press("Change the time").await;
        self.press("Use the present time").await;
        self.page().touch("#measure-pulse", Words::Any).await;
        self.page().key(Key::End).await;
        self.page().key(Key::Backspace).await;
        self.page().key(Key::Backspace).await;
        self.open(resident, "Notes").await;
        self.page().holds("#note", HALF).await;
        self.press("Discard draft").await;
        self.page().holds("#note", "").await;
    }
}
