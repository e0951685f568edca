//! `motpart check`

pub(crate) mod builtin;
pub(crate) mod judging;
mod progress;
pub(crate) mod service;
mod subject;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use motpart::conformance::judgement::exit_code;
use motpart::conformance::known::Known;
use motpart::conformance::report::{self, Colours, text};
use motpart::conformance::requirements::Catalogue;
use motpart::conformance::result::{Run, Verdict};
use motpart::conformance::{Item, Selection, Source, Thoroughness, bundled, preflight};
use motpart::exit;
use url::Url;

use self::judging::Judging;
use self::progress::Progress;
pub(crate) use self::subject::Subject;
use super::{Failure, Format, output, runtime};

/// Plays features against a service and says whether it enforces identity.
///
/// Without paths the bundled specification is played.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Feature files, or folders of them; the bundled ones when left out.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A target file, or the built-in service: `reference`, `reference:NAME` with a flaw or a variant.
    #[arg(long, value_name = "FILE|reference[:NAME]", default_value = "reference")]
    target: String,
    /// Only scenarios whose tags satisfy this: `@each-provider and not @exclusive`.
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<String>,
    /// Only scenarios whose name or id fits this regular expression.
    #[arg(long, value_name = "REGEX")]
    name: Option<String>,
    /// Only these providers.
    #[arg(long, value_name = "NAME")]
    provider: Vec<String>,
    /// Only what decides the headline.
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// How many scenarios at the same time; never more than the target declares.
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// Begin nothing more after the first scenario that does not pass.
    #[arg(long)]
    fail_fast: bool,
    /// End when so many scenarios in a row could not be driven; 0 for never.
    #[arg(long, value_name = "N", default_value_t = 20)]
    give_up_after: usize,
    /// Fail when fewer checks than this were made.
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_checks: usize,
    /// Repeats a run: people and ids are derived from it.
    #[arg(long)]
    seed: Option<String>,
    /// How often a scenario that looks for a race is played: 5, 30 or 200 times.
    #[arg(long, value_name = "quick|normal|deep", default_value_t)]
    thoroughness: Thoroughness,
    /// List the scenarios that would be played, and end.
    #[arg(long, conflicts_with = "plan")]
    list: bool,
    /// Say what would be played and how long it may take, and end.
    #[arg(long)]
    plan: bool,
    /// Read and match the features, and end.
    #[arg(long)]
    dry_run: bool,
    /// Where the simulator of this run listens, for a service that reaches it at a fixed address; a free port of loopback otherwise.
    #[arg(long, value_name = "ADDR", conflicts_with = "simulator")]
    listen: Option<SocketAddr>,
    /// A simulator that runs elsewhere: the address of its control API.
    #[arg(long, value_name = "URL")]
    simulator: Option<Url>,
    /// What that simulator asks for.
    #[arg(long, value_name = "TOKEN", env = "MOTPART_CONTROL_TOKEN", hide_env_values = true, requires = "simulator")]
    control_token: Option<String>,
    /// Where the target's own webhooks are received; 127.0.0.1 and a free port when left out.
    #[arg(long, value_name = "ADDR")]
    sink_listen: Option<std::net::SocketAddr>,
    /// How the target calls that address, where it runs on another machine.
    #[arg(long, value_name = "URL", requires = "sink_listen")]
    sink_url: Option<Url>,
    /// Write a report as well: `junit=out/motpart.xml`, `json=out/run.json`, `text=out/report.txt`.
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<String>,
    /// Failures that are known (`known.toml`): they still run, and one that passes again fails the run.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Your own requirements (`krav.toml`), after the bundled ones.
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
    /// Exit with 0 although the target declares deviations.
    #[arg(long)]
    allow_deviations: bool,
    /// How the outcome is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// The requirements that decide the headline.
    Core,
}

impl Check {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let sources =
            if self.paths.is_empty() { bundled() } else { Source::read(&self.paths).map_err(Failure::usage)? };
        if sources.is_empty() {
            return Err(Failure::nothing("there is no feature: name files or folders that hold `.feature` files"));
        }
        let catalogue = super::requirements::catalogue(self.own.as_deref())?;
        let scenarios = preflight(&sources, &catalogue).map_err(|mistakes| {
            let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Failure::specification(shown.join("\n\n"))
        })?;
        let subject = Subject::named(&self.target)?;
        let items = self.selection(&subject, &catalogue)?.of(scenarios);
        if items.is_empty() {
            return Err(Failure::nothing("no scenario is left by --tags, --name, --profile and --provider"));
        }
        if self.dry_run || self.list || self.plan {
            return self.tell(&items, &subject);
        }
        runtime()?.block_on(self.play(&items, &subject, &catalogue))
    }

    fn selection(&self, subject: &Subject, catalogue: &Catalogue) -> Result<Selection, Failure> {
        let tags = self
            .tags
            .as_deref()
            .map(|text| text.parse().map_err(|e| Failure::usage(format!("--tags: {e}"))))
            .transpose()?;
        let name = self
            .name
            .as_deref()
            .map(|text| regex::Regex::new(text).map_err(|e| Failure::usage(format!("--name: {e}"))))
            .transpose()?;
        let core = |Profile::Core| catalogue.core().map(|requirement| requirement.id.clone()).collect();
        Ok(Selection {
            providers: subject.chosen(&self.provider)?,
            features: subject.setting.features.iter().cloned().collect(),
            switches: subject.setting.switches(),
            countries: subject.setting.countries(),
            tags,
            name,
            requirements: self.profile.map(core).unwrap_or_default(),
            thoroughness: self.thoroughness,
        })
    }

    fn tell(&self, items: &[Arc<Item>], subject: &Subject) -> Result<u8, Failure> {
        let rows: Vec<Vec<String>> =
            items.iter().map(|item| vec![item.id.clone(), format!("{}:{}", item.file, item.line)]).collect();
        let listed = if self.list || self.plan { output::columns(&rows) } else { String::new() };
        let jobs = self.jobs(subject);
        let seconds = (subject.setting.timing.quiet().as_secs_f64() * items.len() as f64 / jobs as f64).ceil();
        let plan = if self.plan { format!(", {jobs} at a time: about {seconds} s") } else { String::new() };
        output::print(&format!("{listed}{} scenarios{plan}\n", items.len()))?;
        Ok(exit::OK)
    }

    fn jobs(&self, subject: &Subject) -> usize {
        self.jobs.unwrap_or(usize::MAX).min(subject.setting.timing.max_parallel).max(1)
    }

    async fn play(&self, items: &[Arc<Item>], subject: &Subject, catalogue: &Catalogue) -> Result<u8, Failure> {
        let known = self.known.as_deref().map(known).transpose()?;
        let destinations = self.report.iter().map(|spec| report::destination::Destination::open(spec));
        let destinations = destinations.collect::<Result<Vec<_>, _>>().map_err(Failure::usage)?;
        let seed = self.seed.clone().unwrap_or_else(|| uuid::Uuid::from_bytes(random()).simple().to_string());
        let judging = Judging {
            subject,
            catalogue,
            seed: &seed,
            jobs: self.jobs(subject),
            fail_fast: self.fail_fast,
            simulator: self.simulator.clone().map(|url| (url, self.control_token.clone())),
            listen: self.listen,
            give_up_after: self.give_up_after,
            sink: (self.sink_listen, self.sink_url.clone()),
            filter: self.filter(),
            known,
        };
        let progress = Progress::of(items.len());
        let run = judging.run(items, Arc::new(move |one, verdict| progress.ended(one, verdict))).await?;
        let texts = report::texts_of(catalogue);
        for destination in destinations {
            destination.write(&destination.format.render(&run, &texts, None)).map_err(Failure::usage)?;
        }
        let colours = Colours::of(std::io::stdout().is_terminal(), std::env::var_os("NO_COLOR").as_deref());
        output::print(&match self.format {
            Format::Json => report::json::write(&run),
            Format::Text => text::write(&run, &texts, None, colours),
        })?;
        Ok(self.ending(&run))
    }

    /// What was left out, in words.
    fn filter(&self) -> Option<String> {
        let mut parts = Vec::new();
        parts.extend(self.tags.iter().map(|tags| format!("--tags {tags}")));
        parts.extend(self.name.iter().map(|name| format!("--name {name}")));
        parts.extend(self.profile.iter().map(|Profile::Core| "--profile core".to_owned()));
        parts.extend(self.provider.iter().map(|provider| format!("--provider {provider}")));
        parts.extend(self.paths.iter().map(|path| path.display().to_string()));
        parts.extend(self.fail_fast.then(|| "--fail-fast".to_owned()));
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn ending(&self, run: &Run) -> u8 {
        let made = run.scenarios.iter().flat_map(|scenario| &scenario.checks).filter(|check| {
            matches!(check.verdict, Verdict::Pass | Verdict::Fail | Verdict::Warn | Verdict::Deviation)
        });
        let code = exit_code(run, self.allow_deviations);
        if made.count() < self.min_checks && matches!(code, exit::OK | exit::NO) { exit::NOTHING } else { code }
    }
}

fn known(path: &std::path::Path) -> Result<Known, Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("cannot read {shown}: {e}")))?;
    Known::parse(&text, &shown).map_err(Failure::usage)
}

/// Without a seed no two runs share an id.
fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // A machine without randomness still gets a run, always the same one.
    let _ = getrandom::fill(&mut bytes);
    bytes
}

const EXAMPLES: &str = "\
Examples:
  motpart check
  motpart check --target reference:compares-last-four-digits
  motpart check --target target.toml
  motpart check --target target.toml --simulator http://localhost:8480 --report junit=out/motpart.xml
  motpart check features/ --target target.toml --tags '@each-provider' --fail-fast
  motpart check features/ --dry-run";
