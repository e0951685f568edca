//! Real OpenID Connect clients, unmodified and from their registries, against the real binary: each completes, and each fails in its own ways.
//!
//! The programs in the folders beside this file know nothing of Motpart. `.ci/clients` installs what they need below `target/clients`; without
//! it these tests say so and pass, unless `MOTPART_REFEREES=required` is set.
//!
//! ```text
//! main (the matrix) ── scenario (rows) ── program (columns) ── world (the binary, a space for each cell)
//! ```

#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

mod apache;
mod program;
mod scenario;
mod seven_steps;
mod world;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::thread;

use josekit::jwk::alg::rsa::RsaKeyPair;
use motpart::crypto::keys::{Jwk, Pool};
use serde_json::{Value, json};

use program::{Client, Outcome, are_installed, node};
use scenario::{Kind, Scenario, scenarios};
use world::{Simulator, variables};

/// The keys of the relying party are fixtures too.
const RESPONSE_KEY: usize = 5;
const SIGNATURE_KEY: usize = 6;

#[test]
fn every_client_completes_and_refuses_in_its_own_ways() {
    if !are_installed() {
        return;
    }
    let simulator = Simulator::start(&[]);
    let rows = scenarios();
    let cells = in_parallel(rows.iter().flat_map(|row| Client::ALL.map(|client| (row, client))), |(row, client)| {
        (row.name, client, plays(client, row).then(|| play(&simulator, row, client)))
    });
    let told: BTreeMap<_, _> = cells.into_iter().map(|(row, client, told)| ((row, client), told)).collect();

    let mut problems = Vec::new();
    let mut matrix = heading();
    for row in &rows {
        matrix.push_str(&format!("| {} |", row.name));
        for client in Client::ALL {
            let Some(outcome) = &told[&(row.name, client)] else {
                matrix.push_str(" – |");
                continue;
            };
            let cell = cell(row, outcome);
            match row.kind {
                Kind::Honest if outcome.outcome != "completed" => {
                    problems.push(format!("{}: {client:?} did not complete: {outcome:?}", row.name));
                }
                Kind::Mistaken if outcome.outcome == "completed" => {
                    problems.push(format!("{}: {client:?} was let through", row.name));
                }
                Kind::Honest | Kind::Mistaken | Kind::Wrong => {}
            }
            matrix.push_str(&format!(" {cell} |"));
        }
        matrix.push('\n');
    }
    println!("{matrix}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    for client in Client::ALL {
        let refused = told.iter().filter(|((_, c), told)| *c == client && told.as_ref().is_some_and(is_refused));
        assert!(refused.count() >= 5, "{client:?} refused too little:\n{matrix}");
    }
    insta::assert_snapshot!("matrix", matrix);
}

/// The README shows some rows: the same as in the whole table.
#[test]
fn the_readme_shows_rows_of_the_table() {
    let table: Vec<&str> = include_str!("snapshots/clients__matrix.snap").lines().collect();
    let shown = include_str!("../../README.md").lines().skip_while(|line| !line.starts_with("| | openid-client |"));
    let shown: Vec<&str> = shown.take_while(|line| line.starts_with('|')).collect();
    assert!(shown.len() > 5, "the table has gone from the README");
    assert_eq!(shown.iter().find(|row| !table.contains(*row)), None);
}

#[test]
fn over_tls_each_client_completes_with_the_local_ca_and_refuses_without() {
    if !are_installed() {
        return;
    }
    let simulator = Simulator::start(&["--tls"]);
    let rows = scenarios();
    let swedish = rows.iter().find(|row| row.kind == Kind::Honest).unwrap();
    in_parallel(Client::ALL.into_iter(), |client| {
        let space = simulator.space(&settings(&swedish.settings), &swedish.armed);
        let mut variables = variables(&space);
        complete(&mut variables, swedish, client);
        let refused = client.play(&variables);
        assert_eq!(
            (refused.outcome.as_str(), refused.at.as_str()),
            ("refused", "discovery"),
            "{client:?}: {refused:?}"
        );
        let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ca.pem");
        for name in ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"] {
            variables.insert(name.to_owned(), ca.to_owned());
        }
        let told = client.play(&variables);
        assert_eq!(told.outcome, "completed", "{client:?}: {told:?}");
    });
}

/// What the clients do against a certified provider: when they fail here too, the client is wrong, not the simulator.
#[test]
fn against_the_control_the_same_clients_do_the_same() {
    if !are_installed() {
        return;
    }
    for responses_encrypted in [false, true] {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let response_jwk = if responses_encrypted { public(RESPONSE_KEY).to_string() } else { String::new() };
        let mut control = Running(
            node("control.mjs")
                .envs([
                    ("PORT", port.to_string().as_str()),
                    ("CLIENT_ID", "client"),
                    ("CLIENT_SECRET", "secret"),
                    ("REDIRECT_URI", "http://127.0.0.1:9/callback"),
                    ("SIGNATURE_JWK", &public(SIGNATURE_KEY).to_string()),
                    ("RESPONSE_JWK", &response_jwk),
                ])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        let mut lines = BufReader::new(control.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        let ready = lines.find(|line| line.starts_with('{')).unwrap();
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let mut variables: BTreeMap<String, String> = [
            ("ISSUER", ready["issuer"].as_str().unwrap()),
            ("CLIENT_ID", "client"),
            ("CLIENT_SECRET", "secret"),
            ("REDIRECT_URI", "http://127.0.0.1:9/callback"),
            ("ACR", "urn:signicat:oidc:method:sbid-inapp-sign"),
            ("SCOPE", "openid profile"),
            ("LOGIN_HINT", "anna"),
            // A list is Signicat's own; and the control wants parameters beside the request object, by GET.
            ("HINT", "text"),
            ("METHOD", "GET"),
            ("OUTSIDE", "1"),
            ("SIGNATURE_KEY", &private(SIGNATURE_KEY).to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        if responses_encrypted {
            variables.insert("RESPONSE_KEY".to_owned(), private(RESPONSE_KEY).to_string());
        }
        let able = |client: &Client| !responses_encrypted || *client != Client::Openidconnect;
        in_parallel(Client::ALL.into_iter().filter(able), |client| {
            let told = client.play(&variables);
            assert_eq!(told.outcome, "completed", "{client:?}: {told:?}");
            for mistake in ["secret-wrong", "code-twice", "kid-unknown", "encrypted-to-signature-key", "tag-broken"] {
                let mut variables = variables.clone();
                variables.insert("MISTAKE".to_owned(), mistake.to_owned());
                let told = client.play(&variables);
                assert_eq!(told.outcome, "refused", "{client:?} {mistake}");
            }
        });
    }
}

/// A process that ends with whoever started it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The crate has no encryption, requests_oauth2client signs always, and the samples' way knows no PKCE.
fn plays(client: Client, row: &Scenario) -> bool {
    match row.name {
        // It decrypts nothing.
        _ if row.settings.get("response_key").is_some() => client != Client::Openidconnect,
        "request signed by a stranger" => client == Client::RequestsOauth2client,
        "code verifier wrong" => client != Client::Jwcrypto,
        _ => true,
    }
}

fn play(simulator: &Simulator, row: &Scenario, client: Client) -> Outcome {
    let space = simulator.space(&settings(&row.settings), &row.armed);
    let mut variables = variables(&space);
    complete(&mut variables, row, client);
    let told = client.play(&variables);
    simulator.control("DELETE", &format!("spaces/{}", space.name), &Value::Null);
    told
}

/// What the row and the client need beside the usual variables.
fn complete(variables: &mut BTreeMap<String, String>, row: &Scenario, client: Client) {
    let more = row.variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    variables.extend(more);
    if client == Client::RequestsOauth2client || row.name == "request signed, then encrypted" {
        variables.insert("SIGNATURE_KEY".to_owned(), private(SIGNATURE_KEY).to_string());
    }
    if row.settings.get("response_key").is_some() {
        variables.insert("RESPONSE_KEY".to_owned(), private(RESPONSE_KEY).to_string());
    }
}

/// The row's switches with the keys in their places.
fn settings(of_row: &Value) -> Value {
    let mut settings = of_row.clone();
    settings["signature_keys"] = json!([public(SIGNATURE_KEY)]);
    if settings.get("response_key").is_some() {
        settings["response_key"] = public(RESPONSE_KEY);
    }
    settings
}

fn public(index: usize) -> Value {
    let key = Pool::at(index).public();
    let jwk = if index == RESPONSE_KEY { Jwk::encryption("rp-enc", key) } else { Jwk::signature("rp-sig", key) };
    serde_json::to_value(jwk).unwrap()
}

fn private(index: usize) -> Value {
    let pem = std::fs::read(format!("{}/fixtures/keys/rsa-{index}.pem", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut jwk = RsaKeyPair::from_pem(pem).unwrap().to_jwk_key_pair();
    jwk.set_key_id(if index == RESPONSE_KEY { "rp-enc" } else { "rp-sig" });
    serde_json::to_value(jwk.as_ref()).unwrap()
}

fn cell(row: &Scenario, told: &Outcome) -> String {
    if is_refused(told) {
        return format!("refuses: {}", told.at);
    }
    let is_other = told.number.as_deref().is_some_and(|number| number != world::NUMBER);
    match row.kind {
        Kind::Wrong if is_other => "completes: another number".to_owned(),
        // Keys from before, or an endpoint that this client does not need.
        Kind::Wrong if !row.name.contains('/') || row.name.starts_with("key-set/") => "completes".to_owned(),
        Kind::Wrong => "**accepts**".to_owned(),
        Kind::Honest | Kind::Mistaken => "completes".to_owned(),
    }
}

fn is_refused(told: &Outcome) -> bool {
    told.outcome == "refused"
}

fn heading() -> String {
    let names: String = Client::ALL.iter().map(|client| format!(" {} |", client.name())).collect();
    format!("| |{names}\n|---|{}\n", "---|".repeat(Client::ALL.len()))
}

/// Does it for each, a few at a time, in order.
fn in_parallel<T: Send, R: Send>(items: impl Iterator<Item = T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    const AT_ONCE: usize = 4;
    let items: Vec<_> = items.map(|item| Mutex::new(Some(item))).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let done: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let item = item.lock().unwrap().take().unwrap();
                    *done[at].lock().unwrap() = Some(each(item));
                }
            });
        }
    });
    done.into_iter().map(|cell| cell.into_inner().unwrap().unwrap()).collect()
}
