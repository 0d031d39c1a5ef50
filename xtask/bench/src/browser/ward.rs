//! One tablet and what is done at it, each step timed by the page's stopwatch.

use super::furnish::Home;
use super::stopwatch;
use crate::Problem;
use crate::task::Card;
use lamplight_tests::tablet::{Browser, Chromedriver, Look, Page, Words};
use std::time::{Duration, Instant};

/// How long the first sign-in may take until everything is shown.
const PATIENCE: Duration = Duration::from_secs(1_800);
const PAUSE: Duration = Duration::from_millis(200);
/// Milliseconds after which a key has found nothing new.
const NOTHING_NEW: u32 = 3_000;
/// Keys of a search.
const KEYS: usize = 4;

/// A tablet.
pub(crate) struct Ward {
    // Dropped first: its browser ends before chromedriver does.
    browser: Browser,
    chromedriver: Chromedriver,
    origin: String,
    card: Card,
}

impl Ward {
    /// A new profile, at nobody's home yet.
    pub(crate) async fn new(origin: &str, card: &Card) -> Self {
        let chromedriver = Chromedriver::start();
        let browser = Browser::start(&chromedriver, Look::Day).await;
        stopwatch::attend(browser.page()).await;
        Self {
            browser,
            chromedriver,
            origin: origin.to_owned(),
            card: card.clone(),
        }
    }

    fn page(&self) -> &Page {
        self.browser.page()
    }

    /// Enrols it, up to the sign-in page, with the app kept for cold starts.
    pub(crate) async fn enrol(&self, link: &str) {
        let page = self.page();
        page.open(&format!("{}/enrol#{link}", self.origin)).await;
        page.sees("h1", "Enrol this tablet").await;
        page.fill("#tablet-name", "East-1").await;
        page.press("Enrol").await;
        page.sees(".six-words li", "").await;
        page.press("The same").await;
        page.sees(".tile", "").await;
        page.wait("the app to be kept on the tablet", async || {
            let ready =
                "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
            page.look(ready, vec![]).await
        })
        .await;
    }

    /// Signs in for the first time and waits until everybody is shown; milliseconds.
    pub(crate) async fn first_sign_in(&self, residents: u32) -> Result<f64, Problem> {
        let page = self.page();
        let last = self.all_digits_but_the_last().await;
        let began = Instant::now();
        page.press(&last).await;
        page.sees(".me", "").await;
        loop {
            // “60 of 5000 shown”, or all rows of a home that is small.
            let said = page.said(".more .muted").await.concat();
            let rows = page.said("a.row").await.len();
            let shown = said.contains(&format!("of {residents} ")) || residents as usize == rows;
            let pill = page.said("#pill").await.concat();
            if shown && !pill.contains("arriving") {
                return Ok(began.elapsed().as_secs_f64() * super::MILLI);
            }
            if began.elapsed() > PATIENCE {
                return Err(format!(
                    "not everybody is shown: {said}, {rows} rows, {pill}"
                ));
            }
            // Somebody is there, or the tablet locks itself.
            page.key(lamplight_tests::tablet::Key::Shift).await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Kills the browser, starts it again and signs in: milliseconds to the sign-in page, and from
    /// the last digit to the list.
    pub(crate) async fn start_cold(&mut self) -> Result<(f64, f64), Problem> {
        self.browser.kill().await;
        self.browser.start_again(&self.chromedriver).await;
        stopwatch::attend(self.page()).await;
        self.page().open(&format!("{}/", self.origin)).await;
        let page = stopwatch::first(self.page()).await?;
        Ok((page, self.sign_in().await?))
    }

    /// Locks and signs in: milliseconds from the last digit to the list.
    pub(crate) async fn sign_in_again(&self) -> Result<f64, Problem> {
        // Who signs in is taken back to where the tablet was locked.
        self.page()
            .touch("a.rail-item", Words::Begin("Residents"))
            .await;
        self.page().sees("a.row", "").await;
        self.page().press("Lock this tablet").await;
        self.page().sees(".tile", "").await;
        self.sign_in().await
    }

    async fn sign_in(&self) -> Result<f64, Problem> {
        let last = self.all_digits_but_the_last().await;
        stopwatch::arm(self.page(), "a.row", "").await;
        self.page().press(&last).await;
        let took = stopwatch::read(self.page(), "the list of residents").await?;
        self.page().sees(".me", "").await;
        Ok(took)
    }

    /// Shows the badge and enters five digits; returns the sixth.
    async fn all_digits_but_the_last(&self) -> String {
        let page = self.page();
        page.sees(".tile", "").await;
        page.wait("the badge to be read", async || {
            if page.has(".names").await {
                page.scan(&self.card.badge).await;
            }
            page.has(".pad").await.then_some(())
        })
        .await;
        let mut digits: Vec<String> = self.card.pin.chars().map(String::from).collect();
        let last = digits.pop().unwrap_or_default();
        for digit in digits {
            page.press(&digit).await;
        }
        last
    }

    /// Types the beginning of a name into the search: milliseconds from each key to what it finds.
    pub(crate) async fn search(&self, name: &str) -> Result<Vec<f64>, Problem> {
        let page = self.page();
        page.touch("a.rail-item", Words::Begin("Residents")).await;
        page.touch("#search", Words::Any).await;
        let mut took = Vec::new();
        for key in name.chars().take(KEYS) {
            stopwatch::arm(page, "ul.list", "").await;
            page.type_text(&key.to_string()).await;
            // A key that finds the same as the one before it draws nothing.
            took.extend(stopwatch::within(page, NOTHING_NEW).await);
        }
        if took.is_empty() {
            return Err("the search drew nothing".to_owned());
        }
        Ok(took)
    }

    /// Opens the long chart from the list that the search left, then its observations.
    pub(crate) async fn open_chart(&self, home: &Home) -> Result<(f64, f64), Problem> {
        let page = self.page();
        stopwatch::arm(page, ".page.two .news", "").await;
        page.touch("a.row", Words::Have(&home.family)).await;
        let opened = stopwatch::read(page, "the chart").await?;
        page.sees(".banner h1", &home.family).await;
        stopwatch::arm(page, ".earlier", "").await;
        page.touch(".tabs a", Words::Are("Observations")).await;
        Ok((opened, stopwatch::read(page, "the observations").await?))
    }

    /// Writes a note in the open chart: milliseconds from the finger to "saved".
    pub(crate) async fn save_note(&self, home: &Home) -> Result<f64, Problem> {
        let page = self.page();
        page.touch(".tabs a", Words::Are("Notes")).await;
        page.fill("#note", &format!("{} slept well.", home.family))
            .await;
        stopwatch::arm(page, ".messages", "on this tablet.").await;
        page.press("Save and sign").await;
        let took = stopwatch::read(page, "“saved”").await;
        page.touch("button.clear", Words::Any).await;
        took
    }
}
