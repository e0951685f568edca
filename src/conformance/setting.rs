//! What the engine has to know of a target besides how to call it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::identity::Country;
use crate::target::{NumberToProvider, OpName, Policy, Setup, Sign, TargetFile, Trigger};

/// The declarations of a target.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// How agreements are made.
    pub setup: Setup,
    /// How a signature comes about.
    pub sign: Sign,
    /// What it can, by the words of `@needs:…`.
    pub features: BTreeSet<String>,
    /// Whether it tells when nothing is under way any more.
    pub idle: bool,
    /// What it declares of its behaviour.
    pub policy: Policy,
    /// How fast it is.
    pub timing: Timing,
    /// The service's words for methods, by country; the target's own default where there is none.
    pub methods: BTreeMap<Country, String>,
    /// What lets it look at a result.
    pub triggers: Triggers,
    /// Whether the judge calls after the browser came back, because the landing page would do so by script.
    pub resumes: bool,
    /// Whether the start of an identification needs a number that the signer types.
    pub types_number: bool,
    /// Whether the start of a signature does.
    pub types_number_to_sign: bool,
}

/// How fast a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// After how long an operation is given up.
    pub limit: Duration,
    /// How long it takes until what was decided shows.
    pub settle: Duration,
    /// How often it asks the provider by itself, where it does.
    pub poll: Option<Duration>,
    /// How many scenarios it takes at the same time.
    pub max_parallel: usize,
}

/// What lets a target look at a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggers {
    /// The browser comes back.
    pub redirect: bool,
    /// The provider notifies.
    pub webhook: bool,
    /// It asks by itself.
    pub poll: bool,
}

impl Timing {
    /// How long it may take until everything has happened that an event sets off: a whole poll period, and then some.
    #[must_use]
    pub fn quiet(&self) -> Duration {
        self.settle + self.poll.unwrap_or_default()
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self { limit: Duration::from_secs(10), settle: Duration::from_secs(2), poll: None, max_parallel: 8 }
    }
}

impl Default for Triggers {
    fn default() -> Self {
        Self { redirect: true, webhook: false, poll: false }
    }
}

impl Setting {
    /// What a target file declares, for its use of a provider.
    #[must_use]
    pub fn of(file: &TargetFile, provider: &str) -> Self {
        let mut features: BTreeSet<String> = file.features.iter().map(|feature| feature.name().to_owned()).collect();
        if file.sign != Sign::None {
            features.insert("sign".to_owned());
        }
        let has = |trigger| file.timing.triggers.contains(&trigger);
        let poll = has(Trigger::Poll);
        let types = file.policy.number_to_provider == NumberToProvider::SignerSupplied;
        let max_parallel = usize::try_from(file.timing.max_parallel).unwrap_or(usize::MAX);
        Self {
            setup: file.setup,
            sign: file.sign,
            features,
            idle: file.declares(OpName::Idle),
            policy: file.policy.clone(),
            timing: Timing {
                limit: file.timing.op_limit,
                settle: file.timing.settle,
                poll: poll.then_some(file.timing.poll),
                max_parallel,
            },
            methods: methods(file, provider),
            triggers: Triggers { redirect: has(Trigger::Redirect), webhook: has(Trigger::Webhook), poll },
            resumes: file.declares(OpName::ResumeAuthentication),
            types_number: types && file.sign == Sign::SameTransaction,
            types_number_to_sign: types,
        }
    }

    /// The values of the switches that `@when:…` can ask for.
    #[must_use]
    pub fn switches(&self) -> BTreeMap<String, Vec<String>> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) => value.to_string(),
        };
        let values = |value: &Value| match value {
            Value::Array(values) => values.iter().map(text).collect(),
            // `{ tries = 3 }` is asked for as `tries`.
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => vec![text(value)],
        };
        let mut switches = BTreeMap::new();
        if let Ok(Value::Object(policy)) = serde_json::to_value(&self.policy) {
            switches.extend(policy.iter().map(|(name, value)| (name.clone(), values(value))));
        }
        // Nothing declared is both kinds of evidence.
        if self.policy.evidence.is_empty() {
            switches.insert("evidence".to_owned(), vec!["fetch".to_owned(), "signed-webhook".to_owned()]);
        }
        switches.insert("sign".to_owned(), serde_json::to_value(self.sign).iter().map(text).collect());
        switches.insert("setup".to_owned(), serde_json::to_value(self.setup).iter().map(text).collect());
        switches
    }
}

/// The declared methods; without any, the provider's usual one is for Swedes.
fn methods(file: &TargetFile, provider: &str) -> BTreeMap<Country, String> {
    if !file.methods.is_empty() {
        return file.methods.clone();
    }
    file.methods_for(provider).first().map(|usual| (Country::Se, usual.clone())).into_iter().collect()
}
