//! The font's files, from its npm package.

use crate::{Files, read};
use std::path::Path;

const FOLDER: &str = "@fontsource/atkinson-hyperlegible/files";
const FILES: [&str; 4] = [
    "atkinson-hyperlegible-latin-400-normal.woff2",
    "atkinson-hyperlegible-latin-700-normal.woff2",
    "atkinson-hyperlegible-latin-ext-400-normal.woff2",
    "atkinson-hyperlegible-latin-ext-700-normal.woff2",
];

/// Reads them.
pub(crate) fn read_all(packages: &Path) -> Result<Files, String> {
    let folder = packages.join(FOLDER);
    FILES
        .iter()
        .map(|name| Ok(((*name).to_owned(), read(&folder.join(name))?)))
        .collect()
}
