//! Text that opens something: badges, PINs, links, the recovery sheet.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// A secret on its way between a person and their engine. Wiped on drop, printed as `[redacted]`;
/// what carries it is copied to be answered or told again, and so is it, each copy wiped for itself.
///
/// Between a page and its worker it travels as JSON: what the browser makes of that message, and
/// what is shown or typed on the page, is out of its reach.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text, for whoever may see it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<Zeroizing<String>> for SecretText {
    fn from(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    #[test]
    fn a_command_with_a_badge_in_it_prints_neither_badge_nor_pin() {
        let command = Command::SignIn {
            badge: "LL1SECRET".into(),
            pin: "271828".into(),
        };
        let printed = format!("{command:?} {command:#?}");
        assert!(printed.contains("[redacted]"));
        assert!(!printed.contains("SECRET") && !printed.contains("271828"));
    }

    #[test]
    fn it_travels_as_the_text_it_is() {
        let text = SecretText::from("LL1SECRET");
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(json, "\"LL1SECRET\"");
        assert_eq!(serde_json::from_str::<SecretText>(&json).unwrap(), text);
    }
}
