//! The query interface exists in the bundle that tests use and in no other.

use std::path::{Path, PathBuf};

/// Stands in the program of a worker that answers queries from outside, and nowhere else.
const MARK: &[u8] = concat!("lamplight-query", "-interface").as_bytes();

/// All bytes of the released bundle and of the one for tests; `None` when they were not built.
pub(crate) fn both() -> Option<(Vec<u8>, Vec<u8>)> {
    let bundles = PathBuf::from(std::env::var_os("LAMPLIGHT_BUNDLES")?);
    Some((
        bytes(&bundles.join("web/dist"))?,
        bytes(&bundles.join("web-debug/dist"))?,
    ))
}

/// What is wrong with them.
pub(crate) fn wrong(release: &[u8], debug: &[u8]) -> Vec<String> {
    let mut wrong = Vec::new();
    if contains(release, MARK) {
        wrong.push("the released bundle answers queries from outside".to_owned());
    }
    if !contains(debug, MARK) {
        wrong.push("the bundle for tests does not: this check would find nothing".to_owned());
    }
    wrong
}

/// Every file that is not compressed, one after the other.
fn bytes(folder: &Path) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(bytes(&path)?);
        } else if path.extension().is_none_or(|ending| ending != "br") {
            all.extend(std::fs::read(path).ok()?);
        }
    }
    Some(all)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_in_the_release_and_a_missing_one_in_the_other_are_both_told() {
        let marked = [b"\0asm..", MARK].concat();
        assert!(wrong(b"\0asm", &marked).is_empty());
        assert_eq!(wrong(&marked, &marked).len(), 1);
        assert_eq!(wrong(b"\0asm", b"\0asm").len(), 1);
    }
}
