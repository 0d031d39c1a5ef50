//! The crate's behaviour through its public face: the bytes of entries, those of later versions, and
//! bytes that are nobody's.

extern crate lamplight_domain as domain;

mod entry;
mod generate;
mod later;
mod optional;
mod vectors;
