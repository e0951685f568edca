//! A run: the simulator is started or attached to, the target is opened, the scenarios are played, and what they showed is judged.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use motpart::conformance::judgement::{Judge, Observed, Undeclared};
use motpart::conformance::known::Known;
use motpart::conformance::requirements::{Catalogue, Declared};
use motpart::conformance::result::{Counts, Enforces, Headline, Run, Verdict};
use motpart::conformance::{Controls, Finished, Heard, Item, Patience, Setting, Shared, Simulator, Sink, Stage, Turns};
use motpart::crypto::mac;
use motpart::dial::{DialOptions, Dialer};
use motpart::simulation::Bounds;
use motpart::target::{Call, Connections, Hello, Op, Wire};
use motpart::{Motpart, Options, SpaceOptions};
use url::Url;

use super::service::Service;
use super::subject::Subject;
use crate::cli::serve::stopping::Stopping;
use crate::cli::{Failure, output};

/// How a run is made.
pub(crate) struct Judging<'a> {
    /// What is judged.
    pub(crate) subject: &'a Subject,
    /// What is required.
    pub(crate) catalogue: &'a Catalogue,
    /// What people and ids are derived from.
    pub(crate) seed: &'a str,
    /// How many scenarios at the same time.
    pub(crate) jobs: usize,
    /// Whether nothing is begun any more after the first one that stopped.
    pub(crate) fail_fast: bool,
    /// A simulator that runs elsewhere, with what it asks for.
    pub(crate) simulator: Option<(Url, Option<String>)>,
    /// Where the simulator listens that is started for this run; a free port without it.
    pub(crate) listen: Option<SocketAddr>,
    /// After how many scenarios in a row that could not be driven the run ends; 0 for never.
    pub(crate) give_up_after: usize,
    /// Where the target's own webhooks are received, and how the target calls that address.
    pub(crate) sink: (Option<SocketAddr>, Option<Url>),
    /// What was left out, in words.
    pub(crate) filter: Option<String>,
    /// Failures that are known.
    pub(crate) known: Option<Known>,
}

impl Judging<'_> {
    /// Plays and judges.
    pub(crate) async fn run(&self, items: &[Arc<Item>], heard: Heard) -> Result<Run, Failure> {
        self.refuse_impossible_deviations()?;
        let (began, started) = (Instant::now(), jiff::Timestamp::now());
        let run = format!("r{}", &hex::encode(mac::derive(self.seed.as_bytes(), "run", &[]))[..8]);
        let mut stopping = Stopping::new()?;
        let file = &self.subject.file;
        let dial = DialOptions { connect_to: file.network.connect_to.clone(), ..DialOptions::default() };
        let dialer = Dialer::new(&dial).map_err(Failure::usage)?;
        let mut own = None;
        let (simulator, connections) = match &self.simulator {
            Some((url, token)) => {
                let mut simulator = Simulator::new(dialer.clone(), url.clone(), token.clone());
                let connections = simulator.attach(&run, &file.simulators).await.map_err(Failure::usage)?;
                (simulator, connections)
            }
            None => {
                let begun = Motpart::start(self.simulation(dial)?).await.map_err(Failure::usage)?;
                let simulator = Simulator::new(dialer.clone(), begun.control_url().clone(), None);
                let connections = begun.connection();
                own = Some(begun);
                (simulator, connections)
            }
        };
        let opened = self.subject.open(&connections, self.seed, dialer).await?;
        let target = Arc::new(opened.target);
        let mut service = Service::start(file, &target, &connections, &run)?;
        let credentials = credentials(&connections);
        let sink = self.sink(&run).await?;
        let shared = Arc::new(Shared {
            browser: Arc::new(target.agent()),
            target: target.clone(),
            setting: self.subject.setting.clone(),
            simulator: simulator.clone(),
            sink,
            credentials,
            controls: Controls::default(),
            seed: u64::from_le_bytes(
                mac::derive(self.seed.as_bytes(), "people", &[])[..8].try_into().unwrap_or_default(),
            ),
            run,
            starts: 0.into(),
            starting: 0.into(),
            turns: Turns::default(),
        });
        let stage = Stage {
            shared: shared.clone(),
            jobs: self.jobs,
            patience: Arc::new(Patience::of(self.give_up_after)),
            fail_fast: self.fail_fast,
            judged: Arc::new(self.judged_so_far(started)),
            progress: heard,
            first: 0,
        };
        let played = tokio::select! {
            played = self.play(&stage, &connections, &mut service, items) => played,
            came = stopping.next() => Err(Failure::interrupted(came.code())),
        };
        if stage.patience.is_lost() {
            let log = service.log().map(|log| format!("; its own log is {}", log.display())).unwrap_or_default();
            output::complain(&format!("gave up: {}{log}", lost(&stage.patience)));
        }
        service.stop().await;
        if let Some(reference) = opened.reference {
            reference.stop().await;
        }
        simulator.leave().await;
        if let Some(own) = own {
            own.stop().await;
        }
        let (finished, strays) = played?;
        let mut judged = self.judged(&finished, &shared.controls, strays, (began, started));
        if stage.patience.is_lost() {
            judged.cannot_show.insert(0, lost(&stage.patience));
        }
        Ok(judged)
    }

    /// Says of a scenario what it comes to while the run goes on.
    fn judged_so_far(&self, started: jiff::Timestamp) -> impl Fn(&Finished) -> Verdict + Send + Sync + use<> {
        let (catalogue, setting, file) =
            (self.catalogue.clone(), self.subject.setting.clone(), self.subject.file.clone());
        let known = self.known.clone();
        // As in the report: dates are those of UTC.
        let today = started.to_zoned(TimeZone::UTC).date();
        move |finished| {
            let (has, controls) = (|feature: &str| setting.features.contains(feature), BTreeSet::new());
            let judge = Judge {
                catalogue: &catalogue,
                declared: declared(&setting, &has),
                deviations: &file.deviations,
                controls: &controls,
            };
            finished.judged(&judge, known.as_ref().map(|known| (known, today)))
        }
    }

    async fn play(
        &self,
        stage: &Stage,
        connections: &Connections,
        service: &mut Service<'_>,
        items: &[Arc<Item>],
    ) -> Result<(Vec<Finished>, Vec<String>), Failure> {
        service.ready(&Wire::new()).await?;
        let shared = &stage.shared;
        let limit = shared.setting.timing.limit;
        let call = Call { namespace: shared.run.clone(), actor: None, browser: None, limit, wire: Wire::new() };
        let sink = shared.sink.as_ref().map(|sink| sink.address().to_owned());
        let hello = Hello { protocol: 1, run: shared.run.clone(), connections: connections.clone(), sink };
        let hello = shared.target.call(&call, Op::Hello(hello)).await;
        hello.map_err(|e| Failure::target(format!("the target does not begin: {e}")))?;
        let mut finished = stage.play(items).await;
        stage.believe(&mut finished).await;
        stage.read_log(&mut finished).await;
        let strays = shared.simulator.strays().await.map_err(Failure::harness)?;
        // What the target answers to the end decides nothing any more.
        let _ = shared.target.call(&call, Op::Shutdown).await;
        Ok((finished, strays))
    }

    /// The simulator of this run: as the target file says that the service knows it.
    fn simulation(&self, dial: DialOptions) -> Result<Options, Failure> {
        let file = &self.subject.file;
        let public_url = file.network.public_url.as_ref().map(|url| Url::parse(url)).transpose();
        let public_url = public_url.map_err(|e| Failure::usage(format!("`network.public_url`: {e}")))?;
        let known = SpaceOptions {
            name: "default".to_owned(),
            credentials: file.simulators.clone(),
            script: Some("manual".to_owned()),
            ..SpaceOptions::default()
        };
        Ok(Options {
            seed: Some(self.seed.to_owned()),
            script: Some("manual".to_owned()),
            listen: self.listen,
            public_url,
            spaces: if file.simulators.is_empty() { Vec::new() } else { vec![known] },
            dial,
            // Reports show what a session heard, however many came after it.
            bounds: Bounds { journal_bytes: 64 << 20, ..Bounds::default() },
            ..Options::default()
        })
    }

    fn refuse_impossible_deviations(&self) -> Result<(), Failure> {
        let impossible = self.judge(&BTreeSet::new(), &|_| false).impossible_deviations();
        if impossible.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> =
            impossible.iter().map(|one| format!("error: {}: {one}", self.subject.name())).collect();
        Err(Failure::usage(shown.join("\n")))
    }

    fn judge<'j>(&'j self, controls: &'j BTreeSet<String>, has: &'j dyn Fn(&str) -> bool) -> Judge<'j> {
        Judge {
            catalogue: self.catalogue,
            declared: declared(&self.subject.setting, has),
            deviations: &self.subject.file.deviations,
            controls,
        }
    }

    /// Where the target's own webhooks come in, where it sends any: at the address of the flag, of the target file, or any of this machine.
    async fn sink(&self, run: &str) -> Result<Option<Sink>, Failure> {
        let Some(events) = &self.subject.file.events else { return Ok(None) };
        let told = events.sink(run).and_then(|address| Url::parse(&address).ok());
        let port = told.as_ref().and_then(Url::port_or_known_default).unwrap_or_default();
        let listen = self.sink.0.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, port).into());
        let public = self.sink.1.as_ref().or(told.as_ref());
        Sink::open(listen, public, events.clone()).await.map(Some).map_err(Failure::usage)
    }

    fn judged(
        &self,
        finished: &[Finished],
        controls: &Controls,
        strays: Vec<String>,
        (began, started): (Instant, jiff::Timestamp),
    ) -> Run {
        let setting = &self.subject.setting;
        let has = |feature: &str| setting.features.contains(feature);
        let shown: BTreeSet<String> = controls.all().into_iter().map(|control| control.to_string()).collect();
        let judge = self.judge(&shown, &has);
        let mut run = Run {
            schema: "motpart.run/1".to_owned(),
            motpart: env!("CARGO_PKG_VERSION").to_owned(),
            started: started.to_string(),
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            seed: self.seed.to_owned(),
            target: self.subject.identity(),
            providers: self.subject.providers.clone(),
            filter: self.filter.clone(),
            headline: Headline {
                enforces: Enforces::NotShown,
                core: Vec::new(),
                deviations: Vec::new(),
                counts: Counts::default(),
            },
            scenarios: finished.iter().map(|one| one.result(controls, &judge)).collect(),
            declarations: Vec::new(),
            cannot_show: Vec::new(),
            strays,
        };
        let observed: Vec<Observed> = finished.iter().flat_map(|one| one.observed.clone()).collect();
        let undeclared = Undeclared::among(&observed, &judge.declared);
        // What was seen of a declaration is shown where something was played.
        let provider = run.scenarios.first().map_or_else(String::new, |scenario| scenario.provider.clone());
        run.scenarios.extend(undeclared.iter().map(|one| one.scenario(&run.target.from, &provider)));
        if let Some(known) = &self.known {
            known.apply(&mut run);
        }
        judge.conclude(&mut run);
        motpart::conformance::report::masked(run)
    }
}

fn declared<'a>(setting: &'a Setting, has: &'a dyn Fn(&str) -> bool) -> Declared<'a> {
    Declared { policy: &setting.policy, sign: setting.sign, setup: setting.setup, has }
}

/// Why the run ended early, and what to do.
fn lost(patience: &Patience) -> String {
    format!(
        "{} scenarios in a row ended in errors, so the target cannot be driven and nothing more was played: \
         `motpart target doctor` shows what goes wrong; --give-up-after 0 plays everything all the same",
        patience.most()
    )
}

/// What the target logs in with. Addresses and names are no secret.
fn credentials(connections: &Connections) -> Vec<String> {
    let is_secret = |name: &str| ["TOKEN", "SECRET", "KEY", "PASSWORD"].iter().any(|word| name.ends_with(word));
    let secrets = connections.iter().filter(|(name, value)| is_secret(name) && value.len() >= 8);
    secrets.map(|(_, value)| value.clone()).collect()
}
