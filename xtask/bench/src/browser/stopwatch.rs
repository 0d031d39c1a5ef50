//! A stopwatch in the page: armed before a touch, read after it.

use crate::Problem;
use lamplight_tests::tablet::Page;
use serde_json::json;

const SCRIPT: &str = include_str!("stopwatch.js");

/// Has it in every document from the next one on.
pub(crate) async fn attend(page: &Page) {
    page.attend(SCRIPT).await;
}

/// Milliseconds from the start of navigation until the sign-in page was drawn.
pub(crate) async fn first(page: &Page) -> Result<f64, Problem> {
    let script = "const done = arguments[0]; stopwatch.first.then((times) => done(times.drawn));";
    let found = page.look(script, vec![]).await;
    found
        .and_then(|found| found.as_f64())
        .ok_or_else(|| "no sign-in page was drawn".to_owned())
}

/// Waits, from now on, for something with these words.
pub(crate) async fn arm(page: &Page, css: &str, words: &str) {
    let script = "const [css, words, done] = arguments; stopwatch.arm(css, words); done(true);";
    page.look(script, vec![json!(css), json!(words)]).await;
}

/// How long a page may take to draw what is waited for, in milliseconds; below the driver's own limit.
const PATIENCE: u32 = 25_000;

/// Milliseconds from the last finger or key until it was drawn.
pub(crate) async fn read(page: &Page, what: &str) -> Result<f64, Problem> {
    within(page, PATIENCE)
        .await
        .ok_or_else(|| format!("{what}: not drawn within {PATIENCE} ms"))
}

/// As [`read`]; `None` when nothing was drawn within so many milliseconds.
pub(crate) async fn within(page: &Page, millis: u32) -> Option<f64> {
    let script = "const [patience, done] = arguments;
        setTimeout(() => done(null), patience);
        stopwatch.armed().then((times) => done(times.drawn - times.pressed));";
    page.look(script, vec![json!(millis)]).await?.as_f64()
}
