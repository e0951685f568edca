//! The target file: how an implementation under test is driven, and what it declares of itself.
//!
//! ```toml
//! schema = 1
//! name = "ours"
//! base_url = "${ENV:OURS_URL:-http://127.0.0.1:3000}"
//! providers = { zignsec-v2 = ["se_bid"] }
//!
//! [actor.sender]
//! headers = { Authorization = "Bearer ${ENV:OURS_TOKEN}" }
//!
//! [op.get_participant]
//! steps = [{ get = "/participants/{{participant}}" }]
//! result.participant = { id = "$.id", enforcement = { path = "$.check", map = { OK = "passed", NO = "failed" }, missing = "pending" } }
//! ```

mod check;
mod environment;
mod features;
mod form;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::transform::RecursiveTransform;
use serde_json::Value;

pub use self::features::{Feature, Features};
use self::form::Form;
pub use self::form::{Command, Network, Ready, State, Timing, Trigger};
use self::read::{Reader, SHORTEST_SECRET};
use super::http::{ActorPlan, OutcomeRule, Plan, Results, Template};
use super::{Actor, Deviation, Events, OpName, Policy, Setup, Sign};
use crate::diagnostic::Diagnostic;
use crate::identity::Country;

/// A target file, read and checked.
#[derive(Clone)]
pub struct TargetFile {
    /// The target's name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// How a signature comes about.
    pub sign: Sign,
    /// How agreements are made.
    pub setup: Setup,
    /// Whether an outcome can be read afterwards.
    pub state: State,
    /// What the service does where several ways are right.
    pub policy: Policy,
    /// What it does weaker than required, on purpose.
    pub deviations: Vec<Deviation>,
    /// The optional things it can do.
    pub features: Features,
    /// Credentials of the simulated providers that the service holds already, by provider (in snake_case) and name.
    pub simulators: BTreeMap<String, BTreeMap<String, String>>,
    /// Names and addresses.
    pub network: Network,
    /// How long things take.
    pub timing: Timing,
    /// How it is started.
    pub start: Option<Command>,
    /// How it is stopped.
    pub stop: Option<Command>,
    /// When it is ready.
    pub ready: Option<Ready>,
    /// The target's own events.
    pub events: Option<Events>,
    /// Names of headers, members, form fields and captures whose values are never printed.
    pub redact: Vec<String>,
    /// The whole file, as it was read: for its hash. The environment's values are not in it.
    pub text: Arc<str>,
    /// The folder it is in.
    pub folder: Option<PathBuf>,
    /// The providers it uses, in snake_case, each with its methods, the usual one first.
    pub providers: BTreeMap<String, Vec<String>>,
    /// Their names as the file has them: what is played once is played with the first.
    pub provider_order: Vec<String>,
    /// The method for people of each country, where the file tells them apart.
    pub methods: BTreeMap<Country, String>,
    /// The same for one provider, in snake_case.
    pub methods_at: BTreeMap<String, BTreeMap<Country, String>>,
    /// The methods whose start asks the signer for a number.
    pub asks_number: Vec<String>,
    /// The same for one provider, in snake_case.
    pub asks_number_at: BTreeMap<String, Vec<String>>,
    pub(super) base_url: Template,
    pub(super) vars: BTreeMap<String, String>,
    pub(super) actors: BTreeMap<Actor, ActorPlan>,
    pub(super) ops: BTreeMap<OpName, Plan>,
    pub(super) result: Results,
    pub(super) outcomes: Vec<OutcomeRule>,
    /// Values that came from the environment.
    pub(super) secrets: Vec<String>,
}

/// A target file that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TargetFileError {
    /// It cannot be read.
    #[error("cannot read {path}: {problem}")]
    Read {
        /// Where it should be.
        path: String,
        /// What the system says.
        problem: String,
    },
    /// Everything that is wrong with it.
    #[error("{}", Shown(.0))]
    Wrong(Vec<Diagnostic>),
}

impl TargetFile {
    /// Reads a target file, with the process's environment.
    ///
    /// # Errors
    /// When there is none, or with everything that is wrong with it.
    pub fn load(path: &Path) -> Result<Self, TargetFileError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| TargetFileError::Read { path: shown.clone(), problem: error.to_string() })?;
        let folder = path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        Ok(Self { folder: folder.map(Path::to_path_buf), ..Self::parse(&text, &shown)? })
    }

    /// Reads the text of a target file, with the process's environment. `name` is the file's, for the errors.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn parse(text: &str, name: &str) -> Result<Self, TargetFileError> {
        Self::parse_with(text, name, &|name| std::env::var(name).ok())
    }

    /// The same with another environment.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn parse_with(
        text: &str,
        name: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, TargetFileError> {
        let mut reader = Reader::new(name, text);
        let form = reader.form(text, environment);
        check::check(&form, &mut reader);
        if !reader.mistakes.is_empty() {
            reader.mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
            return Err(TargetFileError::Wrong(reader.mistakes));
        }
        let used = reader.used.into_iter().map(|used| used.value).filter(|value| value.len() >= SHORTEST_SECRET);
        Ok(Self { secrets: used.collect(), text: text.into(), ..Self::from_form(form) })
    }

    /// The one that drives Zigned's API, and so the built-in reference. `{{vars.base_url}}`, `{{vars.token}}` and `{{vars.stranger_token}}`
    /// are its variables.
    ///
    /// # Panics
    /// Never: a test reads it.
    #[must_use]
    pub fn bundled_zigned() -> Self {
        Self::parse(ZIGNED, "zigned.toml").expect("the bundled target file is right")
    }

    /// The JSON Schema of target files.
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Form);
        schemars::transform::Transform::transform(&mut RecursiveTransform(optional_is_not_null), &mut schema);
        schema.to_value()
    }

    /// The methods that the target uses at a provider, the usual one first; none for a provider it does not use. The provider's name may be
    /// in snake_case or kebab-case.
    #[must_use]
    pub fn methods_for(&self, provider: &str) -> &[String] {
        self.providers.get(&provider.replace('-', "_")).map_or(&[], Vec::as_slice)
    }

    /// With which of a provider's methods people of each country authenticate. Where the file tells nothing, everybody is Swedish and uses
    /// the usual one.
    #[must_use]
    pub fn methods_by_country(&self, provider: &str) -> BTreeMap<Country, String> {
        let listed = self.methods_for(provider);
        let shared = self.methods.iter().filter(|(_, method)| listed.contains(method));
        let own = self.methods_at.get(&provider.replace('-', "_")).into_iter().flatten();
        let methods: BTreeMap<Country, String> =
            shared.chain(own).map(|(country, method)| (*country, method.clone())).collect();
        if methods.is_empty() {
            return listed.first().map(|usual| (Country::Se, usual.clone())).into_iter().collect();
        }
        methods
    }

    /// Those of a provider's methods whose start asks the signer for a number.
    #[must_use]
    pub fn methods_asking(&self, provider: &str) -> BTreeSet<String> {
        let own = self.asks_number_at.get(&provider.replace('-', "_")).into_iter().flatten();
        let asks: BTreeSet<&String> = self.asks_number.iter().chain(own).collect();
        self.methods_for(provider).iter().filter(|method| asks.contains(method)).cloned().collect()
    }

    /// Whether the file says how the operation is done, be it that there is nothing to do.
    #[must_use]
    pub fn declares(&self, op: OpName) -> bool {
        self.ops.contains_key(&op)
    }

    /// Whether the file's `[vars]` has the variable.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.vars.contains_key(name)
    }

    fn from_form(form: Form) -> Self {
        let features = Features::declared(&form.features, |feature| check::is_there(&form, feature));
        let snake = |name: &String| name.replace('-', "_");
        let plan = |op: form::OpForm| Plan { is_none: op.none, steps: op.steps, result: op.result.unwrap_or_default() };
        Self {
            name: form.name.unwrap_or_default(),
            version: form.version.filter(|version| !version.is_empty()),
            sign: form.sign.unwrap_or_default(),
            setup: form.setup.unwrap_or_default(),
            state: form.state.unwrap_or_default(),
            policy: form.policy.unwrap_or_default(),
            deviations: form.deviation,
            features,
            simulators: form.simulators.iter().map(|(name, words)| (snake(name), words.clone())).collect(),
            network: form.network.unwrap_or_default(),
            timing: form.timing.unwrap_or_default(),
            start: form.start,
            stop: form.stop,
            ready: form.ready,
            events: form.events,
            redact: form.redact,
            text: Arc::default(),
            folder: None,
            providers: form.providers.iter().map(|(name, methods)| (snake(name), methods.clone())).collect(),
            provider_order: form.provider_order.iter().map(snake).collect(),
            methods: form.methods,
            methods_at: form.methods_at.iter().map(|(name, methods)| (snake(name), methods.clone())).collect(),
            asks_number: form.asks_number,
            asks_number_at: form.asks_number_at.iter().map(|(name, methods)| (snake(name), methods.clone())).collect(),
            base_url: form.base_url.unwrap_or_default(),
            vars: form.vars,
            actors: form.actor,
            ops: form.op.into_iter().map(|(name, op)| (name, plan(op))).collect(),
            result: form.result.unwrap_or_default(),
            outcomes: form.outcome,
            secrets: Vec::new(),
        }
    }
}

/// Without credentials.
impl fmt::Debug for TargetFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetFile").field("name", &self.name).field("version", &self.version).finish_non_exhaustive()
    }
}

struct Shown<'a>(&'a [Diagnostic]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.0.iter().enumerate() {
            write!(f, "{}{mistake}", if i == 0 { "" } else { "\n\n" })?;
        }
        Ok(())
    }
}

/// TOML has no null: what is optional is left out.
fn optional_is_not_null(schema: &mut schemars::Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|one| one != "null");
    }
    if let Some(Value::Array(any)) = object.get_mut("anyOf") {
        any.retain(|one| one.get("type") != Some(&Value::from("null")));
    }
}

const ZIGNED: &str = include_str!("../../../fixtures/targets/zigned.toml");

#[cfg(test)]
mod tests;
