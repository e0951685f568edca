//! The laws of an attempt, for every script: architecture, section 3.

use std::sync::Arc;

use motpart::identity::{Country, Person, Persons};
use motpart::script::{Becomes, Hint, Lifetime, Millis, Reason, Script, SignalName, Step, Trigger, Who};
use motpart::session::{Age, Cast, Entered, Limits, OrderBegins, Phase, Play, Progress, Signal, Stimulus};
use proptest::prelude::*;

fn triggers() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        (0_u64..5_000).prop_map(|ms| Trigger::After(Millis(ms))),
        (0_u32..4).prop_map(Trigger::Polls),
        prop_oneof![
            Just(SignalName::Cancelled),
            Just(SignalName::Confirmed),
            Just(SignalName::Delivered),
            Just(SignalName::Failed),
            Just(SignalName::Opened),
        ]
        .prop_map(Trigger::On),
    ]
}

fn hints() -> impl Strategy<Value = Becomes> {
    prop_oneof![Just(Hint::Outstanding), Just(Hint::Delivered), Just(Hint::Confirming)].prop_map(Becomes::Pending)
}

fn endings() -> impl Strategy<Value = Becomes> {
    prop_oneof![
        Just(Becomes::Finished(Who::Requested)),
        Just(Becomes::Finished(Who::SomeoneElse)),
        Just(Becomes::Failed(Reason::Cancelled)),
    ]
}

/// Scripts as a file may hold them: some hints, and perhaps an ending.
fn scripts() -> impl Strategy<Value = Script> {
    let steps = prop::collection::vec((triggers(), hints()), 0..4);
    let ending = prop::option::of((triggers(), endings()));
    let lifetime = (prop::option::of(1_u64..20_000), prop::option::of(1_u64..20_000));
    (steps, ending, lifetime).prop_map(|(steps, ending, (link, order))| Script {
        steps: steps.into_iter().chain(ending).map(|(trigger, becomes)| Step { trigger, becomes }).collect(),
        lifetime: Lifetime { link: link.map(Millis), order: order.map(Millis) },
        ..Script::default()
    })
}

/// What may happen to a session, in a form that can be shrunk.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Cancelled,
    Confirmed,
    Delivered,
    Opened,
    Poll,
    Tick,
}

fn happenings() -> impl Strategy<Value = Vec<(u64, Happening)>> {
    let one = prop_oneof![
        Just(Happening::Cancelled),
        Just(Happening::Confirmed),
        Just(Happening::Delivered),
        Just(Happening::Opened),
        Just(Happening::Poll),
        Just(Happening::Poll),
        Just(Happening::Tick),
    ];
    prop::collection::vec((0_u64..4_000, one), 0..12)
}

struct Stage {
    script: Script,
    cast: Cast,
    anyone: Arc<Person>,
}

impl Stage {
    fn new(script: Script) -> Self {
        let persons = Persons::bundled();
        let requested = persons.default_for(Country::Se);
        let anyone = persons.someone_else(&requested);
        Self { cast: Cast::new(&script, requested, &persons), script, anyone }
    }

    fn play(&self, begins: OrderBegins) -> Play<'_> {
        let limits = Limits { link: Millis(30_000), order: Millis(10_000), begins };
        Play { script: &self.script, limits: limits.shortened_by(&self.script), cast: &self.cast }
    }

    fn stimulus(&self, happening: Happening) -> Stimulus {
        match happening {
            Happening::Cancelled => Stimulus::Signal(Signal::Cancelled),
            Happening::Confirmed => Stimulus::Signal(Signal::Confirmed(self.anyone.clone())),
            Happening::Delivered => Stimulus::Signal(Signal::Delivered),
            Happening::Opened => Stimulus::Signal(Signal::Opened),
            Happening::Poll => Stimulus::Poll,
            Happening::Tick => Stimulus::Tick,
        }
    }

    /// Plays everything; between two happenings, ticks at the given distance if there is one.
    fn run(&self, begins: OrderBegins, happenings: &[(u64, Happening)], tick: Option<u64>) -> (Progress, Vec<Entered>) {
        let play = self.play(begins);
        let mut progress = Progress::begin(Age(0));
        let mut entered = Vec::new();
        let mut now = 0;
        for (wait, happening) in happenings {
            if let Some(every) = tick {
                let mut moment = now + every;
                while moment < now + wait {
                    entered.extend(progress.advance(&play, Age(moment), Stimulus::Tick));
                    moment += every;
                }
            }
            now += wait;
            entered.extend(progress.advance(&play, Age(now), self.stimulus(*happening)));
        }
        entered.extend(progress.advance(&play, Age(now), Stimulus::Tick));
        (progress, entered)
    }
}

fn begins() -> impl Strategy<Value = OrderBegins> {
    prop_oneof![Just(OrderBegins::AtOnce), Just(OrderBegins::WhenOpened)]
}

proptest! {
    #[test]
    fn many_ticks_are_one_tick(script in scripts(), begins in begins(), happenings in happenings(), every in 1_u64..700) {
        let stage = Stage::new(script);
        prop_assert_eq!(stage.run(begins, &happenings, None), stage.run(begins, &happenings, Some(every)));
    }

    #[test]
    fn a_final_phase_stays(script in scripts(), begins in begins(), happenings in happenings()) {
        let stage = Stage::new(script);
        let (_, entered) = stage.run(begins, &happenings, None);
        let endings = entered.iter().filter(|e| !e.phase.is_pending()).count();
        prop_assert!(endings <= 1, "{entered:?}");
        prop_assert!(endings == 0 || !entered.last().expect("one ended it").phase.is_pending());
    }

    #[test]
    fn every_script_ends_or_expires(script in scripts(), begins in begins(), happenings in happenings()) {
        let stage = Stage::new(script);
        let play = stage.play(begins);
        let (mut progress, _) = stage.run(begins, &happenings, None);
        progress.advance(&play, Age(1_000_000), Stimulus::Tick);
        prop_assert!(!progress.phase().is_pending());
        prop_assert_eq!(progress.due(&play), None);
    }

    #[test]
    fn what_is_entered_is_entered_in_order_and_never_ahead(script in scripts(), begins in begins(), happenings in happenings()) {
        let stage = Stage::new(script);
        let now: u64 = happenings.iter().map(|(wait, _)| wait).sum();
        let (_, entered) = stage.run(begins, &happenings, None);
        prop_assert!(entered.windows(2).all(|pair| pair[0].at <= pair[1].at), "{entered:?}");
        prop_assert!(entered.iter().all(|e| e.at <= Age(now)));
    }

    #[test]
    fn the_moment_that_was_announced_is_the_moment_it_happens(script in scripts(), begins in begins(), happenings in happenings()) {
        let stage = Stage::new(script);
        let play = stage.play(begins);
        let (mut progress, _) = stage.run(begins, &happenings, None);
        if let Some((at, cause)) = progress.due(&play) {
            let before = at.0.checked_sub(1).map(|ms| progress.clone().advance(&play, Age(ms), Stimulus::Tick));
            prop_assert!(before.is_none_or(|entered| entered.is_empty()));
            let entered = progress.advance(&play, at, Stimulus::Tick);
            prop_assert_eq!(entered.first().map(|e| (e.at, e.cause)), Some((at, cause)));
        }
    }

    #[test]
    fn a_dumped_attempt_goes_on_where_it_was(script in scripts(), begins in begins(), first in happenings(), second in happenings()) {
        let stage = Stage::new(script);
        let play = stage.play(begins);
        let (progress, _) = stage.run(begins, &first, None);
        let dumped = serde_json::to_string(&progress).expect("it serialises");
        let mut restored: Progress = serde_json::from_str(&dumped).expect("it deserialises");
        let mut kept = progress;
        let mut now: u64 = first.iter().map(|(wait, _)| wait).sum();
        for (wait, happening) in second {
            now += wait;
            let stimulus = stage.stimulus(happening);
            prop_assert_eq!(restored.advance(&play, Age(now), stimulus.clone()), kept.advance(&play, Age(now), stimulus));
        }
    }
}

fn step(trigger: Trigger, becomes: Becomes) -> Step {
    Step { trigger, becomes }
}

#[test]
fn two_pending_answers_mean_the_third_poll_moves_on() {
    let finished = step(Trigger::Polls(2), Becomes::Finished(Who::Requested));
    let stage = Stage::new(Script { steps: vec![finished], ..Script::default() });
    let play = stage.play(OrderBegins::WhenOpened);
    let mut progress = Progress::begin(Age(0));
    let words: Vec<_> = (0..4)
        .map(|n| {
            progress.advance(&play, Age(n), Stimulus::Poll);
            progress.phase().word()
        })
        .collect();
    assert_eq!(words, ["pending", "pending", "finished", "finished"]);
}

#[test]
fn a_manual_attempt_lasts_as_long_as_link_and_order_allow() {
    let stage = Stage::new(Script::default());
    let play = stage.play(OrderBegins::WhenOpened);
    let mut unopened = Progress::begin(Age(0));
    unopened.advance(&play, Age(30_000), Stimulus::Tick);
    assert_eq!(*unopened.phase(), Phase::Failed(Reason::LinkExpired));
    let mut opened = Progress::begin(Age(0));
    opened.advance(&play, Age(29_999), Stimulus::Signal(Signal::Opened));
    opened.advance(&play, Age(39_998), Stimulus::Tick);
    assert!(opened.phase().is_pending());
    opened.advance(&play, Age(39_999), Stimulus::Tick);
    assert_eq!(*opened.phase(), Phase::Failed(Reason::OrderExpired));
}

#[test]
fn a_script_overrides_what_a_confirmation_means() {
    let mismatch = step(Trigger::On(SignalName::Confirmed), Becomes::Finished(Who::SomeoneElse));
    let stage = Stage::new(Script { steps: vec![mismatch], ..Script::default() });
    let mut progress = Progress::begin(Age(0));
    let confirmed = Signal::Confirmed(stage.cast.requested.clone());
    progress.advance(&stage.play(OrderBegins::WhenOpened), Age(1), Stimulus::Signal(confirmed));
    assert_eq!(*progress.phase(), Phase::Finished(stage.cast.someone_else.clone()));
    assert_ne!(stage.cast.requested.number, stage.cast.someone_else.number);
}

#[test]
fn opening_the_page_does_not_hold_up_a_step_that_waits_for_time() {
    let finished = step(Trigger::After(Millis(2_000)), Becomes::Finished(Who::Requested));
    let stage = Stage::new(Script { steps: vec![finished], ..Script::default() });
    let play = stage.play(OrderBegins::WhenOpened);
    let mut progress = Progress::begin(Age(0));
    progress.advance(&play, Age(1_500), Stimulus::Signal(Signal::Opened));
    let entered = progress.advance(&play, Age(9_000), Stimulus::Tick);
    assert_eq!(entered.iter().map(|e| e.at).collect::<Vec<_>>(), [Age(2_000)]);
}
