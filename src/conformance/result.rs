//! The outcome of a run: the one form that every report is made from. Serialised it is the canonical JSON report.
//!
//! Deterministic: scenarios are sorted by file, line, row and provider, and nothing but `started` and the durations depends on the time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything a run found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// The version of this form, `motpart.run/1`.
    pub schema: String,
    /// Motpart's version.
    pub motpart: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What persons and ids were derived from: `--seed` repeats the run.
    pub seed: String,
    /// What was judged.
    pub target: TargetIdentity,
    /// The providers that were simulated, in snake_case.
    pub providers: Vec<String>,
    /// What was left out by `--tags`, `--name`, `--profile` or `--provider`; none when the whole suite ran.
    pub filter: Option<String>,
    /// The answer in one word, and what it rests on.
    pub headline: Headline,
    /// Every scenario that was played or declared not applicable.
    pub scenarios: Vec<ScenarioResult>,
    /// What each declaration of the target took out or changed: `webhook-in = false` removed 13 requirements, 7 of them core.
    pub declarations: Vec<Declaration>,
    /// What this run cannot show.
    pub cannot_show: Vec<String>,
    /// Requests to the simulator that belong to no scenario, masked.
    pub strays: Vec<String>,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetIdentity {
    /// Its name.
    pub name: String,
    /// Its version, where known.
    pub version: Option<String>,
    /// The target file, or `reference` with its variant and flaws.
    pub from: String,
    /// The SHA-256 of the target file, in hex.
    pub sha256: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Headline {
    /// Whether the wrong person is kept out.
    pub enforces: Enforces,
    /// The core requirements, each with what was found.
    pub core: Vec<CoreRow>,
    /// Declared deviations, in words.
    pub deviations: Vec<String>,
    /// The counts of all checks.
    pub counts: Counts,
}

/// Whether the target enforces identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Enforces {
    /// A core requirement is broken.
    No,
    /// A core requirement could not be shown, or was not part of the run.
    NotShown,
    /// Every applicable core requirement was shown.
    Yes,
}

/// One core requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoreRow {
    /// The requirement, such as `XCK-002`.
    pub requirement: String,
    /// The worst verdict on its `never` part.
    pub verdict: Verdict,
    /// Why it is not a pass.
    pub because: Option<String>,
}

/// How many checks had each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "each field is named after its verdict")]
pub struct Counts {
    pub pass: u32,
    pub fail: u32,
    pub warn: u32,
    pub deviation: u32,
    pub error: u32,
    pub not_applicable: u32,
    pub not_observable: u32,
    pub not_tested: u32,
    pub manual: u32,
    pub harness_error: u32,
}

/// What was found for one requirement in one scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The requirement holds.
    Pass,
    /// A person has to look.
    Manual,
    /// The target's declarations take it out.
    NotApplicable,
    /// It was not part of the run.
    NotTested,
    /// The target offers no channel on which it would show.
    NotObservable,
    /// It is broken, as declared.
    Deviation,
    /// A SHOULD is broken, or what is expected hangs on an inferred fact about the provider.
    Warn,
    /// The target could not be driven; this says nothing about the requirement.
    Error,
    /// It is broken.
    Fail,
    /// Motpart itself failed.
    HarnessError,
}

impl Verdict {
    /// Whether a run that ends with the first failure ends with it.
    #[must_use]
    pub const fn stops_a_run(self) -> bool {
        matches!(self, Self::Fail | Self::Error | Self::HarnessError)
    }

    /// Its word, as in the canonical JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deviation => "deviation",
            Self::Error => "error",
            Self::Fail => "fail",
            Self::HarnessError => "harness-error",
            Self::Manual => "manual",
            Self::NotApplicable => "not-applicable",
            Self::NotObservable => "not-observable",
            Self::NotTested => "not-tested",
            Self::Pass => "pass",
            Self::Warn => "warn",
        }
    }
}

/// One scenario on one provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioResult {
    /// A stable id: the feature's and the scenario's slug, the row and the provider, such as `cross-check/someone-else/2@zignsec_v2`.
    pub id: String,
    /// The feature's name.
    pub feature: String,
    /// The scenario's name, with the row's values filled in.
    pub name: String,
    /// The file, relative to where the command was started, or `bundled:` with the file's name.
    pub file: String,
    /// The line of the scenario, from 1.
    pub line: usize,
    /// The line of the example row.
    pub row: Option<usize>,
    /// The provider, in snake_case.
    pub provider: String,
    /// The feature's language, `en` or `sv`.
    pub language: String,
    /// The checks it made.
    pub checks: Vec<Check>,
    /// The steps, as written.
    pub steps: Vec<StepResult>,
    /// What went wrong first, for a person.
    pub failure: Option<Failure>,
    /// What the simulator saw of its sessions, masked, a line each.
    pub journal: Vec<String>,
    /// Milliseconds.
    pub took_ms: u64,
}

/// One requirement in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// The requirement, such as `XCK-002`; the scenario's slug where it names none; a team's own id.
    pub requirement: String,
    /// How binding it is.
    pub level: Level,
    /// Whether it is one of those that decide the headline.
    pub core: bool,
    /// What was found.
    pub verdict: Verdict,
    /// Which part of the requirement spoke, where one did.
    pub part: Option<Part>,
    /// Why the verdict is not a pass, in a sentence.
    pub because: Option<String>,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Information only.
    May,
    /// Breaking it warns.
    Should,
    /// Breaking it fails.
    Must,
}

/// The two parts of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The value that the target's policy lets expect.
    Equals,
    /// What must never happen, whatever the policy.
    Never,
}

/// A step as it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepResult {
    /// The keyword and the text, as written.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
    /// How it went.
    pub outcome: StepOutcome,
    /// Milliseconds.
    pub took_ms: u64,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// It held.
    Passed,
    /// It did not: the failure says why.
    Stopped,
    /// An earlier one stopped the scenario.
    Skipped,
}

/// What went wrong, first for a person, then for a developer. Masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// What kind it is.
    pub verdict: Verdict,
    /// Which part of the requirement spoke.
    pub part: Option<Part>,
    /// The step that stopped the scenario, as written.
    pub step: String,
    /// Its line.
    pub line: usize,
    /// What was done, a sentence for each step before.
    pub did: Vec<String>,
    /// What happened.
    pub actual: String,
    /// What should have happened.
    pub expected: String,
    /// What to do, where it is not the service's developers who have to act.
    pub remedy: Option<String>,
    /// The same operation that succeeded in this run where it should: why a refusal is believed.
    pub control: Option<String>,
    /// The command that repeats the last request to the target.
    pub curl: Option<String>,
    /// The exchanges with the target, a masked line each.
    pub exchanges: Vec<String>,
}

/// What a declaration of the target file did to the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declaration {
    /// The line of the target file, such as `features.webhook-in = false`.
    pub declared: String,
    /// What it took out or changed, in words.
    pub effect: String,
    /// The requirements it took out.
    pub removed: Vec<String>,
}
