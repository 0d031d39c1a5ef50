//! The native scenes. The relay is `lamplight serve` in a process of its own, each client another.

pub(crate) mod crowd;
pub(crate) mod first_sync;
pub(crate) mod latency;
pub(crate) mod throughput;

/// Seconds between two times in microseconds.
fn seconds(from: u64, to: u64) -> f64 {
    std::time::Duration::from_micros(to.saturating_sub(from)).as_secs_f64()
}

/// Counts and sizes as numbers to reckon with; all are far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a bench are small numbers"
)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}
