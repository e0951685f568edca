//! The signing room: whoever has its address is in, and can do no more than authenticate and sign.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Answer, LARGEST, bytes, id, is, object, plain, private, see_other, text};
use crate::crypto::mac;
use crate::reference::attempts::Begun;
use crate::reference::known::Place;
use crate::reference::mailbox::Mail;
use crate::reference::model::{Agreement, AgreementStatus, Code, Method, Outcome, Participant, Purpose, Standing};
use crate::reference::provider::{EidMethod, Onward, Session};
use crate::reference::refusal::Refusal;
use crate::reference::room_page::{Notice, NumberField, RoomLanguage, RoomView, Standing as Shown};
use crate::reference::service::Service;
use crate::reference::wish::Wish;
use crate::reference::{Flaw, Variant, views};

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/room/{token}", get(show))
        .route("/room/{token}/attempts", post(start))
        .route("/room/{token}/attempts/{attempt}", get(attempt))
        .route("/room/{token}/code", post(code))
        .route("/room/{token}/sign", post(sign))
}

/// A request of the room: JSON from programs, a form from browsers.
struct Asked {
    members: Map<String, Value>,
    by_form: bool,
    language: RoomLanguage,
}

async fn show(State(service): State<Arc<Service>>, Path(token): Path<String>, headers: HeaderMap) -> Answer {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("application/json") {
        let view =
            look(&service, &token, |agreement, participant| views::room(&service, agreement, participant)).await?;
        return Ok(with_cookie(&service, &token, plain(StatusCode::OK, &view)));
    }
    page(&service, &token, language(&headers), None, StatusCode::OK).await
}

async fn start(State(service): State<Arc<Service>>, Path(token): Path<String>, request: Request) -> Answer {
    let room = service.lock().room(&token).ok_or(Refusal::UnknownRoom)?;
    let asked = asked(request).await?;
    let done = async { begin(&service, &token, room, &asked, Purpose::Identify).await }.await;
    or_page(&service, &token, &asked, done).await
}

async fn attempt(State(service): State<Arc<Service>>, Path((token, attempt)): Path<(String, String)>) -> Answer {
    let id = id(&attempt, Refusal::UnknownAttempt)?;
    let view = look(&service, &token, |_, participant| {
        let attempt = participant.attempt(id)?;
        let mut view = begun(attempt.id, attempt.session().zip(attempt.onward.clone()).as_ref());
        view["outcome"] = json!(attempt.outcome);
        view["started"] = attempt.session.is_some().into();
        Some(view)
    });
    Ok(plain(StatusCode::OK, &view.await?.ok_or(Refusal::UnknownAttempt)?))
}

async fn code(State(service): State<Arc<Service>>, Path(token): Path<String>, request: Request) -> Answer {
    let room = service.lock().room(&token).ok_or(Refusal::UnknownRoom)?;
    let (language, by_form) = (language(request.headers()), is(request.headers(), FORM));
    let asked = Asked { members: Map::new(), by_form, language };
    let done = mail_code(&service, room).await.map(|()| plain(StatusCode::ACCEPTED, &json!({"sent": true})));
    if by_form && done.is_ok() {
        return page(&service, &token, language, Some(Notice::CodeSent), StatusCode::OK).await;
    }
    or_page(&service, &token, &asked, done).await
}

async fn sign(State(service): State<Arc<Service>>, Path(token): Path<String>, request: Request) -> Answer {
    let room = service.lock().room(&token).ok_or(Refusal::UnknownRoom)?;
    let asked = asked(request).await?;
    let done = async {
        let method = match text(&asked.members, "method")? {
            None => Method::Eid(EidMethod::SeBid),
            Some(word) => Method::of_word(&word).ok_or_else(|| Refusal::malformed("`method` is not known"))?,
        };
        if method == Method::VerificationCode {
            let code = text(&asked.members, "code")?.unwrap_or_default();
            sign_by_code(&service, room, &code).await?;
            return Ok(signed(&token, &asked));
        }
        if sign_now(&service, room, method).await? {
            return Ok(signed(&token, &asked));
        }
        begin(&service, &token, room, &asked, Purpose::Sign).await
    };
    let done = done.await;
    or_page(&service, &token, &asked, done).await
}

async fn begin(service: &Arc<Service>, token: &str, room: Place, asked: &Asked, purpose: Purpose) -> Answer {
    let method = match text(&asked.members, "method")? {
        None => None,
        Some(word) => Some(Method::of_word(&word).ok_or_else(|| Refusal::malformed("`method` is not known"))?),
    };
    let typed = match asked.members.get("personal_number") {
        None => None,
        Some(Value::String(typed)) if typed.trim().is_empty() && asked.by_form => None,
        Some(Value::String(typed)) => Some(typed.clone()),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(Refusal::InvalidNumber("expected a text".to_owned()));
        }
    };
    let overridden = text(&asked.members, "personnummerOverride")?;
    let wish = Wish {
        purpose,
        provider: text(&asked.members, "provider")?,
        method,
        typed,
        phone: text(&asked.members, "phone")?,
        email: text(&asked.members, "email")?,
        overridden,
        language: asked.language.code(),
    };
    let Begun { attempt, started } = service.begin(room, wish).await?;
    if asked.by_form {
        return Ok(match started {
            Some((_, Onward::Redirect(url))) => see_other(&url),
            Some((_, Onward::App | Onward::Open(_) | Onward::Scan(_))) | None => see_other(&format!("/room/{token}")),
        });
    }
    let status = if started.is_some() { StatusCode::CREATED } else { StatusCode::ACCEPTED };
    Ok(plain(status, &begun(attempt, started.as_ref())))
}

/// How to go on with an attempt. Where no browser goes to the provider, its session is told: there is no address that holds it.
fn begun(attempt: Uuid, started: Option<&(Session, Onward)>) -> Value {
    let mut view = json!({"attempt": attempt, "redirect_url": null});
    let (session, onward) = match started {
        None => return view,
        Some((session, onward)) => (session, onward),
    };
    let app = match onward {
        Onward::Redirect(url) => {
            view["redirect_url"] = url.as_str().into();
            return view;
        }
        Onward::App => json!({"qr": null, "link": null}),
        Onward::Open(link) => json!({"qr": null, "link": link}),
        Onward::Scan(qr) => json!({"qr": qr, "link": null}),
    };
    view["provider_session"] = session.id.as_str().into();
    view["app"] = app;
    view
}

/// Signs at once, where the design wants no eID transaction for it. False: it does.
async fn sign_now(service: &Service, room: Place, method: Method) -> Result<bool, Refusal> {
    let at_once = service.rules.is(Variant::SeparateCall) || service.rules.is(Variant::OneStep);
    service
        .change(room.agreement, |agreement, now| {
            let participant = agreement.pending_participant(room.participant)?;
            participant.may_sign(&service.rules)?;
            if participant.binding.is_none() || !at_once {
                return Ok(false);
            }
            if !participant.binding.as_ref().is_some_and(|binding| method.covers(binding.country)) {
                return Err(Refusal::MethodNotAllowed);
            }
            agreement.sign(&service.rules, room.participant, method, now);
            Ok(true)
        })
        .await
}

/// Judged and signed under one lock: no result can come in between.
async fn sign_by_code(service: &Service, room: Place, code: &str) -> Result<(), Refusal> {
    service
        .change(room.agreement, |agreement, now| {
            let level = agreement.trust_level;
            let participant = agreement.pending_participant(room.participant)?;
            if !participant.may_use_code(&service.rules, level) {
                participant.may_sign(&service.rules)?;
                return Err(Refusal::MethodNotAllowed);
            }
            if participant.signature.is_some() {
                return Err(Refusal::AlreadySigned);
            }
            let Some(known) = &mut participant.code else { return Ok(Err(Refusal::WrongCode)) };
            if known.wrong >= MOST_WRONG {
                return Ok(Err(Refusal::TooManyAttempts));
            }
            if !mac::equal(known.digits.as_bytes(), code.trim().as_bytes()) {
                known.wrong += 1;
                return Ok(Err(Refusal::WrongCode));
            }
            participant.code = None;
            agreement.sign(&service.rules, room.participant, Method::VerificationCode, now);
            Ok(Ok(()))
        })
        .await?
}

async fn mail_code(service: &Service, room: Place) -> Result<(), Refusal> {
    let [a, b, c, d, ..] = service.mint("code");
    let digits = format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000);
    let (to, title) = service
        .change(room.agreement, |agreement, _| {
            let level = agreement.trust_level;
            let title = agreement.title.clone();
            let participant = agreement.pending_participant(room.participant)?;
            if participant.signature.is_some() {
                return Err(Refusal::AlreadySigned);
            }
            if !participant.may_use_code(&service.rules, level) {
                return Err(Refusal::MethodNotAllowed);
            }
            participant.code = Some(Code { digits: digits.clone(), wrong: 0 });
            Ok((participant.email.clone(), title))
        })
        .await?;
    service.count_start(room.participant)?;
    service.mailbox.deliver(Mail {
        to,
        subject: format!("Your code for {title}"),
        text: format!("Your code is {digits}. Nobody will ask you for it by telephone."),
        code: Some(digits),
        at: Timestamp::now(),
    });
    Ok(())
}

/// The page, for a browser whose form was refused; the refusal itself for programs.
async fn or_page(service: &Service, token: &str, asked: &Asked, done: Answer) -> Answer {
    match done {
        Err(refusal) if asked.by_form && refusal != Refusal::UnknownRoom => {
            let status = StatusCode::from_u16(refusal.words().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            page(service, token, asked.language, notice_of(&refusal), status).await
        }
        other => other,
    }
}

async fn page(
    service: &Service,
    token: &str,
    language: RoomLanguage,
    notice: Option<Notice>,
    status: StatusCode,
) -> Answer {
    let view = look(service, token, |agreement, participant| view(service, agreement, participant, language, notice));
    let html = view.await?.html().map_err(|_| Refusal::Store)?;
    Ok(with_cookie(service, token, private((status, Html(html)).into_response())))
}

fn view(
    service: &Service,
    agreement: &Agreement,
    participant: &Participant,
    language: RoomLanguage,
    notice: Option<Notice>,
) -> RoomView {
    let rules = &service.rules;
    let methods = participant.methods(rules, agreement.trust_level);
    let eids = methods.iter().filter_map(|method| method.eid());
    let standing = if participant.status(agreement.status) == "fulfilled" {
        Shown::Signed
    } else if agreement.status == AgreementStatus::Cancelled {
        Shown::Closed
    } else if agreement.status != AgreementStatus::Pending {
        Shown::Waiting
    } else if participant.binding.is_some() && participant.is_blocked(rules) && !rules.has(Flaw::OffersCodeAfterFailure)
    {
        Shown::Blocked
    } else if participant.may_sign(rules).is_ok() || participant.standing == Standing::Failed {
        Shown::Sign
    } else {
        Shown::Identify
    };
    let signs = standing == Shown::Sign || rules.is(Variant::OneStep);
    let keeps = rules.is(Variant::NumberSent) || rules.has(Flaw::KeepsNumberAndSendsIt);
    let at_once = rules.is(Variant::SeparateCall) && participant.binding.is_some();
    let number = match (signs, (keeps && participant.binding.is_some()) || at_once) {
        (_, true) => NumberField::Absent,
        (true, false) => NumberField::Required,
        (false, false) => NumberField::Optional,
    };
    RoomView {
        language,
        token: participant.token.clone(),
        title: agreement.title.clone(),
        name: participant.name.clone(),
        standing,
        notice: notice.or_else(|| happened(participant)),
        identify_by: eids.collect(),
        sign_by_bankid: methods.contains(&Method::Eid(EidMethod::SeBid)),
        sign_by_code: methods.contains(&Method::VerificationCode),
        number,
    }
}

/// What the last attempt came to.
fn happened(participant: &Participant) -> Option<Notice> {
    match participant.attempts.last()?.outcome {
        Outcome::Cancelled => Some(Notice::Cancelled),
        Outcome::EvidenceRejected | Outcome::ProviderError => Some(Notice::ProviderError),
        Outcome::Expired => Some(Notice::Expired),
        Outcome::Inconclusive => Some(Notice::Inconclusive),
        Outcome::Matched => Some(Notice::Passed),
        Outcome::Mismatched => Some(Notice::Mismatched),
        Outcome::Superseded => Some(Notice::Superseded),
        Outcome::Open | Outcome::Void => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other refusals show in the room's standing")]
fn notice_of(refusal: &Refusal) -> Option<Notice> {
    match refusal {
        Refusal::EnforcementFailed => Some(Notice::Mismatched),
        Refusal::EnforcementInconclusive => Some(Notice::Inconclusive),
        Refusal::InvalidNumber(_) => Some(Notice::UnreadableNumber),
        Refusal::ProviderRefused(_) | Refusal::ProviderUnavailable => Some(Notice::ProviderError),
        Refusal::TooManyAttempts | Refusal::TooManyStarts(_) => Some(Notice::TooManyAttempts),
        Refusal::WrongCode => Some(Notice::WrongCode),
        _ => None,
    }
}

async fn look<T>(
    service: &Service,
    token: &str,
    look: impl FnOnce(&Agreement, &Participant) -> T,
) -> Result<T, Refusal> {
    let found = service
        .read(|inner| {
            let place = inner.room(token)?;
            let agreement = inner.agreements.get(&place.agreement)?;
            Some(look(agreement, agreement.participant(place.participant)?))
        })
        .await?;
    found.ok_or(Refusal::UnknownRoom)
}

async fn asked(request: Request) -> Result<Asked, Refusal> {
    let language = language(request.headers());
    if !is(request.headers(), FORM) {
        // A start without any wish needs no body.
        let is_empty = request.headers().get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
        let bare = is_empty && !request.headers().contains_key(header::CONTENT_TYPE);
        let members = if bare { Map::new() } else { object(request).await? };
        return Ok(Asked { members, by_form: false, language });
    }
    let bytes = bytes(request.into_body(), LARGEST).await?;
    let pairs = form_urlencoded::parse(&bytes);
    let members = pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect();
    Ok(Asked { members, by_form: true, language })
}

fn signed(token: &str, asked: &Asked) -> Response {
    if asked.by_form {
        return see_other(&format!("/room/{token}"));
    }
    plain(StatusCode::OK, &json!({"signed": true}))
}

/// The browser is told apart from others by a cookie of this room alone. It opens nothing: the address does.
fn with_cookie(service: &Service, token: &str, mut response: Response) -> Response {
    let value = hex::encode(&service.mint("cookie")[..16]);
    let secure = if service.public_url.scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("room={value}; Path=/room/{token}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn language(headers: &HeaderMap) -> RoomLanguage {
    RoomLanguage::of_accept(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

const FORM: &str = "application/x-www-form-urlencoded";
const MOST_WRONG: u32 = 5;
