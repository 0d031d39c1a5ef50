//! Which crate may depend on which. An arrow permits everything that can be reached from it.

use crate::tree::{Package, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// The arrows of the architecture.
const ARROWS: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("domain", &["ids"]),
    ("wire", &["ids"]),
    ("vault", &["wire"]),
    ("document", &["domain", "wire"]),
    ("interface", &["domain"]),
    ("replica", &["document", "vault", "wire", "interface"]),
    ("server", &["wire"]),
    ("client-native", &["replica"]),
    ("worker", &["replica"]),
    ("ui", &["interface"]),
];

/// What stands outside and may look at everything.
const EXEMPT: &[&str] = &["tests", "xtask", "bundler", "demo", "bench"];

/// Who may use what is made elsewhere: prefixes of package names, and ours that may depend on them.
/// The relay's machine and the engine touch the world only through these.
const WORLDS: &[(&str, &[&str])] = &[
    ("automerge", &["document"]),
    ("autosurgeon", &[]),
    ("rusqlite", &["replica", "server"]),
    ("sqlite-wasm", &["replica", "worker"]),
    ("chacha20poly1305", &["vault"]),
    ("argon2", &["vault"]),
    ("hpke", &["vault"]),
    ("web-sys", &["ui", "worker"]),
    ("leptos", &["ui"]),
    ("getrandom", &["server", "client-native", "worker"]),
    ("tokio", &["server", "client-native"]),
    ("hyper", &["server"]),
];

const PREFIX: &str = "lamplight-";

/// Dependencies between our crates that no arrow permits.
pub(crate) fn wrong_arrows(packages: &[Package]) -> Vec<String> {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = short(&package.name);
        if EXEMPT.contains(&name) {
            continue;
        }
        let Some(_) = arrows.get(name) else {
            wrong.push(format!("{name} is not in the architecture"));
            continue;
        };
        let reachable = reachable(name, &arrows);
        for need in package
            .needs
            .iter()
            .filter(|need| need.name.starts_with(PREFIX))
        {
            if !reachable.contains(short(&need.name)) {
                wrong.push(format!("{name} -> {}", short(&need.name)));
            }
        }
    }
    wrong
}

/// Dependencies on what is made elsewhere that belong to other crates.
pub(crate) fn wrong_worlds(packages: &[Package]) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in packages {
        let name = short(&package.name);
        if EXEMPT.contains(&name) {
            continue;
        }
        for need in package.needs.iter().filter(|need| !need.only_tests) {
            let world = WORLDS
                .iter()
                .find(|(world, _)| need.name.starts_with(world));
            if world.is_some_and(|(_, inhabitants)| !inhabitants.contains(&name)) {
                wrong.push(format!("{name} uses {}", need.name));
            }
        }
    }
    wrong
}

/// Packages without our prefix or without the workspace's lints.
pub(crate) fn unlike_the_others(packages: &[Package], tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in packages {
        if !package.name.starts_with(PREFIX) {
            wrong.push(format!("{} does not begin with {PREFIX}", package.name));
        }
        let ours = tree.files().find(|(path, _)| {
            path.ends_with("Cargo.toml")
                && *path != "Cargo.toml"
                && package.manifest.ends_with(*path)
        });
        if ours.is_none_or(|(_, text)| !text.contains("[lints]\nworkspace = true")) {
            wrong.push(format!(
                "{} does not take the workspace's lints",
                package.name
            ));
        }
    }
    wrong
}

fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

fn reachable<'a>(from: &str, arrows: &BTreeMap<&'a str, &'a [&'a str]>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&str> = arrows.get(from).map(|to| to.to_vec()).unwrap_or_default();
    while let Some(name) = next.pop() {
        if found.insert(name) {
            next.extend(arrows.get(name).copied().unwrap_or_default());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Need;

    fn package(name: &str, needs: &[&str]) -> Package {
        let needs = needs.iter().map(|name| Need {
            name: (*name).to_owned(),
            only_tests: false,
        });
        Package {
            name: format!("{PREFIX}{name}"),
            manifest: format!("/x/{name}/Cargo.toml"),
            needs: needs.collect(),
        }
    }

    #[test]
    fn an_arrow_permits_what_is_below_and_nothing_beside_or_above() {
        for (name, need, permitted) in [
            ("ui", "lamplight-ids", true),
            ("ui", "lamplight-replica", false),
            ("server", "lamplight-wire", true),
            ("server", "lamplight-vault", false),
            ("server", "lamplight-domain", false),
            ("wire", "lamplight-vault", false),
            ("document", "lamplight-vault", false),
            ("tests", "lamplight-replica", true),
            ("brand-new", "lamplight-ids", false),
        ] {
            assert_eq!(
                wrong_arrows(&[package(name, &[need])]).is_empty(),
                permitted,
                "{name} -> {need}"
            );
        }
    }

    #[test]
    fn automerge_and_sqlite_have_their_own_crates() {
        for (name, need, permitted) in [
            ("document", "automerge", true),
            ("replica", "automerge", false),
            ("replica", "rusqlite", true),
            ("vault", "rusqlite", false),
            ("ui", "sqlite-wasm-rs", false),
            ("server", "chacha20poly1305", false),
            ("ids", "serde", true),
        ] {
            assert_eq!(
                wrong_worlds(&[package(name, &[need])]).is_empty(),
                permitted,
                "{name} -> {need}"
            );
        }
    }

    #[test]
    fn a_package_without_our_lints_is_found() {
        let tree = |text| Tree::of(&[("ids/Cargo.toml", text)]);
        let packages = [package("ids", &[])];
        assert_eq!(unlike_the_others(&packages, &tree("[package]")).len(), 1);
        assert!(unlike_the_others(&packages, &tree("[lints]\nworkspace = true\n")).is_empty());
    }
}
