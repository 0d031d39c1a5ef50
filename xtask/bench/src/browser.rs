//! The web client in Chromium, driven by touch and keyboard as people do: the bundle as it is
//! released, served by the relay's own program. Times are the page's, from the event of a finger or a
//! key to the first frame drawn after what was waited for stood in the document.

mod furnish;
mod stopwatch;
mod ward;

use crate::figure::{Figure, percentile};
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::{Problem, say};
use lamplight_tests::tablet::on_path;
use std::path::Path;
use ward::Ward;

/// Milliseconds in a second.
const MILLI: f64 = 1_000.0;

/// Plays everything; `bundle` is what the relay serves.
pub(crate) async fn play(sizes: &Sizes, bundle: Option<&Path>) -> Result<Vec<Figure>, Problem> {
    for name in ["chromium", "chromedriver"] {
        if on_path(name).is_none() {
            return Err(format!("no {name} here: run `cargo xtask setup`"));
        }
    }
    let mut figures = match bundle {
        Some(bundle) => weights(bundle)?,
        None => Vec::new(),
    };
    let mut stage = Stage::new(true).await?;
    let home = furnish::furnish(&mut stage, sizes).await?;
    let link = stage.office()?.invite(1).await.pop().ok_or("no link")?;
    let origin = stage.origin()?;
    stage.close_office().await;

    let mut ward = Ward::new(&origin, stage.card()).await;
    say("enrolling the tablet");
    ward.enrol(&link).await;
    let first = ward.first_sign_in(sizes.residents).await?;
    let residents = sizes.residents;
    figures.push(
        Figure::one("first sign-in after enrolment", "s", first / MILLI).of(format!(
            "from the last digit of the PIN until all {residents} residents are listed and the pill says that nothing arrives any \
             more: everything synced is opened, admitted and projected once"
        )),
    );

    say("starting cold");
    let mut cold = Cold::default();
    for _ in 0..sizes.taps {
        let (page, list) = ward.start_cold().await?;
        cold.page.push(page);
        cold.list.push(list);
    }
    figures.extend(cold.told(sizes));

    say("signing in, searching, opening the chart, saving");
    let (mut sign_in, mut search, mut chart, mut tab, mut saved) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..sizes.taps {
        sign_in.push(ward.sign_in_again().await?);
        search.extend(ward.search(&home.family).await?);
        let (opened, observations) = ward.open_chart(&home).await?;
        chart.push(opened);
        tab.push(observations);
        saved.push(ward.save_note(&home).await?);
    }
    let many = sizes.chart;
    figures.extend([
        Figure::median("tap to “saved here”", "ms", &saved).of(format!(
            "a note, saved and signed, in the chart of {many} observations: from the finger until the page says so, after the commit"
        )),
        Figure::median(&format!("opening a chart of {many} observations"), "ms", &chart)
            .of("from the finger on the list's row until the banner and what matters today are drawn"),
        Figure::median(&format!("its observations, of {many}"), "ms", &tab)
            .of("from the finger on the tab until trends and the newest sets are drawn"),
        Figure::median(&format!("search over {residents} residents"), "ms", &search)
            .of("each key of a family name: from the key until the rows found are drawn"),
        Figure::median("sign-in", "ms", &sign_in).of(
            "from the last digit of the PIN until the list of residents is drawn; Argon2id with 64 MiB and 3 passes is in it",
        ),
    ]);
    Ok(figures)
}

/// Cold starts.
#[derive(Default)]
struct Cold {
    page: Vec<f64>,
    list: Vec<f64>,
}

impl Cold {
    fn told(&self, sizes: &Sizes) -> [Figure; 2] {
        let both: Vec<f64> = self
            .page
            .iter()
            .zip(&self.list)
            .map(|(a, b)| a + b)
            .collect();
        let what =
            "the browser killed and started again on its profile, the app from its own cache";
        [
            Figure::median("cold start to the sign-in page", "ms", &self.page).of(format!(
                "{what}; from the start of navigation until the tiles of the staff are drawn"
            )),
            Figure::median("cold start to the residents list", "ms", &both).of(format!(
                "{what}; as above, and from the last digit of the PIN until the list of {} is drawn ({:.0} ms); the time a \
                 person takes to scan and type is left out",
                sizes.residents,
                percentile(&self.list, 0.5)
            )),
        ]
    }
}

/// What the wasm programs weigh, raw and as they are sent.
fn weights(bundle: &Path) -> Result<Vec<Figure>, Problem> {
    let mut figures = Vec::new();
    for (ending, words) in [(".wasm", "raw"), (".wasm.br", "Brotli")] {
        let mut all = 0.0;
        let mut parts = Vec::new();
        for (name, bytes) in files(bundle, ending)? {
            let kilo = super::native::float(bytes) / 1_000.0;
            parts.push(format!("{name} {kilo:.0} KB"));
            all += kilo;
        }
        figures
            .push(Figure::one(&format!("wasm programs, {words}"), "KB", all).of(parts.join(", ")));
    }
    Ok(figures)
}

/// Files of a bundle with an ending, by name.
fn files(bundle: &Path, ending: &str) -> Result<Vec<(String, u64)>, Problem> {
    let mut found = Vec::new();
    let mut folders = vec![bundle.to_owned()];
    while let Some(folder) = folders.pop() {
        let listed = std::fs::read_dir(&folder);
        let listed = listed.map_err(|error| format!("{}: {error}", folder.display()))?;
        for file in listed.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            match file.metadata() {
                Ok(about) if about.is_dir() => folders.push(file.path()),
                Ok(about) if name.ends_with(ending) => found.push((name, about.len())),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}
