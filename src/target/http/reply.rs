//! From the last answer to the contract's reply.

use serde_json::{Map, Value};

use super::memory::Place;
use super::outcome::Stop;
use super::pick::{Pick, Picked};
use super::plan::{AgreementResult, AuthenticationResult, EventsResult, ListResult, ParticipantResult, Plan, Results};
use super::run::Run;
use super::seen::Seen;
use super::template::plain;
use super::words::Path;
use crate::target::{
    AddParticipant, Allowed, Authentication, CaseMade, Enforcement, EventSeen, GetAgreement, Op, Participant, Reply,
    Status, TargetError, Welcome,
};

impl Run<'_> {
    /// What the operation is answered with, after all its steps.
    pub(super) fn reply(&self, plan: &Plan, op: &Op, welcome: Welcome) -> Result<Reply, Stop> {
        let own = &plan.result;
        let all = &self.target.file.result;
        let seen = &self.last;
        match op {
            Op::AddParticipant(_) | Op::GetParticipant(_) | Op::UpdateParticipant(_) => {
                let result = self.said(own, all, "participant", |results| results.participant.as_ref())?;
                let part = match &result.at {
                    None => None,
                    Some(at) => Some(self.found(at, seen)?),
                };
                Ok(Reply::Participant(self.participant(result, part.as_ref().unwrap_or(seen))?))
            }
            Op::AddParticipants(asked) => {
                let participants = self.participants(own, all, asked)?;
                Ok(Reply::Case(CaseMade { agreement_id: String::new(), participants }))
            }
            Op::AttemptSignature(_) => Ok(Reply::Signature(self.signature(own, all)?)),
            Op::CreateAgreement(_) => {
                let result = self.said(own, all, "agreement", |results| results.agreement.as_ref())?;
                let agreement_id = self.text("agreement.id", &result.id, seen)?.unwrap_or_default();
                Ok(Reply::Case(CaseMade { agreement_id, participants: Vec::new() }))
            }
            Op::CreateCase(case) => {
                let result = self.said(own, all, "agreement", |results| results.agreement.as_ref())?;
                let agreement_id = self.text("agreement.id", &result.id, seen)?.unwrap_or_default();
                let participants = self.participants(own, all, &case.participants)?;
                Ok(Reply::Case(CaseMade { agreement_id, participants }))
            }
            Op::DeliverWebhook(_) => Ok(Reply::Delivered { status: seen.status }),
            Op::DumpStorage | Op::ReadLog => Ok(Reply::Dump(self.dumps.clone())),
            Op::GetAgreement(_) => {
                let result = self.said(own, all, "agreement", |results| results.agreement.as_ref())?;
                Ok(Reply::Agreement(self.agreement(result)?))
            }
            Op::Hello(_) => Ok(Reply::Welcome(welcome)),
            Op::ListEvents(_) => {
                let result = self.said(own, all, "events", |results| results.events.as_ref())?;
                Ok(Reply::Events(self.events(result)?))
            }
            Op::StartAuthentication(_) => {
                let result = own.authentication.as_ref().or(all.authentication.as_ref());
                let started = result.map(|result| self.authentication(result)).transpose()?;
                Ok(Reply::Started(started.unwrap_or_default()))
            }
            Op::ActivateAgreement(_)
            | Op::AdvanceTime(_)
            | Op::CancelAgreement(_)
            | Op::DeleteParticipant(_)
            | Op::Idle(_)
            | Op::PreparePerson(_)
            | Op::ReopenAgreement(_)
            | Op::Reset(_)
            | Op::Restart
            | Op::ResumeAuthentication(_)
            | Op::Shutdown => Ok(Reply::Done),
        }
    }

    fn participant(&self, result: &ParticipantResult, seen: &Seen) -> Result<Participant, Stop> {
        let status = self.text("participant.enforcement", &result.enforcement, seen)?.unwrap_or_default();
        let status = match status.as_str() {
            "failed" => Status::Failed,
            "none" => Status::None,
            "passed" => Status::Passed,
            "pending" => Status::Pending,
            other => {
                return Err(self.unreadable(
                    "participant.enforcement",
                    &format!("`{other}` is no state of a check: expected none, pending, passed or failed; say in `map` what it means"),
                ));
            }
        };
        let enabled = self.flag("participant.enabled", result.enabled.as_ref(), seen)?;
        Ok(Participant {
            participant_id: self.text("participant.id", &result.id, seen)?.unwrap_or_default(),
            status: self.part("participant.status", result.status.as_ref(), seen)?,
            signed: self.flag("participant.signed", result.signed.as_ref(), seen)?,
            enforcement: Enforcement {
                enabled: enabled.unwrap_or(status != Status::None),
                status,
                method: self.part("participant.method", result.method.as_ref(), seen)?,
                reason: self.part("participant.reason", result.reason.as_ref(), seen)?,
            },
            sign_link: self.part("participant.sign_link", result.sign_link.as_ref(), seen)?,
            methods: self.value("participant.methods", result.methods.as_ref(), seen)?.map(|methods| match methods {
                Value::Array(items) => items.iter().map(plain).collect(),
                one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                    vec![plain(&one)]
                }
            }),
        })
    }

    /// The part of the answer that is the participant.
    fn found(&self, at: &Path, seen: &Seen) -> Result<Seen, Stop> {
        let json = seen.json.as_ref().ok_or_else(|| self.unreadable("participant", "the body is no JSON"))?;
        let found = at.one(json).map_err(|problem| self.unreadable("participant", &problem))?;
        let part = found.ok_or_else(|| self.unreadable("participant", &format!("`{at}` is not there")))?;
        Ok(Seen::part(part.clone()))
    }

    /// Several participants of one answer; what is captured from each is kept for it.
    fn participants(&self, own: &Results, all: &Results, asked: &[AddParticipant]) -> Result<Vec<Participant>, Stop> {
        let list = self.said(own, all, "participants", |results| results.participants.as_ref())?;
        let result = self.said(own, all, "participant", |results| results.participant.as_ref())?;
        let json = self.last.json.clone().unwrap_or_default();
        let parts = list.list.all(&json);
        if parts.len() != asked.len() {
            let problem = format!("`{}` leads to {} participants: expected {}", list.list, parts.len(), asked.len());
            return Err(self.unreadable("participants", &problem));
        }
        asked
            .iter()
            .enumerate()
            .map(|(index, one)| {
                let part = self.one_of(list, &parts, index, one)?;
                let seen = Seen::part(part.clone());
                let mut captured = Map::new();
                for (name, pick) in &list.capture {
                    let value = self.value("participants.capture", Some(pick), &seen)?;
                    captured.insert(name.clone(), value.unwrap_or_default());
                }
                let place = Place {
                    agreement: Some(one.agreement_ref.clone()),
                    participant: Some(one.participant_ref.clone()),
                    ..self.place.clone()
                };
                self.memory.keep(&place, &captured);
                self.participant(result, &seen)
            })
            .collect()
    }

    fn one_of<'v>(
        &self,
        list: &ListResult,
        parts: &[&'v Value],
        index: usize,
        asked: &AddParticipant,
    ) -> Result<&'v Value, Stop> {
        let nobody =
            || self.unreadable("participants", "none of the elements is one of the participants that were asked for");
        match &list.matching {
            None => parts.get(index).copied().ok_or_else(nobody),
            Some(matching) => {
                let args = serde_json::to_value(asked).unwrap_or_default();
                let wanted = args.get(&matching.arg).filter(|value| !value.is_null());
                let is_meant = |part: &&&Value| wanted.is_some() && matching.path.one(part).ok().flatten() == wanted;
                parts.iter().find(is_meant).copied().ok_or_else(nobody)
            }
        }
    }

    fn agreement(&self, result: &AgreementResult) -> Result<GetAgreement, Stop> {
        let seen = &self.last;
        let participants = self.value("agreement.participants", result.participants.as_ref(), seen)?;
        Ok(GetAgreement {
            agreement_id: self.text("agreement.id", &result.id, seen)?.unwrap_or_default(),
            status: self.part("agreement.status", result.status.as_ref(), seen)?,
            fulfilled: self.flag("agreement.fulfilled", result.fulfilled.as_ref(), seen)?,
            participants: participants.and_then(|found| match &found {
                Value::Array(items) => Some(items.len()),
                count @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                    count.as_u64().and_then(|count| usize::try_from(count).ok())
                }
            }),
        })
    }

    fn events(&self, result: &EventsResult) -> Result<Vec<EventSeen>, Stop> {
        let json = self.last.json.clone().unwrap_or_default();
        result
            .list
            .all(&json)
            .into_iter()
            .map(|event| {
                let seen = Seen::part(event.clone());
                let name =
                    result.name.of_open_map(&seen, &Value::Null).map_err(|e| self.unreadable("events.name", &e))?;
                Ok(EventSeen {
                    id: self.part("events.id", result.id.as_ref(), &seen)?,
                    name: match name {
                        Picked::Value(name) => plain(&name),
                        Picked::Absent | Picked::Ends(_) => String::new(),
                    },
                    participant_id: self.part("events.participant", result.participant.as_ref(), &seen)?,
                    agreement_id: self.part("events.agreement", result.agreement.as_ref(), &seen)?,
                    at: self.part("events.at", result.at.as_ref(), &seen)?,
                    actor: self.part("events.actor", result.actor.as_ref(), &seen)?,
                    body: event.clone(),
                })
            })
            .collect()
    }

    fn authentication(&self, result: &AuthenticationResult) -> Result<Authentication, Stop> {
        let seen = &self.last;
        Ok(Authentication {
            auth_ref: self.part("authentication.auth_ref", result.auth_ref.as_ref(), seen)?,
            redirect_url: self.part("authentication.redirect_url", result.redirect_url.as_ref(), seen)?,
            provider_session: self.part("authentication.provider_session", result.provider_session.as_ref(), seen)?,
        })
    }

    fn signature(&self, own: &Results, all: &Results) -> Result<Allowed, Stop> {
        if let Some(result) = own.authentication.as_ref().or(all.authentication.as_ref()) {
            let started = self.authentication(result)?;
            // Where the provider calls the person itself there is no address.
            if started.redirect_url.is_some() || started.provider_session.is_some() {
                return Ok(Allowed::Started(started));
            }
        }
        let signed = own.signed.as_ref().or(all.signed.as_ref());
        Ok(match self.flag("signed", signed, &self.last)? {
            None | Some(true) => Allowed::Allowed,
            Some(false) => Allowed::Blocked { reason: None },
        })
    }

    /// The operation's own word on where a result is, else the file's.
    fn said<'r, T>(
        &self,
        own: &'r Results,
        all: &'r Results,
        name: &str,
        part: impl Fn(&'r Results) -> Option<&'r T>,
    ) -> Result<&'r T, Stop> {
        let help = format!("the target file does not say where it is: add `[result.{name}]`");
        part(own).or_else(|| part(all)).ok_or_else(|| self.unreadable(name, &help))
    }

    fn value(&self, what: &str, pick: Option<&Pick>, seen: &Seen) -> Result<Option<Value>, Stop> {
        let Some(pick) = pick else { return Ok(None) };
        match pick.of(seen, &self.values(&Map::new(), &seen.cookies)) {
            Ok(Picked::Value(value)) => Ok(Some(value)),
            Ok(Picked::Absent | Picked::Ends(_)) => Ok(None),
            Err(problem) => Err(self.unreadable(what, &problem)),
        }
    }

    fn part(&self, what: &str, pick: Option<&Pick>, seen: &Seen) -> Result<Option<String>, Stop> {
        Ok(self.value(what, pick, seen)?.map(|value| plain(&value)))
    }

    fn text(&self, what: &str, pick: &Pick, seen: &Seen) -> Result<Option<String>, Stop> {
        self.part(what, Some(pick), seen)
    }

    fn flag(&self, what: &str, pick: Option<&Pick>, seen: &Seen) -> Result<Option<bool>, Stop> {
        match self.value(what, pick, seen)? {
            None => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(yes)),
            Some(other) => {
                let other = plain(&other);
                match other.as_str() {
                    "true" => Ok(Some(true)),
                    "false" => Ok(Some(false)),
                    _ => Err(self.unreadable(
                        what,
                        &format!("`{other}` is neither true nor false: use `exists`, `in` or `map`"),
                    )),
                }
            }
        }
    }

    fn unreadable(&self, what: &str, problem: &str) -> Stop {
        let op = super::op_name(self.op);
        let message = self.target.file.masked(&format!("`{op}`, result `{what}`: {problem}"));
        Stop::Failed(TargetError::Internal { message })
    }
}
