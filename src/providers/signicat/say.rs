//! How a session stands, in the words of its method: Swedish BankID's and Norwegian BankID's.

use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::Signicat;
use super::handle::{Purpose, issue};
use super::place::Place;
use super::settings::Settings;
use super::switches::SbidError as Shape;
use super::wire::{NbidStarted, NbidStatus, SbidDetail, SbidError, SbidProgress, SbidStarted};
use crate::crypto::mac;
use crate::identity::Country;
use crate::script::{CallbackTampering, Hint, IdentityTampering, Reason, Tampering};
use crate::session::Phase;
use crate::simulation::Session;

/// What the words depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    pub(super) session: &'a Session<Signicat>,
    pub(super) settings: &'a Settings,
    pub(super) secret: &'a [u8; 32],
    pub(super) place: &'a Place,
}

impl Telling<'_> {
    /// The answer to the request that began it.
    pub(super) fn started(&self) -> Value {
        let failure = self.session.failure();
        match self.session.order.method.country() {
            Country::No => match failure {
                None => written(&NbidStarted { status_uri: self.status_uri() }),
                Some(reason) => written(&self.nbid_failed(reason)),
            },
            Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
                let well = failure.is_none();
                written(&SbidStarted {
                    order_ref: well.then(|| self.session.id.to_string()),
                    auto_start_token: well.then(|| self.auto_start_token()),
                    collect_url: well.then(|| self.place.method("collect")),
                    error: self.sbid_error(failure),
                })
            }
        }
    }

    /// The answer to a poll.
    pub(super) fn progress(&self) -> Value {
        match self.session.order.method.country() {
            Country::No => written(&self.nbid()),
            Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => written(&self.sbid()),
        }
    }

    fn sbid(&self) -> SbidProgress {
        let (status, complete, failure) = match self.session.phase() {
            Phase::Failed(reason) => (None, false, Some(*reason)),
            Phase::Finished(_) => {
                let end = self.end();
                (Some(end.word(COMPLETE, OUTSTANDING, "DONE")), end.complete, end.failure)
            }
            Phase::Pending(Hint::Outstanding) => (Some(OUTSTANDING), false, None),
            Phase::Pending(Hint::Delivered) => (Some("STARTED"), false, None),
            Phase::Pending(Hint::Confirming) => (Some("USER_SIGN"), false, None),
        };
        let complete_url = complete.then(|| self.complete_uri());
        SbidProgress { progress_status: status, complete_url, error: self.sbid_error(failure) }
    }

    fn nbid(&self) -> NbidStatus {
        match self.session.phase() {
            Phase::Failed(reason) => self.nbid_failed(*reason),
            Phase::Finished(_) => {
                let end = self.end();
                let beside = end.failure.map(|reason| self.nbid_failed(reason)).unwrap_or_default();
                let complete_uri = end.complete.then(|| self.complete_uri());
                NbidStatus { status: end.word(FINISHED, PENDING, "done"), complete_uri, ..beside }
            }
            Phase::Pending(Hint::Outstanding | Hint::Delivered | Hint::Confirming) => {
                NbidStatus { status: PENDING, ..NbidStatus::default() }
            }
        }
    }

    /// How an end is told, wrong where a script wants it.
    fn end(&self) -> End {
        let how = self.tampering();
        let is = |wanted| how == Some(wanted);
        End {
            pending: is(IdentityTampering::PendingBesideIdentity),
            unknown: is(IdentityTampering::StateUnknown),
            complete: !is(IdentityTampering::FinishedWithoutIdentity),
            failure: is(IdentityTampering::ErrorBesideIdentity).then_some(Reason::Cancelled),
        }
    }

    fn nbid_failed(&self, reason: Reason) -> NbidStatus {
        NbidStatus {
            status: "error",
            complete_uri: None,
            error_message_key: Some(nbid_key(reason)),
            error_message: Some(in_words(reason)),
            error_uri: Some(self.complete_uri()),
        }
    }

    fn sbid_error(&self, failure: Option<Reason>) -> SbidError {
        let detail = failure.map(|reason| SbidDetail { code: sbid_code(reason), message: in_words(reason) });
        match (self.settings.sbid_error, detail) {
            (Shape::Flat, Some(SbidDetail { code, message })) => {
                SbidError::Flat { error: code, error_description: message }
            }
            (Shape::Flat, None) | (Shape::Nested, _) => SbidError::Nested { error: detail },
        }
    }

    /// Where the session is completed.
    pub(super) fn complete_uri(&self) -> String {
        let session = self.session;
        let handle = issue(self.secret, Purpose::Complete, session.id, 0);
        let honest = match session.order.method.country() {
            Country::No => self.place.method(&format!("nbid/complete/{handle}")),
            Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
                self.place.method(&format!("complete?sid={handle}"))
            }
        };
        match session.tampering(self.occurrence(), Tampering::callback) {
            Some(CallbackTampering::CompleteElsewhere) => elsewhere(&honest),
            Some(
                CallbackTampering::CodeOfAnotherSession
                | CallbackTampering::ErrorWithForeignState
                | CallbackTampering::IssuerForeign
                | CallbackTampering::StateForeign
                | CallbackTampering::StateMissing,
            )
            | None => honest,
        }
    }

    fn status_uri(&self) -> String {
        self.place.method(&format!("nbid/status/{}", issue(self.secret, Purpose::Status, self.session.id, 0)))
    }

    fn auto_start_token(&self) -> String {
        let mut bytes = [0; 16];
        let own = mac::derive(self.secret, "signicat autostart", &[self.session.id.as_bytes()]);
        bytes.copy_from_slice(&own[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    fn tampering(&self) -> Option<IdentityTampering> {
        self.session.tampering(self.occurrence(), Tampering::identity)
    }

    /// Which answer after the end this is.
    fn occurrence(&self) -> u32 {
        self.session.tally.collected_after_end.max(1)
    }
}

/// What the answer after a good end says.
#[derive(Clone, Copy, Debug)]
struct End {
    pending: bool,
    unknown: bool,
    complete: bool,
    failure: Option<Reason>,
}

impl End {
    const fn word(&self, finished: &'static str, pending: &'static str, unknown: &'static str) -> &'static str {
        if self.pending {
            pending
        } else if self.unknown {
            unknown
        } else {
            finished
        }
    }
}

/// The same path on a host that is not the provider's: under its other name, where it has one, so that the journal shows who goes there.
fn elsewhere(honest: &str) -> String {
    let renamed = Url::parse(honest).ok().and_then(|mut url| {
        let (_, other) = OWN_NAMES.into_iter().find(|(own, _)| url.host_str() == Some(own))?;
        url.set_host(Some(other)).ok()?;
        Some(url.to_string())
    });
    renamed.unwrap_or_else(|| {
        let path = honest.find(super::place::METHOD).map_or("", |at| &honest[at..]);
        format!("{ELSEWHERE}{path}")
    })
}

/// An answer that refuses a poll for Swedish BankID.
pub(super) fn sbid_refused(settings: &Settings) -> Value {
    let (code, message) = ("INVALID_PARAMETERS", "The orderRef is missing, or is not one of this session");
    let error = match settings.sbid_error {
        Shape::Flat => SbidError::Flat { error: code, error_description: message },
        Shape::Nested => SbidError::Nested { error: Some(SbidDetail { code, message }) },
    };
    written(&SbidProgress { progress_status: None, complete_url: None, error })
}

/// The session of an `orderRef`.
pub(super) fn order_ref(text: &str) -> Option<crate::simulation::SessionId> {
    Uuid::parse_str(text).ok()?;
    text.parse().ok()
}

/// The codes are seen in client code, but for those of the expiry, the certificate and the start, which are BankID's own. Which code goes
/// with being superseded or with a wrong person is inferred.
const fn sbid_code(reason: Reason) -> &'static str {
    match reason {
        Reason::AlreadyInProgress => "ALREADY_IN_PROGRESS",
        Reason::Cancelled => "USER_CANCEL",
        Reason::CertificateError => "CERTIFICATE_ERR",
        Reason::Exception => "INTERNAL_ERROR",
        Reason::LinkExpired | Reason::OrderExpired => "EXPIRED_TRANSACTION",
        Reason::StartFailed => "START_FAILED",
        Reason::Superseded => "CANCELLED",
        Reason::WrongPerson => "ACCESS_DENIED_RP",
    }
}

/// The keys are ours: the documents name none.
const fn nbid_key(reason: Reason) -> &'static str {
    match reason {
        Reason::AlreadyInProgress => "already.in.progress",
        Reason::Cancelled => "user.cancelled",
        Reason::CertificateError => "certificate.invalid",
        Reason::Exception => "internal.error",
        Reason::LinkExpired | Reason::OrderExpired => "expired",
        Reason::StartFailed => "phone.unreachable",
        Reason::Superseded => "superseded",
        Reason::WrongPerson => "wrong.person",
    }
}

/// The last part of the name in which the way back tells the reason: `urn:signicat:error:…`. `usercancel` is seen in client code.
pub(super) const fn urn(reason: Reason) -> &'static str {
    match reason {
        Reason::AlreadyInProgress => "alreadyinprogress",
        Reason::Cancelled => "usercancel",
        Reason::CertificateError => "certificate",
        Reason::Exception => "internal",
        Reason::LinkExpired | Reason::OrderExpired => "expired",
        Reason::StartFailed => "startfailed",
        Reason::Superseded => "superseded",
        Reason::WrongPerson => "wrongperson",
    }
}

/// The reason for people.
pub(super) const fn in_words(reason: Reason) -> &'static str {
    match reason {
        Reason::AlreadyInProgress => "Another order of this person is in progress",
        Reason::Cancelled => "The user cancelled",
        Reason::CertificateError => "The eID of the user is blocked or not valid",
        Reason::Exception => "Internal error",
        Reason::LinkExpired | Reason::OrderExpired => "The user did not finish in time",
        Reason::StartFailed => "The app was not started",
        Reason::Superseded => "A newer order ended this one",
        Reason::WrongPerson => "The eID is not that of the requested user",
    }
}

/// A structure of texts always has a JSON form.
fn written<T: serde::Serialize>(body: &T) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

const COMPLETE: &str = "COMPLETE";
const FINISHED: &str = "finished";
const OUTSTANDING: &str = "OUTSTANDING_TRANSACTION";
const PENDING: &str = "pending";
/// What a simulator on the loopback is called, and what else.
const OWN_NAMES: [(&str, &str); 2] = [("127.0.0.1", "localhost"), ("localhost", "127.0.0.1")];
/// A host that cannot be anybody's (RFC 2606): who goes there, has not looked where.
const ELSEWHERE: &str = "https://elsewhere.example/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elsewhere_is_another_host_and_the_same_path() {
        for (honest, other) in [
            (
                "http://127.0.0.1:8490/std/method/motpart/complete?sid=1",
                "http://localhost:8490/std/method/motpart/complete?sid=1",
            ),
            (
                "http://localhost:8490/std/method/motpart/complete?sid=1",
                "http://127.0.0.1:8490/std/method/motpart/complete?sid=1",
            ),
            (
                "https://sim.test/std/method/motpart/complete?sid=1",
                "https://elsewhere.example/std/method/motpart/complete?sid=1",
            ),
        ] {
            assert_eq!(elsewhere(honest), other);
        }
    }
}
