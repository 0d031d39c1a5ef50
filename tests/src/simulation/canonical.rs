//! One session that has a little of everything, for trying one fault at every place in it.

use super::plan::{Op, Plan, Verb};
use super::run::play;

/// Two tablets work on the same residents, one of them cut off for a while, and meet again.
const SESSION: &str = "\
seed 3
tablets 2
1 note 0 1
0 wait 400 0
1 cut 0 0
1 dose 0 0
1 observations 1 7
2 dose 0 0
2 allergy 0 1
0 wait 2000 0
1 code-status 0 4
2 code-status 0 2
1 restore 0 0
1 reset 0 0
0 wait 40000 0
1 resolve 0 0
1 strike 1 0
0 wait 1000 0
2 note 0 0
1 bulk 1 6
0 wait 3000 0
";

/// The session; `fault` befalls tablet 1 after `after` commits.
pub fn canonical(fault: Option<(Verb, u64)>) -> Plan {
    let mut plan: Plan = SESSION.parse().expect("a plan");
    if let Some((verb, after)) = fault {
        plan.ops.insert(
            0,
            Op {
                device: 1,
                verb,
                a: after,
                b: 0,
            },
        );
    }
    plan
}

/// How many commits tablet 1 makes in it when nothing fails.
pub fn commits_of_canonical() -> u64 {
    let mut nothing = canonical(None);
    nothing.ops.clear();
    let of = |plan: &Plan| play(plan).devices[1].disk.plan().borrow().commits;
    of(&canonical(None)) - of(&nothing)
}
