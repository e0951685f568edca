//! `/authorize`: a request becomes a session, and its first words.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method as Verb, StatusCode, header};

use super::answer::{found, json_answer, redirect, refused, remark, trace, traced, wants_json};
use super::client::Client;
use super::keys::SpaceKeys;
use super::op::{Here, Op};
use super::order::Order;
use super::parameters::Parameters;
use super::problem::{Code, Problem};
use super::read::Reading;
use super::request_object::{Opened, Reader};
use super::say::Telling;
use super::switches::{HeadlessErrorStatus, OuterParameters, Replay, RequestObject, WithoutAccept};
use super::{cookie, page};
use crate::script::Operation;
use crate::simulation::journal::Event;

/// `GET` and `POST /authorize`.
pub(super) async fn authorize(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (head, body) = request.into_parts();
    let sent = if head.method == Verb::POST {
        // The witness has the whole body already, and has refused one that is too large.
        to_bytes(body, usize::MAX).await.unwrap_or_default()
    } else {
        bytes::Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes())
    };
    let headless = wants_json(&head.headers);
    match ask(&op, &here, &head.headers, &sent, headless) {
        Ok((order, unsealed)) => start(&op, &here, order, unsealed),
        Err(refusal) => traced(refusal.answer(&here, headless), trace(&here, Operation::Start, None)),
    }
}

/// Why there is no session, and where the browser may be told.
struct Refusal {
    problem: Problem,
    /// Address and state, once both are known to be the client's.
    back: Option<(String, Option<String>)>,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, back: None }
    }
}

impl Refusal {
    fn answer(self, here: &Here, headless: bool) -> Response {
        if headless {
            let status = match here.settings.headless_error_status {
                HeadlessErrorStatus::BadRequest => StatusCode::BAD_REQUEST,
                HeadlessErrorStatus::Ok => StatusCode::OK,
            };
            return refused(here, status, &self.problem);
        }
        remark(here, &self.problem);
        match self.back {
            Some((address, state)) => {
                let mut query =
                    vec![("error", self.problem.code.word()), ("error_description", &*self.problem.description)];
                query.extend(state.as_deref().map(|state| ("state", state)));
                redirect(&address, &query)
            }
            None => page::refusal(&self.problem),
        }
    }
}

/// An order, and what the journal is told of an encrypted request.
type Asked = (Order, Option<String>);

fn ask(op: &Op, here: &Here, head: &HeaderMap, sent: &[u8], headless: bool) -> Result<Asked, Refusal> {
    if !headless && here.settings.without_accept == WithoutAccept::Refused {
        return Err(Problem::request("The header Accept: application/json is missing").into());
    }
    let outer = Parameters::of_form(sent)?;
    if outer.has("request_uri") {
        return Err(Problem::new(Code::RequestUriNotSupported, "A request_uri is not supported; send request").into());
    }
    if outer.has("registration") {
        return Err(Problem::new(Code::RegistrationNotSupported, "Registration is not supported").into());
    }
    let issuer = here.place.issuer();
    let Unpacked { parameters, encrypted, unsealed } = unpacked(op, here, outer, &issuer)?;
    let id = parameters.text("client_id").ok_or_else(|| Problem::request("The client_id is missing"))?;
    let unknown = || Problem::new(Code::InvalidClient, "The client is not known here");
    let client = Client::find(&here.space, &here.settings, id).ok_or_else(unknown)?;
    let address = parameters.text("redirect_uri").ok_or_else(|| Problem::request("The redirect_uri is missing"))?;
    if !client.may_redirect_to(address) {
        let unregistered = Problem::request("The redirect_uri is not registered for this client");
        let rule = "register it among the space's switches: signicat, `redirect_uris`";
        return Err(Problem { rule: Some(rule.into()), ..unregistered }.into());
    }
    let persons = op.sessions.commons.persons();
    let reading = Reading { settings: &here.settings, persons: &persons, issuer: &issuer, headless, encrypted };
    let order = reading.order(&parameters, &client, address).map_err(|problem| Refusal {
        problem,
        back: Some((address.to_owned(), parameters.text("state").map(str::to_owned))),
    })?;
    Ok((Order { jar: cookie::brought(op.secret(), &here.settings, head), ..order }, unsealed))
}

/// Parameters, and how they came.
struct Unpacked {
    parameters: Parameters,
    encrypted: bool,
    unsealed: Option<String>,
}

/// The parameters, out of the request object where there is one.
fn unpacked(op: &Op, here: &Here, outer: Parameters, issuer: &str) -> Result<Unpacked, Problem> {
    let Some(token) = outer.text("request") else {
        return match here.settings.request_object {
            RequestObject::ForSigning => Ok(Unpacked { parameters: outer, encrypted: false, unsealed: None }),
            RequestObject::Always => Err(Problem::request("The request is missing: a request object is demanded")),
        };
    };
    if here.settings.outer_parameters == OuterParameters::Required
        && (outer.text("client_id").is_none() || outer.text("response_type").is_none())
    {
        return Err(Problem::request("The client_id and response_type have to stand beside request"));
    }
    let keys: &SpaceKeys = &here.keys;
    let reader = Reader { space: &here.space, settings: &here.settings, keys, issuer, now: here.now };
    let Opened { parameters, encrypted, jti, unsealed } = reader.open(token)?;
    if parameters.has("request") || parameters.has("request_uri") {
        return Err(Problem::request_object("holds another request"));
    }
    if let Some(name) = outer.contradicts(&parameters) {
        let known = ["client_id", "response_type", "scope", "redirect_uri", "state", "nonce", "acr_values"];
        let name = known.into_iter().find(|known| *known == name).unwrap_or("A parameter");
        return Err(Problem::request(format!("{name} beside the request object differs from the one in it")));
    }
    let (once, of) = match (here.settings.request_object_replay, &jti) {
        (Replay::Allowed, _) | (Replay::OncePerJti, None) => (false, token),
        (Replay::Once, _) => (true, token),
        (Replay::OncePerJti, Some(jti)) => (true, jti.as_str()),
    };
    if once && !op.is_new(&here.space, of.as_bytes()) {
        return Err(Problem::request_object("was there before"));
    }
    Ok(Unpacked { parameters: parameters.over(outer), encrypted, unsealed })
}

fn start(op: &Op, here: &Here, order: Order, unsealed: Option<String>) -> Response {
    let started = op.sessions.start(&here.space, order);
    let session = started.value;
    op.set_newest(&here.space, session.id);
    if let Some(unsealed) = unsealed {
        here.space.journal.record(here.now, Some(session.id), Event::Unsealed(unsealed));
    }
    let mut answer = if session.order.headless {
        let telling = Telling { session: &session, settings: &here.settings, secret: op.secret(), place: &here.place };
        json_answer(StatusCode::OK, &telling.started())
    } else {
        found(StatusCode::SEE_OTHER, &here.place.method(&format!("page/{}/", session.id)))
    };
    if let Some(cookie) = cookie::set(op.secret(), &here.place, &session) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    traced(answer, started.trace)
}
