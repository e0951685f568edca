//! A session that is dumped and restored in mid-transcript goes on as if nothing had happened.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use motpart::identity::Persons;
use motpart::script::{Library, Millis, Script};
use motpart::simulation::{Control, Refusal, Said, SampleRequest, SessionId};
use motpart::storyboard::{Scene, Stage};
use serde_json::{Value, json};

const PROVIDER: &str = "zignsec_v2";
const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";

/// Somebody who talks to a stage that may be another one after every step.
struct Traveller {
    stage: Stage,
    moves: bool,
    settings: Value,
    sessions: Vec<SessionId>,
    seen: String,
}

impl Traveller {
    fn new(moves: bool, settings: Value) -> Self {
        let stage = Stage::new(Library::bundled(), Persons::bundled());
        let this = Self { stage, moves, settings, sessions: Vec::new(), seen: String::new() };
        this.settle_in();
        this
    }

    fn settle_in(&self) {
        let space = self.stage.simulation.commons.spaces.default_space();
        self.control().change_settings(&space, &self.settings).unwrap();
    }

    fn control(&self) -> &dyn Control {
        &**self.stage.simulation.provider(PROVIDER).unwrap()
    }

    /// Packs the sessions up, and unpacks them in a fresh simulation of the same seed, space and time of day.
    fn step(&mut self, scenes: &[Scene]) {
        scenes.iter().for_each(|scene| self.seen.push_str(&scene.to_string()));
        if !self.moves {
            return;
        }
        let dumps: Vec<Value> = self.sessions.iter().map(|id| self.control().dump(*id).unwrap()).collect();
        let commons = self.stage.simulation.commons.clone();
        self.stage = Stage::new(Library::bundled(), Persons::bundled());
        self.stage.simulation.commons.clock.tick(commons.clock.now().since(commons.begun));
        self.settle_in();
        for dump in dumps {
            // What was written must be readable by somebody else: as text.
            let dump = serde_json::from_str(&dump.to_string()).unwrap();
            self.control().restore(dump).unwrap();
        }
    }

    async fn ask(&mut self, text: &str) {
        let session = self.sessions.last().map(ToString::to_string).unwrap_or_default();
        let request = SampleRequest::new(text, &[("token", TOKEN), ("session", &session)]).unwrap();
        let scenes = self.stage.ask("a request", &request).await.unwrap();
        let newest = self.control().list("default", 0, 1).first().map(|view| view.id.parse().unwrap());
        self.sessions.extend(newest.filter(|id| !self.sessions.contains(id)));
        self.step(&scenes);
    }

    async fn start(&mut self, script: &Arc<Script>, request: &str) -> SessionId {
        self.stage.simulation.commons.spaces.default_space().programme.set_default(Some(script.clone()));
        self.ask(request).await;
        *self.sessions.last().unwrap()
    }

    fn pass(&mut self, span: Millis) {
        let scenes = self.stage.pass(span);
        self.step(&scenes);
    }

    fn signal(&mut self, id: SessionId, said: &Said) -> Result<(), Refusal> {
        self.control().signal(id, said)?;
        let scenes = self.stage.pass(Millis(0));
        self.step(&scenes);
        Ok(())
    }

    /// Whatever the script waits for, until nothing comes any more.
    async fn unfold(&mut self, id: SessionId) {
        for _ in 0..20 {
            self.ask(COLLECT).await;
            let Some(next) = self.control().view(id).unwrap().next else { break };
            match (next.signal, next.in_ms) {
                (Some(signal), _) => {
                    self.signal(id, &Said::plain(signal)).unwrap();
                }
                (None, Some(span)) => self.pass(Millis(span)),
                (None, None) => {}
            }
        }
        self.ask(COLLECT).await;
        self.ask(&format!("GET /v2/Hosted/{id}/sbid-another/?then=confirm")).await;
        self.ask(COLLECT).await;
    }
}

const START: &str = "POST /v2/eid/sbid-another\nAuthorization: {{token}}\nContent-Type: application/json\n\n\
    {\"webhook\":\"http://rp.example/hook\",\"lookupPersonAddress\":true,\"allowRetries\":true}";
const COLLECT: &str = "GET /v2/eid/{{session}}\nAuthorization: {{token}}";

#[tokio::test]
async fn every_script_goes_on_in_another_simulation() {
    for entry in Library::bundled().iter() {
        let mut both = Vec::new();
        for moves in [false, true] {
            let mut traveller = Traveller::new(moves, json!({}));
            if traveller.control().refuses(&entry.script).is_some() {
                continue;
            }
            let id = traveller.start(&entry.script, START).await;
            traveller.unfold(id).await;
            both.push(traveller.seen);
        }
        if let [stayed, moved] = &both[..] {
            assert!(stayed.len() > 100, "{}", entry.script.name);
            assert_eq!(stayed, moved, "{}", entry.script.name);
        }
    }
}

/// What a person has done at the page is part of the session: the channel, the log-in, the attempts before.
#[tokio::test]
async fn what_was_done_at_the_page_travels_along() {
    let mut both = Vec::new();
    for moves in [false, true] {
        let mut traveller = Traveller::new(moves, json!({ "retry_outcome": "first" }));
        let manual = Library::bundled().find("manual").unwrap().clone();
        let head = "POST /v2/eid/nbid_oidc\nAuthorization: {{token}}\nContent-Type: application/json\n\n";
        let fields =
            r#"{"Scope":"nnin phone","allowRetries":true,"relaystate":"case 1","target":"http://rp.example/done"}"#;
        let id = traveller.start(&manual, &format!("{head}{fields}")).await;
        let page = format!("/v2/Hosted/{id}/nbid_oidc/");
        for text in [
            format!("GET {page}?then=cancel"),
            COLLECT.to_owned(),
            format!("GET {page}"),
            format!("GET {page}?then=device&device=mobile"),
            format!("GET {page}?then=confirm"),
            format!("GET {page}go"),
            format!("GET {page}?then=agree"),
            COLLECT.to_owned(),
        ] {
            traveller.ask(&text).await;
            traveller.pass(Millis(1_000));
        }
        both.push(traveller.seen);
    }
    assert!(both[0].contains("relaystate=case+1") || both[0].contains("relaystate=case%201"), "{}", both[0]);
    assert_eq!(both[0], both[1]);
}

/// A person has one order in progress, also when it came from elsewhere; and whoever sets up anew gets a session of their own.
#[tokio::test]
async fn who_comes_later_meets_the_sessions_that_were_restored() {
    let mut both = Vec::new();
    for moves in [false, true] {
        let mut traveller = Traveller::new(moves, json!({ "person_slot": "on" }));
        let manual = Library::bundled().find("manual").unwrap().clone();
        let head = "POST /v2/eid/sbid\nAuthorization: {{token}}\nContent-Type: application/json\n\n";
        let start = format!("{head}{{\"personalnumber\":\"198501012382\"}}");
        let first = traveller.start(&manual, &start).await;
        let second = traveller.start(&manual, &start).await;
        assert_ne!(first, second, "moved: {moves}");
        traveller.ask(COLLECT).await;
        traveller.ask(&format!("GET /v2/eid/{first}\nAuthorization: {{{{token}}}}")).await;
        traveller.start(&manual, &start).await;
        traveller.ask(COLLECT).await;
        both.push(traveller.seen);
    }
    assert!(both[0].contains("ALREADY_IN_PROGRESS") && both[0].contains("CANCELLED"), "{}", both[0]);
    assert_eq!(both[0], both[1]);
}

/// Two simulations have two secrets: what is no session of the provider, or of a space that is not there, is refused with a reason.
#[tokio::test]
async fn what_is_no_session_is_not_restored() {
    let mut traveller = Traveller::new(false, json!({}));
    let manual = Library::bundled().find("manual").unwrap().clone();
    let id = traveller.start(&manual, START).await;
    let mut dump = traveller.control().dump(id).unwrap();
    for wrong in [Value::Null, json!({}), json!([1]), json!("198501012382")] {
        let refused = traveller.control().restore(wrong).unwrap_err().to_string();
        assert!(!refused.is_empty() && !refused.contains("1985"), "{refused}");
    }
    dump["space"] = json!("elsewhere");
    assert!(traveller.control().restore(dump).is_err());
}
