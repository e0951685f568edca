//! A finding as a paragraph for a person: what was done, what happened, what should have, why it matters, how sure it is, who does what.

use super::super::result::{Part, StepOutcome, Verdict};
use super::finding::Finding;
use super::layout::{Tone, labelled, verbatim, wrapped};
use super::texts::{Words, fill, provider};
use super::{Language, RequirementText, Requirements};

/// A finding in words.
pub(super) struct Paragraph<'a> {
    finding: Finding<'a>,
    words: &'static Words,
    /// The requirements that it spoiled, as far as they are described.
    described: Vec<(&'a str, RequirementText)>,
}

impl<'a> Paragraph<'a> {
    /// In `language`, or in that of the feature.
    pub(super) fn new(finding: Finding<'a>, requirements: &Requirements<'_>, language: Option<Language>) -> Self {
        let language = language.unwrap_or_else(|| Language::of(&finding.scenario.language).unwrap_or_default());
        let described = finding
            .checks()
            .filter_map(|check| Some((check.requirement.as_str(), requirements(&check.requirement, language)?)))
            .collect();
        Self { finding, words: Words::of(language), described }
    }

    /// The verdict's word.
    pub(super) fn verdict(&self) -> &'static str {
        self.words.verdict(self.finding.verdict)
    }

    pub(super) fn title(&self) -> &'a str {
        &self.finding.scenario.name
    }

    pub(super) fn technical_title(&self) -> &'static str {
        self.words.technical
    }

    /// The requirements, the provider, and the place.
    pub(super) fn place(&self) -> String {
        let scenario = self.finding.scenario;
        let mut parts: Vec<String> = self.finding.checks().map(|check| check.requirement.clone()).collect();
        parts.push(provider(&scenario.provider));
        parts.push(format!("{}:{}", scenario.file, scenario.row.unwrap_or(scenario.line)));
        parts.join(" · ")
    }

    /// What happened, in one line.
    pub(super) fn gist(&self) -> String {
        let because = self.finding.checks().find_map(|check| check.because.clone());
        self.finding
            .failure
            .map(|failure| failure.actual.clone())
            .or(because)
            .unwrap_or_else(|| self.title().to_owned())
    }

    /// The six labelled sentences.
    pub(super) fn body(&self, indent: usize) -> String {
        let words = self.words;
        let mut rows = vec![(words.did, self.did()), (words.actual, self.happened())];
        let expected = self.finding.failure.map(|failure| failure.expected.as_str());
        let required = self.described.first().map(|(_, requirement)| requirement.text.as_str());
        rows.extend(expected.or(required).map(|text| (words.expected, sentence(text))));
        rows.extend(self.why().map(|(label, why)| (label, sentence(why))));
        rows.push((words.sure, self.sure()));
        rows.push((words.who, self.who()));
        labelled(indent, &rows)
    }

    /// What developers need: the requirements, the step, the command that repeats it, the exchanges, the journal.
    pub(super) fn technical(&self, indent: usize) -> String {
        let (words, scenario, failure) = (self.words, self.finding.scenario, self.finding.failure);
        let mut out = String::new();
        let pad = " ".repeat(indent);
        for (id, requirement) in &self.described {
            let level = words.level(requirement.level);
            out.push_str(&wrapped(&format!("{pad}{id} ({level})  "), &requirement.text));
            out.push_str(&wrapped(&format!("{pad}  {}: ", words.source), &requirement.source));
        }
        if let Some(failure) = failure {
            let step = format!("{} ({}:{})", failure.step, scenario.file, failure.line);
            out.push_str(&wrapped(&format!("{pad}{}: ", words.step), &step));
        }
        let curl: Vec<String> = failure.and_then(|failure| failure.curl.clone()).into_iter().collect();
        let exchanges = failure.map(|failure| failure.exchanges.as_slice()).unwrap_or_default();
        for (label, lines) in
            [(words.repeat, curl.as_slice()), (words.exchanges, exchanges), (words.journal, &scenario.journal)]
        {
            if !lines.is_empty() {
                out.push_str(&format!("{pad}{label}:\n{}", verbatim(indent + 2, lines)));
            }
        }
        out
    }

    /// What happened; where it spoiled several requirements, what it meant for each.
    fn happened(&self) -> String {
        let mut sentences = vec![sentence(&self.gist())];
        if self.finding.checks().count() > 1 {
            let reasons = self.finding.checks().filter_map(|check| Some((&check.requirement, check.because.as_ref()?)));
            sentences.extend(reasons.map(|(id, because)| sentence(&format!("{id}: {because}"))));
        }
        sentences.join(" ")
    }

    /// What was done, or the steps that held where nothing else was told.
    fn did(&self) -> String {
        let told = self.finding.failure.map(|failure| failure.did.as_slice()).unwrap_or_default();
        let sentences: Vec<String> = if told.is_empty() {
            let steps = self.finding.scenario.steps.iter();
            steps.filter(|step| step.outcome == StepOutcome::Passed).map(|step| sentence(&step.text)).collect()
        } else {
            told.iter().map(|text| sentence(text)).collect()
        };
        if sentences.is_empty() { self.words.nothing_yet.to_owned() } else { sentences.join(" ") }
    }

    /// Only where something is wrong with the service.
    fn why(&self) -> Option<(&'static str, &str)> {
        let label = match self.finding.verdict {
            Verdict::Deviation | Verdict::Fail => self.words.why,
            Verdict::Warn => self.words.why_warning,
            Verdict::Error
            | Verdict::HarnessError
            | Verdict::Manual
            | Verdict::NotApplicable
            | Verdict::NotObservable
            | Verdict::NotTested
            | Verdict::Pass => return None,
        };
        Some((label, self.described.iter().find_map(|(_, requirement)| requirement.why.as_deref())?))
    }

    fn sure(&self) -> String {
        let words = self.words;
        let control = self.finding.failure.and_then(|failure| failure.control.as_deref());
        match (self.finding.verdict, control, self.finding.part()) {
            (Verdict::Fail, Some(control), _) => fill(words.sure_by_control, &[("control", control)]),
            (Verdict::Fail, None, Some(Part::Never)) => words.sure_never.to_owned(),
            (Verdict::Fail, None, Some(Part::Equals)) => words.sure_equals.to_owned(),
            (Verdict::Fail, None, None) => words.sure_seen.to_owned(),
            (Verdict::Deviation, _, _) => words.sure_deviation.to_owned(),
            (Verdict::Warn, _, _) => words.sure_warning.to_owned(),
            (Verdict::Error, _, _) => words.sure_error.to_owned(),
            (Verdict::HarnessError, _, _) => words.sure_harness.to_owned(),
            (
                Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested | Verdict::Pass,
                _,
                _,
            ) => words.sure_not_judged.to_owned(),
        }
    }

    fn who(&self) -> String {
        if let Some(remedy) = self.finding.failure.and_then(|failure| failure.remedy.as_deref()) {
            return sentence(remedy);
        }
        let words = self.words;
        match self.finding.verdict {
            Verdict::Fail => words.who_developers,
            Verdict::Deviation => words.who_deviation,
            Verdict::Warn => words.who_warning,
            Verdict::Error => words.who_tester,
            Verdict::HarnessError => words.who_motpart,
            Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested | Verdict::Pass => {
                words.who_nobody
            }
        }
        .to_owned()
    }
}

/// The colour of a verdict.
pub(super) fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Fail | Verdict::HarnessError => Tone::Bad,
        Verdict::Deviation | Verdict::Error | Verdict::Warn => Tone::Care,
        Verdict::Pass => Tone::Good,
        Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested => Tone::Plain,
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    // An id or an address keeps its small letter.
    let is_word = letters.clone().take_while(|c| !c.is_whitespace()).all(char::is_alphabetic);
    let begin: String = if is_word { first.to_uppercase().collect() } else { first.to_string() };
    let end = if text.ends_with(['.', '!', '?', ':', '…']) { "" } else { "." };
    format!("{begin}{}{end}", letters.as_str())
}
