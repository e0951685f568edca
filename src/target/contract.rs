//! Protocol 1: what the judge asks of a target. What a target can answer is in `told.rs`.
//!
//! The same types are the lines of a stdio adapter: `{"op": "get_participant", "args": {…}}`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::{Reply, TargetError, Wire};

/// An implementation under test, behind an adapter.
pub trait Target: Send + Sync + fmt::Debug {
    /// Performs one operation.
    ///
    /// # Errors
    /// [`TargetError::Rejected`] when the target refuses on purpose; the other variants when there is no answer.
    fn call<'a>(&'a self, call: &'a Call, op: Op) -> BoxFuture<'a, Result<Reply, TargetError>>;

    /// A text as reports may show it: without numbers, and without whatever else the target wants hidden.
    fn masked(&self, text: &str) -> String {
        crate::identity::mask(text).into_owned()
    }
}

/// Around every operation: for whom, as whom, and how long.
#[derive(Clone, Debug)]
pub struct Call {
    /// The scenario's namespace: references of one scenario never meet those of another, nor of another run.
    pub namespace: String,
    /// As whom, where it is not the actor the operation is made for.
    pub actor: Option<Actor>,
    /// The person's browser, for operations in the signing room. Its cookie jar is the one the user agent uses.
    pub browser: Option<BrowserId>,
    /// After how long the operation is given up.
    pub limit: Duration,
    /// Where the exchanges on the wire are noted.
    pub wire: Wire,
}

/// Who makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Without any credential.
    Anonymous,
    /// The person in the signing room, with the cookies of one browser.
    Person,
    /// The provider, delivering a webhook.
    Provider,
    /// Who owns the agreement.
    Sender,
    /// Another tenant, with good credentials of its own.
    Stranger,
}

/// One browser of one person: it has a cookie jar of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BrowserId {
    /// The scenario's namespace.
    pub namespace: String,
    /// The person and the browser, such as `anna` or `anna/other`.
    pub name: String,
}

/// The operations, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpName {
    /// [`Op::ActivateAgreement`]
    ActivateAgreement,
    /// [`Op::AddParticipant`]
    AddParticipant,
    /// [`Op::AddParticipants`]
    AddParticipants,
    /// [`Op::AdvanceTime`]
    AdvanceTime,
    /// [`Op::AttemptSignature`]
    AttemptSignature,
    /// [`Op::CancelAgreement`]
    CancelAgreement,
    /// [`Op::CreateAgreement`]
    CreateAgreement,
    /// [`Op::CreateCase`]
    CreateCase,
    /// [`Op::DeleteParticipant`]
    DeleteParticipant,
    /// [`Op::DeliverWebhook`]
    DeliverWebhook,
    /// [`Op::DumpStorage`]
    DumpStorage,
    /// [`Op::GetAgreement`]
    GetAgreement,
    /// [`Op::GetParticipant`]
    GetParticipant,
    /// [`Op::Hello`]
    Hello,
    /// [`Op::Idle`]
    Idle,
    /// [`Op::ListEvents`]
    ListEvents,
    /// [`Op::PreparePerson`]
    PreparePerson,
    /// [`Op::ReadLog`]
    ReadLog,
    /// [`Op::ReopenAgreement`]
    ReopenAgreement,
    /// [`Op::Reset`]
    Reset,
    /// [`Op::Restart`]
    Restart,
    /// [`Op::ResumeAuthentication`]
    ResumeAuthentication,
    /// [`Op::Shutdown`]
    Shutdown,
    /// [`Op::StartAuthentication`]
    StartAuthentication,
    /// [`Op::UpdateParticipant`]
    UpdateParticipant,
}

/// What the judge asks. Answered by the [`Reply`] of the same name, [`Reply::Done`] where there is nothing to tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", content = "args", rename_all = "snake_case")]
pub enum Op {
    /// Sends the agreement for signing.
    ActivateAgreement(AgreementRef),
    /// Adds one participant to an agreement in draft. [`Reply::Participant`].
    AddParticipant(AddParticipant),
    /// Adds several in one call. [`Reply::Case`].
    AddParticipants(Vec<AddParticipant>),
    /// Moves the target's own clock.
    AdvanceTime(Duration),
    /// Tries to sign. [`Reply::Signature`].
    AttemptSignature(AttemptSignature),
    /// Withdraws the agreement.
    CancelAgreement(AgreementRef),
    /// Creates an agreement in draft. [`Reply::Case`] without participants.
    CreateAgreement(CreateAgreement),
    /// Creates agreement and participants, and sends it, in one operation. [`Reply::Case`].
    CreateCase(Case),
    /// Removes a participant.
    DeleteParticipant(ParticipantRef),
    /// Hands a provider's webhook over, where the judge delivers it itself. [`Reply::Delivered`].
    DeliverWebhook(WebhookDelivery),
    /// Everything that is stored. [`Reply::Dump`].
    DumpStorage,
    /// [`Reply::Agreement`].
    GetAgreement(AgreementRef),
    /// [`Reply::Participant`].
    GetParticipant(ParticipantRef),
    /// The first operation of a run. [`Reply::Welcome`].
    Hello(Hello),
    /// Answers when nothing is under way any more that concerns the agreement.
    Idle(AgreementRef),
    /// What happened to the agreement. [`Reply::Events`].
    ListEvents(AgreementRef),
    /// Makes the person known, for services with a customer register.
    PreparePerson(AddParticipant),
    /// Everything that was logged. [`Reply::Dump`].
    ReadLog,
    /// Opens a sent agreement for changes: its signing starts anew when it is sent again.
    ReopenAgreement(AgreementRef),
    /// A scenario begins.
    Reset(Reset),
    /// Ends the target's process and starts it again, with its storage.
    Restart,
    /// The browser is back from the provider, where a visit of the return address is not enough.
    ResumeAuthentication(Return),
    /// The run ends.
    Shutdown,
    /// The person starts to authenticate. [`Reply::Started`].
    StartAuthentication(StartAuthentication),
    /// Changes a participant. [`Reply::Participant`].
    UpdateParticipant(Update),
}

/// What a run hands over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of this contract, 1.
    pub protocol: u32,
    /// Names the run: unique, and part of every reference made in it.
    pub run: String,
    /// How to reach the simulated providers.
    pub connections: Connections,
    /// Where the target's own outbound webhooks are to go.
    pub sink: Option<String>,
}

/// Addresses and credentials, as the ready line of `motpart serve` has them: `ZIGNSEC_V2_URL`, `ZIGNSEC_V2_TOKEN` ….
pub type Connections = BTreeMap<String, String>;

/// A scenario's beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reset {
    /// The scenario's namespace.
    pub namespace: String,
}

/// An agreement, by the judge's reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AgreementRef {
    /// The judge's own reference, unique in the run.
    pub agreement_ref: String,
}

/// A participant, by the judge's references.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ParticipantRef {
    /// The agreement.
    pub agreement_ref: String,
    /// The participant, unique in the agreement.
    pub participant_ref: String,
}

/// A new agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateAgreement {
    /// The judge's own reference.
    pub agreement_ref: String,
    /// The least level of its signatures: `SES`, `AES` or `QES`.
    pub trust_level: Option<String>,
}

/// A new participant. The number is text as the sender would type it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AddParticipant {
    /// The agreement.
    pub agreement_ref: String,
    /// The participant.
    pub participant_ref: String,
    /// `signer` or `approver`.
    pub role: String,
    /// Made-up name.
    pub name: String,
    /// Made-up address; no two scenarios share one.
    pub email: String,
    /// The national number to bind, as typed.
    pub personal_number: Option<serde_json::Value>,
    /// The number's country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Further members that a hostile or mistaken sender puts into the request, such as `identity_enforcement`.
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// Without the number.
impl fmt::Debug for AddParticipant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddParticipant")
            .field("agreement_ref", &self.agreement_ref)
            .field("participant_ref", &self.participant_ref)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// An agreement with its participants, at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The agreement.
    pub agreement: CreateAgreement,
    /// Its participants.
    pub participants: Vec<AddParticipant>,
    /// Whether to send it for signing.
    pub activate: bool,
}

/// A change of a participant. What is left out stays.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// The agreement.
    pub agreement_ref: String,
    /// The participant.
    pub participant_ref: String,
    /// Another name.
    pub name: Option<String>,
    /// Another e-mail address.
    pub email: Option<String>,
    /// Another number to bind, as typed.
    pub personal_number: Option<serde_json::Value>,
    /// Whether to turn the enforcement off.
    pub disable: bool,
    /// Further members that a hostile or mistaken sender puts into the request.
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// Without the number.
impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update").field("participant_ref", &self.participant_ref).finish_non_exhaustive()
    }
}

/// A person starts to authenticate.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StartAuthentication {
    /// The participant whose link is used.
    #[serde(flatten)]
    pub participant: ParticipantRef,
    /// The provider, in snake_case.
    pub provider: String,
    /// The provider's word for the method; the target's default without one.
    pub method: Option<String>,
    /// A number that the signer types, where the method demands one.
    pub hint: Option<String>,
    /// The signer's telephone number, in international form, for methods that call it.
    pub phone: Option<String>,
    /// Further members that a hostile signer puts into body and query of the request, such as `personnummerOverride`.
    #[serde(default)]
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// Without what was typed.
impl fmt::Debug for StartAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartAuthentication")
            .field("participant", &self.participant)
            .field("provider", &self.provider)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The browser came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Return {
    /// The participant.
    #[serde(flatten)]
    pub participant: ParticipantRef,
    /// The target's id of the attempt.
    pub auth_ref: Option<String>,
    /// The address it came back to, with its query; empty where the provider calls the person itself and no browser is sent anywhere.
    pub return_url: String,
}

/// A provider's webhook that the judge delivers itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebhookDelivery {
    /// The target's address for it, as the provider was told.
    pub url: Option<String>,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, exactly.
    pub body: String,
}

/// Trying to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptSignature {
    /// The participant.
    #[serde(flatten)]
    pub participant: ParticipantRef,
    /// `eid`, or `weak` for whatever does not identify the person, such as an e-mail code.
    pub method: String,
    /// A number that the signer types, where the method demands one.
    pub hint: Option<String>,
    /// The signer's telephone number, in international form, for methods that call it.
    pub phone: Option<String>,
    /// The provider of the eID, in snake_case.
    pub provider: Option<String>,
    /// The target's word for the eID, where the target file tells one for the person's country.
    pub eid_method: Option<String>,
}

impl Op {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> OpName {
        match self {
            Self::ActivateAgreement(_) => OpName::ActivateAgreement,
            Self::AddParticipant(_) => OpName::AddParticipant,
            Self::AddParticipants(_) => OpName::AddParticipants,
            Self::AdvanceTime(_) => OpName::AdvanceTime,
            Self::AttemptSignature(_) => OpName::AttemptSignature,
            Self::CancelAgreement(_) => OpName::CancelAgreement,
            Self::CreateAgreement(_) => OpName::CreateAgreement,
            Self::CreateCase(_) => OpName::CreateCase,
            Self::DeleteParticipant(_) => OpName::DeleteParticipant,
            Self::DeliverWebhook(_) => OpName::DeliverWebhook,
            Self::DumpStorage => OpName::DumpStorage,
            Self::GetAgreement(_) => OpName::GetAgreement,
            Self::GetParticipant(_) => OpName::GetParticipant,
            Self::Hello(_) => OpName::Hello,
            Self::Idle(_) => OpName::Idle,
            Self::ListEvents(_) => OpName::ListEvents,
            Self::PreparePerson(_) => OpName::PreparePerson,
            Self::ReadLog => OpName::ReadLog,
            Self::ReopenAgreement(_) => OpName::ReopenAgreement,
            Self::Reset(_) => OpName::Reset,
            Self::Restart => OpName::Restart,
            Self::ResumeAuthentication(_) => OpName::ResumeAuthentication,
            Self::Shutdown => OpName::Shutdown,
            Self::StartAuthentication(_) => OpName::StartAuthentication,
            Self::UpdateParticipant(_) => OpName::UpdateParticipant,
        }
    }
}
