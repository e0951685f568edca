//! A script in words.

use crate::script::{
    Becomes, Damage, Delivery, Fault, IdentityTampering, Millis, Occurrence, Script, SignalName, Step, Tampering,
    Trigger, WebhookTampering, Who,
};

/// What a script says, a line each: its steps, deadlines, faults, forgeries and deliveries.
#[must_use]
pub fn in_words(script: &Script) -> Vec<String> {
    let mut lines: Vec<String> = script.steps.iter().map(step).collect();
    if script.steps.is_empty() {
        lines.push("a person, a test or the judge decides what happens; every signal has its usual effect".to_owned());
    }
    lines.extend(script.lifetime.link.map(|span| format!("the link may wait at most {span} to be opened")));
    lines.extend(script.lifetime.order.map(|span| format!("the person may take at most {span}")));
    lines.extend(script.faults.iter().map(fault));
    lines.extend(script.forgeries.iter().map(|f| format!("{}{}", which(f.occurrence), tampering(f.how))));
    lines.extend(script.deliveries.iter().map(delivery));
    lines
}

/// What somebody does when giving a signal.
pub(super) const fn signal_in_words(signal: SignalName) -> &'static str {
    match signal {
        SignalName::Cancelled => "the person presses cancel",
        SignalName::Confirmed => "the person authenticates",
        SignalName::Delivered => "the order reaches the person's app",
        SignalName::Failed => "the attempt fails",
        SignalName::Opened => "the person opens the page",
    }
}

fn step(step: &Step) -> String {
    let trigger = match step.trigger {
        Trigger::After(Millis(0)) => "at once".to_owned(),
        Trigger::After(span) => format!("after {span}"),
        Trigger::On(signal) => format!("when {}", signal_in_words(signal)),
        Trigger::Polls(n) => format!("after {n} pending answers"),
    };
    let becomes = match &step.becomes {
        Becomes::Failed(reason) => format!("the attempt fails: {reason}"),
        Becomes::Finished(Who::Named(name)) => format!("`{name}` has authenticated"),
        Becomes::Finished(Who::Requested) => "the requested person has authenticated".to_owned(),
        Becomes::Finished(Who::SomeoneElse) => "somebody else has authenticated".to_owned(),
        Becomes::Pending(hint) => format!("it is still pending: {hint}"),
    };
    format!("{trigger}, {becomes}")
}

fn fault(fault: &Fault) -> String {
    let happens = match &fault.damage {
        Damage::ByteOrderMark => "begins with a byte order mark".to_owned(),
        Damage::Delay(span) => format!("comes {span} late"),
        Damage::Hold => "is held until somebody releases it".to_owned(),
        Damage::Replace { status, content_type, headers, .. } => {
            let more: String = headers.iter().map(|(name, value)| format!(", {name}: {value}")).collect();
            format!("is replaced by status {status} ({content_type}{more})")
        }
        Damage::Reset => "is a connection reset".to_owned(),
        Damage::Truncate { keep: Some(bytes) } => format!("ends after {bytes} bytes of its body"),
        Damage::Truncate { keep: None } => "ends in the middle of its body".to_owned(),
    };
    format!("{}the answer to `{}` {happens}", which(fault.occurrence), fault.on)
}

fn delivery(delivery: &Delivery) -> String {
    let times = match (delivery.lost, delivery.copies) {
        (true, _) => return format!("{}the webhook is never sent", which(delivery.occurrence)),
        (false, 1) => "once".to_owned(),
        (false, 2) => "twice".to_owned(),
        (false, copies) => format!("{copies} times"),
    };
    let late = if delivery.after == Millis(0) { String::new() } else { format!(", {} late", delivery.after) };
    format!("{}the webhook is sent {times}{late}", which(delivery.occurrence))
}

const fn tampering(how: Tampering) -> &'static str {
    match how {
        Tampering::Identity(how) => identity(how),
        Tampering::Webhook(how) => webhook(how),
    }
}

const fn identity(how: IdentityTampering) -> &'static str {
    match how {
        IdentityTampering::CountrySwapped => "the result's country is another one",
        IdentityTampering::ErrorBesideIdentity => "an error stands beside the identity",
        IdentityTampering::FinishedWithoutIdentity => "the result is finished and has no identity",
        IdentityTampering::MethodSwapped => "the result names another method and another provider",
        IdentityTampering::NameOfRequested => "the result has the requested person's name, with the number of who came",
        IdentityTampering::NumberAsArray => "the result's national number is a list",
        IdentityTampering::NumberDuplicated => "the result tells two national numbers, the right one last",
        IdentityTampering::NumberEmpty => "the result's national number is empty",
        IdentityTampering::NumberFromRequest => "the result has no number of its own, and repeats the requested one",
        IdentityTampering::NumberHyphenated => "the result's national number has a hyphen",
        IdentityTampering::NumberInPersonId => "the national number stands in the technical keys only",
        IdentityTampering::NumberMissing => "the result has no national number",
        IdentityTampering::NumberPadded => "the result's national number has blanks around it",
        IdentityTampering::NumberTenDigits => "the result's national number has ten digits and a sign",
        IdentityTampering::OtherId => "the result names another session",
        IdentityTampering::PendingBesideIdentity => "the result is pending, beside an identity",
        IdentityTampering::PersonSwapped => "the result is somebody else's",
        IdentityTampering::RegisterOfSomeoneElse => "the result's register record is somebody else's",
        IdentityTampering::Stale => "the identification was a day earlier",
        IdentityTampering::StateUnknown => "the result's state is an unknown word, beside an identity",
    }
}

const fn webhook(how: WebhookTampering) -> &'static str {
    match how {
        WebhookTampering::Altered => "one digit of the webhook is changed after signing",
        WebhookTampering::DuplicateKeys => {
            "the webhook has a key twice, under the signature of the body with the last one only"
        }
        WebhookTampering::EmptyKey => "the webhook is signed with an empty key",
        WebhookTampering::OtherSession => "the webhook names another session, signed with the right key",
        WebhookTampering::PersonSwapped => "the webhook names another person, under the signature of the honest body",
        WebhookTampering::RelaystateSwapped => {
            "the webhook carries another session's reference, signed with the right key"
        }
        WebhookTampering::Reserialised => {
            "the webhook is the same JSON in other bytes, under the signature of the first ones"
        }
        WebhookTampering::SignatureEmpty => "the webhook's signature is empty",
        WebhookTampering::SignatureForeignKey => "the webhook is signed with a foreign key",
        WebhookTampering::SignatureMissing => "the webhook has no signature",
        WebhookTampering::SignatureTruncated => "the webhook's signature is cut short",
    }
}

fn which(occurrence: Occurrence) -> String {
    match occurrence {
        Occurrence::ALL => "every time, ".to_owned(),
        Occurrence { first, last: Some(last) } if first == last => format!("the {} time, ", ordinal(first)),
        Occurrence { first, last: Some(last) } => format!("the {} to {} time, ", ordinal(first), ordinal(last)),
        Occurrence { first, last: None } => format!("from the {} time on, ", ordinal(first)),
    }
}

fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
