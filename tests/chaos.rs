//! `motpart check` on services that cannot be driven: whatever they answer, it is an error with a remedy, never a refusal and never a pass.

#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use serde_json::Value;

const FEATURE: &str = "\
Feature: Right
  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @XCK-001
  Scenario: The right person
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @XCK-002
  Scenario Outline: Somebody else, <n>
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | n |
      | 1 |
      | 2 |
      | 3 |
      | 4 |
      | 5 |
      | 6 |

  @BLK-001
  Scenario: Nobody yet
    When Anna tries to sign
    Then signing is blocked for Anna
";

/// What the service does with a request: the whole answer, or none.
type Answer = fn(&str) -> Option<String>;

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Everything is refused from the first request on.
const SERVICES: &[(&str, Answer, &str)] = &[
    ("hangs", |_| None, "did not answer within"),
    ("garbage", |_| Some("\u{1}\u{2} no http at all\r\n\r\n".to_owned()), "broke the connection"),
    ("no-json", |_| Some(answer("200 OK", "", "<p>%%% fatal error on line 12")), "is no JSON"),
    ("other-json", |_| Some(answer("200 OK", "content-type: application/json\r\n", "{\"odd\":[]}")), "expected"),
    ("500", |_| Some(answer("500 Internal Server Error", "", "")), "answered 500"),
    ("404", |_| Some(answer("404 Not Found", "", "nothing here")), "answered 404"),
    ("401", |_| Some(answer("401 Unauthorized", "", "{\"error\":\"login\"}")), "answered 401"),
    ("login-page", |_| Some(answer("302 Found", "location: /login\r\n", "")), "redirects are not followed"),
    ("login-ends", login_ends, "answered 401"),
    ("login-page-for-people", login_page_for_people, "redirects are not followed"),
];

/// The sender is let in; when it comes to the person, nobody is known any more.
fn login_ends(request: &str) -> Option<String> {
    half(request).or_else(|| Some(answer("401 Unauthorized", "", "{\"error\":\"login\"}")))
}

fn login_page_for_people(request: &str) -> Option<String> {
    half(request).or_else(|| Some(answer("302 Found", "location: /login\r\n", "")))
}

fn half(request: &str) -> Option<String> {
    let party = r#"{"key":"p1","state":"waiting"}"#;
    let body = format!(r#"{{"case":"c1","parties":[{party}]}}"#);
    if request.starts_with("POST /cases ") {
        Some(answer("201 Created", "", &body))
    } else if request.starts_with("GET /parties/") {
        Some(answer("200 OK", "", party))
    } else {
        None
    }
}

const TARGET: &str = r#"
schema = 1
name = "chaos"
setup = "at-once"
sign = "separate-call"
providers = { zignsec-v2 = ["sbid-another"] }
[timing]
poll = "100ms"
settle = "100ms"
op_limit = "500ms"
max_parallel = 2
[op.create_case]
steps = [{ post = "/cases", json = { n = "{{args.participants.0.personal_number?}}" } }]
[op.get_participant]
steps = [{ get = "/parties/{{party}}" }]
[op.start_authentication]
steps = [{ post = "/parties/{{party}}/start" }]
[op.attempt_signature]
steps = [{ post = "/parties/{{party}}/sign" }]
[result]
agreement = { id = "$.case" }
participants = { list = "$.parties[*]", capture = { party = "$.key" } }
participant = { id = "$.key", enforcement = { path = "$.state", map = { waiting = "pending", ok = "passed", no = "failed" } } }
authentication = { redirect_url = { path = "$.go", optional = true } }
"#;

/// A fresh folder with the feature and a target file; the base address and whatever else comes before the file's tables.
fn folder(name: &str, top: &str, tables: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chaos-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("right.feature"), FEATURE).unwrap();
    let target = TARGET.replace("name = \"chaos\"\n", &format!("name = \"chaos\"\n{top}\n")) + tables;
    fs::write(folder.join("target.toml"), target).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motpart"));
    command.env_remove("MOTPART_CONTROL_TOKEN").timeout(Duration::from_secs(60));
    command.arg("check").arg(folder.join("right.feature")).arg("--target").arg(folder.join("target.toml"));
    let output = command.args(arguments).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output, said)
}

/// Answers until the test process ends.
fn serve(answer: Answer) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut request = [0; 8192];
                let read = stream.read(&mut request).unwrap_or_default();
                match answer(&String::from_utf8_lossy(&request[..read])) {
                    Some(answer) => drop(stream.write_all(answer.as_bytes())),
                    None => thread::sleep(Duration::from_secs(60)),
                }
            });
        }
    });
    port
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn shows_nothing(name: &str, port: u16, words: &str) {
    let folder = folder(name, &format!("base_url = \"http://127.0.0.1:{port}\""), "");
    let began = Instant::now();
    let (output, said) = check(&folder, &["--format", "json", "--give-up-after", "4"]);
    assert_eq!(output.status.code(), Some(4), "{name}: {said}");
    assert!(began.elapsed() < Duration::from_secs(45), "{name}: {:?}", began.elapsed());
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(run["headline"]["enforces"], "not-shown", "{name}");
    let scenarios = run["scenarios"].as_array().unwrap();
    // Four errors, and what was under way beside the last of them.
    assert!((4..=5).contains(&scenarios.len()), "{name}: {}", scenarios.len());
    for scenario in scenarios {
        for check in scenario["checks"].as_array().unwrap() {
            assert_eq!(check["verdict"], "error", "{name}: {scenario:#}");
        }
        let failure = &scenario["failure"];
        assert!(failure["actual"].as_str().unwrap().contains(words), "{name}: {failure:#}");
    }
    assert!(said.contains("gave up: 4 scenarios in a row"), "{name}: {said}");
    assert!(run["cannot_show"][0].as_str().unwrap().contains("target doctor"), "{name}");
}

#[test]
fn a_service_that_cannot_be_driven_is_an_error_and_nothing_else() {
    thread::scope(|scope| {
        for (name, answer, words) in SERVICES {
            scope.spawn(move || shows_nothing(name, serve(*answer), words));
        }
        scope.spawn(|| shows_nothing("dead", free_port(), "nothing listens"));
    });
}

#[test]
fn patience_can_be_endless() {
    let top = format!("base_url = \"http://127.0.0.1:{}\"", free_port());
    let (output, said) = check(&folder("patient", &top, ""), &["--format", "json", "--give-up-after", "0"]);
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((run["scenarios"].as_array().unwrap().len(), output.status.code()), (8, Some(4)), "{said}");
}

#[test]
fn a_service_that_is_not_ready_is_said_so_at_once() {
    let top = format!("base_url = \"http://127.0.0.1:{}\"", free_port());
    let ready = "[ready]\npath = '/health'\nwithin = '300ms'\n";
    let (output, said) = check(&folder("not-ready", &top, ready), &[]);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("was not ready within 300ms") && said.contains("mend `base_url` and `[ready]`"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_start_runs_has_its_folder_its_connection_and_its_log() {
    let top = format!("base_url = \"http://127.0.0.1:{}\"", free_port());
    let start = "[ready]\npath = '/health'\nwithin = '20s'\n\
         [start]\ncommand = ['sh', '-c', 'ls; echo at $WHERE; exit 3']\nenv = { WHERE = '{{sim.ZIGNSEC_V2_URL}}' }\n\
         [stop]\ncommand = ['sh', '-c', 'touch stopped']\n";
    let folder = folder("start", &top, start);
    let began = Instant::now();
    let (output, said) = check(&folder, &["--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(began.elapsed() < Duration::from_secs(15), "nobody waits for what has ended: {:?}", began.elapsed());
    assert!(said.contains("ended with exit status: 3 before the service was ready"), "{said}");
    assert!(said.contains("| right.feature") && said.contains("| at http://127.0.0.1:"), "{said}");
    assert!(folder.join("stopped").exists(), "`[stop]` is run whatever happened");
}

#[test]
fn a_deviation_that_cannot_be_is_refused_before_anything_runs() {
    let deviation =
        "[[deviation]]\nrequirement = 'XCK-1000'\ndoes = 'x'\nreason = 'x'\nowner = 'x'\nreview = 2030-01-01\n";
    let (output, said) = check(&folder("deviation", "base_url = 'http://127.0.0.1:1'", deviation), &[]);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("a deviation from nothing"), "{said}");
}

#[test]
fn a_provider_is_named_in_either_spelling() {
    let folder = folder("spelling", "base_url = 'http://127.0.0.1:1'", "");
    for name in ["zignsec-v2", "zignsec_v2"] {
        let (output, said) = check(&folder, &["--provider", name, "--dry-run"]);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
    let (output, said) = check(&folder, &["--provider", "signicat", "--dry-run"]);
    assert!(output.status.code() == Some(2) && said.contains("it has zignsec_v2"), "{said}");
}

#[test]
fn people_without_a_method_are_not_applicable() {
    let folder = folder("methods", "base_url = 'http://127.0.0.1:1'", "");
    let feature = FEATURE.replace("| person |\n", "| person | country |\n").replace("| Anna   |", "| Anna | NO |");
    fs::write(folder.join("right.feature"), feature.replace("| Bengt  |", "| Bengt | SE |")).unwrap();
    let (output, said) = check(&folder, &[]);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("the target declares no method for people of NO"), "{said}");
}

/// A running `motpart serve`, ended with the test.
struct Served(std::process::Child, String);

impl Served {
    fn start() -> Self {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_motpart"))
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json"])
            .env_remove("MOTPART_CONTROL_TOKEN")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let url = ["control_url", "MOTPART_CONTROL_URL"].iter().find_map(|key| find(&ready, key)).unwrap();
        Self(child, url.trim_end_matches('/').to_owned())
    }

    /// One call of the control API.
    fn call(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.1.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "{method} /_motpart/v1/{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn find(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Object(members) => members
            .get(key)
            .and_then(|value| value.as_str().map(str::to_owned))
            .or_else(|| members.values().find_map(|value| find(value, key))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

#[test]
fn a_run_has_its_space_for_itself_and_leaves_it_as_it_was() {
    let served = Served::start();
    let token = "00000000-e2a2-4968-b651-5352305c9fb0";
    for (name, simulators, space) in [
        ("default", format!("simulators = {{ zignsec-v2 = {{ token = \"{token}\" }} }}"), "default"),
        ("own", "simulators = { zignsec-v2 = { token = \"ours\" } }".to_owned(), "check-r"),
        ("minted", String::new(), "check-r"),
    ] {
        let top = format!("base_url = \"http://127.0.0.1:{}\"\n{simulators}", free_port());
        let folder = folder(&format!("attach-{name}"), &top, "");
        let simulator = ["--simulator", served.1.as_str(), "--give-up-after", "1"];
        let (output, said) = check(&folder, &simulator);
        assert_eq!(output.status.code(), Some(4), "{said}");
        let spaces = served.call("GET", "spaces", "");
        assert!(!spaces.contains("in-use") && !spaces.contains("check-r"), "{spaces}");
        if space == "default" {
            served.call("POST", "spaces", r#"{"name":"default-in-use"}"#);
            let (output, said) = check(&folder, &simulator);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("another run uses the space `default`") && said.contains("curl -X DELETE"), "{said}");
            served.call("DELETE", "spaces/default-in-use", "");
        }
    }
}
