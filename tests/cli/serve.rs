//! `motpart serve` as a process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use motpart::dial::{DialOptions, Dialer};
use serde_json::Value;

use super::{folder, motpart};

/// A running `motpart serve`, and its ready line.
struct Running {
    child: Child,
    ready: Value,
    /// Lines of its standard error, as they come.
    errors: Receiver<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motpart"))
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json"])
            .args(arguments)
            .env_remove("MOTPART_CONTROL_TOKEN")
            .env_remove("MOTPART_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        child.stdout = Some(out.into_inner());
        let errors = lines(child.stderr.take().unwrap());
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let said = errors.iter().collect::<String>();
            panic!("no ready line: {line}{said}")
        });
        Self { child, ready, errors }
    }

    fn url(&self) -> &str {
        self.ready["url"].as_str().unwrap()
    }

    /// Asks for something there, and returns the JSON of the answer.
    fn ask(&self, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> Value {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.url()));
        for (name, value) in head {
            request = request.header(*name, *value);
        }
        let request = request.body(bytes::Bytes::from(body.to_owned())).unwrap();
        let answer = runtime.block_on(async {
            let dialer = Dialer::new(&DialOptions::default()).unwrap();
            dialer.send(request, Duration::from_secs(5), 1 << 20).await.unwrap()
        });
        assert_eq!(answer.status, 200, "{method} {path}: {:?}", answer.body);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The first line on standard error that has these words.
    fn hear(&self, words: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut all = String::new();
        while let Ok(line) = self.errors.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(words) {
                return line;
            }
            all.push_str(&line);
        }
        panic!("never heard `{words}`:\n{all}")
    }

    /// Sends it a signal, and returns how it ended and what else it printed.
    #[cfg(unix)]
    fn signalled(mut self, signal: rustix::process::Signal) -> (ExitStatus, String) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
        let mut rest = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads in a thread of its own, so that a test that waits in vain fails in the end.
/// The design that believes in TLS only has it where there is TLS; everything Signicat needs is told by the simulator that is attached to.
#[test]
fn a_service_is_judged_at_signicat_over_tls() {
    let simulator = Running::start(&["--tls"]);
    let output = motpart()
        .args(["check", "--target", "reference:tls-direct", "--provider", "signicat", "--simulator", simulator.url()])
        .args(["--tags", "@TOK-002 or @TOK-020", "--fail-fast", "--format", "json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts = |requirement: &str| -> Vec<&str> {
        let checks = run["scenarios"].as_array().unwrap().iter().flat_map(|one| one["checks"].as_array().unwrap());
        let of = checks.filter(|check| check["requirement"] == requirement);
        of.map(|check| check["verdict"].as_str().unwrap()).collect()
    };
    // A foreign key's signature gets through here, and the declaration says so; what a token says is checked all the same.
    let [signed, told] = [verdicts("TOK-002"), verdicts("TOK-020")];
    assert!(!signed.is_empty() && signed.iter().all(|verdict| *verdict == "not-applicable"), "{signed:?}");
    assert!(!told.is_empty() && told.iter().all(|verdict| *verdict == "pass"), "{told:?}");
    assert!(said.contains(" not-applicable ") && !said.contains(" fail "), "{said}");
}

/// As a developer has it: simulator, service and judge are processes of their own.
#[test]
fn a_service_that_runs_elsewhere_is_judged_at_a_simulator_that_runs_elsewhere() {
    let simulator = Running::start(&[]);
    let service = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .args(["reference", "--listen", "127.0.0.1:0", "--poll", "50ms", "--format", "json"])
        .args(["--simulator", simulator.url()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut service = Ended(service);
    let mut line = String::new();
    BufReader::new(service.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let token = simulator.ready["connection"]["ZIGNSEC_V2_TOKEN"].as_str().unwrap();
    let target = include_str!("../../fixtures/targets/zigned.toml");
    let target = format!("{target}\n[simulators.zignsec-v2]\ntoken = \"{token}\"\n");
    let folder = folder("elsewhere", &[("target.toml", &target)]);
    let output = motpart()
        .args(["check", "--simulator", simulator.url(), "--tags", "@XCK-001 and @each-provider", "--target"])
        .arg(folder.join("target.toml"))
        .env("ZIGNED_URL", ready["url"].as_str().unwrap().trim_end_matches('/'))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    for provider in ["zignsec_v2", "zignsec_v3", "zignsec_gateway", "signicat"] {
        assert!(
            said.contains(&format!(" pass only-the-intended-person-passes/the-intended-person-identifies@{provider}"))
        );
    }
}

/// A process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn lines(errors: ChildStderr) -> Receiver<String> {
    let (heard, lines) = channel();
    std::thread::spawn(move || {
        let mut errors = BufReader::new(errors);
        let mut line = String::new();
        while errors.read_line(&mut line).is_ok_and(|read| read > 0) && heard.send(std::mem::take(&mut line)).is_ok() {}
    });
    lines
}

fn health(url: &str) -> i32 {
    motpart().args(["health", "--url", url]).output().unwrap().status.code().unwrap()
}

#[test]
fn the_ready_line_is_one_line_and_says_where_everything_is() {
    let running = Running::start(&["--seed", "s"]);
    assert_eq!(running.ready["ready"], true);
    assert_eq!(running.ready["connection"]["MOTPART_URL"], running.ready["url"]);
    assert!(!running.url().contains(":0/"), "{}", running.ready);
    assert_eq!(running.ready["phone_url"], format!("{}phone", running.url()));
    assert_eq!(running.ready["connection"]["ZIGNSEC_V3_URL"], running.ready["url"]);
    assert_eq!(health(running.url()), 0);
}

#[cfg(unix)]
#[test]
fn signals_stop_it_cleanly() {
    use rustix::process::Signal;
    for signal in [Signal::INT, Signal::TERM] {
        let (status, rest) = Running::start(&[]).signalled(signal);
        assert_eq!((status.code(), rest.as_str()), (Some(0), ""), "{signal:?}");
    }
}

#[test]
fn a_door_to_the_network_keeps_the_control_api_at_home() {
    let running = Running::start(&["--listen", "0.0.0.0:0"]);
    assert!(running.ready["control_url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{}", running.ready);
    assert_ne!(running.ready["control_url"], running.ready["url"]);
    assert_eq!(health(running.url()), 0, "the open door says that it is well, too");
}

#[test]
fn an_open_control_api_gets_a_token_of_its_own() {
    let running = Running::start(&["--control-listen", "0.0.0.0:0"]);
    let token = running.ready["connection"]["MOTPART_CONTROL_TOKEN"].as_str().unwrap();
    assert_eq!(token.len(), 32, "{token}");
}

#[test]
fn the_control_api_answers_to_the_names_it_was_told() {
    let running = Running::start(&["--control-host", "motpart"]);
    let persons = running.ask("GET", "_motpart/v1/persons", &[("host", "motpart:8480")], "");
    assert!(persons["persons"].is_array(), "{persons}");
}

#[test]
fn switches_of_a_settings_file_are_in_force() {
    let text = "[[space]]\nname = 'default'\ncredentials.zignsec-v2.token = 'ours'\nsettings.zignsec-v2.account_webhook = 'http://localhost/hook'\n";
    let files = folder("switches", &[("s.toml", text)]);
    let file = files.join("s.toml").to_string_lossy().into_owned();
    let running = Running::start(&["--settings", &file]);
    assert_eq!(running.ready["connection"]["ZIGNSEC_V2_TOKEN"], "ours");
    let settings = running.ask("GET", "_motpart/v1/spaces/default/settings", &[], "");
    assert!(settings.to_string().contains("http://localhost/hook"), "{settings}");
    drop(running);
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn tls_is_trusted_by_health() {
    let running = Running::start(&["--tls"]);
    assert!(running.url().starts_with("https://127.0.0.1:"), "{}", running.url());
    assert_eq!(health(running.url()), 0);
}

#[test]
fn a_session_that_waits_for_a_person_says_where_to_click() {
    let running = Running::start(&["--public-url", "https://eid.test"]);
    let token = running.ready["connection"]["ZIGNSEC_V2_TOKEN"].as_str().unwrap();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let started = running.ask("POST", "v2/eid/sbid", &[("authorization", token), form], "target=http://localhost/");
    let id = started["id"].as_str().unwrap().to_owned();
    let json = ("content-type", "application/json");
    running.ask("POST", &format!("_motpart/v1/sessions/{id}/advance"), &[json], "{\"by\":\"21s\"}");
    let heard = running.hear("waits for a person");
    assert!(heard.contains(&id) && heard.contains("open https://eid.test/v2/"), "{heard}");
}

#[cfg(unix)]
#[test]
fn a_command_finds_the_connection_and_gives_its_code() {
    let script = "[ -n \"$MOTPART_URL\" ] && [ \"$MOTPART_CONTROL_TOKEN\" = secret ] && echo out && exit 7";
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--control-token", "secret", "--", "sh", "-c", script];
    let output = motpart().args(arguments).assert().code(7).get_output().clone();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "out\n", "its output is the command's alone");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is ready") && !said.contains("secret"), "{said}");

    let killed = ["serve", "--listen", "127.0.0.1:0", "--", "sh", "-c", "kill -9 $$"];
    motpart().args(killed).assert().code(137);
}

#[cfg(unix)]
#[test]
fn signals_are_passed_on_to_the_command() {
    let script = "trap 'exit 9' TERM; echo waiting >&2; while :; do sleep 0.05; done";
    let running = Running::start(&["--", "sh", "-c", script]);
    running.hear("waiting");
    let (status, _) = running.signalled(rustix::process::Signal::TERM);
    assert_eq!(status.code(), Some(9));
}

#[test]
fn scripts_are_read_again_and_broken_ones_leave_the_earlier_ones() {
    let files = folder("reload", &[("ours.toml", "title = 'Ours'")]);
    let running = Running::start(&["--scripts", &files.to_string_lossy(), "--script", "ours"]);
    write(&files.join("ours.toml"), "titel = 'Ours'");
    running.hear("the earlier scripts stay");
    running.hear("did you mean `title`?");
    write(&files.join("ours.toml"), "title = 'Ours again'");
    running.hear("scripts read again: 1 of");
    drop(running);
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn people_are_read_again() {
    let files = folder("people", &[("p.toml", "")]);
    let running = Running::start(&["--persons", &files.join("p.toml").to_string_lossy()]);
    write(&files.join("p.toml"), "[[person]]\nnamn = 'x'\n");
    running.hear("the earlier persons stay");
    write(&files.join("p.toml"), "");
    running.hear("persons read again");
    drop(running);
    std::fs::remove_dir_all(files).unwrap();
}

/// As editors do: another file takes the name.
fn write(file: &Path, text: &str) {
    let beside = file.with_extension("new");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(beside, file).unwrap();
}
