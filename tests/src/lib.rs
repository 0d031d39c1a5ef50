//! What must hold, shown from outside: the harness that runs whole homes in virtual time, and the
//! simulator on top of it. The tests themselves stand in `tests/`.

pub mod harness;
pub mod simulation;
