//! The real flow over loopback, against the real binary: set up, two pending results, one finished.
//!
//! ```sh
//! cargo bench --bench flows               # 100,000 flows over 16 connections
//! cargo bench --bench flows -- 20000 4    # 20,000 flows over 4 connections
//! cargo bench --bench flows -- signicat   # Consent Signature: encrypted request, two polls, completion, token, signed data object
//! cargo bench --bench flows -- keys       # Signicat's key set, over and over
//! cargo bench --bench flows -- gateway    # the gateway's flow: each finishes with a freshly signed RS256 token
//! ```
//!
//! Prints flows per second, latencies of single requests, the memory of the simulator before and after, how fast it was ready, and, in the
//! same run, the rate of a bare axum handler behind the same accept loop as the yardstick. The generator shares the machine; every answer
//! is checked, and a wrong one ends the run.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use motpart::crypto::jwe::{Content, Recipient};
use motpart::crypto::keys::Jwk;
use motpart::serve::Door;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
const BARE: &str =
    r#"{"id":"ebe756c4-24db-4eb7-8b54-874434f212ec","errors":[],"result":{"identity":{"state":"PENDING"}}}"#;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if arguments.first().is_some_and(|a| a == "bare") {
        return bare();
    }
    let named = arguments.first().filter(|a| ["gateway", "keys", "signicat"].contains(&a.as_str())).cloned();
    let arguments = &arguments[usize::from(named.is_some())..];
    let (usual, requests_per_flow) = match named.as_deref() {
        Some("gateway") => (20_000, 4.0),
        Some("signicat") => (5_000, 7.0),
        Some("keys") => (200_000, 1.0),
        _enforcement => (100_000, 4.0),
    };
    let number = |at: usize, default: usize| arguments.get(at).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (flows, connections) = (number(0, usual), number(1, 16));

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let yardstick = {
        let server =
            Server::start(&[std::env::current_exe().expect("this program").to_str().expect("a path in UTF-8"), "bare"]);
        let requests = flows * 4;
        let rate = runtime.block_on(run(&server.address, connections, requests, bare_flow));
        rate.per_second
    };

    // Consent Signature asks twice, the others three times.
    let script = if named.as_deref() == Some("signicat") { "pending-once" } else { "pending-then-finished-by-polls" };
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scripts");
    let door = ["serve", "--listen", "127.0.0.1:0", "--format", "json"];
    let command = [&[env!("CARGO_BIN_EXE_motpart")][..], &door, &["--scripts", scripts, "--script", script]].concat();
    let server = Server::start(&command);
    println!("ready after            {:>10.1} ms", server.ready.as_secs_f64() * 1e3);
    let before = server.resident_kib();
    let spent = || (server.processor_seconds(server.child.id()), server.processor_seconds(std::process::id()));
    let flow = async |count: usize| match named.as_deref() {
        Some("gateway") => run(&server.address, connections, count, gateway_flow).await,
        Some("signicat") => run(&server.address, connections, count, signicat_flow).await,
        Some("keys") => run(&server.address, connections, count, keys_flow).await,
        _enforcement => run(&server.address, connections, count, enforcement_flow).await,
    };
    let warm = runtime.block_on(flow((flows / 20).max(1)));
    let (server_before, generator_before) = spent();
    let measured = runtime.block_on(flow(flows));
    let (server_after, generator_after) = spent();
    let per_flow = |seconds: f64| seconds / measured.count as f64 * 1e6;
    println!("flows                  {flows:>10} over {connections} connections (after {} to warm up)", warm.count);
    println!("flows per second       {:>10.0}", measured.per_second);
    println!("requests per second    {:>10.0}", measured.per_second * requests_per_flow);
    println!("a request, p50         {:>10.3} ms", measured.percentile(50.0));
    println!("a request, p99         {:>10.3} ms", measured.percentile(99.0));
    println!("processor, simulator   {:>10.1} µs per flow", per_flow(server_after - server_before));
    println!("processor, generator   {:>10.1} µs per flow", per_flow(generator_after - generator_before));
    println!("resident memory before {:>10.1} MB", before as f64 / 1024.0);
    println!("resident memory after  {:>10.1} MB", server.resident_kib() as f64 / 1024.0);
    println!("bare axum handler      {yardstick:>10.0} requests per second");
    println!("wrong answers                   0");
}

/// A bare axum handler behind the same accept loop: what the machine and the framework allow.
fn bare() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let door = Door::bind(([127, 0, 0, 1], 0).into()).await.expect("a free port");
        let json = [("content-type", "application/json; charset=utf-8")];
        let router = Router::new().route("/", get(move || async move { (json, BARE) }));
        let serving = door.serve(router).expect("a listener");
        println!("{{\"url\":\"http://{}/\"}}", serving.addr());
        std::future::pending::<()>().await;
    });
}

/// A server in its own process.
struct Server {
    child: Child,
    address: String,
    ready: Duration,
}

impl Server {
    fn start(command: &[&str]) -> Self {
        let begun = Instant::now();
        let mut child = Command::new(command[0])
            .args(&command[1..])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output is piped");
        BufReader::new(out).read_line(&mut line).expect("it says when it is ready");
        let ready = begun.elapsed();
        let line: serde_json::Value = serde_json::from_str(&line).expect("the ready line is JSON");
        let secret = line["connection"]["SIGNICAT_CLIENT_SECRET"].as_str().unwrap_or_default();
        // The yardstick's server has none.
        if !secret.is_empty() {
            let _ = SECRET.set(secret.to_owned());
        }
        let url = line["url"].as_str().expect("the ready line names the address");
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address, ready }
    }

    /// User and system time of a process so far, where the system tells it.
    fn processor_seconds(&self, process: u32) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        // Fields 14 and 15 of proc(5), a hundred to the second.
        (ticks(11) + ticks(12)) / 100.0
    }

    fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
        line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is being measured, not tested: there is nothing to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Measured {
    count: usize,
    per_second: f64,
    latencies: Vec<u32>,
}

impl Measured {
    /// In milliseconds.
    fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = (percent / 100.0 * (sorted.len() - 1) as f64) as usize;
        f64::from(sorted[at]) / 1e3
    }
}

/// One connection: requests in, whole answers out.
struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
    latencies: Vec<u32>,
}

impl Connection {
    async fn ask(&mut self, request: &str) -> &str {
        let begun = Instant::now();
        self.stream.write_all(request.as_bytes()).await.expect("the request is sent");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("the answer is read");
            assert!(read > 0, "the connection was closed in an answer");
            let text = std::str::from_utf8(&self.buffer).unwrap_or_default();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length: "))
                    .and_then(|l| l.parse::<usize>().ok())
                    .expect("an answer has a length");
                if body.len() == length {
                    break;
                }
            }
        }
        self.latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        std::str::from_utf8(&self.buffer).unwrap_or_default().split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

async fn run<F>(address: &str, connections: usize, count: usize, flow: F) -> Measured
where
    F: AsyncFn(&mut Connection) + Copy + 'static,
{
    let begun = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    let each = count / connections;
    let handles: Vec<_> = (0..connections)
        .map(|_| {
            let address = address.to_owned();
            tasks.spawn_local(async move {
                let stream = TcpStream::connect(&address).await.expect("the server listens");
                stream.set_nodelay(true).expect("a TCP option");
                let mut connection = Connection { stream, host: address, buffer: Vec::new(), latencies: Vec::new() };
                for _ in 0..each {
                    flow(&mut connection).await;
                }
                connection.latencies
            })
        })
        .collect();
    tasks.await;
    let elapsed = begun.elapsed().as_secs_f64();
    let mut latencies = Vec::new();
    for handle in handles {
        latencies.extend(handle.await.expect("no answer was wrong"));
    }
    Measured { count: each * connections, per_second: (each * connections) as f64 / elapsed, latencies }
}

async fn bare_flow(connection: &mut Connection) {
    let request = format!("GET / HTTP/1.1\r\nhost: {}\r\nauthorization: {TOKEN}\r\n\r\n", connection.host);
    let answer = connection.ask(&request).await;
    assert_eq!(answer, BARE);
}

async fn enforcement_flow(connection: &mut Connection) {
    let host = connection.host.clone();
    let body = "target=http%3A%2F%2Flocalhost%3A8080%2Fzignsec%2Freturn";
    let set_up = format!(
        "POST /v2/eid/sbid-another HTTP/1.1\r\nhost: {host}\r\nauthorization: {TOKEN}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = connection.ask(&set_up).await;
    let id = answer.strip_prefix("{\"id\":\"").and_then(|rest| rest.get(..36)).expect("a set-up has an id").to_owned();
    let collect = format!("GET /v2/eid/{id} HTTP/1.1\r\nhost: {host}\r\nauthorization: {TOKEN}\r\n\r\n");
    for expected in ["\"state\":\"PENDING\"", "\"state\":\"PENDING\"", "\"PersonalNumber\":"] {
        let answer = connection.ask(&collect).await;
        assert!(answer.contains(expected) && answer.contains(&id), "expected {expected} of {id}, got {answer}");
    }
}

async fn gateway_flow(connection: &mut Connection) {
    let host = connection.host.clone();
    let body = r#"{"metadata":{"attributes_to_return":["BASIC_USER_INFO","SSN"],"user_info":"nobody@example.org"}}"#;
    let length = body.len();
    let set_up = format!(
        "POST /core/api/sessions/identity_verification/freja_id_email HTTP/1.1\r\nhost: {host}\r\nauthorization: {TOKEN}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
    );
    let answer = connection.ask(&set_up).await;
    let id = answer.split("\"id\":\"").nth(1).and_then(|rest| rest.get(..36)).expect("a session has an id").to_owned();
    let collect = format!("GET /core/api/sessions/{id} HTTP/1.1\r\nhost: {host}\r\nauthorization: {TOKEN}\r\n\r\n");
    for expected in ["\"status\":\"STARTED\"", "\"status\":\"STARTED\"", "\"signedIdentity\":\"eyJ"] {
        let answer = connection.ask(&collect).await;
        assert!(answer.contains(expected), "expected {expected} of {id}, got {answer}");
    }
}

/// The secret of Signicat's relying party in this run.
static SECRET: OnceLock<String> = OnceLock::new();

/// What stands between two texts of an answer, head included.
fn between<'a>(connection: &'a Connection, before: &str, after: &str) -> &'a str {
    let text = std::str::from_utf8(&connection.buffer).unwrap_or_default();
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.map_or_else(|| panic!("no {before} in {text}"), |(found, _)| found)
}

async fn signicat_flow(connection: &mut Connection) {
    let host = connection.host.clone();
    let plain = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{more}\r\n");
    let request = serde_json::json!({
        "login_hint": ["subject-198501012382"], "scope": "openid profile signicat.sign", "signicat_signtext": "I accept.",
        "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign", "response_type": "code", "state": "s",
        "redirect_uri": "http://localhost:3000/cb", "client_id": "motpart-inapp-sign",
    });
    // As a relying party has it that starts many: the key is fetched and read once.
    static TO: OnceLock<(Recipient, String)> = OnceLock::new();
    if TO.get().is_none() {
        let answer: serde_json::Value =
            serde_json::from_str(connection.ask(&plain("/oidc/jwks.json", "")).await).expect("a key set");
        let keys: Vec<Jwk> = serde_json::from_value(answer["keys"].clone()).expect("keys");
        let key = keys.into_iter().find(|key| key.usage.as_deref() == Some("enc")).expect("a key to encrypt to");
        let _ = TO.set((Recipient::new(&key.key).expect("an RSA key"), key.kid.expect("a name")));
    }
    let (to, kid) = TO.get().expect("it was set");
    let members = [("typ", "JWE"), ("kid", kid.as_str())];
    let token = to.encrypt(Content::A256CbcHs512, &members, request.to_string().as_bytes()).expect("a header");
    connection.ask(&plain(&format!("/oidc/authorize?request={token}"), "accept: application/json\r\n")).await;
    let cookie = format!("cookie: {}\r\n", between(connection, "set-cookie: ", ";"));
    let order = between(connection, "\"orderRef\":\"", "\"").to_owned();
    let collect = plain(&format!("/std/method/motpart/collect?orderRef={order}"), &cookie);
    // The script answers pending once.
    for _ in 0..2 {
        connection.ask(&collect).await;
    }
    let sid = between(connection, "complete?sid=", "\"").to_owned();
    connection.ask(&plain(&format!("/std/method/motpart/complete?sid={sid}"), &cookie)).await;
    let tx = between(connection, "resume?tx=", "\r\n").to_owned();
    connection.ask(&plain(&format!("/oidc/authorize/resume?tx={tx}"), &cookie)).await;
    let code = between(connection, "code=", "&").to_owned();
    let secret = SECRET.get().expect("the ready line has it");
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&client_id=motpart-inapp-sign&client_secret={secret}"
    );
    let length = body.len();
    let exchange = format!(
        "POST /oidc/token HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    connection.ask(&exchange).await;
    let access = between(connection, "\"access_token\":\"", "\"").to_owned();
    let bearer = format!("authorization: Bearer {access}\r\n");
    let document = connection.ask(&plain("/oidc/signature", &bearer)).await;
    assert!(document.contains("LtvSdo"), "{document}");
}

async fn keys_flow(connection: &mut Connection) {
    let request = format!("GET /oidc/jwks.json HTTP/1.1\r\nhost: {}\r\n\r\n", connection.host);
    assert!(connection.ask(&request).await.starts_with("{\"keys\":["));
}
