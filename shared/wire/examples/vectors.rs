//! Prints one group of golden vectors as this program would write it now:
//! `cargo run -p lamplight-wire --example vectors -- message`. For a new kind: print, read, and
//! add its lines to `vectors/` by hand. Lines that are there never change.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

extern crate lamplight_wire as wire;

#[path = "../tests/wire/home.rs"]
mod home;
#[path = "../tests/wire/later.rs"]
mod later;
#[path = "../tests/wire/sample_messages.rs"]
mod sample_messages;
#[path = "../tests/wire/samples.rs"]
mod samples;

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    match samples::GROUPS.iter().find(|(group, _)| *group == wanted) {
        Some((_, group)) => print!("{}", samples::render(&group())),
        None => {
            let names: Vec<_> = samples::GROUPS.iter().map(|(group, _)| *group).collect();
            eprintln!("one of: {}", names.join(" "));
        }
    }
}
