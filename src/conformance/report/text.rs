//! A run as text: the answer, a paragraph for each thing that went wrong, then tables.

use std::collections::BTreeMap;

use super::super::result::{Counts, Declaration, Run, Verdict};
use super::finding::{Finding, needs_paragraph};
use super::layout::{Tone, labelled, verbatim, wrapped};
use super::paragraph::{Paragraph, tone};
use super::texts::{Words, fill, provider};
use super::{Colours, Language, Requirements, headline};

/// The run in `language`; without one, each failure in the language of its feature and the frame in English unless all are Swedish.
#[must_use]
pub fn write(run: &Run, requirements: &Requirements<'_>, language: Option<Language>, colours: Colours) -> String {
    let words = Words::of(language.unwrap_or_else(|| super::language_of(run)));
    let mut out = top(run, words, colours);
    for finding in Finding::all(run) {
        out.push_str(&block(&Paragraph::new(finding, requirements, language), finding.verdict, colours));
    }
    let section = |title: &str, body: String| {
        if body.is_empty() { body } else { format!("\n{}\n{body}", colours.paint(Tone::Strong, title)) }
    };
    out.push_str(&section(words.not_passed, not_passed(run, words)));
    out.push_str(&section(words.counts, counts(&run.headline.counts, words)));
    out.push_str(&section(words.declarations, declarations(&run.declarations, words)));
    out.push_str(&section(words.cannot_show, run.cannot_show.iter().map(|text| wrapped("  ", text)).collect()));
    out.push_str(&section(words.strays, verbatim(2, &run.strays)));
    out.push_str(&section(words.about, about(run, words)));
    out
}

/// The answer, who was judged, and what it rests on.
fn top(run: &Run, words: &Words, colours: Colours) -> String {
    let answer = format!("{}: {}", words.headline, headline::answer(run, words));
    let name = [Some(&run.target.name), run.target.version.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>();
    // A filter can leave some of them out; then nothing was seen there.
    let played = |name: &&String| run.scenarios.iter().any(|scenario| scenario.provider == **name);
    let providers: Vec<String> = run.providers.iter().filter(played).map(|name| provider(name)).collect();
    let providers = match providers.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} {} {last}", all.join(", "), words.and),
        few => few.join(""),
    };
    let subject = fill(words.subject, &[("target", &name.join(" ")), ("providers", &providers)]);
    let paragraph = headline::sentences(run, words).join(" ");
    format!("{}\n{subject}\n\n{}", colours.paint(headline::tone(run), &answer), wrapped("", &paragraph))
}

/// `FAILED  title`, the place, the paragraph, the technical part.
fn block(paragraph: &Paragraph<'_>, verdict: Verdict, colours: Colours) -> String {
    let word = colours.paint(tone(verdict), &paragraph.verdict().to_uppercase());
    let title = colours.paint(Tone::Strong, paragraph.title());
    let mut out = format!("\n{word}  {title}\n  {}\n\n{}", paragraph.place(), paragraph.body(2));
    let technical = paragraph.technical(4);
    if !technical.is_empty() {
        out.push_str(&format!("\n  {}\n{technical}", paragraph.technical_title()));
    }
    out
}

/// Requirements with a verdict that is no paragraph's, each once with its reason and how often.
fn not_passed(run: &Run, words: &Words) -> String {
    let mut rows: BTreeMap<(Verdict, &str, &str), usize> = BTreeMap::new();
    for check in run.scenarios.iter().flat_map(|scenario| &scenario.checks) {
        if check.verdict != Verdict::Pass && !needs_paragraph(check.verdict) {
            let because = check.because.as_deref().unwrap_or_default();
            *rows.entry((check.verdict, &check.requirement, because)).or_default() += 1;
        }
    }
    let mut out = String::new();
    let mut last = None;
    for ((verdict, requirement, because), times) in rows {
        if last.replace(verdict) != Some(verdict) {
            out.push_str(&format!("  {}\n", words.verdict(verdict)));
        }
        let times = if times > 1 { format!(" ({times} ×)") } else { String::new() };
        out.push_str(&wrapped(&format!("    {requirement}  "), &format!("{because}{times}")));
    }
    out
}

/// The counts that are not zero; passed and failed always.
fn counts(counts: &Counts, words: &Words) -> String {
    let Counts {
        pass,
        fail,
        warn,
        deviation,
        error,
        not_applicable,
        not_observable,
        not_tested,
        manual,
        harness_error,
    } = *counts;
    let rows: Vec<(&str, String)> = [
        (Verdict::Pass, pass),
        (Verdict::Fail, fail),
        (Verdict::HarnessError, harness_error),
        (Verdict::Error, error),
        (Verdict::Deviation, deviation),
        (Verdict::Warn, warn),
        (Verdict::Manual, manual),
        (Verdict::NotObservable, not_observable),
        (Verdict::NotTested, not_tested),
        (Verdict::NotApplicable, not_applicable),
    ]
    .into_iter()
    .filter(|(verdict, count)| *count > 0 || matches!(verdict, Verdict::Pass | Verdict::Fail))
    .map(|(verdict, count)| (words.verdict(verdict), format!("{count}")))
    .collect();
    labelled(2, &rows)
}

fn declarations(declarations: &[Declaration], words: &Words) -> String {
    let mut out = String::new();
    for Declaration { declared, effect, removed } in declarations {
        out.push_str(&format!("  {declared}\n"));
        out.push_str(&wrapped("    ", effect));
        if !removed.is_empty() {
            out.push_str(&wrapped(&format!("    {}: ", words.removed), &removed.join(", ")));
        }
    }
    out
}

fn about(run: &Run, words: &Words) -> String {
    let seconds = run.took_ms / 1000;
    let took = if seconds < 60 {
        format!("{}.{} s", seconds, run.took_ms % 1000 / 100)
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    };
    labelled(
        2,
        &[
            ("Motpart", run.motpart.clone()),
            (words.started, run.started.clone()),
            (words.took, took),
            (words.target_file, run.target.from.clone()),
            ("SHA-256", run.target.sha256.clone()),
            (words.seed, fill(words.seed_means, &[("seed", &run.seed)])),
        ],
    )
}
