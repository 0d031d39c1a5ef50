//! The clock of the page: "2 min ago" and "07:52 now" move by themselves.

use crate::format::zone;
use ids::UnixMillis;
use leptos::prelude::*;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(15);

/// Starts it.
pub(super) fn start() -> RwSignal<UnixMillis> {
    let now = RwSignal::new(zone::now());
    set_interval(move || now.set(zone::now()), TICK);
    now
}
