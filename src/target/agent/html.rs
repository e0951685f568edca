//! What a page does by itself, as far as that needs no script of ours.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::Form;

/// Where a page leads by itself.
#[derive(Debug)]
pub(super) enum Onward {
    Form(Form),
    Refresh { url: Url, after: Duration },
}

/// The page as a browser without scripts reads it: what is within `<noscript>` counts.
pub(super) fn document(html: &str) -> Html {
    Html::parse_document(&NOSCRIPT.replace_all(html, ""))
}

pub(super) fn has_scripts(html: &str) -> bool {
    let document = Html::parse_document(html);
    document.select(&SCRIPT).next().is_some()
}

pub(super) fn onward(html: &str, here: &Url) -> Option<Onward> {
    let document = document(html);
    let refresh = document.select(&META).filter(|meta| is(meta, "http-equiv", "refresh")).find_map(|meta| {
        let (url, after) = refresh(meta.attr("content")?, here)?;
        (after <= LONGEST && url != *here).then_some(Onward::Refresh { url, after })
    });
    refresh.or_else(|| submits_itself(&document).map(Onward::Form))
}

/// `1; url=/next`, also in quotes.
fn refresh(content: &str, here: &Url) -> Option<(Url, Duration)> {
    let (seconds, rest) = content.split_once([';', ',']).unwrap_or((content, ""));
    let after = Duration::try_from_secs_f64(seconds.trim().parse().ok()?).ok()?;
    let rest = rest.trim();
    let url = match rest.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("url") => rest[3..].trim_start().strip_prefix('=')?.trim(),
        Some(_) | None => rest,
    };
    let url = here.join(url.trim_matches(['"', '\''])).ok()?;
    Some((url, after)).filter(|(url, _)| matches!(url.scheme(), "http" | "https"))
}

/// The one form of a page whose script or `onload` submits it: such pages carry answers of OpenID Connect and SAML.
fn submits_itself(document: &Html) -> Option<Form> {
    let mut forms = document.select(&FORM);
    let form = forms.next().filter(|_| forms.next().is_none())?;
    let onload = document.select(&BODY).next().and_then(|body| body.attr("onload")).unwrap_or_default();
    let scripts: String = document.select(&SCRIPT).flat_map(|script| script.text()).collect();
    // Within a function that something else calls, it would wait for a click.
    let by_script = SUBMITS.is_match(&scripts) && !scripts.contains("addEventListener") && !scripts.contains("onclick");
    (SUBMITS.is_match(onload) || by_script).then(|| Form::of(form))
}

fn is(element: &ElementRef<'_>, name: &str, value: &str) -> bool {
    element.attr(name).is_some_and(|actual| actual.eq_ignore_ascii_case(value))
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector without input")
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern without input")
}

/// A page that refreshes itself later is one to look at, not one on the way.
const LONGEST: Duration = Duration::from_secs(5);

static BODY: LazyLock<Selector> = LazyLock::new(|| selector("body"));
static FORM: LazyLock<Selector> = LazyLock::new(|| selector("form"));
static META: LazyLock<Selector> = LazyLock::new(|| selector("meta[http-equiv][content]"));
static SCRIPT: LazyLock<Selector> = LazyLock::new(|| selector("script"));
static NOSCRIPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)</?noscript[^>]*>"));
static SUBMITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.\s*(?:submit|requestSubmit)\s*\(\s*\)"));
