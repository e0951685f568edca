//! A small enforcement service in memory: it starts sessions at the simulated ZignSec v2 over HTTP and fetches results server to server.
//! Right by default; wrong in one way when asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::get;
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use hyper::http::Request;
use serde_json::Value;

use crate::conformance::{Browser, Landing};
use crate::dial::Dialer;
use crate::identity::{Checks, Country, NationalNumber};
use crate::serve::{Door, Serving};
use crate::target::{
    Allowed, Authentication, BrowserId, Call, CaseMade, Enforcement, GetAgreement, Op, Participant, ParticipantRef,
    Reply, Status, Target, TargetError, Wire,
};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Whoever authenticates is the right one.
    BelievesAnybody,
    /// Nothing.
    Nothing,
    /// It signs for whoever asks.
    SignsForAnybody,
    /// It never lets anybody sign.
    SignsForNobody,
}

#[derive(Debug)]
pub(super) struct Toy {
    state: Arc<Service>,
    _door: Serving,
}

#[derive(Debug)]
struct Service {
    wrong: Wrong,
    dialer: Dialer,
    provider: String,
    token: String,
    back: String,
    places: Mutex<BTreeMap<ParticipantRef, Place>>,
    attempts: Mutex<Vec<(ParticipantRef, String)>>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    bound: Option<NationalNumber>,
    status: Status,
    signed: bool,
    sent: bool,
}

impl Toy {
    pub(super) async fn open(wrong: Wrong, connection: &BTreeMap<String, String>) -> Arc<Self> {
        let door = Door::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let state = Arc::new(Service {
            wrong,
            dialer: Dialer::new(&crate::dial::DialOptions::default()).unwrap(),
            provider: connection["ZIGNSEC_V2_URL"].trim_end_matches('/').to_owned(),
            token: connection["ZIGNSEC_V2_TOKEN"].clone(),
            back: format!("http://{}", door.local_addr().unwrap()),
            places: Mutex::default(),
            attempts: Mutex::default(),
        });
        let routes = Router::new()
            .route("/return/{n}", get(returned))
            .route("/room", get(async || "room"))
            .with_state(state.clone());
        Arc::new(Self { state, _door: door.serve(routes).unwrap() })
    }
}

async fn returned(State(state): State<Arc<Service>>, Path(n): Path<usize>) -> Redirect {
    let attempt = state.attempts.lock().unwrap().get(n).cloned();
    if let Some((place, session)) = attempt {
        let identity = state.ask("GET", &format!("/v2/eid/{session}"), "").await;
        state.decide(&place, &identity["identity"]);
    }
    Redirect::to("/room")
}

impl Service {
    async fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.provider))
            .header("authorization", &self.token)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        match self.dialer.send(request, Duration::from_millis(500), 1 << 20).await {
            Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).unwrap_or_default(),
            Ok(_) | Err(_) => Value::Null,
        }
    }

    fn decide(&self, place: &ParticipantRef, identity: &Value) {
        let country = identity["CountryCode"].as_str().and_then(|code| code.parse::<Country>().ok());
        let number = identity["PersonalNumber"].as_str().filter(|number| !number.is_empty());
        let (Some(country), Some(number)) = (country, number) else { return };
        let number = NationalNumber::parse(country, number, Checks::Strict).ok();
        let mut places = self.places.lock().unwrap();
        let Some(place) = places.get_mut(place) else { return };
        if place.status == Status::Pending {
            let right = self.wrong == Wrong::BelievesAnybody || place.bound == number;
            place.status = if right { Status::Passed } else { Status::Failed };
        }
    }

    fn shown(place: &Place, reference: &ParticipantRef) -> Participant {
        Participant {
            participant_id: format!("{}-{}", reference.agreement_ref, reference.participant_ref),
            signed: Some(place.signed),
            enforcement: Enforcement {
                enabled: place.bound.is_some(),
                status: place.status,
                method: None,
                reason: None,
            },
            ..Participant::default()
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a toy has few operations")]
    async fn answer(&self, op: Op) -> Result<Reply, TargetError> {
        let rejected = |message: &str| TargetError::Rejected { message: message.to_owned(), status: Some(409) };
        match op {
            Op::CreateAgreement(new) => {
                Ok(Reply::Case(CaseMade { agreement_id: new.agreement_ref, participants: Vec::new() }))
            }
            Op::AddParticipant(add) => {
                let reference =
                    ParticipantRef { agreement_ref: add.agreement_ref, participant_ref: add.participant_ref };
                let country = add.country.parse().unwrap();
                let number = add
                    .personal_number
                    .as_ref()
                    .and_then(Value::as_str)
                    .map(|text| NationalNumber::parse(country, text, Checks::Strict));
                let bound = number.transpose().map_err(|_| rejected("invalid_number"))?;
                let status = if bound.is_some() { Status::Pending } else { Status::None };
                let place = Place { bound, status, ..Place::default() };
                let shown = Self::shown(&place, &reference);
                self.places.lock().unwrap().insert(reference, place);
                Ok(Reply::Participant(shown))
            }
            Op::ActivateAgreement(agreement) => {
                let mut places = self.places.lock().unwrap();
                places
                    .iter_mut()
                    .filter(|(reference, _)| reference.agreement_ref == agreement.agreement_ref)
                    .for_each(|(_, place)| place.sent = true);
                Ok(Reply::Done)
            }
            Op::GetParticipant(reference) => {
                let places = self.places.lock().unwrap();
                let place =
                    places.get(&reference).ok_or_else(|| TargetError::NotFound { message: "unknown".to_owned() })?;
                Ok(Reply::Participant(Self::shown(place, &reference)))
            }
            Op::GetAgreement(agreement) => {
                let places = self.places.lock().unwrap();
                let all = places
                    .iter()
                    .filter(|(reference, _)| reference.agreement_ref == agreement.agreement_ref)
                    .all(|(_, place)| place.signed);
                Ok(Reply::Agreement(GetAgreement { fulfilled: Some(all), ..GetAgreement::default() }))
            }
            Op::UpdateParticipant(_) => Err(rejected("not_draft")),
            Op::StartAuthentication(start) => {
                let n = self.attempts.lock().unwrap().len();
                self.attempts.lock().unwrap().push((start.participant.clone(), String::new()));
                let target = format!("{}/return/{n}", self.back);
                let body = form_urlencoded::Serializer::new(String::new())
                    .append_pair("target", &target)
                    .append_pair("targetError", &target)
                    .finish();
                let started = self.ask("POST", "/v2/eid/sbid-another", &body).await;
                let session = started["id"]
                    .as_str()
                    .ok_or_else(|| TargetError::Unavailable { message: "no session".to_owned() })?
                    .to_owned();
                self.attempts.lock().unwrap()[n].1 = session;
                let redirect_url = started["redirect_url"].as_str().map(str::to_owned);
                Ok(Reply::Started(Authentication {
                    auth_ref: Some(n.to_string()),
                    redirect_url,
                    provider_session: None,
                }))
            }
            Op::AttemptSignature(attempt) => {
                let mut places = self.places.lock().unwrap();
                let place = places
                    .get_mut(&attempt.participant)
                    .ok_or_else(|| TargetError::NotFound { message: "unknown".to_owned() })?;
                let may = place.sent
                    && match self.wrong {
                        Wrong::SignsForAnybody => true,
                        Wrong::SignsForNobody => false,
                        Wrong::BelievesAnybody | Wrong::Nothing => {
                            matches!(place.status, Status::Passed | Status::None)
                        }
                    };
                place.signed |= may;
                Ok(Reply::Signature(if may {
                    Allowed::Allowed
                } else {
                    Allowed::Blocked { reason: Some("enforcement".to_owned()) }
                }))
            }
            other => Err(TargetError::Unsupported { op: other.name() }),
        }
    }
}

impl Target for Toy {
    fn call<'a>(&'a self, _: &'a Call, op: Op) -> BoxFuture<'a, Result<Reply, TargetError>> {
        self.state.answer(op).boxed()
    }
}

/// A browser without jars: the toy needs none.
#[derive(Debug)]
pub(super) struct Plain(pub(super) Dialer);

impl Browser for Plain {
    fn open<'a>(&'a self, _: &'a BrowserId, url: &'a str, _: &'a Wire) -> BoxFuture<'a, Result<Landing, String>> {
        async move {
            let mut through = vec![url.to_owned()];
            loop {
                let url = through.last().unwrap().clone();
                let request = Request::builder().uri(&url).body(Bytes::new()).unwrap();
                let answer = self.0.send(request, Duration::from_secs(5), 1 << 20).await.map_err(|e| e.to_string())?;
                match answer.headers.get("location").filter(|_| (300..400).contains(&answer.status)) {
                    Some(to) if through.len() < 20 => {
                        through.push(url::Url::parse(&url).unwrap().join(to.to_str().unwrap()).unwrap().into());
                    }
                    Some(_) | None => return Ok(Landing { url, status: answer.status, through, needs_scripts: false }),
                }
            }
        }
        .boxed()
    }
}
