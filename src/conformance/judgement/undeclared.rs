//! Undeclared but observed: where what was seen contradicts what the target file says. Catches files that have drifted, or flatter.

use crate::conformance::requirements::{Declared, Feature};
use crate::conformance::result::{Check, Failure, Level, Part, ScenarioResult, Verdict};
use crate::target::{EvidenceKind, NumberToProvider, Sign};

/// Something that was seen in a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observed {
    /// The provider was told the bound number, which nobody had typed.
    BoundNumberSent,
    /// A result was decided although it was never fetched.
    DecidedUnfetched,
    /// A result was fetched.
    Fetched,
    /// A full number showed on this channel: `api`, `webhook` or `document`.
    NumberShown(String),
    /// Another browser than the one that started finished an attempt.
    OtherBrowserFinished,
    /// A participant signed.
    Signed,
    /// The provider was told a number that the signer had typed.
    TypedNumberSent,
    /// The service took a webhook of the provider.
    WebhookTaken,
}

/// A declaration that is not so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the target declares `{declared}`, but {observed}; write `{instead}`, or change the service")]
pub struct Undeclared {
    /// The line of the target file, as it is.
    pub declared: String,
    /// What was seen.
    pub observed: String,
    /// The line as it would have to be.
    pub instead: String,
}

impl Undeclared {
    /// The declarations that what was seen contradicts.
    #[must_use]
    pub fn among(observed: &[Observed], declared: &Declared<'_>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for contradiction in observed.iter().filter_map(|observed| contradicted(observed, declared)) {
            if !found.contains(&contradiction) {
                found.push(contradiction);
            }
        }
        found
    }

    /// As a check that failed.
    #[must_use]
    pub fn check(&self) -> Check {
        Check {
            requirement: "declarations".to_owned(),
            level: Level::Must,
            core: false,
            verdict: Verdict::Fail,
            part: Some(Part::Equals),
            because: Some(self.to_string()),
        }
    }
}

impl Undeclared {
    /// As a scenario of its own, with the line to change. `file` is the target file, `provider` one that it names.
    #[must_use]
    pub fn scenario(&self, file: &str, provider: &str) -> ScenarioResult {
        let setting = self.declared.split(" = ").next().unwrap_or_default();
        ScenarioResult {
            id: format!("declarations/{setting}@{provider}"),
            feature: "What the target declares of itself".to_owned(),
            name: format!("What was seen agrees with `{setting}`"),
            file: file.to_owned(),
            line: 1,
            row: None,
            provider: provider.to_owned(),
            language: "en".to_owned(),
            checks: vec![self.check()],
            steps: Vec::new(),
            failure: Some(Failure {
                verdict: Verdict::Fail,
                part: Some(Part::Equals),
                step: String::new(),
                line: 1,
                did: vec![format!("the target file says `{}`", self.declared)],
                actual: self.observed.clone(),
                expected: format!("what the target does agrees with `{}`", self.declared),
                remedy: Some(format!("write `{}`, or change the service", self.instead)),
                control: None,
                curl: None,
                exchanges: Vec::new(),
            }),
            journal: Vec::new(),
            took_ms: 0,
        }
    }
}

fn contradicted(observed: &Observed, declared: &Declared<'_>) -> Option<Undeclared> {
    let policy = declared.policy;
    let evidence = &policy.evidence;
    let lacks = |kind| !evidence.is_empty() && !evidence.contains(&kind);
    let contradiction = |declared: &str, observed: &str, instead: &str| {
        Some(Undeclared { declared: declared.to_owned(), observed: observed.to_owned(), instead: instead.to_owned() })
    };
    match observed {
        Observed::BoundNumberSent => match policy.number_to_provider {
            NumberToProvider::Stored => None,
            NumberToProvider::Never => contradiction(
                "policy.number_to_provider = \"never\"",
                "the bound number was sent to the provider",
                "policy.number_to_provider = \"stored\"",
            ),
            NumberToProvider::SignerSupplied => contradiction(
                "policy.number_to_provider = \"signer-supplied\"",
                "a number that nobody had typed was sent to the provider",
                "policy.number_to_provider = \"stored\"",
            ),
        },
        Observed::TypedNumberSent if policy.number_to_provider == NumberToProvider::Never => contradiction(
            "policy.number_to_provider = \"never\"",
            "the number that the signer had typed was sent to the provider",
            "policy.number_to_provider = \"signer-supplied\"",
        ),
        Observed::DecidedUnfetched if lacks(EvidenceKind::SignedWebhook) => contradiction(
            "policy.evidence = [\"fetch\"]",
            "a check was decided without fetching the result",
            "policy.evidence = [\"fetch\", \"signed-webhook\"]",
        ),
        Observed::Fetched if lacks(EvidenceKind::Fetch) => contradiction(
            "policy.evidence = [\"signed-webhook\"]",
            "results were fetched",
            "policy.evidence = [\"fetch\", \"signed-webhook\"]",
        ),
        Observed::NumberShown(channel) if !policy.disclosure.contains(channel) => {
            let now: Vec<&String> = policy.disclosure.iter().collect();
            let then: Vec<&String> = now.iter().copied().chain([channel]).collect();
            contradiction(
                &format!("policy.disclosure = {now:?}"),
                &format!("a full number showed on the channel `{channel}`"),
                &format!("policy.disclosure = {then:?}"),
            )
        }
        Observed::OtherBrowserFinished if policy.same_browser => contradiction(
            "policy.same_browser = true",
            "another browser than the one that started finished an attempt",
            "policy.same_browser = false",
        ),
        Observed::Signed if declared.sign == Sign::None => {
            contradiction("sign = \"none\"", "a participant signed", "sign = \"separate-call\"")
        }
        Observed::WebhookTaken if !(declared.has)(Feature::WebhookIn.name()) => contradiction(
            "features.webhook-in = false",
            "a webhook of the provider was taken",
            "features.webhook-in = true",
        ),
        Observed::TypedNumberSent
        | Observed::DecidedUnfetched
        | Observed::Fetched
        | Observed::NumberShown(_)
        | Observed::OtherBrowserFinished
        | Observed::Signed
        | Observed::WebhookTaken => None,
    }
}
