//! What would be sent for one sample scenario: for people who write a target file, without a target.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::plan::{Plan, Step};
use super::request::{address, fill};
use super::{Template, arguments, op_name};
use crate::target::exchange::label;
use crate::target::{
    Actor, AddParticipant, AgreementRef, AttemptSignature, Case, CreateAgreement, Hello, Op, ParticipantRef, Reset,
    Return, Setup, Sign, StartAuthentication, TargetFile, Update, WebhookDelivery,
};

/// What would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// The requests, masked, operation by operation. Captures are shown as `<name>`.
    pub text: String,
    /// Requests that cannot be made, each with its place.
    pub mistakes: Vec<String>,
}

impl TargetFile {
    /// Fills every step with sample values, in the order of a scenario.
    #[must_use]
    pub fn rehearsal(&self) -> Rehearsal {
        let mut rehearsal = Rehearsal { text: String::new(), mistakes: Vec::new() };
        for (about, op) in self.sample() {
            let name = op.name();
            let Some(plan) = self.ops.get(&name) else { continue };
            let _ = writeln!(rehearsal.text, "{}{about}", op_name(name));
            if plan.is_none || plan.steps.is_empty() {
                rehearsal.text.push_str("    nothing to do\n");
            }
            self.rehearse(plan, &op, &mut rehearsal);
        }
        rehearsal.text = self.masked(&rehearsal.text);
        rehearsal
    }

    fn rehearse(&self, plan: &Plan, op: &Op, rehearsal: &mut Rehearsal) {
        let args = arguments(op, self);
        for (index, step) in plan.steps.iter().enumerate() {
            if step.when.as_ref().is_some_and(|when| !when.holds(&args)) {
                continue;
            }
            let actor = step.actor.unwrap_or_else(|| op.name().principal());
            match self.shown(step, actor, &args) {
                Ok(shown) => rehearsal.text.push_str(&shown),
                Err(problem) => {
                    let mistake = format!("`{}`, step {}: {problem}", op_name(op.name()), index + 1);
                    rehearsal.mistakes.push(self.masked(&mistake));
                }
            }
        }
    }

    fn shown(&self, step: &Step, actor: Actor, args: &Value) -> Result<String, String> {
        let headers = self.actors.get(&actor).and_then(|plan| plan.headers.as_ref());
        let mut templates = step.templates();
        if let Some(headers) = headers {
            headers.templates(&mut templates);
        }
        let values = self.sample_values(&templates, args);
        let url = self.sample_address(&step.url, &values)?;
        let filled = fill(step, headers, &values).map_err(|error| error.to_string())?;
        let mut out = format!("    {}  {} {url}\n", label(actor, None), step.method);
        for (name, value) in &filled.headers {
            let is_secret = ["authorization", "cookie"].iter().any(|secret| name.eq_ignore_ascii_case(secret));
            let _ = writeln!(out, "        {name}: {}", if is_secret { "[hidden]" } else { value });
        }
        if !filled.body.is_empty() {
            let _ = writeln!(out, "        {}", String::from_utf8_lossy(&filled.body));
        }
        Ok(out)
    }

    /// The address; one that begins with a capture is not known yet.
    fn sample_address(&self, url: &Template, values: &Value) -> Result<String, String> {
        let shown = match url.address(values).map_err(|error| error.to_string())? {
            captured if captured.starts_with('<') => captured,
            _ => address(&self.base_url, url, values).map_err(|error| error.to_string())?.to_string(),
        };
        Ok(shown.replace("%3C", "<").replace("%3E", ">"))
    }

    /// The arguments as they are, variables as the file has them, and `<name>` for everything that only a run can tell.
    fn sample_values(&self, templates: &[&Template], args: &Value) -> Value {
        let mut values = Map::new();
        for slot in templates.iter().flat_map(|template| template.slots()) {
            put(&mut values, &slot.path, &slot.name());
        }
        let returned: BTreeMap<&str, &str> = [("relaystate", "<relaystate>")].into();
        for (name, value) in [
            ("args", args.clone()),
            ("vars", json!(self.vars)),
            ("run", json!("run-1")),
            ("namespace", json!("scenario-1")),
            ("sink", json!("http://127.0.0.1:9/sink")),
            ("events", json!({ "secret": "[hidden]" })),
        ] {
            values.insert(name.to_owned(), value);
        }
        values.entry("return").or_insert_with(|| json!({ "query": returned }));
        // The placeholders of the address behind `base_url` are variables, which are known.
        values.remove("item");
        Value::Object(values)
    }

    fn sample(&self) -> Vec<(&'static str, Op)> {
        let agreement = || AgreementRef { agreement_ref: "agreement-1".to_owned() };
        let whom = || ParticipantRef { agreement_ref: "agreement-1".to_owned(), participant_ref: "anna".to_owned() };
        let create =
            || CreateAgreement { agreement_ref: "agreement-1".to_owned(), trust_level: Some("AES".to_owned()) };
        let anna = || sample_participant("anna", "Anna Provsson");
        let update = |disable| Update {
            agreement_ref: "agreement-1".to_owned(),
            participant_ref: "anna".to_owned(),
            name: Some("Anna Provberg".to_owned()),
            email: None,
            personal_number: None,
            disable,
            extra: BTreeMap::new(),
        };
        let provider = self.provider_order.first().cloned().unwrap_or_default();
        let start = StartAuthentication {
            participant: whom(),
            provider: provider.clone(),
            method: None,
            hint: None,
            phone: None,
            extra: BTreeMap::new(),
        };
        let returned = Return {
            participant: whom(),
            auth_ref: Some("<auth_ref>".to_owned()),
            return_url: "http://127.0.0.1:9/return?relaystate=r1&service=eIDBasic".to_owned(),
        };
        let sign = |method: &str| {
            Op::AttemptSignature(AttemptSignature {
                participant: whom(),
                method: method.to_owned(),
                hint: None,
                phone: None,
                provider: Some(provider.clone()),
                eid_method: None,
            })
        };
        let delivery = WebhookDelivery {
            url: Some("http://127.0.0.1:9/hook".to_owned()),
            headers: vec![("X-ZignSec-Hmac-SHA256".to_owned(), "<signature>".to_owned())],
            body: "{}".to_owned(),
        };
        let hello = Hello {
            protocol: 1,
            run: "run-1".to_owned(),
            connections: BTreeMap::new(),
            sink: Some("http://127.0.0.1:9/sink".to_owned()),
        };
        let case = Case { agreement: create(), participants: vec![anna()], activate: true };
        let set_up = match self.setup {
            Setup::AtOnce => vec![("", Op::PreparePerson(anna())), ("", Op::CreateCase(case))],
            Setup::Stepwise => vec![
                ("", Op::CreateAgreement(create())),
                ("", Op::PreparePerson(anna())),
                ("", Op::AddParticipant(anna())),
                ("", Op::AddParticipants(vec![sample_participant("bo", "Bo Provsson")])),
                ("", Op::UpdateParticipant(update(false))),
                (" (turning the check off)", Op::UpdateParticipant(update(true))),
                ("", Op::ActivateAgreement(agreement())),
            ],
        };
        let signs = match self.sign {
            Sign::None | Sign::SameTransaction => Vec::new(),
            Sign::SecondTransaction | Sign::SeparateCall => vec![(" (weak)", sign("weak")), (" (eid)", sign("eid"))],
        };
        let mut all = vec![("", Op::Hello(hello)), ("", Op::Reset(Reset { namespace: "scenario-1".to_owned() }))];
        all.extend(set_up);
        all.extend([
            ("", Op::StartAuthentication(start)),
            ("", Op::ResumeAuthentication(returned)),
            ("", Op::DeliverWebhook(delivery)),
            ("", Op::GetParticipant(whom())),
        ]);
        all.extend(signs);
        all.extend([
            ("", Op::GetAgreement(agreement())),
            ("", Op::ListEvents(agreement())),
            ("", Op::Idle(agreement())),
            ("", Op::ReopenAgreement(agreement())),
            ("", Op::DeleteParticipant(whom())),
            ("", Op::CancelAgreement(agreement())),
            ("", Op::AdvanceTime(Duration::from_secs(60))),
            ("", Op::Restart),
            ("", Op::DumpStorage),
            ("", Op::ReadLog),
            ("", Op::Shutdown),
        ]);
        all
    }
}

/// With a number that is synthetic.
fn sample_participant(reference: &str, name: &str) -> AddParticipant {
    AddParticipant {
        agreement_ref: "agreement-1".to_owned(),
        participant_ref: reference.to_owned(),
        role: "signer".to_owned(),
        name: name.to_owned(),
        email: format!("{reference}.agreement-1@example.test"),
        personal_number: Some(json!("198501012382")),
        country: "SE".to_owned(),
        extra: BTreeMap::new(),
    }
}

/// `<a.b>` at the place `a.b`.
fn put(values: &mut Map<String, Value>, path: &[String], name: &str) {
    match path {
        [] => {}
        [last] => {
            values.entry(last.clone()).or_insert_with(|| json!(format!("<{name}>")));
        }
        [first, rest @ ..] => {
            let inside = values.entry(first.clone()).or_insert_with(|| json!({}));
            if let Some(inside) = inside.as_object_mut() {
                put(inside, rest, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_file_sends_what_zigned_documents() {
        let rehearsal = TargetFile::bundled_zigned().rehearsal();
        assert_eq!(rehearsal.mistakes, Vec::<String>::new());
        assert!(!rehearsal.text.contains("198501012382") && !rehearsal.text.contains("sender-token"));
        insta::assert_snapshot!(rehearsal.text);
    }

    #[test]
    fn an_argument_that_does_not_exist_is_found_without_a_target() {
        let text = include_str!("../../../fixtures/targets/zigned.toml");
        let text = text.replace("name = \"{{args.name}}\"", "name = \"{{args.nam}}\"");
        let rehearsal = TargetFile::parse(&text, "t").unwrap().rehearsal();
        assert_eq!(
            rehearsal.mistakes,
            [
                "`add_participant`, step 1: there is no value for `{{args.nam}}`: capture it in an earlier step, or write `{{args.nam?}}` to leave it out"
            ]
        );
    }
}
