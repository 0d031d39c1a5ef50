//! A page as a person has it: what is on screen, a finger, a keyboard. Nothing is done through
//! scripts; a script only looks where something is, and whether a finger would reach it.

use super::waiting::until;
use serde_json::{Value, json};
use thirtyfour::common::command::{Actions, Command};
use thirtyfour::{Key, WebDriver, WebElement};

/// Finds the first element with these words that is visible and that nothing covers.
const FIND: &str = r#"
    const [css, words, how] = arguments;
    const flat = (text) => text.replace(/\s+/g, " ").trim();
    const said = (e) => flat(e.getAttribute("aria-label") ?? e.innerText ?? "");
    const fits = (e) => how === "is" ? said(e) === words
      : how === "begins" ? said(e).startsWith(words)
      : said(e).includes(words);
    for (const e of document.querySelectorAll(css)) {
      if (!fits(e) || !e.checkVisibility({ visibilityProperty: true })) continue;
      e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      const box = e.getBoundingClientRect();
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (hit && (e === hit || e.contains(hit))) return e;
    }
    return null;
"#;

/// What every visible element of a kind says: its label, else its text.
const SAID: &str = r#"
    const flat = (text) => text.replace(/\s+/g, " ").trim();
    return [...document.querySelectorAll(arguments[0])]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }))
      .map((e) => flat(e.getAttribute("aria-label") ?? e.innerText ?? ""));
"#;

/// Whether what has the focus is of this kind and has these words.
const FOCUSED: &str = r#"
    const [css, words, how] = arguments;
    const e = document.activeElement;
    const said = (e.getAttribute("aria-label") ?? e.innerText ?? "").replace(/\s+/g, " ").trim();
    return e.matches(css) && (how === "is" ? said === words
      : how === "begins" ? said.startsWith(words)
      : said.includes(words));
"#;

/// Keys after which one has been round every page of this story.
const ROUND: usize = 200;

/// How words are compared.
#[derive(Clone, Copy)]
pub enum Words<'a> {
    /// They are these.
    Are(&'a str),
    /// They begin so.
    Begin(&'a str),
    /// This is among them.
    Have(&'a str),
    /// Any.
    Any,
}

impl Words<'_> {
    fn arguments(self, css: &str) -> Vec<Value> {
        let (words, how) = match self {
            Words::Are(words) => (words, "is"),
            Words::Begin(words) => (words, "begins"),
            Words::Have(words) => (words, "has"),
            Words::Any => ("", "has"),
        };
        vec![json!(css), json!(words), json!(how)]
    }

    fn wanted(self, css: &str) -> String {
        match self {
            Words::Are(words) => format!("{css} “{words}”"),
            Words::Begin(words) => format!("{css} “{words}…”"),
            Words::Have(words) => format!("{css} “…{words}…”"),
            Words::Any => css.to_owned(),
        }
    }
}

/// The page of one browser.
pub struct Page {
    pub driver: WebDriver,
}

impl Page {
    /// Opens an address as from a link.
    pub async fn open(&self, address: &str) {
        self.driver.goto(address).await.expect("an address opens");
    }

    /// Touches the middle of an element as soon as a finger reaches it.
    pub async fn touch(&self, css: &str, words: Words<'_>) {
        let wanted = format!("{} to touch", words.wanted(css));
        self.wait(&wanted, async || {
            let element = self.reachable(css, words).await?;
            self.fingers(&element, 1).await
        })
        .await;
    }

    /// Touches the middle of an element twice, as a finger does that bounces.
    pub async fn touch_twice(&self, css: &str, words: Words<'_>) {
        let wanted = format!("{} to touch twice", words.wanted(css));
        self.wait(&wanted, async || {
            let element = self.reachable(css, words).await?;
            self.fingers(&element, 2).await
        })
        .await;
    }

    /// Goes to an element with the Tab key alone, as soon as it is there.
    pub async fn tab_to(&self, css: &str, words: Words<'_>) {
        self.wait(
            &format!("{} to have the focus", words.wanted(css)),
            async || {
                self.reachable(css, words).await?;
                for _ in 0..ROUND {
                    let asked = self.driver.execute(FOCUSED, words.arguments(css)).await;
                    if asked.ok()?.json() == &json!(true) {
                        return Some(());
                    }
                    self.key(Key::Tab).await;
                }
                None
            },
        )
        .await;
    }

    /// Touches a button by its words.
    pub async fn press(&self, words: &str) {
        self.touch("button", Words::Are(words)).await;
    }

    /// Types on the keyboard, into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        let typing = self.driver.action_chain().send_keys(text);
        typing.perform().await.expect("keys are pressed");
    }

    /// Types and ends with Enter, as a hand scanner does.
    pub async fn scan(&self, text: &str) {
        let typing = self
            .driver
            .action_chain()
            .send_keys(text)
            .send_keys(Key::Enter);
        typing.perform().await.expect("keys are pressed");
    }

    /// Presses one key.
    pub async fn key(&self, key: Key) {
        let typing = self.driver.action_chain().send_keys(key);
        typing.perform().await.expect("keys are pressed");
    }

    /// Touches a field and types.
    pub async fn fill(&self, css: &str, text: &str) {
        self.touch(css, Words::Any).await;
        self.type_text(text).await;
    }

    /// What every visible element of a kind says.
    pub async fn said(&self, css: &str) -> Vec<String> {
        let found = self.driver.execute(SAID, vec![json!(css)]).await;
        found
            .ok()
            .and_then(|found| found.convert().ok())
            .unwrap_or_default()
    }

    /// Whether something of this kind is visible.
    pub async fn has(&self, css: &str) -> bool {
        !self.said(css).await.is_empty()
    }

    /// Waits until an element of this kind has these words, and returns all it says.
    pub async fn sees(&self, css: &str, words: &str) -> String {
        self.wait(&format!("“{words}” in {css}"), async || {
            let said = self.said(css).await;
            said.into_iter().find(|said| said.contains(words))
        })
        .await
    }

    /// Waits for something; failing, tells what the page shows instead.
    pub async fn wait<T>(&self, wanted: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
        match until(look).await {
            Some(found) => found,
            None => {
                let shown = self.said("body").await.join(" ");
                self.keep_picture().await;
                panic!("waited in vain for {wanted}; the page shows: {shown}");
            }
        }
    }

    /// Waits until the button with these words has the focus.
    pub async fn keeps_focus(&self, button: &str) {
        self.wait(&format!("“{button}” to have the focus"), async || {
            let words = Words::Are(button).arguments("button");
            let asked = self.driver.execute(FOCUSED, words).await;
            (asked.ok()?.json() == &json!(true)).then_some(())
        })
        .await;
    }

    /// Waits until a field holds this.
    pub async fn holds(&self, css: &str, kept: &str) {
        let held =
            "const [css, done] = arguments; done(document.querySelector(css)?.value ?? null)";
        self.wait(&format!("{css} to hold “{kept}”"), async || {
            let value = self.look(held, vec![json!(css)]).await?;
            (value == json!(kept)).then_some(())
        })
        .await;
    }

    /// Lets `look` see another tab of the same browser at this address, and closes it.
    pub async fn second_tab(&self, address: &str, look: impl AsyncFnOnce(&Page)) {
        let first = self.driver.window().await.expect("a tab");
        let second = self.driver.new_tab().await.expect("another tab");
        self.driver.switch_to_window(second).await.expect("it");
        self.open(address).await;
        look(self).await;
        self.driver.close_window().await.expect("it closes");
        self.driver
            .switch_to_window(first)
            .await
            .expect("the first");
    }

    /// Has a script run in every document before its own, from the next one on.
    pub async fn attend(&self, script: &str) {
        let script = json!({ "source": script });
        let tools = self.driver.cdp();
        let attending = tools.send_raw("Page.addScriptToEvaluateOnNewDocument", script);
        attending.await.expect("the browser takes a script");
    }

    /// Runs a script that looks at something.
    pub async fn look(&self, script: &str, arguments: Vec<Value>) -> Option<Value> {
        let found = self.driver.execute_async(script, arguments).await;
        found.ok().map(|found| found.json().clone())
    }

    async fn reachable(&self, css: &str, words: Words<'_>) -> Option<WebElement> {
        self.driver
            .execute(FIND, words.arguments(css))
            .await
            .ok()?
            .element()
            .ok()
    }

    /// A finger that goes down and up again, so often, each time as soon as it can. `None` when the
    /// element went away meanwhile.
    async fn fingers(&self, element: &WebElement, times: usize) -> Option<()> {
        let origin =
            json!({ "element-6066-11e4-a52e-4f735466cecf": element.element_id().to_string() });
        let mut actions =
            vec![json!({ "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": origin })];
        for _ in 0..times {
            actions.push(json!({ "type": "pointerDown", "button": 0 }));
            actions.push(json!({ "type": "pointerUp", "button": 0 }));
        }
        let finger = json!([{
            "type": "pointer",
            "id": "finger",
            "parameters": { "pointerType": "touch" },
            "actions": actions,
        }]);
        let command = Command::PerformActions(Actions::from(finger));
        self.driver.cmd(command).await.ok().map(|_| ())
    }

    /// A picture of where it stopped, for whoever looks for the reason.
    async fn keep_picture(&self) {
        if let Some(folder) = std::env::var_os("LAMPLIGHT_PICTURES") {
            let name = format!("{}.png", self.driver.session_id());
            let file = std::path::Path::new(&folder).join(name);
            let _ = self.driver.screenshot(&file).await;
        }
    }
}
