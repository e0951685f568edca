//! From the written form to a [`Script`], with everything checked that needs neither a provider nor a register.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use toml::Spanned;

use super::error::{Problem, ScriptError};
use super::values::{NotAnOccurrence, is_kebab};
use super::words::{State, Word};
use super::written::{
    WrittenDelivery, WrittenFault, WrittenForgery, WrittenLifetime, WrittenOccurrence, WrittenReply, WrittenScript,
    WrittenStep, WrittenTruncate,
};
use super::{
    Becomes, Damage, Delivery, Fault, Forgery, Hint, Lifetime, Millis, Occurrence, Script, Step, Tampering, Trigger,
    Who,
};

impl Script {
    /// Reads a script file. The script is named by the stem of `file`.
    ///
    /// ```
    /// use motpart::script::Script;
    ///
    /// let text = "[[step]]\npolls = 2\nstate = 'finished'\nperson = 'someone-else'";
    /// assert_eq!(Script::parse(text, "late-mismatch.toml")?.name, "late-mismatch");
    ///
    /// let error = Script::parse("[[step]]\npols = 2", "late-mismatch.toml").unwrap_err().to_string();
    /// assert!(error.contains("late-mismatch.toml:2:1") && error.contains("did you mean `polls`?"));
    /// # Ok::<(), motpart::script::ScriptError>(())
    /// ```
    ///
    /// # Errors
    /// [`ScriptError::File`] for the first mistake, with its line.
    pub fn parse(text: &str, file: &str) -> Result<Self, ScriptError> {
        let name = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        from_text(text, name).map_err(|problem| problem.in_file(file, text))
    }

    /// The persons that the script names and that do not exist, each once.
    #[must_use]
    pub fn unknown_persons(&self, exists: impl Fn(&str) -> bool) -> Vec<&str> {
        let mut unknown = Vec::new();
        for step in &self.steps {
            match &step.becomes {
                Becomes::Finished(Who::Named(name)) if !exists(name) && !unknown.contains(&name.as_str()) => {
                    unknown.push(name.as_str());
                }
                Becomes::Finished(_) | Becomes::Failed(_) | Becomes::Pending(_) => {}
            }
        }
        unknown
    }
}

/// The script that a TOML text says.
pub(super) fn from_text(text: &str, name: &str) -> Result<Script, Problem> {
    if !is_kebab(name) {
        let help = "name it in lower case with hyphens, such as `finished-late`";
        return Err(Problem::new(0..0, format!("`{name}` cannot be a script's name"), help));
    }
    let written: WrittenScript = toml::from_str(text).map_err(|error| Problem::toml(text, &error))?;
    Ok(Script {
        name: name.to_owned(),
        title: title(written.title, name)?,
        steps: steps(written.step)?,
        lifetime: written.lifetime.map(lifetime).transpose()?.unwrap_or_default(),
        faults: each(written.fault, fault)?,
        forgeries: each(written.forgery, forgery)?,
        deliveries: each(written.delivery, delivery)?,
    })
}

fn title(title: Option<Spanned<String>>, name: &str) -> Result<String, Problem> {
    match title {
        None => Ok(name.to_owned()),
        Some(title) if title.get_ref().contains(['\n', '\r']) => {
            Err(Problem::new(title.span(), "a title is one line", "put the rest into a comment"))
        }
        Some(title) => Ok(title.into_inner()),
    }
}

fn lifetime(written: WrittenLifetime) -> Result<Lifetime, Problem> {
    Ok(Lifetime {
        link: written.link.map(|link| said(&link)).transpose()?,
        order: written.order.map(|order| said(&order)).transpose()?,
    })
}

fn steps(written: Vec<Spanned<WrittenStep>>) -> Result<Vec<Step>, Problem> {
    let mut steps: Vec<Step> = Vec::with_capacity(written.len());
    for one in written {
        let at = one.span();
        let ended = steps.last().is_some_and(|before| !matches!(before.becomes, Becomes::Pending(_)));
        if ended {
            let help = "remove it, or make the step before it `pending`";
            return Err(Problem::new(at, "this step is never reached: the one before it ends the attempt", help));
        }
        steps.push(step(one.into_inner(), at)?);
    }
    Ok(steps)
}

fn step(written: WrittenStep, at: Range<usize>) -> Result<Step, Problem> {
    let WrittenStep { after, on, polls, state, person, reason, hint } = written;
    let trigger = match (after, on, polls) {
        (Some(after), None, None) => Trigger::After(said(&after)?),
        (None, Some(on), None) => Trigger::On(word(&on)?),
        (None, None, Some(polls)) => Trigger::Polls(within(&polls, 0, u32::MAX)?),
        (None, None, None) => {
            let help = "add one of `after = \"2s\"`, `polls = 2`, `on = \"confirmed\"`";
            return Err(Problem::new(at, "a step waits for something, and this one does not say for what", help));
        }
        (after, on, polls) => {
            let last = [after.map(|it| it.span()), on.map(|it| it.span()), polls.map(|it| it.span())];
            let last = last.into_iter().flatten().max_by_key(|span| span.start).unwrap_or(at);
            let help = "keep exactly one of `after`, `polls` and `on`";
            return Err(Problem::new(last, "a step waits for one thing only, and this one says several", help));
        }
    };
    let Some(state) = state else {
        let help = "add `state = \"pending\"`, `\"finished\"` or `\"failed\"`";
        return Err(Problem::new(at, "the step does not say what the session becomes", help));
    };
    let becomes = match word(&state)? {
        State::Failed => {
            none_of(State::Failed, &[("person", &person), ("hint", &hint)])?;
            let Some(reason) = reason else {
                return Err(Problem::new(state.span(), "`failed` without a reason", "add `reason = \"cancelled\"`"));
            };
            Becomes::Failed(word(&reason)?)
        }
        State::Finished => {
            none_of(State::Finished, &[("reason", &reason), ("hint", &hint)])?;
            Becomes::Finished(person.map_or(Ok(Who::Requested), |person| said(&person))?)
        }
        State::Pending => {
            none_of(State::Pending, &[("person", &person), ("reason", &reason)])?;
            Becomes::Pending(hint.map(|hint| word::<Hint>(&hint)).transpose()?.unwrap_or_default())
        }
    };
    Ok(Step { trigger, becomes })
}

/// Refuses the keys that belong to another state than `state`.
fn none_of(state: State, keys: &[(&str, &Option<Spanned<String>>)]) -> Result<(), Problem> {
    for (key, value) in keys {
        if let Some(value) = value {
            let owner = match *key {
                "person" => State::Finished,
                "reason" => State::Failed,
                _ => State::Pending,
            };
            let help = format!("remove it, or write `state = \"{owner}\"`");
            return Err(Problem::new(value.span(), format!("a step that is `{state}` has no `{key}`"), help));
        }
    }
    Ok(())
}

fn fault(written: WrittenFault, at: Range<usize>) -> Result<Fault, Problem> {
    let Some(on) = written.on else {
        return Err(Problem::new(at, "the fault does not say which answer it damages", "add `on = \"collect\"`"));
    };
    let on = word(&on)?;
    let occurrence = occurrence(written.occurrence)?;
    let Some(reply) = written.reply else {
        return Err(Problem::new(at, "the fault does not say what is sent instead", "add `reply = { status = 503 }`"));
    };
    let at = reply.span();
    Ok(Fault { on, occurrence, damage: damage(reply.into_inner(), at)? })
}

fn damage(written: WrittenReply, at: Range<usize>) -> Result<Damage, Problem> {
    let WrittenReply { status, body, content_type, headers, byte_order_mark, delay, hold, reset, truncate } = written;
    let of_status = body.as_ref().or(content_type.as_ref()).map(Spanned::span);
    if let Some(at) = of_status.or_else(|| headers.as_ref().map(Spanned::span)).filter(|_| status.is_none()) {
        let help = "add the status, such as `status = 200`";
        return Err(Problem::new(at, "a reply of one's own needs its status", help));
    }
    let replace = status.map(|status| replace(&status, body, content_type, headers)).transpose()?;
    let marked = byte_order_mark.map(|mark| truth(&mark, "byte_order_mark")).transpose()?;
    let marked = marked.map(|()| Damage::ByteOrderMark);
    let delay = delay.map(|delay| said(&delay)).transpose()?.map(Damage::Delay);
    let hold = hold.map(|hold| truth(&hold, "hold")).transpose()?.map(|()| Damage::Hold);
    let reset = reset.map(|reset| truth(&reset, "reset")).transpose()?.map(|()| Damage::Reset);
    let truncate = truncate.map(|keep| truncated(&keep)).transpose()?.map(|keep| Damage::Truncate { keep });
    let mut damages = [replace, marked, delay, hold, reset, truncate].into_iter().flatten();
    match (damages.next(), damages.next()) {
        (Some(damage), None) => Ok(damage),
        (first, _) => {
            let how_many = if first.is_some() { "several things" } else { "nothing" };
            let help = "keep exactly one of `status` (with `body`, `content_type` and `headers`), `byte_order_mark`, `delay`, `hold`, \
                        `reset` and `truncate`";
            Err(Problem::new(at, format!("the reply says {how_many}"), help))
        }
    }
}

fn replace(
    status: &Spanned<i64>,
    body: Option<Spanned<String>>,
    content_type: Option<Spanned<String>>,
    headers: Option<Spanned<BTreeMap<String, String>>>,
) -> Result<Damage, Problem> {
    let code: u16 = within(status, 200, 599)?;
    let content_type = match content_type {
        Some(told) if !is_header_value(told.get_ref()) => {
            let help = "write it as `text/html; charset=utf-8`";
            return Err(Problem::new(told.span(), "this cannot be a header's value", help));
        }
        Some(told) => told.into_inner(),
        None => "text/plain; charset=utf-8".to_owned(),
    };
    let at = headers.as_ref().map(Spanned::span).unwrap_or_default();
    let headers = headers.map(Spanned::into_inner).unwrap_or_default();
    for (name, value) in &headers {
        let framing = ["content-length", "transfer-encoding", "connection", "content-type"];
        if framing.iter().any(|kept| name.eq_ignore_ascii_case(kept)) {
            let help = "the body and the connection decide those; `content_type` has a key of its own";
            return Err(Problem::new(at, format!("`{name}` cannot be given"), help));
        }
        if !is_token(name) || !is_header_value(value) {
            return Err(Problem::new(at, "this cannot be a header", "write it as `{ Retry-After = \"2\" }`"));
        }
    }
    let body = body.map_or_else(|| short_text(code), Spanned::into_inner);
    Ok(Damage::Replace { status: code, content_type, headers, body })
}

/// What a header line can carry (RFC 9110, section 5.5), without the obsolete bytes above ASCII.
fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A header's name (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// The phrases of RFC 9110, section 15 and RFC 6585 for what providers and the proxies before them really answer.
fn short_text(status: u16) -> String {
    let phrase = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        other => return format!("Status {other}"),
    };
    phrase.to_owned()
}

fn truncated(written: &Spanned<WrittenTruncate>) -> Result<Option<usize>, Problem> {
    match *written.get_ref() {
        WrittenTruncate::Bytes(bytes) => within(&Spanned::new(written.span(), bytes), 0, usize::MAX).map(Some),
        WrittenTruncate::Half(half) => truth(&Spanned::new(written.span(), half), "truncate").map(|()| None),
    }
}

fn forgery(written: WrittenForgery, at: Range<usize>) -> Result<Forgery, Problem> {
    let (Some(of), Some(how)) = (written.of, written.how) else {
        let help = "write both, such as `of = \"webhook\"` and `how = \"signature-missing\"`";
        return Err(Problem::new(at, "a forgery says of what it is and how it is wrong", help));
    };
    let how = Tampering::from_words(of.get_ref(), how.get_ref()).map_err(|error| {
        let at = if Tampering::ARTEFACTS.contains(&of.get_ref().as_str()) { how.span() } else { of.span() };
        Problem::word(at, &error)
    })?;
    Ok(Forgery { how, occurrence: occurrence(written.occurrence)? })
}

fn delivery(written: WrittenDelivery, at: Range<usize>) -> Result<Delivery, Problem> {
    let WrittenDelivery { occurrence: which, copies, after, lost } = written;
    let is_lost = lost.as_ref().is_some_and(|lost| *lost.get_ref());
    let disturbed = copies.as_ref().map(Spanned::span).or_else(|| after.as_ref().map(Spanned::span));
    match disturbed {
        Some(at) if is_lost => {
            let help = "keep either `lost`, or `copies` and `after`";
            return Err(Problem::new(at, "a webhook that is lost is neither late nor sent several times", help));
        }
        None if lost.is_none() => {
            let help = "add at least one of `copies = 2`, `after = \"5s\"`, `lost = true`";
            return Err(Problem::new(at, "the delivery does not say what is different", help));
        }
        Some(_) | None => {}
    }
    Ok(Delivery {
        occurrence: occurrence(which)?,
        copies: copies.map_or(Ok(1), |copies| within(&copies, 1, MOST_COPIES))?,
        after: after.map(|after| said::<Millis>(&after)).transpose()?.unwrap_or_default(),
        lost: is_lost,
    })
}

fn occurrence(written: Option<Spanned<WrittenOccurrence>>) -> Result<Occurrence, Problem> {
    let Some(written) = written else { return Ok(Occurrence::ALL) };
    let at = written.span();
    let read: Result<Occurrence, NotAnOccurrence> = match written.get_ref() {
        WrittenOccurrence::Only(only) => only.to_string().parse(),
        WrittenOccurrence::Range(range) => range.parse(),
    };
    read.map_err(|error| Problem::plain(at, error))
}

/// A number from `least` to `most`.
fn within<N>(written: &Spanned<i64>, least: N, most: N) -> Result<N, Problem>
where
    N: TryFrom<i64> + PartialOrd + fmt::Display + Copy,
{
    let actual = *written.get_ref();
    let range = format!("it must be {least} to {most}");
    let number = N::try_from(actual).ok().filter(|number| *number >= least && *number <= most);
    number.ok_or_else(|| Problem::new(written.span(), format!("{actual} is out of range"), range))
}

/// A key that can only be `true`; `false` would say nothing.
fn truth(written: &Spanned<bool>, key: &str) -> Result<(), Problem> {
    match written.get_ref() {
        true => Ok(()),
        false => Err(Problem::new(written.span(), format!("`{key} = false` says nothing"), "leave it out")),
    }
}

fn word<W: Word>(written: &Spanned<String>) -> Result<W, Problem> {
    W::from_word(written.get_ref()).map_err(|error| Problem::word(written.span(), &error))
}

fn said<T: FromStr<Err: fmt::Display>>(written: &Spanned<String>) -> Result<T, Problem> {
    written.get_ref().parse().map_err(|error| Problem::plain(written.span(), error))
}

fn each<W, T>(
    written: Vec<Spanned<W>>,
    convert: impl Fn(W, Range<usize>) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    let convert = |one: Spanned<W>| {
        let at = one.span();
        convert(one.into_inner(), at)
    };
    written.into_iter().map(convert).collect()
}

/// More copies show nothing that these do not, and a mistyped number must not flood a receiver.
const MOST_COPIES: u32 = 100;
