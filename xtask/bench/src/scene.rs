//! The scenes, each with a home and a relay of its own.

use crate::figure::Figure;
use crate::native::{crowd, first_sync, latency, throughput};
use crate::sizes::Sizes;
use crate::{Problem, browser};
use std::path::Path;

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
    /// The web client in Chromium.
    Browser,
}

impl Scene {
    /// Whether it needs no browser.
    pub(crate) fn is_native(self) -> bool {
        self != Scene::Browser
    }
}

/// All of them, in order.
pub(crate) const SCENES: [Scene; 5] = [
    Scene::Throughput,
    Scene::Latency,
    Scene::FirstSync,
    Scene::Crowd,
    Scene::Browser,
];

/// Plays one; `bundle` is the web client as it is released, to be weighed.
pub(crate) async fn play(
    scene: Scene,
    sizes: &Sizes,
    bundle: Option<&Path>,
) -> Result<Vec<Figure>, Problem> {
    match scene {
        Scene::Throughput => throughput::play(sizes).await,
        Scene::Latency => latency::play(sizes).await,
        Scene::FirstSync => first_sync::play(sizes).await,
        Scene::Crowd => crowd::play(sizes).await,
        Scene::Browser => browser::play(sizes, bundle).await,
    }
}
