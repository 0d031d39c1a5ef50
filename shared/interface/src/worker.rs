//! What a page and its engine's worker say to each other about the worker itself, and how either
//! takes what it cannot read. They should be of one bundle; that they are is asked, not trusted:
//! a request or a reply that does not parse ends in a said failure, never in silence.

use crate::{Reply, Request};
use serde::{Deserialize, Serialize, de::IgnoredAny};

/// Page to a worker that is to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Where the relay is.
    pub origin: String,
    /// The page's bundle. A worker of another one does not begin.
    pub bundle: String,
    /// A person said twice that what cannot be opened here may go. Nothing else ever does.
    pub anew: bool,
}

/// Why a worker does not begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum CannotStart {
    /// The page is of another bundle than the worker.
    OtherVersion,
    /// Records lie here, and the key that opens them is gone, or they are damaged.
    Unopened,
    /// What lies here was written by a newer version.
    Newer,
    /// The browser keeps nothing, as in a private window.
    NothingKept,
    /// No random numbers.
    NoRandom,
    /// There is no room.
    Full,
    /// The browser's storage failed.
    Storage {
        /// What the browser said; may be empty.
        said: String,
    },
}

/// What a page says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FromPage {
    /// Begin.
    Start {
        /// How.
        start: Start,
    },
    /// Here is your end of the port from the worker before you.
    Heir(Heir),
    /// A request.
    Request(Request),
    /// A request of another version: it is refused by its id.
    Unread {
        /// Its id.
        id: u32,
    },
    /// Something else of another version.
    #[serde(skip_serializing)]
    Strange(IgnoredAny),
}

/// The word `"heir"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heir {
    /// It.
    Heir,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FromWorker {
    /// It answers from now on.
    Ready {
        /// Always true.
        ready: bool,
    },
    /// It does not begin.
    Failed {
        /// Why.
        failed: CannotStart,
    },
    /// A reply or notice.
    Reply(Reply),
    /// A reply of another version: its request fails.
    Unread {
        /// The reply.
        to: To,
    },
    /// Something else of another version.
    #[serde(skip_serializing)]
    Strange(IgnoredAny),
}

/// As much of a reply as every version has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct To {
    /// The request's id.
    pub id: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Query, Refusal, RequestBody};

    fn from_page(text: &str) -> FromPage {
        serde_json::from_str(text).expect("any JSON is taken")
    }

    fn from_worker(text: &str) -> FromWorker {
        serde_json::from_str(text).expect("any JSON is taken")
    }

    #[test]
    fn what_one_version_says_is_read_as_it_was_said() {
        let start = Start {
            origin: "http://127.0.0.1:1".into(),
            bundle: "abc".into(),
            anew: false,
        };
        let said = serde_json::to_string(&FromPage::Start {
            start: start.clone(),
        });
        assert!(
            matches!(from_page(&said.unwrap()), FromPage::Start { start: read } if read == start)
        );
        let request = Request {
            id: 7,
            body: RequestBody::Query(Query::Tablet),
        };
        let said = serde_json::to_string(&request).unwrap();
        assert!(matches!(from_page(&said), FromPage::Request(read) if read == request));
        assert!(matches!(from_page("\"heir\""), FromPage::Heir(Heir::Heir)));
        for why in [
            CannotStart::OtherVersion,
            CannotStart::Unopened,
            CannotStart::Storage {
                said: "full".into(),
            },
        ] {
            let said = serde_json::to_string(&FromWorker::Failed {
                failed: why.clone(),
            });
            let read = from_worker(&said.unwrap());
            assert!(matches!(read, FromWorker::Failed { failed } if failed == why));
        }
        assert!(matches!(
            from_worker("{\"ready\":true}"),
            FromWorker::Ready { ready: true }
        ));
        let reply = Reply::To {
            id: 7,
            result: Err(Refusal::Locked),
        };
        let said = serde_json::to_string(&reply).unwrap();
        assert!(matches!(from_worker(&said), FromWorker::Reply(read) if read == reply));
    }

    #[test]
    fn a_request_or_reply_of_another_version_is_known_by_its_id() {
        let read = from_page("{\"id\":9,\"body\":{\"query\":{\"ask\":\"of tomorrow\"}}}");
        assert!(matches!(read, FromPage::Unread { id: 9 }), "{read:?}");
        let read = from_worker("{\"to\":{\"id\":9,\"result\":{\"Ok\":{\"of\":\"tomorrow\"}}}}");
        assert!(
            matches!(read, FromWorker::Unread { to: To { id: 9 } }),
            "{read:?}"
        );
    }

    #[test]
    fn what_has_no_id_is_strange_and_still_heard() {
        for text in [
            "{\"start\":{\"origin\":\"x\"}}",
            "7",
            "\"hair\"",
            "{\"id\":-1}",
        ] {
            assert!(matches!(from_page(text), FromPage::Strange(_)), "{text}");
        }
        for text in [
            "{\"notice\":{\"notice\":\"of tomorrow\"}}",
            "{\"failed\":\"words\"}",
            "[]",
        ] {
            assert!(
                matches!(from_worker(text), FromWorker::Strange(_)),
                "{text}"
            );
        }
    }
}
