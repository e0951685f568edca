//! The relying party: where browsers come back to, a page that embeds the hosted page, and a receiver of webhooks. It writes everything
//! down in the order in which it came.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, RawQuery, State};
use axum::response::Html;
use axum::routing::{get, post};
use http::{HeaderMap, Uri};
use motpart::serve::{Door, Serving};
use serde_json::Value;
use tokio::sync::watch;
use url::Url;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// What it saw.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    /// It was asked whether a CPR number is wanted, about this person.
    Asked(String),
    /// A browser came back.
    Back(Back),
    /// The embedded page posted a message to its parent.
    Heard { origin: String, data: Value },
    /// A webhook came.
    Told(Webhook),
}

/// A browser that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Back {
    pub(crate) path: String,
    pub(crate) query: String,
    /// What the browser says that it loads: `document` or `iframe`.
    pub(crate) into: String,
    pub(crate) referer: Option<String>,
}

/// A webhook, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) content_type: String,
    pub(crate) hmac: String,
    pub(crate) raw: Vec<u8>,
    pub(crate) body: Value,
}

/// A running relying party.
pub(crate) struct Party {
    /// By name, where the simulator is called by address: to browsers these are different sites, as in production.
    url: String,
    receiver: MockServer,
    log: watch::Sender<Vec<Seen>>,
    _serving: Serving,
}

impl Party {
    pub(crate) async fn start() -> Self {
        let log = watch::Sender::new(Vec::new());
        let routes = Router::new()
            .route("/klar", get(back))
            .route("/fel", get(back))
            .route("/embed", get(embed))
            .route("/heard", post(heard))
            .with_state(log.clone());
        let door = Door::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let serving = door.serve(routes).unwrap();
        let receiver = MockServer::start().await;
        let (told, asked) = (log.clone(), log.clone());
        let webhook = move |request: &Request| {
            told.send_modify(|log| log.push(Seen::Told(Webhook::of(request))));
            ResponseTemplate::new(200)
        };
        Mock::given(method("POST")).respond_with(webhook).mount(&receiver).await;
        let question = move |request: &Request| {
            let value = |name| request.url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
            asked.send_modify(|log| log.push(Seen::Asked(value("pid"))));
            ResponseTemplate::new(200).set_body_string(format!(r#"{{"askForCpr":{}}}"#, value("answer")))
        };
        Mock::given(method("GET")).respond_with(question).mount(&receiver).await;
        let url = format!("http://localhost:{}", serving.addr().port());
        Self { url, receiver, log, _serving: serving }
    }

    /// An address of its site.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The page that embeds an address.
    pub(crate) fn embedding(&self, address: &str) -> String {
        Url::parse_with_params(&self.at("/embed"), [("src", address)]).unwrap().into()
    }

    /// Where webhooks go.
    pub(crate) fn webhook(&self) -> String {
        format!("{}/webhook", self.receiver.uri())
    }

    /// Where it is asked about a CPR number, and answers so.
    pub(crate) fn question(&self, answer: bool) -> String {
        format!("{}/ask?answer={answer}&pid=@IdProviderPersonId@", self.receiver.uri())
    }

    /// What it saw until now.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.log.borrow().clone()
    }

    /// Waits until it has seen something, and returns its place in the log and what was found there.
    pub(crate) async fn until<T>(&self, since: usize, what: &str, find: impl Fn(&Seen) -> Option<T>) -> (usize, T) {
        let mut log = self.log.subscribe();
        let waiting = async {
            loop {
                let found =
                    log.borrow_and_update().iter().enumerate().skip(since).find_map(|(n, seen)| Some((n, find(seen)?)));
                match found {
                    Some(found) => return found,
                    None => log.changed().await.unwrap(),
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        found.unwrap_or_else(|_| panic!("the relying party never saw {what}; it saw {:#?}", &self.seen()[since..]))
    }
}

impl Webhook {
    fn of(request: &Request) -> Self {
        let head =
            |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        Self {
            content_type: head("content-type"),
            hmac: head("x-zignsec-hmac-sha256"),
            raw: request.body.clone(),
            body: serde_json::from_slice(&request.body).unwrap(),
        }
    }
}

type Log = State<watch::Sender<Vec<Seen>>>;

async fn back(State(log): Log, uri: Uri, RawQuery(query): RawQuery, head: HeaderMap) -> Html<&'static str> {
    let told = |name: &str| head.get(name).map(|value| value.to_str().unwrap().to_owned());
    let back = Back {
        path: uri.path().to_owned(),
        query: query.unwrap_or_default(),
        into: told("sec-fetch-dest").unwrap_or_default(),
        referer: told("referer"),
    };
    log.send_modify(|log| log.push(Seen::Back(back)));
    Html("<!doctype html><title>Back</title><p id=back>Back at the service.</p>")
}

async fn heard(State(log): Log, body: String) {
    let mut told: Value = serde_json::from_str(&body).unwrap();
    let origin = told["origin"].as_str().unwrap().to_owned();
    log.send_modify(|log| log.push(Seen::Heard { origin, data: told["data"].take() }));
}

async fn embed(Query(asked): Query<Vec<(String, String)>>) -> Html<String> {
    let src = asked[0].1.replace('&', "&amp;").replace('"', "&quot;");
    Html(EMBED.replace("{src}", &src))
}

const EMBED: &str = r#"<!doctype html><meta name=viewport content="width=device-width"><title>Shop</title>
<script>addEventListener('message', ({origin, data}) => fetch('/heard', {method: 'POST', keepalive: true, body: JSON.stringify({origin, data})}));</script>
<iframe id=eid src="{src}" style="width:100%;height:800px;border:0"></iframe>"#;
