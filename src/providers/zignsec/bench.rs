//! A provider over HTTP, without sockets: what the tests of all versions stand on.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

use crate::dial::{DialOptions, Dialer};
use crate::identity::Person;
use crate::script::{Forgery, Occurrence, Reason, SignalName, Tampering};
use crate::simulation::programme::{Criteria, Overlay};
use crate::simulation::witness::witnessed;
use crate::simulation::{
    Bounds, Clock, Commons, Control, DEFAULT, NoteKind, Provider, Said, SessionId, Sessions, Space, Timestamp,
};

/// A simulation with one provider and two spaces, whose clock stands still at [`NOW`].
pub(in crate::providers) struct Bench<P: Provider> {
    pub(in crate::providers) commons: Arc<Commons>,
    pub(in crate::providers) sessions: Arc<Sessions<P>>,
    router: Router,
    token: &'static str,
}

impl<P: Provider> Bench<P> {
    /// The space `default` has this token, the space `other` has [`OTHER_TOKEN`]; further credentials are the same in both.
    pub(in crate::providers) fn of(
        token: &'static str,
        further: &[(&'static str, &str)],
        routes: impl FnOnce(&Arc<Sessions<P>>) -> Router,
    ) -> Self {
        let clock = Clock::manual(Timestamp(NOW));
        let public_url = Url::parse("http://localhost:8480/").unwrap();
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let commons = Arc::new(Commons::new("seed", clock, Bounds::default(), dialer, public_url));
        for (space, token) in [(DEFAULT, token), ("other", OTHER_TOKEN)] {
            let mut credentials = BTreeMap::from([((P::NAME, "token"), token.to_owned())]);
            credentials.extend(further.iter().map(|(name, value)| ((P::NAME, *name), (*value).to_owned())));
            commons.spaces.add(Space::new(space, credentials, 1 << 20), &[(P::NAME, "token")]).unwrap();
        }
        let sessions = Arc::new(Sessions::<P>::new(commons.clone(), 0));
        let router = witnessed(commons.clone(), routes(&sessions));
        Self { commons, sessions, router, token }
    }

    pub(in crate::providers) async fn send<T: AsRef<[u8]>>(
        &self,
        verb: &str,
        path: &str,
        headers: &[(&str, T)],
        body: &[u8],
    ) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = Request::builder().method(verb).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value.as_ref());
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    /// A call with the token of the default space and a body of this type; the answer is JSON.
    pub(in crate::providers) async fn call(
        &self,
        verb: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> (StatusCode, Value) {
        let headers = [("authorization", self.token), ("content-type", kind)];
        let (status, _, body) = self.send(verb, path, &headers, body.as_bytes()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    pub(in crate::providers) fn space(&self) -> Arc<Space> {
        self.commons.spaces.default_space()
    }

    pub(in crate::providers) fn person(&self, name: &str) -> Arc<Person> {
        self.commons.persons().by_name(name).unwrap().clone()
    }

    pub(in crate::providers) fn confirm(&self, id: SessionId, person: Option<Arc<Person>>) {
        self.sessions.signal(id, &Said { person, ..Said::plain(SignalName::Confirmed) }).unwrap();
    }

    pub(in crate::providers) fn fail(&self, id: SessionId, reason: Reason) {
        self.sessions.signal(id, &Said { reason: Some(reason), ..Said::plain(SignalName::Failed) }).unwrap();
    }

    pub(in crate::providers) fn switch(&self, change: &Value) {
        Control::change_settings(&*self.sessions, &self.space(), change).unwrap();
    }

    /// All switches are as they come.
    pub(in crate::providers) fn switch_back(&self) {
        let Ok(_) = self.sessions.alter_settings(&self.space(), |_| Ok::<_, Infallible>(P::Settings::default()));
    }

    /// The next session's artefacts of this kind are wrong.
    pub(in crate::providers) fn forge(&self, how: Tampering, occurrence: Occurrence) {
        let forgeries = vec![Forgery { how, occurrence }];
        let overlay = Overlay { forgeries, ..Overlay::default() };
        self.space().programme.arm(None, overlay, Criteria::default(), 1).unwrap();
    }

    /// Body and signature of the session's next webhook that is due.
    pub(in crate::providers) fn next_webhook(&self, id: SessionId) -> Option<(Bytes, Option<String>)> {
        let now = self.commons.clock.now();
        let taken = self.commons.outbox.take_due(&self.commons.agenda, id, now)?;
        let request = taken.request(now).unwrap();
        let seal = request.headers().get("x-zignsec-hmac-sha256").map(|value| value.to_str().unwrap().to_owned());
        Some((request.into_body(), seal))
    }

    pub(in crate::providers) fn webhook(&self, id: SessionId) -> (Bytes, Option<String>) {
        self.next_webhook(id).expect("a webhook is due")
    }

    pub(in crate::providers) fn notes(&self, id: SessionId) -> Vec<(NoteKind, String)> {
        let notes = self.sessions.snapshot(id).unwrap().notes;
        notes.into_iter().map(|note| (note.kind, note.text)).collect()
    }

    /// Goes through a provider's `conversation.http`, and counts its exchanges.
    pub(in crate::providers) async fn converses(&self, conversation: &str) -> usize {
        let mut session = String::new();
        let mut exchanges = 0;
        for block in conversation.split("\n### ").skip(1) {
            let (_, block) = block.split_once('\n').unwrap();
            let block = block.replace("{{token}}", self.token).replace("{{session}}", &session);
            let (request, answer) = block.split_once("\nHTTP ").unwrap();
            let (head, body) = request.split_once("\n\n").unwrap_or_else(|| (request.trim_end(), ""));
            let mut lines = head.lines();
            let (verb, path) = lines.next().unwrap().split_once(' ').unwrap();
            let headers: Vec<_> = lines.map(|line| line.split_once(": ").unwrap()).collect();
            let (status, _, told) = self.send(verb, path, &headers, body.trim_end().as_bytes()).await;
            let mut told = String::from_utf8(told.to_vec()).unwrap();
            let mut answer = answer.lines().filter(|line| !line.is_empty());
            assert_eq!(status.as_str(), answer.next().unwrap());
            let wanted = answer.next().unwrap();
            if session.is_empty() {
                session = serde_json::from_str::<Value>(&told).unwrap()["id"].as_str().unwrap().to_owned();
                told = told.replace(&session, "");
            }
            assert!(fits(wanted, &told), "wanted {wanted}\nwas {told}");
            for signal in answer {
                let signal = match signal {
                    "@confirmed" => SignalName::Confirmed,
                    "@opened" => SignalName::Opened,
                    other => panic!("{other}"),
                };
                self.sessions.signal(session.parse().unwrap(), &Said::plain(signal)).unwrap();
            }
            exchanges += 1;
        }
        exchanges
    }
}

/// `{{any}}` in `wanted` stands for anything up to what follows it.
fn fits(wanted: &str, told: &str) -> bool {
    let mut rest = told;
    for (at, part) in wanted.split("{{any}}").enumerate() {
        match rest.find(part) {
            Some(found) if at > 0 || found == 0 => rest = &rest[found + part.len()..],
            Some(_) | None => return false,
        }
    }
    rest.is_empty()
}

/// 2026-11-22T02:00:00.123Z, in milliseconds.
pub(in crate::providers) const NOW: u64 = 1_795_312_800_123;
pub(in crate::providers) const OTHER_TOKEN: &str = "11111111-e2a2-4968-b651-5352305c9fb0";
pub(in crate::providers) const HOOK: &str = "http://rp.example/hook";
pub(in crate::providers) const JSON: &str = "application/json";
/// No headers.
pub(in crate::providers) const NOBODY: &[(&str, &str)] = &[];
