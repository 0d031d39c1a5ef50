//! The client as it is released, which is optimised otherwise than the one of the long story and
//! answers no queries: it starts, enrols, works, and starts again without a network.

use crate::demo::{Demo, Person};
use crate::findings::{Findings, Network};
use crate::nurse::{Hand, Nurse, confirm_words, enrol};
use crate::{observed, origin, places};
use lamplight_tests::programs::lacking;
use lamplight_tests::tablet::{Browser, Chromedriver, Look, Words};

const DEMO: &str = "lamplight-demo-released";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_released_client_enrols_works_and_starts_again_offline() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("the released client in a browser", &why);
    }
    let _turn = places::TURN.lock().await;
    let mut demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let mut findings = Findings::new();
    let nurse = demo.people("registered_nurse").remove(0);
    let mut browser = Browser::start(&chromedriver, Look::Day).await;
    enrol(&browser, &demo, 1, "East-1").await;
    confirm_words(browser.page(), &nurse).await;
    at(&browser, &nurse).sign_in().await;
    let page = browser.page();
    page.sees("a.row", "").await;
    findings.screen("residents", page).await;
    page.touch("a.row", Words::Any).await;
    page.sees(".banner h1", "").await;
    let resident = page.said(".banner h1").await.remove(0);
    findings.console("East-1", &browser, Network::Whole).await;

    demo.cut(1).await;
    at(&browser, &nurse).observe(&resident).await;
    at(&browser, &nurse).pill("Offline · all saved here").await;
    browser.kill().await;
    browser.start_again(&chromedriver).await;
    browser.page().open(&origin(demo.link(1))).await;
    at(&browser, &nurse).sign_in().await;
    observed(&at(&browser, &nurse), &resident).await;
    demo.restore(1).await;
    at(&browser, &nurse).pill("Stored by the relay").await;
    findings.console("East-1", &browser, Network::Cut).await;
    // Whoever compares what is served with what was released is shown what is served.
    let hashes = format!("{}bundle.sha256", origin(demo.link(1)));
    let page = browser.page();
    page.open(&hashes).await;
    page.sees("body", "index.html").await;
    findings.tell();
}

fn at<'a>(browser: &'a Browser, person: &'a Person) -> Nurse<'a> {
    Nurse {
        browser,
        person,
        hand: Hand::Touch,
    }
}
