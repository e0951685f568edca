//! Plays a script: polls, lets time pass and gives signals, as the script waits for them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use super::exchange::{elapsed, exchange};
use super::lead::exchanged;
use super::words::signal_in_words;
use super::{Scene, Stage, Storyboard, StoryboardError};
use crate::dial::Answer;
use crate::identity::mask;
use crate::script::{Damage, Millis, Operation, Script, SignalName};
use crate::simulation::agenda::Ticket;
use crate::simulation::outbox::Attempt;
use crate::simulation::{Control, ErrandKind, NextBy, Said, Sample, SampleRequest, SessionId, SessionView};

/// Plays a script at one provider of a stage that nobody has used yet.
///
/// # Errors
/// When the provider's sample conversation does not work.
pub async fn play(stage: &Stage, provider: &'static str, script: &Arc<Script>) -> Result<Storyboard, StoryboardError> {
    let mut board = Storyboard {
        script: script.name.clone(),
        title: script.title.clone(),
        provider: provider.replace('_', "-"),
        refused: None,
        scenes: Vec::new(),
    };
    let control = stage.simulation.provider(provider).map_err(|_| StoryboardError::NoSample(provider))?.clone();
    if let Some(unsayable) = control.refuses(script) {
        board.refused = Some(unsayable.to_string());
        return Ok(board);
    }
    let sample = control.sample().ok_or(StoryboardError::NoSample(provider))?;
    let space = stage.simulation.commons.spaces.default_space();
    space.programme.set_default(Some(script.clone()));
    let mut player = Player { stage, control, sample, script, session: None, scenes: Vec::new() };
    if let Some(session) = player.set_up().await? {
        player.unfold(session).await?;
        player.go_on(session).await?;
        player.run_out(session);
    }
    board.scenes = player.scenes;
    Ok(board)
}

struct Player<'a> {
    stage: &'a Stage,
    control: Arc<dyn Control>,
    sample: Sample,
    script: &'a Script,
    session: Option<SessionId>,
    scenes: Vec<Scene>,
}

impl Player<'_> {
    /// Sets a session up, again and again while the script lets the answer fail. `None` when the service never gets an honest answer.
    async fn set_up(&mut self) -> Result<Option<SessionId>, StoryboardError> {
        for n in 1..=MOST_STARTS {
            let request = self.request(self.sample.set_up, None)?;
            let damage = damage(self.script, Operation::Start, n).cloned();
            let at = elapsed(self.stage);
            let control = self.control.clone();
            let mut meanwhile = Vec::new();
            let (answer, ()) = exchange(self.stage, &request, || newest(&*control), || (), &mut meanwhile).await?;
            self.session = newest(&*self.control);
            if self.session.is_none() {
                return Err(StoryboardError::NoSession { provider: self.control.name(), answer });
            }
            let what = match &damage {
                None => "the service sets a session up".to_owned(),
                Some(damage) => format!("the service sets a session up; the answer is {}", damage.in_words()),
            };
            self.scenes.extend(exchanged(self.stage, at, what, &request, answer, meanwhile));
            self.happen();
            if damage.is_none_or(|damage| damage.leaves_the_answer()) {
                return Ok(self.session);
            }
        }
        self.scene(elapsed(self.stage), "and so on: the service never learns of a session".to_owned());
        Ok(None)
    }

    /// Polls, waits and signals until the attempt has ended and every fault on the result has been seen.
    async fn unfold(&mut self, session: SessionId) -> Result<(), StoryboardError> {
        let id = session.to_string();
        let request = self.request(self.sample.collect, Some(&id))?;
        let mut polls = 0;
        let mut opened = false;
        while self.scenes.len() < MOST_SCENES {
            polls += 1;
            let damage = damage(self.script, Operation::Collect, polls).cloned();
            let at = elapsed(self.stage);
            let mut meanwhile = Vec::new();
            let look = || self.control.view(session);
            let (answer, told) = exchange(self.stage, &request, || Some(session), look, &mut meanwhile).await?;
            let (Ok(told), Ok(view)) = (told, look()) else { return Ok(()) };
            let mut what = format!("the service asks for the result: {}", phase(&told));
            if let Some(damage) = &damage {
                what.push_str(&format!("; the answer is {}", damage.in_words()));
            }
            self.scenes.extend(exchanged(self.stage, at, what, &request, answer, meanwhile));
            self.happen();
            // A fault that ends is shown to its end; one that stays is shown once.
            let again =
                damage.is_some()
                    && self.script.faults.iter().any(|f| {
                        f.on == Operation::Collect && f.occurrence.covers(polls) && f.occurrence.last.is_some()
                    });
            if again {
                continue;
            }
            let Some(next) = view.next else {
                if told.phase.state == view.phase.state {
                    return Ok(());
                }
                // It ended while the answer was under way.
                continue;
            };
            // Who is to run out of time has to begin: the person's time counts from the opened page.
            if !opened && next.by == NextBy::LinkExpiry && self.script.lifetime.order.is_some() {
                opened = true;
                if self.control.signal(session, &Said::plain(SignalName::Opened)).is_ok() {
                    self.scene(elapsed(self.stage), signal_in_words(SignalName::Opened).to_owned());
                    self.happen();
                    continue;
                }
            }
            match (next.signal, next.in_ms) {
                (Some(signal), _) => {
                    if self.control.signal(session, &Said::plain(signal)).is_err() {
                        return Ok(());
                    }
                    self.scene(elapsed(self.stage), signal_in_words(signal).to_owned());
                }
                (None, Some(span)) => {
                    self.stage.simulation.commons.clock.tick(Millis(span));
                    let what = format!("{} later: {}", Millis(span), next_in_words(next.by));
                    self.scene(elapsed(self.stage), what);
                }
                // The next poll brings it.
                (None, None) => {}
            }
            self.happen();
        }
        self.scene(elapsed(self.stage), "and so on".to_owned());
        Ok(())
    }

    /// Does what a service does once the person has finished, as far as the answers allow.
    async fn go_on(&mut self, session: SessionId) -> Result<(), StoryboardError> {
        let finished = |view: &SessionView| view.phase.state == "finished";
        if !self.control.view(session).is_ok_and(|view| finished(&view)) {
            return Ok(());
        }
        for (what, text) in self.control.epilogue() {
            let at = elapsed(self.stage);
            if self.names_another_host(text) {
                self.scene(at, format!("{what}? The address is on another host: a careful service does not go there"));
                return Ok(());
            }
            // An address that was not told is no path, and what was not told stays in its braces.
            let request = self.request(text, Some(&session.to_string())).ok();
            let is_whole = |request: &SampleRequest| {
                let headers = request.headers.iter().map(|(_, value)| value.as_str());
                !headers.chain([request.path.as_str(), request.body.as_str()]).any(|part| part.contains("{{"))
            };
            let Some(request) = request.filter(is_whole) else {
                self.scene(at, format!("{what}? The service was not told enough for that"));
                return Ok(());
            };
            let mut meanwhile = Vec::new();
            let (answer, ()) = exchange(self.stage, &request, || Some(session), || (), &mut meanwhile).await?;
            self.scenes.extend(exchanged(self.stage, at, (*what).to_owned(), &request, answer, meanwhile));
            self.happen();
        }
        Ok(())
    }

    /// Whether a request is to go where an answer said, and that is not here.
    fn names_another_host(&self, text: &str) -> bool {
        let told = self.stage.told();
        let name = text.split_once("{{").and_then(|(_, rest)| rest.split_once("}}")).map(|(name, _)| name);
        let public = self.stage.simulation.commons.public_url();
        let address = name.and_then(|name| told.get(name)).filter(|value| value.contains("://"));
        address.is_some_and(|address| !address.starts_with(public.as_str()))
    }

    /// Lets everything come that is still under way when the attempt has ended: late and repeated webhooks.
    fn run_out(&mut self, session: SessionId) {
        let commons = &self.stage.simulation.commons;
        let waits = || commons.outbox.deliveries(session).iter().any(|delivery| delivery.state == "waiting");
        while let Some(at) = commons.agenda.first().filter(|_| waits() && self.scenes.len() < MOST_SCENES) {
            commons.clock.tick(at.since(commons.clock.now()));
            self.happen();
        }
        let lost = commons.outbox.deliveries(session).into_iter().filter(|delivery| delivery.state == "lost").count();
        for _ in 0..lost {
            self.scene(elapsed(self.stage), "a webhook is lost: it is never sent".to_owned());
        }
    }

    /// Does what is due now.
    fn happen(&mut self) {
        let commons = &self.stage.simulation.commons;
        while let Some(ticket) = commons.agenda.take_due(commons.clock.now()) {
            turn(self.stage, ticket, self.session, &mut self.scenes);
        }
    }

    fn request(&self, text: &str, session: Option<&str>) -> Result<SampleRequest, StoryboardError> {
        let space = self.stage.simulation.commons.spaces.default_space();
        let name = self.control.name();
        let credentials = self.control.credentials().iter();
        let mut values: Vec<(&str, &str)> =
            credentials.filter_map(|credential| Some((*credential, space.credential(name, credential)?))).collect();
        let (dressed, told) = (self.control.dress(&space), self.stage.told());
        values.extend(dressed.iter().map(|(name, value)| (*name, value.as_str())));
        values.extend(session.map(|session| ("session", session)));
        values.extend(told.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Ok(SampleRequest::new(text, &values)?)
    }

    fn scene(&mut self, at: Millis, what: String) {
        self.scenes.push(Scene { at_ms: at.0, what, request: None, answer: None });
    }
}

/// Does one thing that is due. A receiver is always there; a webhook about another session than the service's own is named as such.
pub(super) fn turn(stage: &Stage, ticket: Ticket, own: Option<SessionId>, scenes: &mut Vec<Scene>) {
    let Stage { simulation, receiver, .. } = stage;
    let commons = &simulation.commons;
    match ticket {
        Ticket::Session(place, id) => {
            if let Some(provider) = simulation.providers.get(place) {
                // A session that is gone needs no tick.
                let _ = provider.tick(id);
            }
        }
        Ticket::Waiting(number) => commons.waits.due(number),
        Ticket::Errand(number) => {
            let Some(taken) = commons.outbox.take(number) else { return };
            let now = commons.clock.now();
            let request = taken.request(now).ok().map(|request| {
                let mut text = format!("{} {}", request.method(), request.uri());
                for (name, value) in request.headers().iter().filter(|(name, _)| **name != http::header::USER_AGENT) {
                    text.push_str(&format!("\n{name}: {}", String::from_utf8_lossy(value.as_bytes())));
                }
                format!("{text}\n{}", String::from_utf8_lossy(request.body()))
            });
            let is_strange = own.is_some_and(|own| own != taken.sender().session);
            let about = if is_strange { " about a session it never learned of" } else { "" };
            scenes.push(Scene {
                at_ms: elapsed(stage).0,
                what: format!("the provider calls the service{about}"),
                request: request.map(|text| mask(text.trim_end()).into_owned()),
                answer: Some(format!("{}\n{}", receiver.status, receiver.body).trim_end().to_owned()),
            });
            let accepted = (200..=299).contains(&receiver.status);
            if taken.errand().kind == ErrandKind::Question
                && let Some(provider) = simulation.providers.get(taken.sender().provider)
            {
                let body = Bytes::from(receiver.body.clone());
                let answer =
                    Answer { status: receiver.status, headers: HeaderMap::new(), body, took: Duration::default() };
                // A session that is gone needs no answer.
                let _ = provider.answered(taken.sender().session, taken.errand(), Some(&answer));
            }
            let attempt = Attempt { at: now.to_string(), outcome: receiver.status.to_string(), accepted };
            commons.outbox.record(&commons.agenda, taken, attempt);
        }
    }
}

fn damage(script: &Script, on: Operation, n: u32) -> Option<&Damage> {
    script.faults.iter().find(|f| f.on == on && f.occurrence.covers(n)).map(|f| &f.damage)
}

fn newest(control: &dyn Control) -> Option<SessionId> {
    control.list(crate::simulation::DEFAULT, 0, 1).first().and_then(|view| view.id.parse().ok())
}

fn phase(view: &SessionView) -> String {
    match view.phase.state {
        "finished" => format!("finished as `{}`", view.phase.detail),
        state => format!("{state}, {}", view.phase.detail),
    }
}

const fn next_in_words(next: NextBy) -> &'static str {
    match next {
        NextBy::LinkExpiry => "nobody has opened the link",
        NextBy::OrderExpiry => "nobody has finished the order",
        NextBy::Poll => "the next poll brings it",
        NextBy::Signal => "a signal is waited for",
        NextBy::Time => "the script moves on",
    }
}

const MOST_SCENES: usize = 40;
const MOST_STARTS: u32 = 3;
