//! A page and an engine that do not fit, and a tablet whose key is gone: each ends in words and a
//! way out, never in a page that waits.

use crate::demo::Demo;
use crate::findings::{Findings, Network};
use crate::nurse::{Hand, Nurse, confirm_words, enrol};
use crate::{DEMO, origin, places};
use lamplight_tests::programs::lacking;
use lamplight_tests::tablet::{Browser, Chromedriver, Look, Page};
use serde_json::json;

/// Browsers throw a damaged database away without a word; this is what is left then.
const FORGET_KEY: &str = r#"
    const done = arguments[arguments.length - 1];
    const open = indexedDB.open("lamplight");
    open.onsuccess = () => {
      const change = open.result.transaction("keys", "readwrite");
      change.objectStore("keys").delete("device");
      change.oncomplete = () => { open.result.close(); done(true); };
    };
"#;

/// Changes what passes between page and worker, in the way this browser was told to.
const MEDDLE: &str = r#"
    const how = () => localStorage.getItem("meddle");
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
      let said = message;
      if (how() === "bundle") said = said.replace(/"bundle":"[^"]*"/, '"bundle":"another"');
      if (how() === "request") said = said.replace(/"body":.*$/, '"body":{"of":"tomorrow"}}');
      return post.call(this, said, ...more);
    };
    const heard = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
    const meddled = (event) => how() === "reply" && event.data.includes('"to"')
      ? new MessageEvent("message", {
          data: event.data.replace(/"result":.*$/, '"result":{"Ok":{"of":"tomorrow"}}}}'),
        })
      : event;
    Object.defineProperty(Worker.prototype, "onmessage", {
      ...heard,
      set(listener) { heard.set.call(this, listener && ((event) => listener(meddled(event)))); },
    });
"#;

const TELL: &str = r#"
    const [how, done] = arguments;
    localStorage.setItem("meddle", how);
    done(true);
"#;

/// How often this page was loaded, for whoever looks whether it reloads without an end.
const RELOADED: &str = r#"
    const done = arguments[arguments.length - 1];
    done(performance.getEntriesByType("navigation")[0].type === "reload");
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tablet_whose_key_is_gone_says_so_and_is_enrolled_anew() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("a tablet whose key is gone", &why);
    }
    let _turn = places::TURN.lock().await;
    let demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let mut findings = Findings::new();
    let nurse = demo.people("registered_nurse").remove(0);
    let browser = Browser::start(&chromedriver, Look::Night).await;
    let page = browser.page();
    enrol(&browser, &demo, 1, "East-1").await;
    confirm_words(page, &nurse).await;

    let forgotten = page.look(FORGET_KEY, vec![]).await;
    assert_eq!(forgotten, Some(json!(true)));
    let here = origin(demo.link(1));
    page.open(&here).await;
    page.sees("h1", UNOPENED).await;
    page.sees("main", "not sent yet is lost").await;
    findings.screen("unopened", page).await;
    page.press("Try again").await;
    page.sees("h1", UNOPENED).await;
    page.press("Enrol this tablet anew…").await;
    page.sees("h1", "Erase what is on this tablet?").await;
    findings.screen("erase", page).await;
    page.press("Cancel").await;
    page.sees("h1", UNOPENED).await;
    // Asked twice and not confirmed, nothing is gone: the way out is still needed.
    page.open(&here).await;
    page.sees("h1", UNOPENED).await;
    page.press("Enrol this tablet anew…").await;
    page.press("Erase and enrol anew").await;
    page.sees("h1", "This tablet is not enrolled").await;
    enrol(&browser, &demo, 2, "East-1 again").await;
    confirm_words(page, &nurse).await;
    let nurse = Nurse {
        browser: &browser,
        person: &nurse,
        hand: Hand::Touch,
    };
    nurse.sign_in().await;
    page.sees("a.row", "").await;
    findings.console("East-1", &browser, Network::Whole).await;
    findings.tell();
}

const UNOPENED: &str = "This tablet cannot open its records";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_page_and_engine_do_not_understand_of_each_other_ends_in_words() {
    if let Some(why) = places::lacking(DEMO) {
        return lacking("a page and an engine that do not fit", &why);
    }
    let _turn = places::TURN.lock().await;
    let demo = Demo::start(DEMO).await;
    let chromedriver = Chromedriver::start();
    let browser = Browser::start(&chromedriver, Look::Day).await;
    let page = browser.page();
    let here = origin(demo.link(1));
    page.attend(MEDDLE).await;
    page.open(&here).await;
    page.sees("h1", "This tablet is not enrolled").await;
    for how in ["bundle", "request", "reply"] {
        meddle(page, how).await;
        page.open(&here).await;
        page.sees("h1", "Lamplight could not start").await;
        if how == "bundle" {
            page.sees("main", "Two versions of Lamplight met").await;
            let reloaded = page.look(RELOADED, vec![]).await;
            assert_eq!(
                reloaded,
                Some(json!(true)),
                "the page that fits was not tried"
            );
        }
        meddle(page, "not").await;
        page.press("Try again").await;
        page.sees("h1", "This tablet is not enrolled").await;
    }
}

async fn meddle(page: &Page, how: &str) {
    let told = page.look(TELL, vec![json!(how)]).await;
    assert_eq!(told, Some(json!(true)));
}
