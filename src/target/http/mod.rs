//! The HTTP profile: operations as steps of a target file.

mod condition;
mod memory;
mod outcome;
mod pick;
mod plan;
mod ready;
mod rehearsal;
mod reply;
mod request;
mod run;
mod seen;
mod shape;
mod template;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

pub(crate) use self::condition::OutcomeRule;
use self::memory::Memory;
pub(crate) use self::pick::{Pick, Picked};
pub(crate) use self::plan::{ActorPlan, ParticipantResult, Plan, Results, Step};
pub use self::rehearsal::Rehearsal;
use self::run::Run;
pub(crate) use self::seen::{Seen, headers};
pub(crate) use self::shape::Shape;
pub(crate) use self::template::Template;
pub(crate) use self::words::{Period, Statuses};
use super::exchange::Line;
use super::jars::Jars;
use super::{Agent, Call, Op, OpName, Reply, Target, TargetError, TargetFile, Welcome};
use crate::dial::Dialer;

/// A target that is driven by the steps of its file.
#[derive(Clone, Debug)]
pub struct HttpTarget {
    pub(super) file: Arc<TargetFile>,
    pub(super) line: Line,
    memory: Arc<Memory>,
}

impl HttpTarget {
    /// A target that nobody has called yet. `variables` replace those of the file's `[vars]`.
    #[must_use]
    pub fn new(file: Arc<TargetFile>, dialer: Dialer, variables: BTreeMap<String, String>) -> Self {
        let mut vars = file.vars.clone();
        vars.extend(variables);
        let memory = Memory::new(vars, file.timing.rate_limit);
        Self { file, line: Line { dialer, jars: Jars::default() }, memory: Arc::new(memory) }
    }

    /// The user agent of the persons: its browsers have the cookie jars that the steps `as = "person"` use.
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent::new(self.line.clone())
    }

    /// The text without national numbers, and without whatever the target file wants hidden.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let hidden = self.memory.hidden(&self.file.redact);
        self.file.masked_with(text, &hidden)
    }

    async fn perform(&self, call: &Call, op: Op) -> Result<Reply, TargetError> {
        let name = op.name();
        let args = arguments(&op, &self.file);
        match &op {
            Op::Hello(hello) => self.memory.begin(hello),
            Op::Reset(reset) => {
                self.memory.forget(&reset.namespace);
                self.line.jars.forget(&reset.namespace);
            }
            Op::ActivateAgreement(_)
            | Op::AddParticipant(_)
            | Op::AddParticipants(_)
            | Op::AdvanceTime(_)
            | Op::AttemptSignature(_)
            | Op::CancelAgreement(_)
            | Op::CreateAgreement(_)
            | Op::CreateCase(_)
            | Op::DeleteParticipant(_)
            | Op::DeliverWebhook(_)
            | Op::DumpStorage
            | Op::GetAgreement(_)
            | Op::GetParticipant(_)
            | Op::Idle(_)
            | Op::ListEvents(_)
            | Op::PreparePerson(_)
            | Op::ReadLog
            | Op::ReopenAgreement(_)
            | Op::Restart
            | Op::ResumeAuthentication(_)
            | Op::Shutdown
            | Op::StartAuthentication(_)
            | Op::UpdateParticipant(_) => {}
        }
        let none = Plan { is_none: true, ..Plan::default() };
        let plan = match (self.file.ops.get(&name), name) {
            (Some(plan), _) => plan,
            // A file need not speak of what has nothing to do with its service.
            (None, OpName::Hello | OpName::Reset | OpName::Shutdown) => &none,
            (None, _) => return Err(TargetError::Unsupported { op: name }),
        };
        let welcome = Welcome { name: self.file.name.clone(), version: self.file.version.clone() };
        if plan.is_none {
            return Ok(if name == OpName::Hello { Reply::Welcome(welcome) } else { Reply::Done });
        }
        let run = Run::new(self, &self.memory, call, name, args);
        // Steps wait and repeat by their own limits; this is the last resort.
        match tokio::time::timeout(call.limit, run.perform(plan, &op, welcome)).await {
            Ok(reply) => reply,
            Err(_) => Err(TargetError::Unavailable {
                message: format!(
                    "`{}` was not done within {}: if the target needs longer, raise `timing.op_limit`",
                    op_name(name),
                    humantime::format_duration(call.limit)
                ),
            }),
        }
    }
}

impl Target for HttpTarget {
    fn call<'a>(&'a self, call: &'a Call, op: Op) -> BoxFuture<'a, Result<Reply, TargetError>> {
        Box::pin(self.perform(call, op))
    }

    fn masked(&self, text: &str) -> String {
        Self::masked(self, text)
    }
}

/// The operation's name in files, such as `get_participant`.
pub(crate) fn op_name(op: OpName) -> &'static str {
    match op {
        OpName::ActivateAgreement => "activate_agreement",
        OpName::AddParticipant => "add_participant",
        OpName::AddParticipants => "add_participants",
        OpName::AdvanceTime => "advance_time",
        OpName::AttemptSignature => "attempt_signature",
        OpName::CancelAgreement => "cancel_agreement",
        OpName::CreateAgreement => "create_agreement",
        OpName::CreateCase => "create_case",
        OpName::DeleteParticipant => "delete_participant",
        OpName::DeliverWebhook => "deliver_webhook",
        OpName::DumpStorage => "dump_storage",
        OpName::GetAgreement => "get_agreement",
        OpName::GetParticipant => "get_participant",
        OpName::Hello => "hello",
        OpName::Idle => "idle",
        OpName::ListEvents => "list_events",
        OpName::PreparePerson => "prepare_person",
        OpName::ReadLog => "read_log",
        OpName::ReopenAgreement => "reopen_agreement",
        OpName::Reset => "reset",
        OpName::Restart => "restart",
        OpName::ResumeAuthentication => "resume_authentication",
        OpName::Shutdown => "shutdown",
        OpName::StartAuthentication => "start_authentication",
        OpName::UpdateParticipant => "update_participant",
    }
}

/// What steps call `args`, and `return` where a browser came back: the contract's own JSON, with the usual method where none is told.
fn arguments(op: &Op, file: &TargetFile) -> Value {
    // The contract's types hold no map with keys other than text.
    let mut args =
        serde_json::to_value(op).ok().and_then(|mut op| op.get_mut("args").map(Value::take)).unwrap_or_default();
    if let (Op::StartAuthentication(start), Some(members)) = (op, args.as_object_mut())
        && start.method.is_none()
        && let Some(usual) = file.methods_for(&start.provider).first()
    {
        members.insert("method".to_owned(), json!(usual));
    }
    args
}

#[cfg(test)]
mod tests;
