//! A home folder: its files are whole or as they were, and their owner's only.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing test may say so at once"
)]

use lamplight_client_native::Home;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_process_killed_while_it_made_its_key_leaves_a_home_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    // What was begun lies beside; under the name of the key there is nothing, or all of it.
    std::fs::write(folder.path().join("device.key.new"), [1; 7]).unwrap();
    let home = Home::open(folder.path()).unwrap();
    drop(home.engine().unwrap());
    let key = folder.path().join("device.key");
    assert_eq!(std::fs::read(&key).unwrap().len(), 32);
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!folder.path().join("device.key.new").exists());
    home.engine().expect("the key that was made opens it");
}

#[test]
fn a_relays_origin_is_replaced_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path()).unwrap();
    home.keep_relay("https://home.example").unwrap();
    // Whoever reads meanwhile still has the whole of the file before.
    let before = std::fs::File::open(folder.path().join("relay")).unwrap();
    home.keep_relay("https://h.example").unwrap();
    assert_eq!(home.relay().as_deref(), Some("https://h.example"));
    let before = std::io::read_to_string(before).unwrap();
    assert_eq!(before, "https://home.example\n");
}
