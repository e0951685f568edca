//! The written form of a target file. The comments here are the descriptions in the JSON Schema that editors show.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::features::Feature;
use crate::dial::ConnectTo;
use crate::identity::Country;
use crate::target::http::{ActorPlan, OutcomeRule, Period, Results, Shape, Statuses, Step, Template};
use crate::target::{Actor, Deviation, Events, OpName, Policy, Setup, Sign};

/// A target file: how to drive an implementation under test, and what it declares of itself. `${ENV:NAME}` and `${ENV:NAME:-default}` may
/// stand in every text.
#[derive(Debug, Default, JsonSchema)]
#[schemars(title = "Motpart target", rename = "Target", extend("additionalProperties" = false, "required" = ["schema", "name"]))]
pub(super) struct Form {
    /// The version of this form: 1.
    pub(super) schema: Option<u32>,
    /// The target's name.
    pub(super) name: Option<String>,
    /// Its version.
    pub(super) version: Option<String>,
    /// How it is reached: "http".
    pub(super) adapter: Option<Adapter>,
    /// What paths are relative to.
    pub(super) base_url: Option<Template>,
    /// How a signature comes about.
    pub(super) sign: Option<Sign>,
    /// How agreements are made.
    pub(super) setup: Option<Setup>,
    /// Whether an outcome can be read afterwards.
    pub(super) state: Option<State>,
    /// What the service does where several ways are right.
    pub(super) policy: Option<Policy>,
    /// What it does weaker than required, on purpose.
    pub(super) deviation: Vec<Deviation>,
    /// Which optional things it can do.
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(super) features: BTreeMap<Feature, bool>,
    /// The providers it uses, each with its methods, the usual one first.
    pub(super) providers: BTreeMap<String, Vec<String>>,
    /// Their names as they are written.
    #[schemars(skip)]
    pub(super) provider_order: Vec<String>,
    /// The method for people of each country, such as `{ SE = "se_bid", NO = "no_bid" }`. Without it everybody is Swedish and uses the usual
    /// one; scenarios with people of other countries are not applicable.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) methods: BTreeMap<Country, String>,
    /// The same for one provider, where its people use other methods, such as `{ zignsec-v3 = { EE = "smart_id" } }`. Of `methods` a provider
    /// has those that stand in its list.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub(super) methods_at: BTreeMap<String, BTreeMap<Country, String>>,
    /// The methods whose start asks the signer for a number, such as those that call a telephone. The judge then types the person's own.
    pub(super) asks_number: Vec<String>,
    /// The same for one provider, where only its start asks for the number, such as `{ signicat = ["no_bid"] }`.
    pub(super) asks_number_at: BTreeMap<String, Vec<String>>,
    /// Credentials of the simulated providers that the service holds already, by provider and name.
    pub(super) simulators: BTreeMap<String, BTreeMap<String, String>>,
    /// Names and addresses.
    pub(super) network: Option<Network>,
    /// How long things take.
    pub(super) timing: Option<Timing>,
    /// How it is started.
    pub(super) start: Option<Command>,
    /// How it is stopped.
    pub(super) stop: Option<Command>,
    /// When it is ready.
    pub(super) ready: Option<Ready>,
    /// Names of headers, members, form fields and captures whose values are never printed.
    pub(super) redact: Vec<String>,
    /// Values for `{{vars.NAME}}`; whoever runs Motpart can give others.
    pub(super) vars: BTreeMap<String, String>,
    /// As whom requests are made.
    #[schemars(with = "BTreeMap<String, ActorPlan>")]
    pub(super) actor: BTreeMap<Actor, ActorPlan>,
    /// How each operation is done.
    #[schemars(with = "BTreeMap<String, OpForm>")]
    pub(super) op: BTreeMap<OpName, OpForm>,
    /// Where results are, for all operations that do not say it themselves.
    pub(super) result: Option<Results>,
    /// What answers mean; the first that fits counts.
    pub(super) outcome: Vec<OutcomeRule>,
    /// The target's own events.
    pub(super) events: Option<Events>,
}

/// How one operation is done: `none = true`, or steps.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename = "Operation", extend("additionalProperties" = false))]
pub(super) struct OpForm {
    /// There is nothing to do.
    pub(super) none: bool,
    /// Requests, in order.
    pub(super) steps: Vec<Step>,
    /// Where its result is.
    pub(super) result: Option<Results>,
}

/// How the target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Adapter {
    /// By the steps of this file.
    Http,
}

/// Whether an outcome can be read afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It cannot: there is a login and nothing else.
    Stateless,
    /// It can.
    #[default]
    Stored,
}

/// Names and addresses.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// What the service and browsers call the simulator.
    pub public_url: Option<String>,
    /// Other destinations for some hosts, such as `api.test:443=localhost:8443`.
    #[serde(deserialize_with = "connect_to")]
    #[schemars(with = "Vec<String>")]
    pub connect_to: Vec<ConnectTo>,
}

/// How long things take.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(from = "WrittenTiming")]
#[schemars(with = "WrittenTiming")]
pub struct Timing {
    /// What makes the service look at a result: `redirect`, `webhook`, `poll`.
    pub triggers: Vec<Trigger>,
    /// How often it polls.
    pub poll: Duration,
    /// How long after the last trigger everything is settled.
    pub settle: Duration,
    /// How long one operation may take.
    pub op_limit: Duration,
    /// How many scenarios at once.
    pub max_parallel: u32,
    /// How many requests a second, at most.
    pub rate_limit: Option<f64>,
    /// How long an attempt can be finished.
    pub attempt_lifetime: Option<Duration>,
    /// After how long the service gives a provider up.
    pub provider_timeout: Option<Duration>,
}

/// What makes a service look at a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// It looks again and again.
    Poll,
    /// The browser comes back.
    Redirect,
    /// The provider's webhook.
    Webhook,
}

/// A command: no shell, in the folder of the target file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Further environment variables; may hold `{{sim.…}}` and `{{vars.…}}`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::target) env: Option<Shape>,
}

/// When the target is ready.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// The address that answers then.
    pub(in crate::target) path: Template,
    /// With one of these statuses; 200 to 299 without it.
    pub(in crate::target) status: Option<Statuses>,
    /// How long to wait; 30 s without it.
    pub(in crate::target) within: Option<Period>,
}

/// How long things take.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Timing")]
struct WrittenTiming {
    /// What makes the service look at a result; all three without it.
    triggers: Option<Vec<Trigger>>,
    /// How often it polls; 2 s without it.
    poll: Option<Period>,
    /// How long after the last trigger everything is settled; 3 s without it.
    settle: Option<Period>,
    /// How long one operation may take; 10 s without it.
    op_limit: Option<Period>,
    /// How many scenarios at once; 4 without it.
    #[schemars(range(min = 1))]
    max_parallel: Option<std::num::NonZeroU32>,
    /// How many requests a second at most, such as 20.
    rate_limit: Option<Rate>,
    /// How long an attempt can be finished.
    attempt_lifetime: Option<Period>,
    /// After how long the service gives a provider up.
    provider_timeout: Option<Period>,
}

/// Requests a second.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
struct Rate(f64);

impl TryFrom<f64> for Rate {
    type Error = &'static str;

    fn try_from(rate: f64) -> Result<Self, &'static str> {
        if rate.is_finite() && rate > 0.0 {
            Ok(Self(rate))
        } else {
            Err("expected a number of requests a second above 0")
        }
    }
}

impl From<WrittenTiming> for Timing {
    fn from(written: WrittenTiming) -> Self {
        let period = |written: Option<Period>, seconds| {
            written.map_or_else(|| Duration::from_secs(seconds), |Period(period)| period)
        };
        Self {
            triggers: written.triggers.unwrap_or_else(|| vec![Trigger::Redirect, Trigger::Webhook, Trigger::Poll]),
            poll: period(written.poll, 2),
            settle: period(written.settle, 3),
            op_limit: period(written.op_limit, 10),
            max_parallel: written.max_parallel.map_or(4, std::num::NonZeroU32::get),
            rate_limit: written.rate_limit.map(|Rate(rate)| rate),
            attempt_lifetime: written.attempt_lifetime.map(|Period(period)| period),
            provider_timeout: written.provider_timeout.map(|Period(period)| period),
        }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self::from(WrittenTiming::default())
    }
}

fn connect_to<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<ConnectTo>, D::Error> {
    let rules = Vec::<String>::deserialize(deserializer)?;
    rules.iter().map(|rule| rule.parse().map_err(serde::de::Error::custom)).collect()
}
