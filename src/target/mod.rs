//! Whatever implementation is under test: the contract every adapter speaks, what a target file declares, and the browser that people use.
//!
//! ```text
//! conformance ──Op──▶ Target ──▶ an adapter (HTTP profile; later stdio) ──▶ the service under test
//!             ◀─Reply─┘   └─ every exchange on the wire goes into the Wire log of the call
//! ```

mod agent;
mod contract;
mod events;
mod exchange;
mod file;
mod http;
mod jars;
mod masked;
mod policy;
mod principal;
mod told;
mod wire;

pub use self::agent::{Agent, AgentError, Form, Hop, Page};
pub use self::contract::{
    Actor, AddParticipant, AgreementRef, AttemptSignature, BrowserId, Call, Case, Connections, CreateAgreement, Hello,
    Op, OpName, ParticipantRef, Reset, Return, StartAuthentication, Target, Update, WebhookDelivery,
};
pub use self::events::{EventError, EventRead, Events, SignatureCheck};
pub use self::file::{Command, Feature, Features, Network, Ready, State, TargetFile, TargetFileError, Timing, Trigger};
pub use self::http::{HttpTarget, Rehearsal};
pub use self::jars::UnsentCookie;
pub use self::policy::{
    BindingChange, CheckDigits, Deviation, EvidenceKind, Failed, IdTokenSignature, Identifier, NameMismatch,
    NumberStorage, NumberToProvider, OutcomeStatus, Outcomes, ParallelAttempts, Policy, Reopen, Setup, Sign, Spelling,
    TenDigits,
};
pub use self::told::{
    Allowed, Authentication, CaseMade, Dump, Enforcement, EventSeen, GetAgreement, Participant, Reply, Status,
    TargetError, Welcome,
};
pub use self::wire::{Exchange, Wire};
