//! The native scenes. The relay is `lamplight serve` in a process of its own, each client another.

mod crowd;
mod first_sync;
mod latency;
mod throughput;

use crate::Problem;
use crate::figure::Figure;
use crate::sizes::Sizes;

/// One of the scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scene {
    /// Envelopes per second, and the relay's CPU for them.
    Throughput,
    /// One write to nine others.
    Latency,
    /// A tablet that has nothing yet; bytes per entry.
    FirstSync,
    /// Idle connections and reconnect storms.
    Crowd,
}

/// All of them, in order.
pub(crate) const SCENES: [Scene; 4] = [
    Scene::Throughput,
    Scene::Latency,
    Scene::FirstSync,
    Scene::Crowd,
];

/// Plays one.
pub(crate) async fn play(scene: Scene, sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    match scene {
        Scene::Throughput => throughput::play(sizes).await,
        Scene::Latency => latency::play(sizes).await,
        Scene::FirstSync => first_sync::play(sizes).await,
        Scene::Crowd => crowd::play(sizes).await,
    }
}

/// Seconds between two times in microseconds.
fn seconds(from: u64, to: u64) -> f64 {
    std::time::Duration::from_micros(to.saturating_sub(from)).as_secs_f64()
}

/// Counts and sizes as numbers to reckon with; all are far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a bench are small numbers"
)]
fn float(count: u64) -> f64 {
    count as f64
}
