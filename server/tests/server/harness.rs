//! A home with people and tablets, a relay driven by hand, and peers that speak to it.

pub mod driver;
pub mod home;
pub mod peer;
pub mod stores;
