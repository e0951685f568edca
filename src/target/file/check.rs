//! What can be wrong although every piece of the file is right.

use std::collections::BTreeSet;

use super::features::Feature;
use super::form::Form;
use super::read::Reader;
use crate::diagnostic::did_you_mean;
use crate::target::http::{ParticipantResult, Pick, Results, Step, Template};
use crate::target::{OpName, Setup, Sign};

/// Finds what is missing, and placeholders that nothing gives a value.
pub(super) fn check(form: &Form, reader: &mut Reader<'_>) {
    if form.schema.is_none() && reader.mistakes.is_empty() {
        missing(reader, "schema", "write `schema = 1` at the top");
    }
    if form.name.as_deref().unwrap_or_default().is_empty() && reader.mistakes.is_empty() {
        missing(reader, "name", "write `name = \"…\"`: reports call the target so");
    }
    let known: BTreeSet<&String> = form.providers.values().flatten().collect();
    for (country, method) in form.methods.iter().filter(|(_, method)| !known.contains(method)) {
        let help = format!("add `{method}` to the methods of a provider in `providers`, or use one that is there");
        reader.mistake(0..0, format!("`methods.{country}` is `{method}`, which no provider has"), Some(help));
    }
    let kebab = |name: &String| name.replace('_', "-");
    let own =
        form.methods_at.iter().flat_map(|(provider, own)| own.values().map(move |own| ("methods_at", provider, own)));
    let asks = form
        .asks_number_at
        .iter()
        .flat_map(|(provider, own)| own.iter().map(move |own| ("asks_number_at", provider, own)));
    for (key, provider, method) in own.chain(asks) {
        let listed = form.providers.iter().find(|(name, _)| kebab(name) == kebab(provider)).map(|(_, listed)| listed);
        if listed.is_none_or(|listed| !listed.contains(method)) {
            let help = format!("add `{method}` to `{provider}` in `providers`");
            reader.mistake(0..0, format!("`{key}.{provider}` has `{method}`, which the provider has not"), Some(help));
        }
    }
    for method in form.asks_number.iter().filter(|method| !known.contains(method)) {
        let help = format!("add `{method}` to the methods of a provider in `providers`, or leave it out");
        reader.mistake(0..0, format!("`asks_number` has `{method}`, which no provider has"), Some(help));
    }
    if form.start.is_some() && form.ready.is_none() && reader.mistakes.is_empty() {
        missing(
            reader,
            "ready",
            "what `[start]` starts has to be waited for: write `[ready]` with a `path` that answers",
        );
    }
    // After another mistake an operation may be missing only because it could not be read.
    if reader.mistakes.is_empty() {
        operations(form, reader);
    }
    placeholders(form, reader);
}

/// Whether the file has what a feature needs.
pub(super) fn is_there(form: &Form, feature: Feature) -> bool {
    match feature {
        Feature::OutboundWebhooks => form.events.is_some(),
        Feature::Stranger => form.actor.contains_key(&crate::target::Actor::Stranger),
        Feature::EnforcementMethod => told(form, |participant| participant.method.is_some()),
        Feature::Links => told(form, |participant| participant.sign_link.is_some()),
        Feature::Reasons => told(form, |participant| participant.reason.is_some()),
        Feature::Callbacks
        | Feature::Diagnostics
        | Feature::Documents
        | Feature::EncryptedAnswers
        | Feature::Idempotency
        | Feature::ResponseIssuer
        | Feature::Roles
        | Feature::SigningOrder
        | Feature::TrustLevels
        | Feature::WeakMethods
        | Feature::WebhookIn => false,
        Feature::AdvanceTime
        | Feature::Agreement
        | Feature::Batch
        | Feature::Cancel
        | Feature::Delete
        | Feature::Events
        | Feature::Idle
        | Feature::Log
        | Feature::PreparePerson
        | Feature::Reopen
        | Feature::Restart
        | Feature::Storage
        | Feature::UpdateParticipant => feature.operation().is_some_and(|op| form.op.contains_key(&op)),
    }
}

/// The part of the file that a feature rests on; none where its declaration is all there is.
fn rests_on(feature: Feature) -> Option<String> {
    match feature {
        Feature::OutboundWebhooks => Some("[events]".to_owned()),
        Feature::Stranger => Some("[actor.stranger]".to_owned()),
        Feature::EnforcementMethod => Some("result.participant.method".to_owned()),
        Feature::Links => Some("result.participant.sign_link".to_owned()),
        Feature::Reasons => Some("result.participant.reason".to_owned()),
        Feature::AdvanceTime
        | Feature::Agreement
        | Feature::Batch
        | Feature::Callbacks
        | Feature::Cancel
        | Feature::Delete
        | Feature::Diagnostics
        | Feature::Documents
        | Feature::EncryptedAnswers
        | Feature::Events
        | Feature::Idempotency
        | Feature::Idle
        | Feature::Log
        | Feature::PreparePerson
        | Feature::Reopen
        | Feature::ResponseIssuer
        | Feature::Restart
        | Feature::Roles
        | Feature::SigningOrder
        | Feature::Storage
        | Feature::TrustLevels
        | Feature::UpdateParticipant
        | Feature::WeakMethods
        | Feature::WebhookIn => feature.operation().map(|op| format!("[op.{}]", crate::target::http::op_name(op))),
    }
}

/// Whether the target tells something about a participant.
fn told(form: &Form, what: impl Fn(&ParticipantResult) -> bool) -> bool {
    let of_op = form.op.get(&OpName::GetParticipant).and_then(|op| op.result.as_ref());
    let results = of_op.into_iter().chain(form.result.as_ref());
    results.filter_map(|result| result.participant.as_ref()).any(what)
}

fn operations(form: &Form, reader: &mut Reader<'_>) {
    let setup: &[OpName] = match form.setup.unwrap_or_default() {
        Setup::AtOnce => &[OpName::CreateCase],
        Setup::Stepwise => &[OpName::CreateAgreement, OpName::AddParticipant, OpName::ActivateAgreement],
    };
    let sign: &[OpName] = match form.sign.unwrap_or_default() {
        Sign::None | Sign::SameTransaction => &[],
        Sign::SecondTransaction | Sign::SeparateCall => &[OpName::AttemptSignature],
    };
    let always = [OpName::StartAuthentication, OpName::GetParticipant];
    for op in setup.iter().chain(sign).chain(&always).filter(|op| !form.op.contains_key(op)) {
        let name = crate::target::http::op_name(*op);
        missing(reader, &format!("op.{name}"), &format!("say how it is done in `[op.{name}]`, or `none = true` there"));
    }
    for (op, plan) in form.op.iter().filter(|(_, plan)| !plan.none) {
        for part in parts(*op) {
            let has = |results: &Option<Results>| results.as_ref().is_some_and(|results| part.is_in(results));
            if !has(&plan.result) && !has(&form.result) {
                let (op, part) = (crate::target::http::op_name(*op), part.name());
                missing(
                    reader,
                    &format!("result.{part}"),
                    &format!("`{op}` needs it: say in `[result.{part}]` where it is"),
                );
            }
        }
    }
    for (feature, declared) in &form.features {
        if let Some(needs) = rests_on(*feature).filter(|_| *declared && !is_there(form, *feature)) {
            let help = format!("add `{needs}`, or declare `{} = false`", feature.name());
            reader.mistake(
                0..0,
                format!("the feature `{}` is declared, but there is no `{needs}`", feature.name()),
                Some(help),
            );
        }
    }
    if form.providers.is_empty() {
        missing(reader, "providers", "write `providers = { zignsec-v2 = [\"se_bid\"] }`, the usual method first");
    }
}

/// A part of an answer without which an operation says nothing.
#[derive(Clone, Copy)]
enum Needed {
    Agreement,
    Events,
    Participant,
    Participants,
}

impl Needed {
    fn is_in(self, results: &Results) -> bool {
        match self {
            Self::Agreement => results.agreement.is_some(),
            Self::Events => results.events.is_some(),
            Self::Participant => results.participant.is_some(),
            Self::Participants => results.participants.is_some(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Events => "events",
            Self::Participant => "participant",
            Self::Participants => "participants",
        }
    }
}

const fn parts(op: OpName) -> &'static [Needed] {
    match op {
        OpName::AddParticipant | OpName::GetParticipant | OpName::UpdateParticipant => &[Needed::Participant],
        OpName::AddParticipants => &[Needed::Participant, Needed::Participants],
        OpName::CreateAgreement | OpName::GetAgreement => &[Needed::Agreement],
        OpName::CreateCase => &[Needed::Agreement, Needed::Participant, Needed::Participants],
        OpName::ListEvents => &[Needed::Events],
        OpName::ActivateAgreement
        | OpName::AdvanceTime
        | OpName::AttemptSignature
        | OpName::CancelAgreement
        | OpName::DeleteParticipant
        | OpName::DeliverWebhook
        | OpName::DumpStorage
        | OpName::Hello
        | OpName::Idle
        | OpName::PreparePerson
        | OpName::ReadLog
        | OpName::ReopenAgreement
        | OpName::Reset
        | OpName::Restart
        | OpName::ResumeAuthentication
        | OpName::Shutdown
        | OpName::StartAuthentication => &[],
    }
}

fn missing(reader: &mut Reader<'_>, what: &str, help: &str) {
    reader.mistake(0..0, format!("`{what}` is missing"), Some(help.to_owned()));
}

/// Every placeholder begins with a word that has a value at some time.
fn placeholders(form: &Form, reader: &mut Reader<'_>) {
    let steps = || form.op.values().flat_map(|op| &op.steps).chain(form.actor.values().flat_map(|actor| &actor.login));
    let results = || form.op.values().filter_map(|op| op.result.as_ref()).chain(&form.result);
    let lists = || results().filter_map(|result| result.participants.as_ref());
    let mut known: BTreeSet<&str> = ROOTS.into_iter().collect();
    known.extend(steps().flat_map(|step| step.capture.keys()).map(String::as_str));
    known.extend(lists().flat_map(|list| list.capture.keys()).map(String::as_str));

    let mut found: Vec<&Template> = steps().flat_map(Step::templates).collect();
    found.extend(steps().flat_map(|step| step.capture.values()).filter_map(Pick::template));
    found.extend(results().flat_map(Results::picks).filter_map(Pick::template));
    found.extend(&form.base_url);
    for headers in form.actor.values().filter_map(|actor| actor.headers.as_ref()) {
        headers.templates(&mut found);
    }
    for template in found {
        for slot in template.slots() {
            let Some(root) = slot.path.first().map(String::as_str) else { continue };
            let vars_lack = root == "vars" && slot.path.get(1).is_some_and(|name| !form.vars.contains_key(name));
            if known.contains(root) && !vars_lack {
                continue;
            }
            let help = if vars_lack {
                format!("add it to `[vars]`; known there: {}", form.vars.keys().cloned().collect::<Vec<_>>().join(", "))
            } else {
                match did_you_mean(root, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("capture it in a step, or use one of {}", ROOTS.join(", ")),
                }
            };
            reader.mistake(template.at.clone(), format!("nothing gives `{{{{{}}}}}` a value", slot.name()), Some(help));
        }
    }
}

/// The first words of placeholders that always mean something.
const ROOTS: [&str; 10] = ["args", "cookie", "events", "item", "namespace", "return", "run", "sim", "sink", "vars"];
