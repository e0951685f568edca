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
    /// How it uses each provider, by the provider's name in snake_case.
    pub usage: BTreeMap<String, Usage>,
    /// What lets it look at a result.
    pub triggers: Triggers,
    /// Whether the judge calls after the browser came back, because the landing page would do so by script.
    pub resumes: bool,
    /// Whether the start of an identification needs a number that the signer types, whatever the method.
    pub types_number: bool,
    /// Whether the start of a signature does.
    pub types_number_to_sign: bool,
}

/// How a target uses one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The service's words for methods, by country; the target's own default where there is none.
    pub methods: BTreeMap<Country, String>,
    /// All of its methods, the usual one first.
    pub all: Vec<String>,
    /// Those whose start needs a number that the signer types.
    pub asks_number: BTreeSet<String>,
    /// Whose people take part where a scenario names no country.
    pub usual: Option<Country>,
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
    /// What a target file declares.
    #[must_use]
    pub fn of(file: &TargetFile) -> Self {
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
            usage: file.providers.keys().map(|provider| (provider.clone(), Usage::of(file, provider))).collect(),
            triggers: Triggers { redirect: has(Trigger::Redirect), webhook: has(Trigger::Webhook), poll },
            resumes: file.declares(OpName::ResumeAuthentication),
            types_number: types && file.sign == Sign::SameTransaction,
            types_number_to_sign: types,
        }
    }

    /// The service's word for the method of people of a country at a provider.
    #[must_use]
    pub fn method(&self, provider: &str, country: Country) -> Option<&String> {
        self.usage.get(provider)?.methods.get(&country)
    }

    /// The method with which somebody types a number: the usual one of the country where it asks for one, else another of the provider that
    /// does and is not what people of other countries use.
    #[must_use]
    pub fn typing_method(&self, provider: &str, country: Country) -> Option<&String> {
        let (usual, usage) = (self.method(provider, country), self.usage.get(provider)?);
        let asks = |method: &&String| usage.asks_number.contains(*method);
        let is_foreign = |method: &String| usage.methods.values().any(|usual| usual == method);
        let others = || usage.all.iter().find(|method| asks(method) && !is_foreign(method));
        usual.filter(asks).or_else(others).or(usual)
    }

    /// Whether the start of an identification with this method needs a number that the signer types.
    #[must_use]
    pub fn asks_number(&self, provider: &str, method: &str) -> bool {
        self.usage.get(provider).is_some_and(|usage| usage.asks_number.contains(method))
    }

    /// Whose people take part at a provider where a scenario names no country.
    #[must_use]
    pub fn usual_country(&self, provider: &str) -> Country {
        self.usage.get(provider).and_then(|usage| usage.usual).unwrap_or(Country::Se)
    }

    /// The countries whose people have a method, by provider.
    #[must_use]
    pub fn countries(&self) -> BTreeMap<String, BTreeSet<Country>> {
        let of = |usage: &Usage| usage.methods.keys().copied().collect();
        self.usage.iter().map(|(provider, usage)| (provider.clone(), of(usage))).collect()
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

impl Usage {
    /// What a target file declares of a provider. The usual people are those of the method that stands first in the provider's list,
    /// Swedes where they have it too.
    #[must_use]
    fn of(file: &TargetFile, provider: &str) -> Self {
        let methods = file.methods_by_country(provider);
        let has = |country: Country, method: &String| methods.get(&country) == Some(method);
        let first = |method: &String| methods.keys().copied().find(|country| has(*country, method));
        let of = |method: &String| if has(Country::Se, method) { Some(Country::Se) } else { first(method) };
        let usual = file.methods_for(provider).iter().find_map(of);
        Self { methods, all: file.methods_for(provider).to_vec(), asks_number: file.methods_asking(provider), usual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_typed_for_an_eid_of_the_own_country() {
        let setting = Setting::of(&TargetFile::bundled_zigned());
        let typing = |provider, country| setting.typing_method(provider, country).map(String::as_str);
        assert_eq!(typing("zignsec_gateway", Country::Se), Some("freja_ssn"));
        assert_eq!(typing("zignsec_v2", Country::Se), Some("se_bid"));
        // Only Norwegians are asked there.
        assert_eq!(typing("signicat", Country::Se), Some("se_bid"));
        assert!(setting.asks_number("signicat", "no_bid") && !setting.asks_number("zignsec_v2", "no_bid"));
    }
}
