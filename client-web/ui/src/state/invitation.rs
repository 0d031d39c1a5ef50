//! An invitation link: its fragment is taken from the address and cleared from address and
//! history before anything else is done.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Characters of base64url for the 32 bytes of an invitation's seed.
const INVITATION_CHARS: usize = 43;
/// Characters of base64url for a founding link's relay key and token.
const FOUNDING_CHARS: usize = 64;

/// What came with the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invitation {
    /// An invitation for this tablet.
    Enrol(String),
    /// A founding link: the command line's matter.
    Found,
    /// A link to another address than this one.
    OtherHost,
    /// Something that is no whole link.
    Broken,
}

/// Takes it from the address.
pub(crate) fn take_from_address() -> Option<Invitation> {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    if path != "/enrol" && path != "/found" && hash.len() < INVITATION_CHARS {
        return None;
    }
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("/"));
    }
    parse(hash.trim_start_matches('#'))
}

/// Reads what a person pasted: a link of another host is not taken as one of this.
pub(crate) fn pasted(text: &str, own_host: &str) -> Option<Invitation> {
    let host = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '#', '?']).next());
    match host {
        Some(host) if !host.trim().eq_ignore_ascii_case(own_host) => Some(Invitation::OtherHost),
        Some(_) | None => parse(text),
    }
}

/// Reads a fragment, or a whole link as a person may paste it.
pub(crate) fn parse(text: &str) -> Option<Invitation> {
    let fragment = text.trim().rsplit('#').next().unwrap_or_default();
    if fragment.is_empty() {
        return None;
    }
    let whole = fragment
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    Some(match fragment.len() {
        INVITATION_CHARS if whole => Invitation::Enrol(fragment.to_owned()),
        FOUNDING_CHARS if whole => Invitation::Found,
        _ => Invitation::Broken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_another_host_is_not_taken_as_one_s_own() {
        let fragment = "a".repeat(INVITATION_CHARS);
        let link = |host: &str| format!("https://{host}/enrol#{fragment}");
        let enrols = Some(Invitation::Enrol(fragment.clone()));
        assert_eq!(pasted(&link("home.example"), "home.example"), enrols);
        assert_eq!(pasted(&fragment, "home.example"), enrols);
        let other = Some(Invitation::OtherHost);
        assert_eq!(pasted(&link("evil.example"), "home.example"), other);
        assert_eq!(pasted(&link("home.example:9"), "home.example"), other);
    }

    #[test]
    fn a_whole_link_and_its_fragment_are_the_same() {
        let seed = "A".repeat(43);
        assert_eq!(parse(&seed), Some(Invitation::Enrol(seed.clone())));
        assert_eq!(
            parse(&format!("http://h:1/enrol#{seed} ")),
            Some(Invitation::Enrol(seed))
        );
    }

    #[test]
    fn a_cut_link_is_broken_and_none_is_none() {
        assert_eq!(parse(&"A".repeat(42)), Some(Invitation::Broken));
        assert_eq!(
            parse(&format!("{}!", "A".repeat(42))),
            Some(Invitation::Broken)
        );
        assert_eq!(parse(""), None);
        assert_eq!(parse(&"A".repeat(64)), Some(Invitation::Found));
    }
}
