//! How much of everything. The full sizes are those the figures are stated for; the smaller ones show
//! that all parts run.

/// Sizes of one run of the bench.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// What they are called.
    pub(crate) name: &'static str,
    /// Runs of what is cheap to repeat.
    pub(crate) runs: u32,
    /// Clients of the throughput and latency scenes.
    pub(crate) clients: u32,
    /// Of these, how many write while throughput is measured.
    pub(crate) writers: u32,
    /// Notes each of them writes.
    pub(crate) notes: u32,
    /// Notes the one writer of the latency scene writes.
    pub(crate) beats: u32,
    /// Documents of a first sync.
    pub(crate) documents: u32,
    /// Entries in each.
    pub(crate) entries: u32,
    /// Devices of the storm and of the idle crowd.
    pub(crate) crowd: u32,
    /// Further idle sessions of each of these devices.
    pub(crate) copies: usize,
    /// Storms.
    pub(crate) storms: u32,
    /// Residents of the browser's home.
    pub(crate) residents: u32,
    /// Observations in the long chart.
    pub(crate) chart: u32,
    /// Repetitions in the browser.
    pub(crate) taps: u32,
}

/// What the figures are stated for.
pub(crate) const FULL: Sizes = Sizes {
    name: "full",
    runs: 3,
    clients: 10,
    writers: 4,
    notes: 1_000,
    beats: 500,
    documents: 200,
    entries: 500,
    crowd: 200,
    copies: 3,
    storms: 3,
    residents: 5_000,
    chart: 10_000,
    taps: 10,
};

/// For a look: some minutes.
pub(crate) const QUICK: Sizes = Sizes {
    name: "quick",
    runs: 1,
    notes: 250,
    beats: 100,
    documents: 40,
    entries: 100,
    crowd: 50,
    storms: 1,
    residents: 500,
    chart: 1_000,
    taps: 3,
    ..FULL
};

/// For the test of the bench itself.
pub(crate) const SMALLEST: Sizes = Sizes {
    name: "smallest",
    runs: 1,
    clients: 3,
    writers: 2,
    notes: 5,
    beats: 5,
    documents: 2,
    entries: 5,
    crowd: 2,
    copies: 1,
    storms: 1,
    residents: 3,
    chart: 5,
    taps: 1,
};
