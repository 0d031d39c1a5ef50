//! Writes golden vectors that are not there yet into `shared/vault/vectors`. A vector that is
//! there is never touched: the bytes of a version are fixed for good.

// The fixtures are the tests', which use more of them and may unwrap.
#![allow(dead_code, clippy::unwrap_used)]

extern crate lamplight_vault as vault;

#[path = "../tests/vault/golden/cases.rs"]
mod cases;
#[path = "../tests/vault/scene.rs"]
mod scene;

use std::io::{ErrorKind, Write as _};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");
    for (name, bytes) in cases::all() {
        let path = format!("{folder}/{name}.hex");
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                writeln!(file, "{}", data_encoding::HEXLOWER.encode(&bytes))?;
                println!("{name}: written");
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => println!("{name}: kept"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
