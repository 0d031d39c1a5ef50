//! What is wrong with pages beyond what a nurse sees: errors in the console, and what the
//! accessibility checker finds. Gathered through the whole story, told at its end.

use crate::places;
use lamplight_tests::tablet::{Browser, Page};
use serde_json::json;
use std::collections::BTreeSet;
use thirtyfour::BrowserLogEntry;

const POLICY: &str = "Content Security Policy";

/// Runs the checker, which is on the page already.
const CHECK: &str = r#"
    const done = arguments[arguments.length - 1];
    const bad = (violation) => ["serious", "critical"].includes(violation.impact);
    const told = (violation) => violation.id + " (" + violation.impact + "): "
      + violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
    // The rule of WCAG 2.2 on sizes is off unless asked for, and content with 24 px.
    const rules = { "target-size": { enabled: true }, "color-contrast": { enabled: true } };
    axe.run(document, { resultTypes: ["violations"], rules })
      .then((found) => done(found.violations.filter(bad).map(told).concat(small())), (error) => done([String(error)]));
    // Fingers in gloves need 44. What labels a control, or is drawn as its frame, is touched with it;
    // of what lies behind a sheet nothing can be touched.
    function small() {
      const sheets = document.querySelectorAll("dialog[open]");
      const top = sheets[sheets.length - 1] ?? document;
      const found = [];
      for (const control of top.querySelectorAll("a[href], button, input, select, textarea, summary")) {
        const touched = control.closest("label, .box, .search") ?? control;
        const { width, height } = touched.getBoundingClientRect();
        const hidden = control.closest("[hidden], .spoken, .skip") || width === 0 || height === 0;
        if (!hidden && Math.min(width, height) < 43.5) {
          found.push("too small to touch (" + Math.round(width) + " x " + Math.round(height) + "): "
            + control.outerHTML.slice(0, 160));
        }
      }
      return found;
    }
"#;

/// Faults made on purpose: a button without a name, one too small to touch, words too pale to read, an
/// error, a script that the policy forbids.
const FAULTS: &str = r#"
    const button = document.createElement("button");
    const pale = document.createElement("p");
    pale.textContent = "Too pale to read";
    pale.style.color = "rgb(200, 200, 200)";
    pale.style.background = "rgb(255, 255, 255)";
    const fault = document.createElement("div");
    fault.id = "fault";
    button.style.width = button.style.height = "12px";
    fault.append(button, pale);
    document.querySelector("main").append(fault);
    const script = document.createElement("script");
    script.textContent = "0";
    document.head.append(script);
    script.remove();
    console.error("a fault made on purpose");
"#;

/// Whether the tablet's network was cut since its console was read last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// It was whole.
    Whole,
    /// It was cut: the browser itself writes that a connection failed, whatever the page does.
    Cut,
}

/// All that was found.
pub(crate) struct Findings {
    checker: String,
    seen: BTreeSet<String>,
    screens: usize,
}

impl Findings {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        let checker = std::fs::read_to_string(places::checker()).expect("axe-core");
        Self {
            checker,
            seen: BTreeSet::new(),
            screens: 0,
        }
    }

    /// Checks the screen that is shown.
    pub(crate) async fn screen(&mut self, name: &str, page: &Page) {
        for line in self.check(page).await {
            self.seen.insert(format!("{name}: {line}"));
        }
        self.screens += 1;
    }

    /// Shows with faults made on purpose that neither check is blind.
    pub(crate) async fn prove(&self, browser: &Browser) {
        let page = browser.page();
        page.driver
            .execute(FAULTS, vec![])
            .await
            .expect("faults are made");
        let found = self.check(page).await.join(" ");
        for rule in ["button-name", "color-contrast", "too small to touch"] {
            assert!(found.contains(rule), "blind for {rule}: {found}");
        }
        let undo = "document.querySelector('#fault').remove()";
        page.driver
            .execute(undo, vec![])
            .await
            .expect("they are undone");
        let console = browser.console().await;
        for words in ["a fault made on purpose", POLICY] {
            let told = console
                .iter()
                .any(|entry| is_fault(entry) && entry.message.contains(words));
            assert!(told, "the console does not tell “{words}”: {console:?}");
        }
    }

    async fn check(&self, page: &Page) -> Vec<String> {
        let there = page
            .driver
            .execute("return typeof axe === 'object'", vec![])
            .await;
        if there.ok().and_then(|there| there.json().as_bool()) != Some(true) {
            page.driver
                .execute(self.checker.as_str(), vec![])
                .await
                .expect("axe-core loads");
        }
        let found = page.look(CHECK, vec![json!(null)]).await;
        let found = found.and_then(|found| serde_json::from_value::<Vec<String>>(found).ok());
        found.unwrap_or_else(|| vec!["the checker did not answer".to_owned()])
    }

    /// Reads a browser's console.
    pub(crate) async fn console(&mut self, tablet: &str, browser: &Browser, network: Network) {
        for entry in browser.console().await {
            // The browser's own words on a socket that cannot open; the page cannot prevent them.
            let socket = entry.message.contains("WebSocket connection to")
                && entry.message.contains("/sync' failed");
            let excused = network == Network::Cut && socket;
            if is_fault(&entry) && !excused {
                let source = entry.source.unwrap_or_default();
                self.seen
                    .insert(format!("console of {tablet} ({source}): {}", entry.message));
            }
        }
    }

    /// All of it; there should be nothing.
    pub(crate) fn tell(self) {
        let all: Vec<String> = self.seen.into_iter().collect();
        assert!(self.screens > 0, "no screen was checked");
        assert!(
            all.is_empty(),
            "{} findings:\n{}",
            all.len(),
            all.join("\n")
        );
    }
}

/// Whether the console tells of something that is wrong.
fn is_fault(entry: &BrowserLogEntry) -> bool {
    entry.level == "SEVERE" || entry.message.contains(POLICY)
}
