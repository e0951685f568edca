//! Notifications that the judge delivers itself, in the place of the provider.
//!
//! The simulator writes and seals them: the judge knows no provider's words. It chooses who is told to have authenticated, what is wrong with
//! the seal, and what happens to the text in between.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use hyper::http::Request;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::attempts::unsaid;
use super::rewriting;
use super::simulator::bearer;
use super::stop::Stop;
use super::world::World;
use crate::dial::{DialError, Dialer};
use crate::identity::{Country, mask};
use crate::target::{Actor, Call, Exchange, Op, OpName, Reply, Target, TargetError, WebhookDelivery, Wire};

/// A notification as the simulator writes it. It may hold a number.
#[derive(Clone)]
pub(super) struct Notice {
    /// Where the provider was told to send it.
    pub url: Option<String>,
    /// Content type and seal.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What is on its way.
#[derive(Clone)]
pub(super) struct Sent {
    method: &'static str,
    url: Option<String>,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// What came of the last notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The status of the answer; none when the connection was broken off, or nothing came in time.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub problem: Option<String>,
    /// From sending it to the answer.
    pub took: Duration,
}

/// What a notification says of a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says<'a> {
    /// It failed.
    Failed,
    /// This role authenticated.
    Finished(&'a str),
    /// Nothing has happened yet.
    Pending,
}

/// Which session it is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About<'a> {
    /// That one.
    Session(&'a str),
    /// One that the service never began; the session lends its method and its address.
    Unknown(&'a str),
}

/// Without what it says.
impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notice({} bytes)", self.body.len())
    }
}

impl World {
    /// A notification under the right signature.
    ///
    /// # Errors
    /// When the simulator does not write it.
    pub(super) async fn genuine(&self, about: About<'_>, says: Says<'_>) -> Result<Notice, Stop> {
        let (session, unknown) = match about {
            About::Session(session) => (session, false),
            About::Unknown(session) => (session, true),
        };
        let mut wish = self.wish(says)?;
        if unknown {
            wish["how"] = "other-session".into();
        }
        self.notice(session, wish).await
    }

    /// A notification as the wish says.
    ///
    /// # Errors
    /// When the simulator does not write it, or the provider sends none.
    pub(super) async fn notice(&self, session: &str, wish: Value) -> Result<Notice, Stop> {
        let written = self.shared.simulator.notice(session, wish).await.map_err(unsaid)?;
        written.ok_or_else(|| Stop::NotApplicable("the provider sends no notifications: it is asked".to_owned()))
    }

    /// Seals a genuine notification as the words say. Some seals can be meant in two ways: then there are two.
    ///
    /// # Errors
    /// When the simulator does not write it.
    pub(super) async fn sealed(&self, session: &str, genuine: Notice, seal: &str) -> Result<Vec<Sent>, Stop> {
        let url = genuine.url.clone();
        let again = async |wish: Value| self.notice(session, wish).await;
        let post =
            |headers: Vec<(String, String)>, body: Bytes| Sent { method: "POST", url: url.clone(), headers, body };
        let sent = match seal {
            "right" => vec![post(genuine.headers, genuine.body.into())],
            "altered" => {
                let others = self.of_nobody(session).await?;
                vec![post(others.headers, genuine.body.into())]
            }
            "twice" => {
                let others = self.of_nobody(session).await?;
                let both = rewriting::merged(&others.body, &genuine.body);
                // A receiver that signs anew what it has read, and one that takes the first member for the signature and the last to believe.
                let anew = rewriting::merged(&genuine.body, &genuine.body);
                vec![post(genuine.headers, anew.into()), post(others.headers, both.into())]
            }
            "rewritten" => vec![post(genuine.headers, rewriting::respelt(&genuine.body).into())],
            "unusual" => {
                let body = rewriting::respelt(&rewriting::rearranged(&genuine.body));
                vec![post(again(json!({ "body": body })).await?.headers, body.into())]
            }
            "get" => {
                let headers = again(json!({ "body": "" })).await?.headers;
                let url = url.as_deref().map(|url| rewriting::with_query(url, &rewriting::members(&genuine.body)));
                vec![Sent { method: "GET", url, headers, body: Bytes::new() }]
            }
            "xml" => {
                let body = rewriting::xml(&genuine.body);
                let mut headers = again(json!({ "body": body })).await?.headers;
                headers.retain(|(name, _)| name != "content-type");
                headers.push(("content-type".to_owned(), "application/xml".to_owned()));
                vec![post(headers, body.into())]
            }
            "huge" => {
                let headers = again(json!({ "body": genuine.body, "blanks": HUGE })).await?.headers;
                vec![post(headers, [genuine.body.as_bytes(), vec![b' '; HUGE].as_slice()].concat().into())]
            }
            // The others are words of the simulator.
            flaw => {
                let flawed = again(json!({ "body": genuine.body, "how": flaw })).await?;
                vec![post(flawed.headers, genuine.body.into())]
            }
        };
        Ok(sent)
    }

    /// Delivers them, one after the other, and remembers what came of the one that was treated best.
    ///
    /// # Errors
    /// When one could not be delivered.
    pub(super) async fn notify(&mut self, sent: Vec<Sent>, seal: &str) -> Result<(), Stop> {
        let mut best: Option<Notified> = None;
        for one in sent {
            let notified = self.courier().deliver(one).await?;
            let accepted = best.as_ref().is_some_and(Notified::is_accepted);
            best = if accepted { best } else { Some(notified) };
        }
        let is_genuine = matches!(seal, "right" | "unusual");
        if is_genuine && best.as_ref().is_some_and(Notified::is_accepted) {
            self.succeeded(OpName::DeliverWebhook, Actor::Provider, "");
        }
        if !is_genuine {
            // That it had no effect says something only where a genuine one gets through.
            self.needs.push(super::Control::new(OpName::DeliverWebhook, Actor::Provider, ""));
        }
        self.notified = best;
        self.happened();
        Ok(())
    }

    /// Who carries notifications, apart from the scenario's state.
    pub(super) fn courier(&self) -> Courier {
        Courier {
            target: self.shared.target.clone(),
            dialer: self.shared.simulator.dialer().clone(),
            call: Call {
                namespace: self.namespace.clone(),
                actor: None,
                browser: None,
                limit: self.setting().timing.limit,
                wire: self.wire.clone(),
            },
        }
    }

    /// The newest attempt in a place, finished or not, and its session.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn newest_session(&self, role: &str) -> Result<(usize, String), Stop> {
        let newest = self.attempts.iter().rposition(|attempt| attempt.role == role);
        let newest =
            newest.ok_or_else(|| Stop::error(format!("{role} has no attempt that a notification could tell of")))?;
        Ok((newest, self.session(newest)?.0))
    }

    /// What the provider would say if somebody had authenticated who has no part in the scenario.
    async fn of_nobody(&self, session: &str) -> Result<Notice, Stop> {
        let simulator = &self.shared.simulator;
        let place = self.attempts.iter().find(|attempt| attempt.session.as_deref() == Some(session));
        let country = match place {
            Some(attempt) => self.person(&attempt.role)?.number.country(),
            None => Country::Se,
        };
        let stranger = simulator.fresh(country).await.map_err(unsaid)?;
        self.notice(session, json!({ "signal": "confirmed", "person": stranger })).await
    }

    fn wish(&self, says: Says<'_>) -> Result<Value, Stop> {
        Ok(match says {
            Says::Failed => json!({ "signal": "cancelled" }),
            Says::Finished(role) => json!({ "signal": "confirmed", "person": bearer(&*self.person(role)?) }),
            Says::Pending => json!({}),
        })
    }
}

impl Notified {
    /// Whether it was answered with success.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Sent {
    /// The same to another address.
    pub(super) fn to(self, url: String) -> Self {
        Self { url: Some(url), ..self }
    }
}

/// Carries notifications to the target.
pub(super) struct Courier {
    target: Arc<dyn Target>,
    dialer: Dialer,
    call: Call,
}

impl Courier {
    /// Hands one over: to the target's own operation where it declares one, else to the address that the provider was told.
    pub(super) fn deliver(&self, sent: Sent) -> BoxFuture<'_, Result<Notified, Stop>> {
        Box::pin(async move {
            let began = Instant::now();
            if sent.method == "POST" {
                let delivery = WebhookDelivery {
                    url: sent.url.clone(),
                    headers: sent.headers.clone(),
                    body: String::from_utf8_lossy(&sent.body).into_owned(),
                };
                let status = match self.target.call(&self.call, Op::DeliverWebhook(delivery)).await {
                    Ok(Reply::Delivered { status }) => Some((Some(status), None)),
                    Err(TargetError::Rejected { status, message }) => Some((status.or(Some(400)), Some(message))),
                    Err(TargetError::Unsupported { .. }) => None,
                    Err(TargetError::Internal { message } | TargetError::Unavailable { message }) => {
                        Some((None, Some(message)))
                    }
                    Err(error) => return Err(Stop::of("deliver webhook", &error)),
                    Ok(other) => return Err(Stop::Harness(format!("deliver_webhook was answered with {other:?}"))),
                };
                if let Some((status, problem)) = status {
                    return Ok(Notified { status, problem, took: began.elapsed() });
                }
            }
            self.post(sent).await
        })
    }

    async fn post(&self, sent: Sent) -> Result<Notified, Stop> {
        let url = sent.url.ok_or_else(|| {
            Stop::error_with(
                "the provider was told no address for its notifications",
                "let the target name one at the start, or declare `deliver_webhook` in the target file",
            )
        })?;
        let mut request = Request::builder().method(sent.method).uri(&url);
        for (name, value) in &sent.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        let request = request.body(sent.body.clone());
        let request = request.map_err(|_| Stop::error(mask(&format!("`{url}` is no address")).into_owned()))?;
        let (wire, at, began): (&Wire, _, _) = (&self.call.wire, self.call.wire.at(), Instant::now());
        let answer = self.dialer.send(request, self.call.limit, MOST_ANSWER).await;
        let took = began.elapsed();
        let (status, headers, body) = match &answer {
            Ok(answer) => {
                let text = |value: &hyper::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
                let headers = answer.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
                (Some(answer.status), headers, answer.body.to_vec())
            }
            Err(error) => (None, Vec::new(), error.to_string().into_bytes()),
        };
        wire.note(Exchange {
            actor: "provider".to_owned(),
            operation: "deliver_webhook".to_owned(),
            method: sent.method.to_owned(),
            url,
            request_headers: sent.headers,
            // Nobody looks at millions of blanks.
            request_body: sent.body.slice(..sent.body.len().min(MOST_NOTED)).to_vec(),
            status,
            headers,
            body,
            at,
            took,
        });
        match answer {
            Ok(_) => Ok(Notified { status, problem: None, took }),
            // It was seen, and not answered.
            Err(error @ (DialError::Broke { .. } | DialError::TimedOut { .. } | DialError::TooLarge { .. })) => {
                Ok(Notified { status: None, problem: Some(error.to_string()), took })
            }
            Err(
                error @ (DialError::NameNotFound { .. }
                | DialError::NotHttp
                | DialError::Refused { .. }
                | DialError::Tls { .. }
                | DialError::Unreachable { .. }),
            ) => Err(Stop::error_with(
                mask(&format!("the notification could not be delivered: {error}")).into_owned(),
                "can the judge reach the address that the provider was told?",
            )),
        }
    }
}

/// Twenty megabytes.
const HUGE: usize = 20 << 20;
/// Bytes of an answer.
const MOST_ANSWER: usize = 1 << 20;
/// Bytes of a request that are noted.
const MOST_NOTED: usize = 64 << 10;
