//! The envelope of messages between a page and its engine's worker.

use crate::{Command, Done, Forgotten, Notice, Query, Refusal, View};
use ids::PersonId;
use serde::{Deserialize, Serialize};

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the page; the reply repeats it.
    pub id: u32,
    /// What is asked.
    pub body: RequestBody,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestBody {
    /// A command.
    Command(Command),
    /// A query.
    Query(Query),
    /// One more digit of a PIN, as it was tapped; the worker keeps it.
    PinDigit(u8),
    /// The last digit was wrong.
    PinBack,
    /// Forget the digits.
    PinClear,
    /// One more character of a badge, typed or scanned; the worker keeps it.
    BadgeKey(char),
    /// Forget the badge.
    BadgeClear,
    /// Sign in with the badge and digits the worker holds.
    SignIn,
    /// Within a person's sitting: sign in with the digits the worker holds.
    SignInAgain(PersonId),
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To a request.
    To {
        /// Its id.
        id: u32,
        /// The outcome.
        result: Result<Answer, Refusal>,
    },
    /// Unasked.
    Notice(Notice),
}

/// A successful answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Of a command.
    Done(Done),
    /// Of a query.
    View(Box<View>),
    /// Of a PIN or badge key: how many the worker holds now.
    Held {
        /// PIN digits held.
        pin: u32,
        /// Badge characters held.
        badge: u32,
        /// Whether the badge is complete and its check characters match.
        badge_ok: bool,
        /// Whose badge it is, if that person can sign in on this tablet.
        whose: Option<PersonId>,
        /// What was held before is gone, and why.
        forgotten: Option<Forgotten>,
    },
}
