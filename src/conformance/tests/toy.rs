//! A small enforcement service in memory: it starts sessions at the simulated ZignSec v2, or at v3 where no browser goes, over HTTP and
//! fetches results server to server.
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
    /// It leaves one look at what is signed out.
    LeavesOut(&'static str),
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
    /// Address and token of each provider.
    providers: BTreeMap<&'static str, (String, String)>,
    back: String,
    places: Mutex<BTreeMap<ParticipantRef, Place>>,
    /// The place, and where the result is: the provider and the path.
    attempts: Mutex<Vec<(ParticipantRef, String, String)>>,
    /// Freja's references, by path.
    references: Mutex<BTreeMap<String, String>>,
    /// The certificates that are trusted.
    pinned: String,
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
            providers: [
                ("zignsec_v2", "ZIGNSEC_V2"),
                ("zignsec_v3", "ZIGNSEC_V3"),
                ("zignsec_gateway", "ZIGNSEC_GATEWAY"),
            ]
            .map(|(name, words)| {
                let told = |what: &str| connection[&format!("{words}_{what}")].clone();
                (name, (told("URL").trim_end_matches('/').to_owned(), told("TOKEN")))
            })
            .into(),
            back: format!("http://{}", door.local_addr().unwrap()),
            places: Mutex::default(),
            attempts: Mutex::default(),
            references: Mutex::default(),
            pinned: {
                let dialer = Dialer::new(&crate::dial::DialOptions::default()).unwrap();
                let address = &connection["ZIGNSEC_GATEWAY_JWS_CERTIFICATE_URL"];
                let request = Request::builder().uri(address).body(Bytes::new()).unwrap();
                let answer = dialer.send(request, Duration::from_secs(5), 1 << 20).await.unwrap();
                String::from_utf8(answer.body.to_vec()).unwrap()
            },
        });
        let routes = Router::new()
            .route("/return/{n}", get(returned))
            .route("/room", get(async || "room"))
            .with_state(state.clone());
        Arc::new(Self { state, _door: door.serve(routes).unwrap() })
    }
}

async fn returned(State(state): State<Arc<Service>>, Path(n): Path<usize>) -> Redirect {
    state.look(n).await;
    Redirect::to("/room")
}

impl Service {
    async fn look(&self, n: usize) {
        let attempt = self.attempts.lock().unwrap().get(n).cloned();
        if let Some((place, provider, path)) = attempt {
            let answer = self.ask(&provider, "GET", &path, "").await;
            if provider == "zignsec_gateway" {
                let unseen = if let Wrong::LeavesOut(look) = self.wrong { look } else { "" };
                let reference = self.references.lock().unwrap()[&path].clone();
                let number = super::freja::proven(&answer, &reference, &self.pinned, unseen);
                return number.into_iter().for_each(|number| self.judge(&place, Some(&number)));
            }
            self.decide(&place, &answer["identity"]);
        }
    }

    async fn ask(&self, provider: &str, method: &str, path: &str, body: &str) -> Value {
        let (address, token) = &self.providers[provider];
        let form = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        let request = Request::builder()
            .method(method)
            .uri(format!("{address}{path}"))
            .header("authorization", token)
            .header("content-type", form)
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        match self.dialer.send(request, Duration::from_secs(2), 1 << 20).await {
            Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).unwrap_or_default(),
            Ok(_) | Err(_) => Value::Null,
        }
    }

    fn decide(&self, place: &ParticipantRef, identity: &Value) {
        // Version 3 writes its names in another case.
        let said = |name: &str| {
            let members = identity.as_object().into_iter().flatten();
            members.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str())
        };
        let country = said("CountryCode").and_then(|code| code.parse::<Country>().ok());
        let number = said("PersonalNumber").filter(|number| !number.is_empty());
        let (Some(country), Some(number)) = (country, number) else { return };
        self.judge(place, NationalNumber::parse(country, number, Checks::Strict).ok().as_ref());
    }

    fn judge(&self, place: &ParticipantRef, number: Option<&NationalNumber>) {
        let mut places = self.places.lock().unwrap();
        let Some(place) = places.get_mut(place) else { return };
        if place.status == Status::Pending {
            let right = self.wrong == Wrong::BelievesAnybody || place.bound.as_ref() == number;
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
                self.attempts.lock().unwrap().push((start.participant.clone(), start.provider.clone(), String::new()));
                if start.provider == "zignsec_gateway" {
                    let body = serde_json::json!({ "metadata": { "min_registration_level": "EXTENDED",
                        "attributes_to_return": ["BASIC_USER_INFO", "SSN", "REGISTRATION_LEVEL"] } });
                    let path = "/core/api/sessions/identity_verification/freja_id_qr";
                    let started = self.ask("zignsec_gateway", "POST", path, &body.to_string()).await;
                    let data = &started["data"];
                    let session = data["id"].as_str().unwrap_or_default().to_owned();
                    let path = format!("/core/api/sessions/{session}");
                    let reference = data["result"]["authRef"].as_str().unwrap_or_default().to_owned();
                    self.references.lock().unwrap().insert(path.clone(), reference);
                    self.attempts.lock().unwrap()[n].2 = path;
                    let auth_ref = Some(n.to_string());
                    return Ok(Reply::Started(Authentication {
                        auth_ref,
                        redirect_url: None,
                        provider_session: Some(session),
                    }));
                }
                if start.provider == "zignsec_v3" {
                    let country = self.places.lock().unwrap()[&start.participant].bound.as_ref().unwrap().country();
                    let body = serde_json::json!({ "countryCode": country.code(), "identifierType": "PersonalNumber", "identifier": start.hint });
                    let started = self.ask("zignsec_v3", "POST", "/v3/eid/smartid/auth", &body.to_string()).await;
                    let unavailable = || TargetError::Unavailable { message: "no session".to_owned() };
                    let session = started["id"].as_str().ok_or_else(unavailable)?;
                    self.attempts.lock().unwrap()[n].2 = format!("/v3/eid/smartid/{session}");
                    // It tells nothing of what began there.
                    return Ok(Reply::Started(Authentication {
                        auth_ref: Some(n.to_string()),
                        ..Authentication::default()
                    }));
                }
                let target = format!("{}/return/{n}", self.back);
                let body = form_urlencoded::Serializer::new(String::new())
                    .append_pair("target", &target)
                    .append_pair("targetError", &target)
                    .finish();
                let started = self.ask("zignsec_v2", "POST", "/v2/eid/sbid-another", &body).await;
                let session = started["id"]
                    .as_str()
                    .ok_or_else(|| TargetError::Unavailable { message: "no session".to_owned() })?
                    .to_owned();
                self.attempts.lock().unwrap()[n].2 = format!("/v2/eid/{session}");
                let redirect_url = started["redirect_url"].as_str().map(str::to_owned);
                Ok(Reply::Started(Authentication {
                    auth_ref: Some(n.to_string()),
                    redirect_url,
                    provider_session: None,
                }))
            }
            Op::ResumeAuthentication(back) => {
                self.look(back.auth_ref.and_then(|n| n.parse().ok()).unwrap_or_default()).await;
                Ok(Reply::Done)
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
                        Wrong::BelievesAnybody | Wrong::LeavesOut(_) | Wrong::Nothing => {
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
