//! What the engine itself says, past the page: the query interface of the debug bundle.

use lamplight_tests::tablet::Page;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ASK: &str = r#"
    const [query, done] = arguments;
    const id = Math.floor(Math.random() * 1e9);
    const channel = new BroadcastChannel("lamplight-query-interface");
    channel.onmessage = (event) => {
      const answer = JSON.parse(event.data);
      if (answer.id !== id || !("result" in answer)) return;
      channel.close();
      done(answer.result);
    };
    channel.postMessage(JSON.stringify({ id, query }));
"#;

/// Heads and content of every document this tablet has open; `None` while it cannot say.
pub(crate) async fn digest(page: &Page) -> Option<Value> {
    let answer = page.look(ASK, vec![json!({ "ask": "digest" })]).await?;
    let digest = answer.get("Ok")?;
    let documents = digest.get("documents")?.as_array()?;
    (digest.get("view")? == "digest" && !documents.is_empty()).then(|| digest.clone())
}

/// What differs between two answers, in short.
pub(crate) fn difference(one: &Value, other: &Value) -> String {
    let documents = |value: &Value| -> BTreeSet<String> {
        let all = value
            .get("documents")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        all.iter().map(ToString::to_string).collect()
    };
    let (one, other) = (documents(one), documents(other));
    let only: Vec<&String> = one.symmetric_difference(&other).collect();
    format!("{} documents differ: {only:?}", only.len())
}
