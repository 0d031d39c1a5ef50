//! npm packages: the font and the accessibility checker. None of them is committed and
//! nothing of theirs runs while they are installed.

use crate::place;
use crate::shell::{Problem, Step, run};
use std::fs;
use std::process::Command;

const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs the packages unless exactly these are there already.
pub(super) fn ensure() -> Result<(), Problem> {
    let wanted = place::root().join("xtask/web-packages");
    let folder = place::web_packages();
    let stamp = folder.join("installed");
    let lock = fs::read(wanted.join("package-lock.json"))
        .map_err(|error| format!("xtask/web-packages/package-lock.json: {error}"))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let step = Step::begin("setup: npm packages (font, accessibility checker)");
    let copied = fs::create_dir_all(&folder).and_then(|()| {
        LISTS
            .iter()
            .try_for_each(|f| fs::copy(wanted.join(f), folder.join(f)).map(drop))
    });
    copied.map_err(|error| format!("{}: {error}", folder.display()))?;
    run(Command::new("npm").current_dir(&folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
    ]))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))?;
    step.end();
    Ok(())
}
