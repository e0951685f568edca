//! Somebody who talks to a provider, and writes everything down.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use motpart::script::{Forgery, Millis, Occurrence, Reason, Script, SignalName, Tampering};
use motpart::simulation::{Control, Said, SampleRequest, SessionId};
use motpart::storyboard::{Receiver, Scene, Stage};
use motpart::{identity::Persons, script::Library};
use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";

pub(crate) struct Talk {
    provider: &'static str,
    stage: Stage,
    scenes: Vec<Scene>,
    sessions: Vec<String>,
}

impl Talk {
    pub(crate) fn new() -> Self {
        Self::at("zignsec_v2")
    }

    pub(crate) fn at(provider: &'static str) -> Self {
        let stage = Stage::new(Library::bundled(), Persons::bundled());
        Self { provider, stage, scenes: Vec::new(), sessions: Vec::new() }
    }

    /// With these switches; the others as by default.
    pub(crate) fn switched(self, settings: &Value) -> Self {
        let this = self;
        let space = this.stage.simulation.commons.spaces.default_space();
        this.control().change_settings(&space, settings).unwrap();
        this
    }

    /// One conversation with the default of a switch, and with each other value: what came of it, one after the other. That each differs is
    /// asserted, unless no transcript can show the difference.
    pub(crate) async fn compared(
        provider: &'static str,
        (switch, default): (&str, &Value),
        others: &[Value],
        is_unseen: bool,
        play: impl AsyncFn(&mut Self),
    ) -> String {
        let mut talk = Self::at(provider);
        play(&mut talk).await;
        let mut seen = BTreeSet::from([talk.text()]);
        let mut shown = format!("{switch} = {default} (default)\n{}", talk.text());
        for value in others {
            let mut talk = Self::at(provider).switched(&json!({ switch: value }));
            play(&mut talk).await;
            assert!(seen.insert(talk.text()) || is_unseen, "{switch} = {value} makes no difference that is seen");
            shown.push_str(&format!("\n{switch} = {value}\n{}", talk.text()));
        }
        shown
    }

    /// The script of the sessions to come.
    pub(crate) fn play(&self, script: &str) {
        let commons = &self.stage.simulation.commons;
        let script = commons.scripts().find(script).unwrap().clone();
        commons.spaces.default_space().programme.set_default(Some(script));
    }

    /// Something wrong with every session to come.
    pub(crate) fn forge(&self, how: Tampering) {
        let forgeries = vec![Forgery { how, occurrence: Occurrence::ALL }];
        let script = Script { name: how.to_string(), forgeries, ..Script::default() };
        self.stage.simulation.commons.spaces.default_space().programme.set_default(Some(Arc::new(script)));
    }

    /// What an answer told under this name.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.stage.told().remove(name)
    }

    /// What the service answers to webhooks from here on.
    pub(crate) fn receive(&mut self, status: u16) {
        self.stage.receiver = Receiver { status, ..Receiver::default() };
    }

    /// What stands in those answers.
    pub(crate) fn says(&mut self, body: &str) {
        self.stage.receiver.body = body.to_owned();
    }

    /// Any request. `{{token}}` and `{{session}}` are filled in, the latter with the newest session.
    pub(crate) async fn ask(&mut self, what: &str, text: &str) {
        let session = self.sessions.last().map_or("", String::as_str);
        let space = self.stage.simulation.commons.spaces.default_space();
        let (dressed, told) = (self.control().dress(&space), self.stage.told());
        let mut values = vec![("token", TOKEN), ("session", session)];
        values.extend(dressed.iter().map(|(name, value)| (*name, value.as_str())));
        values.extend(told.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let request = SampleRequest::new(text, &values).unwrap();
        self.scenes.extend(self.stage.ask(what, &request).await.unwrap());
        let newest = self.control().list("default", 0, 1);
        let newest = newest.into_iter().map(|view| view.id).find(|id| self.sessions.last() != Some(id));
        self.sessions.extend(newest);
    }

    /// A set-up in JSON.
    pub(crate) async fn start(&mut self, selector: &str, fields: &Value) {
        let head = format!(
            "POST {}/eid/{selector}\nAuthorization: {{{{token}}}}\nContent-Type: application/json",
            self.base()
        );
        self.ask("the service sets a session up", &format!("{head}\n\n{fields}")).await;
    }

    pub(crate) async fn result(&mut self) {
        let head = format!("GET {}/eid/", self.base());
        let text = format!("{head}{{{{session}}}}\nAuthorization: {{{{token}}}}\nContent-Type: application/json");
        self.ask("the service asks for the result", &text).await;
    }

    /// A browser at the page; `query` with its question mark.
    pub(crate) async fn page(&mut self, what: &str, query: &str) {
        let page = self.control().view(self.session()).unwrap().page.unwrap();
        self.ask(what, &format!("GET /{page}{query}")).await;
    }

    pub(crate) fn confirm(&mut self, person: Option<&str>) {
        let person = person.map(|name| self.stage.simulation.commons.person_named(name).unwrap());
        let who = person.as_ref().map_or("the requested person", |person| &person.name);
        let what = format!("{who} authenticates");
        self.say(&what, &Said { person, ..Said::plain(SignalName::Confirmed) });
    }

    pub(crate) fn cancel(&mut self) {
        self.say("the person presses cancel", &Said::plain(SignalName::Cancelled));
    }

    pub(crate) fn fail(&mut self, reason: Reason) {
        let said = Said { reason: Some(reason), ..Said::plain(SignalName::Failed) };
        self.say(&format!("the attempt fails: {reason}"), &said);
    }

    pub(crate) fn pass(&mut self, span: &str) {
        let span: Millis = span.parse().unwrap();
        self.remark(format!("{span} pass"));
        self.scenes.extend(self.stage.pass(span));
    }

    /// Everything, as text.
    pub(crate) fn text(&self) -> String {
        self.scenes.iter().fold(String::new(), |mut text, scene| {
            write!(text, "{scene}").unwrap();
            text
        })
    }

    /// The body of the last answer that had one in JSON.
    pub(crate) fn told(&self) -> Value {
        let body = |scene: &Scene| serde_json::from_str(scene.answer.as_ref()?.lines().last()?).ok();
        self.scenes.iter().rev().find_map(body).unwrap()
    }

    fn say(&mut self, what: &str, said: &Said) {
        self.remark(what.to_owned());
        self.control().signal(self.session(), said).unwrap();
        self.scenes.extend(self.stage.pass(Millis(0)));
    }

    fn remark(&mut self, what: String) {
        let commons = &self.stage.simulation.commons;
        let at_ms = commons.clock.now().since(commons.begun).0;
        self.scenes.push(Scene { at_ms, what, request: None, answer: None });
    }

    fn session(&self) -> SessionId {
        self.sessions.last().unwrap().parse().unwrap()
    }

    fn base(&self) -> String {
        self.control().base(&self.stage.simulation.commons.spaces.default_space())
    }

    fn control(&self) -> &dyn Control {
        &**self.stage.simulation.provider(self.provider).unwrap()
    }
}
