//! Whatever is sent to any route, and whatever stands in any file: an answer with place and remedy, and no number repeated.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Method, Request};
use motpart::control;
use motpart::dial::{ConnectTo, DialOptions, Dialer};
use motpart::identity::Persons;
use motpart::running::assemble;
use motpart::script::{Library, Script};
use motpart::settings_file::SettingsFile;
use motpart::simulation::{Bounds, Clock, Commons, Simulation, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt;

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";

/// Official or synthetic test numbers, in the spellings people use.
const NUMBERS: [&str; 6] = ["198501012382", "850101-2382", "19850101-2382", "01819030037", "0903881234", "131052-308T"];

/// What relying parties and browsers call. `no_route_is_left_out` holds the list against the routers' sources.
const PROVIDER_ROUTES: [(&str, &str); 33] = [
    ("GET", "/v2/eid/{name}"),
    ("POST", "/v2/eid/{name}"),
    ("POST", "/v2/eid/{product}/{name}"),
    ("GET", "/v2/myaccount/settings/{setting}"),
    ("POST", "/v2/myaccount/settings/{setting}"),
    ("DELETE", "/v2/myaccount/settings/{setting}"),
    ("GET", "/v2/{hosted}/{id}/{selector}/{part}"),
    ("POST", "/v2/{hosted}/{id}/{selector}"),
    ("GET", "/v2/callback/oidcfi"),
    ("GET", "/scripts/zignsecautostart.js"),
    ("GET", "/v3/eid/{name}"),
    ("POST", "/v3/eid/{name}"),
    ("POST", "/v3/eid/{product}/{name}"),
    ("GET", "/v3/{hosted}/{id}/swissid/{part}"),
    ("POST", "/v3/{hosted}/{id}/swissid"),
    ("GET", "/oidc/.well-known/openid-configuration"),
    ("GET", "/oidc/jwks.json"),
    ("GET", "/oidc/authorize"),
    ("POST", "/oidc/authorize"),
    ("GET", "/oidc/authorize/resume"),
    ("POST", "/oidc/token"),
    ("GET", "/oidc/userinfo"),
    ("POST", "/oidc/userinfo"),
    ("GET", "/oidc/signature"),
    ("GET", "/std/method/motpart/collect"),
    ("POST", "/std/method/motpart/collect"),
    ("GET", "/std/method/motpart/complete"),
    ("GET", "/std/method/motpart/nbid/status/{handle}"),
    ("GET", "/std/method/motpart/nbid/complete/{handle}"),
    ("GET", "/std/method/motpart/page/{id}/"),
    ("POST", "/std/method/motpart/page/{id}/"),
    ("GET", "/std/method/motpart/page/{id}/{part}"),
    ("GET", "/s/{space}/oidc/authorize"),
];

/// Everything logged while a test runs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).init();
        log
    })
}

struct World {
    simulation: Arc<Simulation>,
    routes: Router,
    session: String,
}

impl World {
    async fn new() -> Self {
        log();
        let clock = Clock::manual(Timestamp(1_795_312_800_123));
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let url = "http://localhost:8480/".parse().unwrap();
        let commons = Commons::new("anything", clock, Bounds { body_bytes: 4_096, ..Bounds::default() }, dialer, url);
        let (simulation, routes) = assemble(Arc::new(commons));
        let routes = control::router(simulation.clone(), control::Door::default()).fallback_service(routes);
        let mut this = Self { simulation, routes, session: String::new() };
        let sent = Sent {
            method: Method::POST,
            path: "/v2/eid/sbid".into(),
            kind: "application/json".into(),
            token: true,
            body: b"{\"allowRetries\":true}".to_vec(),
        };
        let (_, answer) = this.send(&sent).await.unwrap();
        this.session = serde_json::from_str::<Value>(&answer).unwrap()["id"].as_str().unwrap().to_owned();
        this
    }

    /// `None` for what no HTTP library would send.
    async fn send(&self, sent: &Sent) -> Option<(u16, String)> {
        let mut request = Request::builder()
            .method(&sent.method)
            .uri(&sent.path)
            .header("host", "localhost")
            .header("content-type", &*sent.kind)
            .header("content-length", sent.body.len().to_string());
        if sent.token {
            request = request.header("authorization", TOKEN);
        }
        let request = request.body(Body::from(sent.body.clone())).ok()?;
        let answer = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        if parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
            return Some((parts.status.as_u16(), String::new()));
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let location = parts.headers.get("location").map_or("", |value| value.to_str().unwrap_or_default());
        Some((parts.status.as_u16(), format!("{}{location}", String::from_utf8_lossy(&body))))
    }
}

#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    path: String,
    kind: String,
    token: bool,
    body: Vec<u8>,
}

fn control_routes() -> Vec<(Method, String)> {
    let document = serde_json::to_value(control::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = |(path, item): (String, Value)| {
        let methods: Vec<String> = item.as_object().unwrap().keys().map(|verb| verb.to_uppercase()).collect();
        methods.into_iter().filter_map(move |verb| Some((verb.parse().ok()?, path.clone())))
    };
    paths.into_iter().flat_map(operations).collect()
}

fn routes() -> &'static [(Method, String)] {
    static ROUTES: OnceLock<Vec<(Method, String)>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let providers = PROVIDER_ROUTES.iter().map(|(verb, path)| (verb.parse().unwrap(), (*path).to_owned()));
        providers.chain(control_routes()).collect()
    })
}

#[test]
fn no_route_is_left_out() {
    assert!(control_routes().len() > 25, "{}", control_routes().len());
    let sources = [
        include_str!("../src/providers/zignsec_v2/api.rs"),
        include_str!("../src/providers/zignsec_v2/account.rs"),
        include_str!("../src/providers/zignsec_v2/page/mod.rs"),
        include_str!("../src/providers/zignsec_v3/api.rs"),
        include_str!("../src/providers/zignsec_v3/page/mod.rs"),
        include_str!("../src/providers/signicat/mod.rs"),
    ];
    let routed: usize = sources.iter().map(|source| source.matches(".route(").count()).sum();
    assert_eq!(routed, 20, "a route was added: enter it in PROVIDER_ROUTES, and count it here");
}

/// So many cases, and not endless shrinking: every case is a whole simulation.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() }
}

/// A word that means something somewhere, a test number, or anything.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "default",
        "anna",
        "sbid",
        "nbid_oidc",
        "nemid",
        "sbid-sign",
        "fbid",
        "smartid",
        "auth",
        "swissid",
        "EE",
        "se",
        "Hosted",
        "go",
        "state",
        "qr.svg",
        "EID_Webhook_TEST",
        "DefaultLanguage",
        "Return_URL",
        "mismatch",
        "zignsec_v2",
        "1",
        "confirmed",
        "2s",
    ])
    .prop_map(str::to_owned);
    let number = prop::sample::select(NUMBERS.to_vec()).prop_map(str::to_owned);
    prop_oneof![4 => known, 2 => number, 1 => "\\PC{0,12}"]
}

/// A structure whose keys the routes know, with any values.
fn near() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "personalnumber",
        "target",
        "targetError",
        "webhook",
        "relaystate",
        "login_hint",
        "Scope",
        "userVisibleData",
        "requirement",
        "PEP_Check",
        "configid",
        "countryCode",
        "identifierType",
        "identifier",
        "relayState",
        "displayText",
        "scopes",
        "value",
        "AskForCprCallback",
        "language",
        "signal",
        "person",
        "reason",
        "script",
        "match",
        "fault",
        "forgery",
        "delivery",
        "times",
        "by",
        "name",
        "credentials",
        "settings",
        "public_url",
        "country",
        "count",
        "number",
        "step",
        "then",
        "as",
        "do",
        "cpr",
        "client_id",
        "redirect_uri",
        "scope",
        "acr_values",
        "request",
        "code",
        "grant_type",
        "orderRef",
        "zignsec_v2",
        "token",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, move |inner| {
        let object = prop::collection::vec((key.clone(), inner.clone()), 0..4);
        let object = object.prop_map(|members| members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Value>());
        prop_oneof![prop::collection::vec(inner, 0..3).prop_map(Value::from), object]
    })
}

fn form(value: &Value) -> Vec<u8> {
    let pairs = value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.to_string()));
    let pairs: BTreeMap<String, String> = pairs.map(|(key, value)| (key, value.trim_matches('"').to_owned())).collect();
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..60),
        4 => near().prop_map(|value| value.to_string().into_bytes()),
        2 => near().prop_map(|value| form(&value)),
        1 => Just(vec![b'x'; 5_000]),
    ]
}

prop_compose! {
    fn sent()(
        route in any::<prop::sample::Index>(),
        other in prop::option::weighted(0.1, prop::sample::select(vec![Method::PUT, Method::OPTIONS, Method::TRACE, Method::HEAD])),
        words in prop::collection::vec(word(), 5),
        query in prop::option::of((prop::sample::select(vec!["then", "as", "after", "limit", "timeout", "q", "state", "framed"]), word())),
        kind in prop::sample::select(vec!["application/json", "application/json", "application/x-www-form-urlencoded", "text/plain"]),
        valid in prop::bool::weighted(0.7),
        token in prop::bool::weighted(0.9),
        body in body(),
    ) -> (Sent, bool) {
        let (method, path) = route.get(routes());
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let mut words = words.iter();
        let segments = path.split('/').map(|segment| match segment {
            // Put in when there is a session.
            "{id}" if valid => "{id}".to_owned(),
            "{hosted}" if valid => "Hosted".to_owned(),
            "{space}" if valid => "default".to_owned(),
            _ if segment.starts_with('{') => encode(words.next().map_or("x", String::as_str)),
            _ => segment.to_owned(),
        });
        let mut path = segments.collect::<Vec<_>>().join("/");
        if let Some((key, value)) = query {
            path = format!("{path}?{key}={}", encode(&value));
        }
        let method = other.unwrap_or_else(|| method.clone());
        (Sent { method, path, kind: kind.to_owned(), token, body }, valid)
    }
}

/// Whether a text holds one of the numbers that were sent.
fn repeats(text: &str, sent: &str) -> Option<&'static str> {
    NUMBERS.into_iter().find(|number| sent.contains(number) && text.contains(number))
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn every_route_answers_anything(requests in prop::collection::vec(sent(), 6)) {
        // Long polls and patience pass at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            for (sent, _) in &requests {
                let sent = Sent { path: sent.path.replace("{id}", &world.session), ..sent.clone() };
                let Some((status, answer)) = world.send(&sent).await else { continue };
                assert!((200..500).contains(&status), "{status} to {sent:?}: {answer}");
                let told: Value = serde_json::from_str(&answer).unwrap_or(Value::Null);
                if status >= 400 && sent.method != Method::HEAD {
                    answers_with_remedy(status, &sent, &answer, &told);
                }
                // Only a relying party's own result tells a number, and the register its test people's.
                let whole = format!("{} {}", sent.path, String::from_utf8_lossy(&sent.body));
                let is_register = sent.path.contains("/persons");
                if (status >= 400 || told["errors"].as_array().is_some_and(|errors| !errors.is_empty())) && !is_register {
                    assert_eq!(repeats(&answer, &whole), None, "{sent:?}: {answer}");
                }
            }
            // Nobody who watches reads a number either.
            let space = world.simulation.commons.spaces.default_space();
            let journal = serde_json::to_string(&space.journal.after(0, 1_000, None)).unwrap();
            assert_eq!(NUMBERS.iter().find(|number| journal.contains(**number)), None, "{journal}");
            let logged = std::mem::take(&mut *log().0.lock().unwrap_or_else(PoisonError::into_inner));
            let logged = String::from_utf8_lossy(&logged).into_owned();
            assert_eq!(NUMBERS.iter().find(|number| logged.contains(**number)), None);
        });
    }
}

/// A refusal names what is wrong, in the form of whoever was asked.
fn answers_with_remedy(status: u16, sent: &Sent, answer: &str, told: &Value) {
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if sent.path.starts_with("/_motpart") || sent.path.starts_with("/metrics") {
        assert!(is_text(&told["error"]["code"]) && is_text(&told["error"]["message"]), "{status} {sent:?}: {answer}");
    } else if told["errors"].is_array() {
        let errors = told["errors"].as_array().unwrap();
        assert!(!errors.is_empty(), "{status} {sent:?}: {answer}");
        assert!(errors.iter().all(|error| is_text(&error["code"]) && is_text(&error["description"])), "{answer}");
    } else if is_text(&told["error"]) {
        assert!(is_text(&told["error_description"]), "{status} {sent:?}: {answer}");
    } else if sent.path.starts_with("/std/") && is_text(&told["error"]["code"]) {
        assert!(is_text(&told["error"]["message"]), "{status} {sent:?}: {answer}");
    } else if status == 401 && sent.path.starts_with("/oidc/") {
        // The header `WWW-Authenticate` says it all: RFC 6750, 3.
        assert_eq!(answer, "");
    } else if told["error"].is_object() {
        assert!(
            is_text(&told["error"]["message"]) && told["error"]["nearest"].is_array(),
            "{status} {sent:?}: {answer}"
        );
    } else {
        // A page tells people; its small parts, the wrong verb and too large a body are told in a line.
        assert!(status == 405 || answer.contains("<h1") || answer.ends_with('\n'), "{status} {sent:?}: {answer:?}");
    }
}

/// Text that comes near to one of the files.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        prop::sample::select(vec![
            "[[step]]",
            "[[person]]",
            "[[space]]",
            "[[fault]]",
            "[[forgery]]",
            "[[delivery]]",
            "[lifetime]",
            "after = \"2s\"",
            "state = \"finished\"",
            "state = \"failed\"",
            "polls = 2",
            "on = \"collect\"",
            "reply = { status = 503 }",
            "reply = { delay = \"1s\" }",
            "person = \"requested\"",
            "copies = 2",
            "of = \"webhook\"",
            "how = \"signature-missing\"",
            "name = \"anna\"",
            "country = \"SE\"",
            "script = \"mismatch\"",
            "public_url = \"http://x/\"",
            "[space.settings.zignsec-v2]",
            "[space.credentials.zignsec-v2]",
            "default_language = \"SV\"",
            "token = \"x\"",
            "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----",
            "MIIB",
            "a:1=b:2",
            ":=:",
            "[::1]:80=:8080",
        ])
        .prop_map(str::to_owned),
        (prop::sample::select(vec!["number", "after", "name", "state", "token", "reason"]), word())
            .prop_map(|(key, value)| format!("{key} = {value:?}")),
        "\\PC{0,20}",
    ];
    let text = prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"));
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())]
}

proptest! {
    #![proptest_config(config(250))]

    #[test]
    fn every_file_is_read_or_refused(text in file(), value in near()) {
        let mut refusals = Vec::new();
        if let Err(error) = Script::parse(&text, "some.toml") {
            let said = error.to_string();
            assert!(said.contains("some.toml"), "where? {said}");
            refusals.push((said, &text));
        }
        if let Err(error) = Persons::parse(&text, "people.toml") {
            let said = error.to_string();
            assert!(said.contains("people.toml"), "where? {said}");
            refusals.push((said, &text));
        }
        match SettingsFile::parse(&text, "settings.toml") {
            Err(error) => {
                let said = error.to_string();
                assert!(said.contains("settings.toml"), "where? {said}");
                refusals.push((said, &text));
            }
            Ok(settings) => {
                let clock = Clock::manual(Timestamp(1_795_312_800_123));
                let dialer = Dialer::new(&DialOptions::default()).unwrap();
                let url = "http://localhost:8480/".parse().unwrap();
                let (scratch, _) = assemble(Arc::new(Commons::new("x", clock, Bounds::default(), dialer, url)));
                if let Err(error) = settings.check(&scratch, &Library::bundled()) {
                    refusals.push((error.to_string(), &text));
                }
            }
        }
        let json = value.to_string();
        if let Err(error) = Script::from_json(&value, "inline") {
            refusals.push((error.to_string(), &json));
        }
        for line in text.lines() {
            if let Err(error) = line.parse::<ConnectTo>() {
                let said = error.to_string();
                assert!(said.len() > error.rule.len() + 5, "why? {said}");
            }
        }
        let options = DialOptions { ca_pem: vec![text.clone()], ..DialOptions::default() };
        if let Err(error) = Dialer::new(&options) {
            let said = error.to_string();
            assert!(said.contains("CA number 1"), "which? {said}");
            refusals.push((said, &text));
        }
        for (said, source) in refusals {
            assert!(!said.trim().is_empty());
            prop_assert_eq!(repeats(&said, source), None, "{}", said);
        }
    }
}

/// The words of one refusal each, so that place and remedy are seen to be there.
#[test]
fn a_mistake_in_a_file_has_place_and_remedy() {
    let script = Script::parse("[[step]]\nafter = \"2s\"\nstate = \"finishd\"\n", "some.toml").unwrap_err().to_string();
    assert!(script.contains("some.toml:3") && script.contains("finished"), "{script}");
    let persons = Persons::parse("[[person]]\nname = \"x\"\nnumber = \"198501012383\"\n", "people.toml");
    let persons = persons.unwrap_err().to_string();
    assert!(persons.contains("people.toml:") && !persons.contains("198501012383"), "{persons}");
    let settings = SettingsFile::parse("[[space]]\nnam = \"x\"\n", "settings.toml").unwrap_err().to_string();
    assert!(settings.contains("settings.toml:2") && settings.contains("name"), "{settings}");
    let inline = Script::from_json(&json!({ "step": [{ "after": "soon", "state": "finished" }] }), "inline");
    assert!(inline.unwrap_err().to_string().contains("step[0].after"));
}
