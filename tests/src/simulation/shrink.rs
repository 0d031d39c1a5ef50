//! A failing plan is made as short as it can be and kept.

use super::plan::{Op, Plan};
use super::run::run;
use std::path::{Path, PathBuf};

/// Plans tried at most while shrinking one.
const TRIES: usize = 120;

/// A shorter plan that fails, too: pieces are left out, large ones first.
pub fn shrink(plan: &Plan) -> Plan {
    let mut best = plan.clone();
    let mut tries = TRIES;
    let mut piece = best.ops.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < best.ops.len() && tries > 0 {
            tries -= 1;
            let end = (at + piece).min(best.ops.len());
            let ops: Vec<Op> = [&best.ops[..at], &best.ops[end..]].concat();
            let shorter = Plan {
                ops,
                ..best.clone()
            };
            if run(&shorter).failure.is_some() {
                best = shorter;
            } else {
                at = end;
            }
        }
        if piece == 1 || tries == 0 {
            return best;
        }
        piece = piece.div_ceil(2);
    }
}

/// Where failing plans are kept.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("simulation/plans")
}

/// Keeps a failing plan; its file.
pub fn save_failure(plan: &Plan, failure: &str) -> PathBuf {
    let comment: String = failure
        .lines()
        .take(3)
        .map(|line| format!("# {}\n", cut(line)))
        .collect();
    let path = folder().join(format!("seed-{}.plan", plan.seed));
    let _ = std::fs::create_dir_all(folder());
    let _ = std::fs::write(&path, format!("{comment}{plan}"));
    path
}

fn cut(line: &str) -> String {
    line.chars().take(160).collect()
}

/// Every plan that is kept, with its file's name, in order of name.
pub fn saved_plans() -> Vec<(String, Plan)> {
    let Ok(files) = std::fs::read_dir(folder()) else {
        return Vec::new();
    };
    let mut plans: Vec<(String, Plan)> = files
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|end| end == "plan"))
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(file.path()).expect("a plan can be read");
            let plan = text.parse().unwrap_or_else(|e| panic!("{name}: {e:?}"));
            (name, plan)
        })
        .collect();
    plans.sort_by(|a, b| a.0.cmp(&b.0));
    plans
}
