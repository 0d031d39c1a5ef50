//! `docs/protocol.md` names everything that has a byte of its own.

use wire::{Kind, Message, RosterBody};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_context_is_on_the_page() {
    let page = page();
    for context in ids::contexts::ALL {
        let families = ["lamplight v1 ", "lamplight relay v1 "];
        let name = families.iter().find_map(|f| context.strip_prefix(f));
        let name = name.unwrap();
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_message_is_on_the_page_with_its_type_byte() {
    let page = page();
    for (code, name) in Message::TYPES {
        assert!(page.contains(&format!("| {code:02x} | {name} |")), "{name}");
    }
}

#[test]
fn every_kind_is_on_the_page_with_its_code() {
    let page = page();
    for kind in Kind::ALL {
        let name = format!("{kind:?}").to_lowercase();
        assert!(
            page.contains(&format!("| {name} | {} |", kind.code())),
            "{name}"
        );
    }
    for (code, name) in RosterBody::KINDS {
        let mut words = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_lowercase());
        }
        assert!(page.contains(&format!("| {code} | {words} |")), "{words}");
    }
}
