//! The demo's flags. `xtask` reads them too, before it builds, so that a wrong one is told at once.

use std::path::PathBuf;

/// Whether six months of history are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum History {
    /// All of it.
    Full,
    /// Residents, problems and orders only.
    None,
}

/// Flags of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// Where relay, office and secrets lie.
    #[arg(long, default_value = "demo-data")]
    pub(crate) data: PathBuf,
    /// Port of the relay on loopback; tablets get the ports after it. Without it the ports of the
    /// last start with the same data, or free ones.
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Residents of the home.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(..=5_000))]
    pub(crate) residents: u32,
    /// How much history they have.
    #[arg(long, value_enum, default_value = "full")]
    pub(crate) history: History,
    /// Tablets: one enrolment link and one proxy each.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) tablets: u32,
    /// Drives what is generated; never keys.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The generator's present, RFC 3339; moves nothing else.
    #[arg(long)]
    pub(crate) now: Option<String>,
    /// Written when everything serves: links, people, badges and PINs as JSON.
    #[arg(long)]
    pub(crate) ready: Option<PathBuf>,
}
