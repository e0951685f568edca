//! Headless Chromium and its driver, started once for all tests and gone when they are.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

/// Whether the browser runs what pages bring along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scripts {
    Off,
    On,
}

/// Runs a test with a browser, or says why it does not.
pub(crate) fn browse(scripts: Scripts, test: impl AsyncFnOnce(&Client)) {
    let Some(driver) = &*DRIVER else {
        assert!(std::env::var_os("MOTPART_BROWSER").is_none(), "{MISSING}");
        // Not `eprintln!`: what a passing test prints that way is not shown.
        let _ = writeln!(std::io::stderr(), "skipped: {MISSING}");
        return;
    };
    RUNTIME.block_on(async {
        let _seat = SEATS.acquire().await.unwrap();
        let waiting = IDLE.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&scripts).and_then(Vec::pop);
        let browser = match waiting {
            Some(browser) => browser,
            None => driver.open(scripts).await,
        };
        test(&browser).await;
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).entry(scripts).or_default().push(browser);
    });
}

/// A running driver.
struct Driver {
    url: String,
    /// The browser it starts.
    binary: &'static str,
    /// Where browsers keep their profiles.
    folder: String,
}

impl Driver {
    /// Starts one on a port it finds itself. `None` when it, or the browser, is not installed.
    fn start() -> Option<Self> {
        let answers = |program: &&str| {
            let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            asked.is_ok_and(|status| status.success())
        };
        let binary = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(answers)?;
        answers(&"chromedriver").then_some(())?;
        let folder = std::env::temp_dir().join(format!("motpart-browser-{}", std::process::id()));
        let folder = folder.to_str().unwrap().to_owned();
        let mut shell = Command::new("sh")
            .args(["-c", KEEPER, &folder])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(shell.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        // The pipe stays open as long as this process lives: see the keeper.
        std::mem::forget(shell);
        Some(Self { url: format!("http://127.0.0.1:{}", port.expect("chromedriver starts")), binary, folder })
    }

    async fn open(&self, scripts: Scripts) -> Client {
        let profile = tempfolder(&self.folder);
        let arguments = FLAGS.iter().map(|flag| (*flag).to_owned()).chain([format!("--user-data-dir={profile}")]);
        let mut options = json!({ "binary": self.binary_path(), "args": arguments.collect::<Vec<_>>() });
        if scripts == Scripts::Off {
            options["prefs"] = json!({ "profile.default_content_setting_values.javascript": 2 });
        }
        let wanted = [("goog:chromeOptions".to_owned(), options), ("browserName".to_owned(), Value::from("chrome"))];
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.into_iter().collect())
            .connect(&self.url)
            .await
            .expect("chromium starts")
    }

    /// The driver wants the whole path.
    fn binary_path(&self) -> String {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let mut found =
            std::env::split_paths(&paths).map(|folder| folder.join(self.binary)).filter(|file| file.is_file());
        found.next().unwrap().to_str().unwrap().to_owned()
    }
}

fn tempfolder(parent: &str) -> String {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    format!("{parent}/{}", NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

const MISSING: &str = "chromium and chromedriver are not installed (Debian: apt-get install chromium chromium-driver)";

/// Tests have no common end at which to stop the driver, and may be killed. So a shell keeps it, and stops it when its input closes, which
/// happens when this process is gone, however that came about. All that it started is in its process group.
const KEEPER: &str = r#"mkdir -p "$0"; chromedriver --port=0 & read end; trap '' TERM; kill 0; wait
# Browsers write to their profiles until they are gone, which the driver does not wait for.
for try in 1 2 3 4 5; do sleep 1; rm -rf "$0" && sleep 1 && [ ! -e "$0" ] && break; done"#;

const FLAGS: [&str; 15] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // A tab behind another one must not fall asleep.
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--window-size=1200,900",
    // A process for each site costs more than the pages do; what sites may know of each other stays as it is.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess,ProactivelySwapBrowsingInstance,BackForwardCache",
];

/// Browsers at work at the same time: each one is several processes.
static SEATS: Semaphore = Semaphore::const_new(2);
static IDLE: Mutex<BTreeMap<Scripts, Vec<Client>>> = Mutex::new(BTreeMap::new());
static DRIVER: LazyLock<Option<Driver>> = LazyLock::new(Driver::start);
/// One for all tests: a browser's connection lives longer than the test that opened it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
