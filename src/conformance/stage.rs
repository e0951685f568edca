//! Where scenarios are played: the wiring with the `cucumber` crate.
//!
//! Features are handed over already parsed, expanded and matched, so that one function plays every step whatever its keyword. It never
//! panics for a failure: after the first [`Stop`] the remaining steps are skipped, and a real panic is ours.

use std::any::Any;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cucumber::runner::Basic;
use cucumber::runner::basic::ScenarioType;
use cucumber::{Cucumber, Event, Parser, Writer, cli, event, parser, step, writer};
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, stream};
use gherkin::{Feature, LineCol, Span, StepType};
use regex::Regex;
use tokio::time::Instant;

use super::finished::Finished;
use super::patience::Patience;
use super::plan::{Item, Selection};
use super::preflight::preflight;
use super::repeated;
use super::requirements::Catalogue;
use super::result::{StepOutcome, StepResult, Verdict};
use super::source::Source;
use super::stop::Stop;
use super::world::{Shared, World};

/// Is told of each scenario as it ends, and what it comes to.
pub type Heard = Arc<dyn Fn(&Finished, Verdict) + Send + Sync>;

/// Plays a plan.
pub struct Stage {
    /// What all scenarios share.
    pub shared: Arc<Shared>,
    /// How many scenarios at the same time.
    pub jobs: usize,
    /// After how many that could not be driven nothing is begun any more.
    pub patience: Arc<Patience>,
    /// Whether nothing is begun any more after the first one that stopped.
    pub fail_fast: bool,
    /// What a scenario comes to, as far as that is known before the run is over.
    pub judged: Arc<dyn Fn(&Finished) -> Verdict + Send + Sync>,
    /// Told of each scenario as it ends, and what it comes to.
    pub progress: Heard,
    /// The place of the first scenario in the run: no two plans of a run share places. A scenario takes as many as it is played.
    pub first: u64,
}

impl Stage {
    /// Plays the scenarios, in any order; they come back in the order of the plan. What left the plan is not played.
    pub async fn play(&self, items: &[Arc<Item>]) -> Vec<Finished> {
        let (left_out, played): (Vec<_>, Vec<_>) =
            items.iter().cloned().partition(|item| item.left_out.is_some() || item.is_manual());
        // Each time in a place of its own, with other people.
        let mut playing: Vec<_> =
            played.into_iter().flat_map(|item| std::iter::repeat_n(item.clone(), item.plays.max(1))).collect();
        // The longest begin first: at the end nothing would run beside them.
        playing.sort_by_key(|item| !item.waits_for_patience());
        let results: Arc<Mutex<Vec<Finished>>> = Arc::default();
        let halted = Arc::new(AtomicBool::new(false));
        let runner = self.runner(&playing, &results, &halted);
        let complaints = Cucumber::<Seat, _, Vec<Feature>, _, _>::custom(Parsed, runner, Complaints::default())
            .with_cli(cli::Opts::<cli::Empty, cucumber::runner::basic::Cli, cli::Empty>::default())
            .run(features(&playing))
            .await;
        let finished = std::mem::take(&mut *results.lock().unwrap_or_else(PoisonError::into_inner));
        // A run that was halted leaves some that were not played as often as they should.
        let mut finished = repeated::all_as_one(finished);
        finished.extend(left_out.into_iter().map(Finished::left_out));
        for item in playing.iter().filter(|_| !halted.load(Ordering::Relaxed)) {
            if !finished.iter().any(|done| done.item.id == item.id) {
                finished.push(Finished::lost(
                    item.clone(),
                    complaints.0.first().map_or("the runner lost it", String::as_str),
                ));
            }
        }
        finished.sort_by_key(Finished::key);
        finished
    }

    /// Believes refusals where their controls succeeded. What a filtered run left without its control is tried first, in scenarios that
    /// come with the engine and appear in no report.
    pub async fn believe(&self, finished: &mut [Finished]) {
        let controls = &self.shared.controls;
        let unmet = finished.iter().filter(|one| one.needs.iter().any(|need| controls.shown(need).is_none()));
        let providers: BTreeSet<String> = unmet.map(|one| one.item.provider.clone()).collect();
        if !providers.is_empty() && !self.patience.is_lost() {
            let scenarios = preflight(&[Source::new("controls", CONTROLS)], &Catalogue::bundled()).unwrap_or_default();
            let features = self.shared.setting.features.iter().cloned().collect();
            let selection = Selection { providers: providers.into_iter().collect(), features, ..Selection::default() };
            let taken: usize = finished.iter().map(|one| one.item.plays.max(1)).sum();
            let first = self.first + u64::try_from(taken).unwrap_or_default();
            let stage = Self {
                shared: self.shared.clone(),
                jobs: self.jobs,
                patience: Arc::default(),
                fail_fast: false,
                judged: Arc::new(Finished::verdict),
                progress: Arc::new(|_, _| {}),
                first,
            };
            stage.play(&selection.of(scenarios)).await;
        }
        finished.iter_mut().for_each(|one| one.resolve(controls));
    }

    fn runner(&self, items: &[Arc<Item>], results: &Arc<Mutex<Vec<Finished>>>, halted: &Arc<AtomicBool>) -> Runner {
        let every = Regex::new("(?s)^.*$").expect("a regex that is written here");
        let steps = step::Collection::new()
            .given(None, every.clone(), play)
            .when(None, every.clone(), play)
            .then(None, every, play);
        let (shared, first, begun, stop) = (self.shared.clone(), self.first, items.to_vec(), halted.clone());
        let before: Before = Box::new(move |_, _, scenario, seat| {
            let at = number(scenario);
            if let Some(item) = at.and_then(|at| begun.get(at)).filter(|_| !stop.load(Ordering::Relaxed)) {
                let place = first + u64::try_from(at.unwrap_or_default()).unwrap_or_default();
                seat.playing = Some(Playing::new(World::new(shared.clone(), item.clone(), place)));
            }
            async {}.boxed_local()
        });
        let (results, progress, halted) = (results.clone(), self.progress.clone(), halted.clone());
        let (patience, judged, fail_fast) = (self.patience.clone(), self.judged.clone(), self.fail_fast);
        let after: After = Box::new(move |_, _, _, _, seat| {
            let playing = seat.and_then(|seat| seat.playing.take());
            let (results, progress, halted) = (results.clone(), progress.clone(), halted.clone());
            let (patience, judged) = (patience.clone(), judged.clone());
            async move {
                let Some(playing) = playing else { return };
                let finished = Finished::of(playing.world, playing.steps, playing.stop, playing.began.elapsed()).await;
                patience.saw(finished.verdict());
                // One play of many is enough.
                if (fail_fast && judged(&finished).stops_a_run()) || patience.is_lost() {
                    halted.store(true, Ordering::Relaxed);
                }
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(whole) = repeated::add(&mut results, finished) {
                    drop(results);
                    progress(&whole, judged(&whole));
                }
            }
            .boxed_local()
        });
        Basic::<Seat>::default()
            .max_concurrent_scenarios(Some(self.jobs.max(1)))
            .retries(Some(0))
            .which_scenario(which as Which)
            .before(before)
            .after(after)
            .steps(steps)
    }
}

/// What should succeed everywhere.
const CONTROLS: &str = include_str!("controls.feature");

type Which = fn(&Feature, Option<&gherkin::Rule>, &gherkin::Scenario) -> ScenarioType;
type Before = Box<
    dyn for<'a> Fn(
        &'a Feature,
        Option<&'a gherkin::Rule>,
        &'a gherkin::Scenario,
        &'a mut Seat,
    ) -> LocalBoxFuture<'a, ()>,
>;
type After = Box<
    dyn for<'a> Fn(
        &'a Feature,
        Option<&'a gherkin::Rule>,
        &'a gherkin::Scenario,
        &'a event::ScenarioFinished,
        Option<&'a mut Seat>,
    ) -> LocalBoxFuture<'a, ()>,
>;
type Runner = Basic<Seat, Which, Before, After>;

/// Without what is shared.
impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("jobs", &self.jobs).finish_non_exhaustive()
    }
}

/// What the runner makes for each scenario; the hook before it fills it.
#[derive(Debug, Default)]
struct Seat {
    playing: Option<Playing>,
}

#[derive(Debug)]
struct Playing {
    world: World,
    steps: Vec<StepResult>,
    stop: Option<(usize, Stop)>,
    began: Instant,
}

impl Playing {
    fn new(world: World) -> Self {
        Self { world, steps: Vec::new(), stop: None, began: Instant::now() }
    }
}

impl cucumber::World for Seat {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self::default())
    }
}

/// Plays the next step of the scenario.
fn play(seat: &mut Seat, _: step::Context) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(playing) = &mut seat.playing else { return };
        let at = playing.steps.len();
        let item = playing.world.item.clone();
        let Some(step) = item.steps.get(at) else { return };
        let began = Instant::now();
        let outcome = if playing.stop.is_some() {
            StepOutcome::Skipped
        } else {
            playing.world.step = at;
            let played = AssertUnwindSafe((step.definition.play)(&mut playing.world, &step.args)).catch_unwind().await;
            let played =
                played.unwrap_or_else(|panic| Err(Stop::Harness(format!("the step panicked: {}", said(&*panic)))));
            match played {
                Ok(()) => StepOutcome::Passed,
                Err(stop) => {
                    let outcome =
                        if matches!(stop, Stop::Well(_)) { StepOutcome::Passed } else { StepOutcome::Stopped };
                    playing.stop = Some((at, stop));
                    outcome
                }
            }
        };
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        playing.steps.push(StepResult { text: step.text.clone(), line: step.line, outcome, took_ms });
    }
    .boxed_local()
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}

fn which(_: &Feature, _: Option<&gherkin::Rule>, scenario: &gherkin::Scenario) -> ScenarioType {
    if scenario.tags.iter().any(|tag| tag == "exclusive") { ScenarioType::Serial } else { ScenarioType::Concurrent }
}

/// One feature that holds the whole plan; the tag of a scenario is its number.
fn features(items: &[Arc<Item>]) -> Vec<Feature> {
    let step = |text: &str, line: usize| gherkin::Step {
        keyword: "* ".to_owned(),
        ty: StepType::Given,
        value: text.to_owned(),
        docstring: None,
        table: None,
        span: Span::default(),
        position: LineCol { line, col: 1 },
    };
    let scenario = |(at, item): (usize, &Arc<Item>)| gherkin::Scenario {
        keyword: "Scenario".to_owned(),
        name: item.id.clone(),
        description: None,
        steps: item.steps.iter().map(|planned| step(&planned.text, planned.line)).collect(),
        examples: Vec::new(),
        tags: item
            .is_exclusive()
            .then(|| "exclusive".to_owned())
            .into_iter()
            .chain([format!("{NUMBER}{at}")])
            .collect(),
        span: Span::default(),
        position: LineCol { line: at + 1, col: 1 },
    };
    vec![Feature {
        keyword: "Feature".to_owned(),
        name: "plan".to_owned(),
        description: None,
        background: None,
        scenarios: items.iter().enumerate().map(scenario).collect(),
        rules: Vec::new(),
        tags: Vec::new(),
        span: Span::default(),
        position: LineCol { line: 1, col: 1 },
        path: None,
    }]
}

fn number(scenario: &gherkin::Scenario) -> Option<usize> {
    scenario.tags.iter().find_map(|tag| tag.strip_prefix(NUMBER)?.parse().ok())
}

/// The tag that carries a scenario's number in the plan.
const NUMBER: &str = "motpart-scenario:";

/// Hands over what is parsed already.
struct Parsed;

impl Parser<Vec<Feature>> for Parsed {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, input: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(input.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Hears only what went wrong with the runner itself.
#[derive(Debug, Default)]
struct Complaints(Vec<String>);

/// There is nothing to put in order.
impl writer::Normalized for Complaints {}

impl Writer<Seat> for Complaints {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<Seat>>>, _: &cli::Empty) {
        if let Err(error) = event {
            self.0.push(error.to_string());
        }
    }
}
