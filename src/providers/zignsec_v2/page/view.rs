//! What the page of a pending order shows.

use askama::Template;

use super::act::CPR_TRIES;
use super::deed::People;
use super::qr::AppStart;
use super::step::{self, Step};
use super::zignsec::card::Card;
use super::zignsec::ending::VERSION;
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::standing::{Standing, hint};
use super::zignsec::texts::{Texts, filled};
use crate::identity::Person;
use crate::providers::zignsec_v2::{Method, ZignsecV2};
use crate::script::{Reason, Word as _};
use crate::simulation::{Context, Session};

/// The page of a pending order.
#[derive(Debug, Template)]
#[template(path = "hosted.html")]
pub(super) struct Hosted {
    t: &'static Texts,
    version: u32,
    title: &'static str,
    base: String,
    manner: Manner,
    /// Seconds until a browser without script looks again.
    refresh: u32,
    problem: Option<String>,
    standing: Standing,
    text: Option<String>,
    signs: bool,
    stage: Stage,
    reasons: Vec<(&'static str, &'static str)>,
    method: &'static str,
    session: String,
}

#[derive(Debug)]
enum Stage {
    Asking,
    Consent { person: String, lead: String, shares: Vec<&'static str> },
    Cpr { lead: String, wrong: Option<String> },
    Device,
    Method { choices: Vec<Choice> },
    Who(Who),
}

#[derive(Debug)]
struct Choice {
    value: &'static str,
    label: &'static str,
}

#[derive(Debug)]
struct Who {
    app: Option<App>,
    many: bool,
    filter: String,
    only_one: bool,
    first: Vec<Card>,
    others: Vec<Card>,
    special: Vec<Card>,
    nobody: bool,
}

#[derive(Debug)]
struct App {
    qr: bool,
    link: String,
}

/// What a page is made from besides the session.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) base: &'a str,
    pub(super) manner: Manner,
    pub(super) fields: &'a Fields,
    pub(super) problem: Option<String>,
}

impl Hosted {
    /// The page as it is now.
    pub(super) fn of(
        session: &Session<ZignsecV2>,
        context: &Context<'_, ZignsecV2>,
        asked: Asked<'_>,
        people: People<'_>,
    ) -> Self {
        let t = Texts::of(session.order.language);
        let method = session.state.method(&session.order);
        let signs = method == Method::SbidSign;
        let stage = stage(session, context, asked.fields, people, t);
        Self {
            t,
            version: VERSION,
            title: if signs { t.sign_title } else { t.identify_title },
            base: asked.base.to_owned(),
            manner: asked.manner,
            // Long enough to choose or to type; only waiting is looked after often.
            refresh: if matches!(stage, Stage::Asking) { 1 } else { 15 },
            problem: asked.problem,
            standing: standing(session, context),
            text: session.order.text.as_deref().map(|text| text.replace("\r\n", "\n").replace('\r', "\n")),
            signs,
            stage,
            reasons: FAILURES.map(|reason| (reason.word(), t.reason(reason))).to_vec(),
            method: session.state.chosen.unwrap_or(session.order.method).selector(),
            session: session.id.to_string(),
        }
    }
}

/// How the order stands.
pub(super) fn standing(session: &Session<ZignsecV2>, context: &Context<'_, ZignsecV2>) -> Standing {
    let (t, step) = (Texts::of(session.order.language), Step::of(session));
    let app = step == Step::Who && step::starts_app(session).is_some();
    let status = if step == Step::Asking { t.wait } else { t.hint(hint(session), app) };
    Standing::of(session, context, step.word(), status)
}

fn stage(
    session: &Session<ZignsecV2>,
    context: &Context<'_, ZignsecV2>,
    fields: &Fields,
    people: People<'_>,
    t: &'static Texts,
) -> Stage {
    match Step::of(session) {
        Step::Asking => Stage::Asking,
        Step::Consent(person) => {
            let scope = session.order.scope;
            let wanted = [
                (scope.nnin, t.scope_number),
                (scope.address, t.scope_address),
                (scope.phone, t.scope_phone),
                (scope.email, t.scope_email),
            ];
            Stage::Consent {
                lead: filled(t.consent_lead, "{name}", &person.full_name()),
                person: person.name.clone(),
                shares: wanted.into_iter().filter_map(|(wanted, label)| wanted.then_some(label)).collect(),
            }
        }
        Step::Cpr(person) => {
            let tries = session.state.cpr_tries;
            let left = CPR_TRIES.saturating_sub(tries).to_string();
            Stage::Cpr {
                lead: filled(t.cpr_lead, "{name}", &person.full_name()),
                wrong: (tries > 0).then(|| filled(t.cpr_wrong, "{n}", &left)),
            }
        }
        Step::Device => Stage::Device,
        Step::Method => {
            let offered = Method::of_country(session.order.method.country()).iter();
            let choice = |method: &Method| Choice { value: method.selector(), label: label(*method, t) };
            Stage::Method { choices: offered.map(choice).collect() }
        }
        Step::Who => Stage::Who(who(session, context, fields, people, t)),
    }
}

fn who(
    session: &Session<ZignsecV2>,
    context: &Context<'_, ZignsecV2>,
    fields: &Fields,
    people: People<'_>,
    t: &'static Texts,
) -> Who {
    let cast = &session.cast;
    let filter = fields.named("q").unwrap_or_default().to_owned();
    let wanted = filter.to_lowercase();
    let preselected = fields.named("as").or_else(|| fields.named("person"));
    let chosen = preselected.and_then(|name| people.called(Some(name), session).ok());
    let chosen = chosen.unwrap_or_else(|| cast.requested.clone());
    let card = |person: &Person, relation: Option<&'static str>, class: &'static str| {
        let word = t.trait_of(person);
        let full_name = person.full_name();
        let search = format!("{} {full_name} {word} {}", person.name, relation.unwrap_or_default()).to_lowercase();
        let chosen = person.name == chosen.name;
        Card { name: person.name.clone(), full_name, word, relation, class, search, chosen }
    };
    let shown = |card: &Card| card.chosen || card.search.contains(&wanted);
    // Without a number in the order, nobody here can know who is the right one.
    let (right, wrong) = match session.order.number() {
        Some(_) => ((t.right_person, "right"), (t.wrong_person, "wrong")),
        None => ((t.usual_person, "usual"), (t.somebody_else, "usual")),
    };
    let first: Vec<Card> = [(&cast.requested, right), (&cast.someone_else, wrong)]
        .into_iter()
        .map(|(person, (relation, class))| card(person, Some(relation), class))
        .filter(shown)
        .collect();
    let elsewhere = |person: &&std::sync::Arc<Person>| {
        People::fits(person, session) && person.name != cast.requested.name && person.name != cast.someone_else.name
    };
    let (special, others): (Vec<_>, Vec<_>) = people.persons.iter().filter(elsewhere).partition(|p| p.is_magic());
    let many = others.len() > MANY;
    let cards = |of: Vec<&std::sync::Arc<Person>>| -> Vec<Card> {
        of.into_iter().map(|person| card(person, None, "")).filter(shown).collect()
    };
    let (others, special) = (cards(others), cards(special));
    let app = step::starts_app(session)
        .map(|qr| App { qr, link: AppStart::derived(context.secret, session.id, session.retries).link() });
    let nobody = first.is_empty() && others.is_empty() && special.is_empty();
    Who { app, many, filter, only_one: step::is_for_one(session), first, others, special, nobody }
}

const fn label(method: Method, t: &'static Texts) -> &'static str {
    match method {
        Method::Chooser(_) => t.methods_title,
        // Proper names: the same in every language.
        Method::Fbid => "FTN",
        Method::Nbid => t.device_web,
        Method::NbidMobile => t.device_mobile,
        Method::NbidOidc | Method::NbidPep => "BankID",
        Method::Nemid => "NemID",
        Method::Sbid => t.this_device,
        Method::SbidAnother | Method::SbidSign => t.another_device,
    }
}

/// More than so many other people are filtered.
const MANY: usize = 6;

/// How one can let it fail. Pressing cancel has its own button; a link expires by not being opened.
const FAILURES: [Reason; 7] = [
    Reason::CertificateError,
    Reason::StartFailed,
    Reason::OrderExpired,
    Reason::Exception,
    Reason::AlreadyInProgress,
    Reason::Superseded,
    Reason::WrongPerson,
];
