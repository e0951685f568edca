//! Who makes which operation.

use super::{Actor, OpName};

impl OpName {
    /// Who makes it where nobody else is named.
    #[must_use]
    pub const fn principal(self) -> Actor {
        match self {
            Self::AttemptSignature | Self::ResumeAuthentication | Self::StartAuthentication => Actor::Person,
            Self::DeliverWebhook => Actor::Provider,
            Self::ActivateAgreement
            | Self::AddParticipant
            | Self::AddParticipants
            | Self::AdvanceTime
            | Self::CancelAgreement
            | Self::CreateAgreement
            | Self::CreateCase
            | Self::DeleteParticipant
            | Self::DumpStorage
            | Self::GetAgreement
            | Self::GetParticipant
            | Self::Hello
            | Self::Idle
            | Self::ListEvents
            | Self::PreparePerson
            | Self::ReadLog
            | Self::ReopenAgreement
            | Self::Reset
            | Self::Restart
            | Self::Shutdown
            | Self::UpdateParticipant => Actor::Sender,
        }
    }
}
