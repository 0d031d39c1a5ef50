//! Two real Chromiums: one chromedriver, one profile for each tablet. A tablet's browser can be
//! killed at any moment and started again on what is left of its profile.

use super::page::Page;
use super::waiting::until;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::{
    BrowserLogEntry, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver,
};

const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--touch-events=enabled",
    "--lang=en",
];

/// How a tablet is held and what its owner likes.
#[derive(Clone, Copy)]
pub enum Look {
    /// Landscape, light.
    Day,
    /// Portrait, dark.
    Night,
}

impl Look {
    const fn flags(self) -> [&'static str; 2] {
        match self {
            Look::Day => [
                "--window-size=1366,1024",
                "--blink-settings=preferredColorScheme=1",
            ],
            Look::Night => [
                "--window-size=800,1180",
                "--blink-settings=preferredColorScheme=0",
            ],
        }
    }
}

/// chromedriver on a port of its own; dropped, it ends.
pub struct Chromedriver {
    child: Child,
    address: String,
    /// Of it and of all browsers it starts.
    folder: PathBuf,
}

impl Chromedriver {
    /// Starts it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let mut lines = lines.map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        let address = format!(
            "http://127.0.0.1:{}",
            port.expect("chromedriver names its port")
        );
        Self {
            child,
            address,
            folder,
        }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What is left of killed browsers may write for a moment longer.
        let gone = || std::fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists();
        for _ in 0..50 {
            if gone() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A browser with a profile of its own; dropped, it is killed.
pub struct Browser {
    profile: PathBuf,
    look: Look,
    page: Option<Page>,
}

impl Browser {
    /// A new profile, started.
    pub async fn start(chromedriver: &Chromedriver, look: Look) -> Self {
        let profile = tempfile::tempdir_in(&chromedriver.folder);
        let profile = profile.expect("a folder").keep();
        let page = page(chromedriver, &profile, look).await;
        Self {
            profile,
            look,
            page: Some(page),
        }
    }

    /// Its page.
    pub fn page(&self) -> &Page {
        self.page.as_ref().expect("the browser runs")
    }

    /// What stands in its console since it was last asked.
    pub async fn console(&self) -> Vec<BrowserLogEntry> {
        self.page().driver.browser_log().await.expect("the console")
    }

    /// Leaves a site no room on the disk.
    pub async fn fill_disk(&self, origin: &str) {
        let room = serde_json::json!({ "origin": origin, "quotaSize": 0 });
        let tools = self.page().driver.cdp();
        let left = tools.send_raw("Storage.overrideQuotaForOrigin", room);
        left.await.expect("a quota");
    }

    /// Kills the browser in the midst of whatever it does, with SIGKILL.
    pub async fn kill(&mut self) {
        let killed = kill(&self.profile);
        assert!(killed > 0, "no browser process was found to kill");
        let gone = until(async || running(&self.profile).is_empty().then_some(())).await;
        assert!(gone.is_some(), "the browser did not die");
        if let Some(page) = self.page.take() {
            let _ = page.driver.leak();
        }
    }

    /// Starts it again with what is left of its profile.
    pub async fn start_again(&mut self, chromedriver: &Chromedriver) {
        self.page = Some(page(chromedriver, &self.profile, self.look).await);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(page) = self.page.take() {
            let _ = page.driver.leak();
        }
        kill(&self.profile);
    }
}

async fn page(chromedriver: &Chromedriver, profile: &Path, look: Look) -> Page {
    let mut wanted = DesiredCapabilities::chrome();
    let chromium = super::on_path("chromium").unwrap_or_default();
    wanted
        .set_binary(&chromium.to_string_lossy())
        .expect("a capability");
    for flag in FLAGS.into_iter().chain(look.flags()) {
        wanted.add_arg(flag).expect("a capability");
    }
    wanted.add_arg(&data_flag(profile)).expect("a capability");
    wanted
        .set_browser_log_level(LoggingPrefsLogLevel::All)
        .expect("a capability");
    let driver = WebDriver::new(chromedriver.address.clone(), wanted).await;
    let driver = driver.expect("Chromium starts");
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    let dark = driver.execute(dark, vec![]).await.expect("a look");
    assert_eq!(dark.json(), matches!(look, Look::Night));
    Page { driver }
}

fn data_flag(profile: &Path) -> String {
    format!("--user-data-dir={}", profile.display())
}

/// Kills what runs on a profile and says how many that were.
fn kill(profile: &Path) -> usize {
    let running = running(profile);
    for pid in &running {
        let _ = Command::new("kill").args(["-KILL", pid]).status();
    }
    running.len()
}

/// Processes of the browser itself on this profile; its own children end with it.
fn running(profile: &Path) -> Vec<String> {
    let flag = data_flag(profile);
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ours = processes.filter(|process| {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let mut words = line.split(|byte| *byte == 0);
        words.clone().any(|word| word == flag.as_bytes())
            && !words.any(|word| word.starts_with(b"--type="))
    });
    ours.filter_map(|process| process.file_name().into_string().ok())
        .collect()
}
