use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{body_json, body_string, header, method, path, query_param};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

use super::*;
use crate::dial::DialOptions;
use crate::target::{
    Actor, AddParticipant, AgreementRef, Allowed, AttemptSignature, BrowserId, CreateAgreement, Hello, ParticipantRef,
    StartAuthentication, Status, WebhookDelivery, Wire,
};

/// A target file with these parts, on a server of its own.
struct World {
    server: MockServer,
    target: HttpTarget,
    wire: Wire,
}

impl World {
    async fn new(parts: &str) -> Self {
        Self::with_vars(parts, &[]).await
    }

    async fn with_vars(parts: &str, vars: &[(&str, &str)]) -> Self {
        let server = MockServer::start().await;
        let always = "[result]\nparticipant = { id = '$.id', enforcement = { path = '$.check', map = { OK = 'passed', NO = 'failed', WAIT = 'pending' }, missing = 'none' } }\nagreement = { id = '$.id' }\n";
        let ops = [
            "create_agreement",
            "add_participant",
            "activate_agreement",
            "attempt_signature",
            "start_authentication",
            "get_participant",
        ];
        let none: String = ops
            .iter()
            .filter(|op| !parts.contains(&format!("[op.{op}]")))
            .map(|op| format!("[op.{op}]\nnone = true\n"))
            .collect();
        let head = format!(
            "schema = 1\nname = 'ours'\nbase_url = '{}'\nproviders = {{ zignsec-v2 = ['se_bid'] }}\n",
            server.uri()
        );
        let text = format!("{head}{parts}\n{none}{}", if parts.contains("[result") { "" } else { always });
        let file = TargetFile::parse(&text, "ours.toml").unwrap_or_else(|error| panic!("{error}"));
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { server, target: HttpTarget::new(Arc::new(file), dialer, vars), wire: Wire::new() }
    }

    async fn on(&self, mock: MockBuilder, answer: ResponseTemplate) {
        mock.respond_with(answer).mount(&self.server).await;
    }

    fn call_as(&self, actor: Option<Actor>) -> Call {
        let limit = Duration::from_secs(3);
        Call { namespace: "n".to_owned(), actor, browser: None, limit, wire: self.wire.clone() }
    }

    async fn op(&self, op: Op) -> Result<Reply, TargetError> {
        self.target.call(&self.call_as(None), op).await
    }
}

fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

fn post(at: &str) -> MockBuilder {
    Mock::given(method("POST")).and(path(at))
}

fn ok(body: serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn whom() -> ParticipantRef {
    ParticipantRef { agreement_ref: "a".to_owned(), participant_ref: "p".to_owned() }
}

fn look() -> Op {
    Op::GetParticipant(whom())
}

fn activate() -> Op {
    Op::ActivateAgreement(AgreementRef { agreement_ref: "a".to_owned() })
}

fn somebody() -> AddParticipant {
    AddParticipant {
        agreement_ref: "a".to_owned(),
        participant_ref: "p".to_owned(),
        role: "signer".to_owned(),
        name: "Anna".to_owned(),
        email: "anna@a.test".to_owned(),
        personal_number: Some(json!("198501012382")),
        country: "SE".to_owned(),
        extra: [("status".to_owned(), json!("passed"))].into(),
    }
}

fn sign() -> Op {
    Op::AttemptSignature(AttemptSignature {
        participant: whom(),
        method: "weak".to_owned(),
        hint: None,
        phone: None,
        provider: None,
        eid_method: None,
    })
}

fn internal(reply: Result<Reply, TargetError>) -> String {
    match reply {
        Err(TargetError::Internal { message }) => message,
        other => panic!("expected an internal error, got {other:?}"),
    }
}

#[tokio::test]
async fn captures_of_one_operation_are_there_for_the_next() {
    let world = World::new(
        "[op.create_agreement]\nsteps = [{ post = '/a', json = { title = '{{args.agreement_ref}}', level = '{{args.trust_level?}}' }, capture = { agreement = '$.id' } }]\n\
         [op.add_participant]\nsteps = [{ post = '/a/{{agreement}}/p', json = { n = '{{args.personal_number?}}', '...' = '{{args.extra}}' }, capture = { participant = '$.id' } }]\n\
         [op.get_participant]\nsteps = [{ get = '/a/{{agreement}}/p/{{participant}}' }]",
    )
    .await;
    world.on(post("/a").and(body_json(json!({ "title": "a" }))), ok(json!({ "id": 7 }))).await;
    let body = body_json(json!({ "n": "198501012382", "status": "passed" }));
    world.on(post("/a/7/p").and(body), ok(json!({ "id": "p 1", "check": "WAIT" }))).await;
    world.on(get("/a/7/p/p%201"), ok(json!({ "id": "p 1", "check": "OK" }))).await;
    let made =
        world.op(Op::CreateAgreement(CreateAgreement { agreement_ref: "a".to_owned(), trust_level: None })).await;
    assert!(matches!(made, Ok(Reply::Case(case)) if case.agreement_id == "7"));
    let added = world.op(Op::AddParticipant(somebody())).await;
    assert!(
        matches!(added, Ok(Reply::Participant(p)) if p.enforcement.status == Status::Pending && p.enforcement.enabled)
    );
    assert!(matches!(world.op(look()).await, Ok(Reply::Participant(p)) if p.enforcement.status == Status::Passed));
    assert_eq!(world.wire.exchanges().len(), 3);
    let reset = Op::Reset(crate::target::Reset { namespace: "n".to_owned() });
    assert_eq!(world.op(reset).await, Ok(Reply::Done));
    assert!(internal(world.op(look()).await).contains("there is no value for `{{agreement}}`"));
}

#[tokio::test]
async fn an_unknown_word_for_a_state_is_an_error_and_never_none() {
    let world = World::new("[op.get_participant]\nsteps = [{ get = '/p' }]").await;
    world.on(get("/p"), ok(json!({ "id": 1, "check": "FINE" }))).await;
    insta::assert_snapshot!(internal(world.op(look()).await), @"`get_participant`, result `participant.enforcement`: `$.check` says `FINE`: expected one of NO, OK, WAIT; if it is a word of the target's, add it to `map`");
    world.server.reset().await;
    world.on(get("/p"), ok(json!({ "id": 1, "check": null }))).await;
    assert!(matches!(world.op(look()).await, Ok(Reply::Participant(p)) if p.enforcement.status == Status::None));
}

#[tokio::test]
async fn no_status_is_a_refusal_by_itself() {
    let world = World::new("[op.activate_agreement]\nsteps = [{ post = '/x' }]").await;
    for status in [400, 401, 403, 404, 409, 413, 422, 500] {
        world.server.reset().await;
        world.on(post("/x"), ResponseTemplate::new(status).set_body_string("no 198501012382")).await;
        let message = internal(world.op(activate()).await);
        assert!(
            message.contains(&format!("answered {status} with `no ************`, expected 200 to 299")),
            "{message}"
        );
    }
    world.server.reset().await;
    world.on(post("/x"), ResponseTemplate::new(302).insert_header("location", "/y")).await;
    assert!(internal(world.op(activate()).await).contains("redirects are not followed in steps"));
}

#[tokio::test]
async fn the_file_says_what_an_answer_means_and_the_first_rule_counts() {
    let world = World::new(
        "[op.activate_agreement]\nsteps = [{ post = '/x' }]\n[op.attempt_signature]\nsteps = [{ post = '/x' }]\n\
         [[outcome]]\nwhen = { header = 'x-late' }\nis = 'conflict'\n\
         [[outcome]]\nwhen = { path = '$.errors[*].code', in = ['LOCKED'] }\nis = 'blocked'\nreason = '$.errors[0].code'\n\
         [[outcome]]\nop = ['attempt_signature']\nwhen = { status = '4xx' }\nis = 'not-found'\n\
         [[outcome]]\nwhen = { status = [422], path = '$.errors', exists = true }\nis = 'rejected'\n\
         [[outcome]]\nwhen = { path = '$.n', ge = 3 }\nis = 'unavailable'\n\
         [[outcome]]\nwhen = { status = 418 }\nis = 'error'",
    )
    .await;
    let answers = |status: u16, body: serde_json::Value| ResponseTemplate::new(status).set_body_json(body);
    // GraphQL answers 200 to everything.
    world.on(post("/x"), answers(200, json!({ "errors": [{ "code": "LOCKED" }] }))).await;
    assert_eq!(
        world.op(activate()).await,
        Err(TargetError::Rejected { message: "LOCKED".to_owned(), status: Some(200) })
    );
    let blocked = Reply::Signature(Allowed::Blocked { reason: Some("LOCKED".to_owned()) });
    assert_eq!(world.op(sign()).await, Ok(blocked));
    for (answer, op, code) in [
        (answers(422, json!({ "errors": [] })).insert_header("x-late", "1"), activate(), "conflict"),
        (answers(422, json!({ "errors": [] })), activate(), "rejected"),
        (answers(422, json!({ "errors": [] })), sign(), "not_found"),
        (answers(200, json!({ "n": 3 })), activate(), "unavailable"),
        (answers(418, json!({})), activate(), "internal"),
    ] {
        world.server.reset().await;
        world.on(post("/x"), answer).await;
        let error = serde_json::to_value(world.op(op).await.unwrap_err()).unwrap();
        assert_eq!(error["code"], code);
    }
}

#[tokio::test]
async fn wait_means_the_same_again_until_the_time_is_up() {
    let world = World::new("[op.activate_agreement]\nsteps = [{ post = '/x' }]").await;
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "0");
    post("/x").respond_with(busy).up_to_n_times(2).mount(&world.server).await;
    world.on(post("/x"), ok(json!({}))).await;
    assert_eq!(world.op(activate()).await, Ok(Reply::Done));
    assert_eq!(world.wire.exchanges().len(), 3);
    world.server.reset().await;
    world.on(post("/x"), ResponseTemplate::new(429).insert_header("retry-after", "60")).await;
    assert!(matches!(world.op(activate()).await, Err(TargetError::Wait { .. })));
    world.server.reset().await;
    world.on(post("/x"), ResponseTemplate::new(503)).await;
    assert!(matches!(world.op(activate()).await, Err(TargetError::Unavailable { .. })));
}

#[tokio::test]
async fn only_an_oversize_request_is_refused_by_413_431_or_a_reset() {
    let world =
        World::new("[op.add_participant]\nsteps = [{ post = '/x', json = { n = '{{args.personal_number}}' } }]").await;
    world.on(post("/x"), ResponseTemplate::new(413)).await;
    let long = AddParticipant { personal_number: Some(json!("1".repeat(100_000))), ..somebody() };
    let reply = world.op(Op::AddParticipant(long)).await;
    assert!(matches!(reply, Err(TargetError::Rejected { status: Some(413), .. })), "{reply:?}");
    assert!(matches!(world.op(Op::AddParticipant(somebody())).await, Err(TargetError::Internal { .. })));
}

#[tokio::test]
async fn a_sender_logs_in_once_and_again_when_the_login_is_over() {
    let world = World::with_vars(
        "[vars]\npassword = 'wrong'\n[actor.sender]\nlogin = [\n\
         { get = '/login', capture = { _token = { css = 'input[name=_token]', attr = 'value' } } },\n\
         { post = '/login', form = { password = '{{vars.password}}', _token = '{{_token}}' }, expect = { status = 302, location = '/home' }, capture = { tail = { header = 'location', regex = 'h(..)e' } } },\n]\n\
         headers = { X-XSRF = '{{cookie.XSRF|urldecode}}', X-Tail = '{{tail}}' }\nrelogin_on = { path = '$.error', in = ['expired'] }\n\
         [op.activate_agreement]\nsteps = [{ post = '/x' }]",
        &[("password", "right word")],
    )
    .await;
    let form = "<form><input name=\"_token\" value=\"t&amp;1\"></form>";
    world.on(get("/login"), ResponseTemplate::new(200).set_body_raw(form, "text/html")).await;
    let cookies = [("set-cookie", "sid=1; Path=/; HttpOnly"), ("set-cookie", "XSRF=a%3D; Path=/")];
    let inside = ResponseTemplate::new(302).insert_header("location", "/home").append_headers(cookies);
    let fields = body_string("_token=t%261&password=right+word");
    world.on(post("/login").and(fields), inside).await;
    let over = ok(json!({ "error": "expired" }));
    post("/x").respond_with(over).up_to_n_times(1).mount(&world.server).await;
    // The order of cookies is nobody's business.
    world.on(post("/x").and(header("x-xsrf", "a=")).and(header("x-tail", "om")), ok(json!({}))).await;
    assert_eq!(world.op(activate()).await, Ok(Reply::Done));
    assert_eq!(world.op(activate()).await, Ok(Reply::Done));
    let calls: Vec<String> = world
        .wire
        .exchanges()
        .iter()
        .map(|e| format!("{} {}", e.actor, e.url.trim_start_matches(&world.server.uri())))
        .collect();
    assert_eq!(
        calls,
        ["sender /login", "sender /login", "sender /x", "sender /login", "sender /login", "sender /x", "sender /x"]
    );
}

#[tokio::test]
async fn a_login_that_fails_is_named_so() {
    let world =
        World::new("[actor.sender]\nlogin = [{ post = '/login' }]\n[op.activate_agreement]\nsteps = [{ post = '/x' }]")
            .await;
    insta::assert_snapshot!(internal(world.op(activate()).await), @"login of sender, step 1 (POST /login): the target answered 404 without a body, expected 200 to 299. If the target refuses with this answer, say so in an `[[outcome]]`; if the step is right as it is, in its `expect`");
}

#[tokio::test]
async fn others_stand_in_for_the_actor_of_an_operation() {
    let world = World::new(
        "[actor.sender]\nheaders = { Authorization = 'sender' }\n[actor.stranger]\nheaders = { Authorization = 'stranger' }\n\
         [op.get_participant]\nsteps = [{ get = '/p' }]\n[op.attempt_signature]\nsteps = [{ as = 'sender', get = '/help' }, { post = '/sign' }]",
    )
    .await;
    for who in ["sender", "stranger"] {
        world.on(get("/p").and(header("authorization", who)), ok(json!({ "id": who }))).await;
    }
    world.on(get("/help").and(header("authorization", "sender")), ok(json!({}))).await;
    world.on(post("/sign"), ok(json!({}))).await;
    let seen = |actor: Actor| {
        let world = &world;
        async move { world.target.call(&world.call_as(Some(actor)), look()).await }
    };
    assert!(matches!(seen(Actor::Stranger).await, Ok(Reply::Participant(p)) if p.participant_id == "stranger"));
    assert!(seen(Actor::Anonymous).await.is_err());
    let call = world.call_as(Some(Actor::Anonymous));
    assert_eq!(world.target.call(&call, sign()).await, Ok(Reply::Signature(Allowed::Allowed)));
    let actors: Vec<String> = world.wire.exchanges().into_iter().map(|exchange| exchange.actor).collect();
    assert_eq!(actors, ["stranger", "anonymous", "sender", "anonymous"]);
}

#[tokio::test]
async fn the_person_of_the_steps_has_the_browsers_cookies() {
    let world = World::new(
        "[actor.person]\nheaders = { X-T = '{{cookie.t?}}' }\n[op.start_authentication]\nsteps = [\n\
         { get = '/room' }, { post = '/start', json = { m = '{{args.method}}' }, expect = { status = 202 }, capture = { kind = { cookie = 'room' }, n = { regex = 'n=([0-9]+)' } } },\n\
         { get = '/start/{{kind}}/{{n}}', until = { path = '$.url', exists = true, every = '10ms' } }]\n\
         [result]\nparticipant = { id = '$.id', enforcement = '$.s' }\nagreement = { id = '$.id' }\nauthentication = { redirect_url = '$.url', auth_ref = { value = '{{n}}' } }",
    )
    .await;
    world.on(get("/room"), ResponseTemplate::new(200).insert_header("set-cookie", "room=r1; Path=/")).await;
    let started = ResponseTemplate::new(202).set_body_string("x n=42;");
    world.on(post("/start").and(header("cookie", "room=r1")).and(body_json(json!({ "m": "se_bid" }))), started).await;
    get("/start/r1/42").respond_with(ok(json!({ "url": null }))).up_to_n_times(2).mount(&world.server).await;
    world.on(get("/start/r1/42"), ok(json!({ "url": "http://provider.test/1" }))).await;
    world.on(get("/back").and(header("cookie", "room=r1")), ResponseTemplate::new(204)).await;
    let start = StartAuthentication {
        participant: whom(),
        provider: "zignsec_v2".to_owned(),
        method: None,
        hint: None,
        phone: None,
        extra: BTreeMap::new(),
    };
    let browser = BrowserId { namespace: "n".to_owned(), name: "anna".to_owned() };
    let call = Call { browser: Some(browser.clone()), ..world.call_as(None) };
    let Ok(Reply::Started(started)) = world.target.call(&call, Op::StartAuthentication(start)).await else { panic!() };
    assert_eq!(started.redirect_url.as_deref(), Some("http://provider.test/1"));
    assert_eq!(started.auth_ref.as_deref(), Some("42"));
    let page = world.target.agent().open(&browser, &format!("{}/back", world.server.uri()), &world.wire).await.unwrap();
    assert_eq!(page.status, 204);
    assert_eq!(world.wire.exchanges().last().map(|exchange| exchange.actor.clone()).as_deref(), Some("person anna"));
}

#[tokio::test]
async fn what_until_waits_for_may_not_come() {
    let world = World::new("[op.activate_agreement]\nsteps = [{ post = '/x', until = { path = '$.n', ge = 1, every = '10ms', within = '50ms' } }]").await;
    world.on(post("/x"), ok(json!({ "n": 0 }))).await;
    insta::assert_snapshot!(internal(world.op(activate()).await), @"`activate_agreement`, step 1 (POST /x): what `until` waits for did not come within 50ms: raise `within`, or look at what the target answers instead");
}

#[tokio::test]
async fn captures_that_find_nothing_end_the_operation_as_told() {
    let steps =
        |more: &str| format!("[op.attempt_signature]\nsteps = [{{ get = '/x', capture = {{ room = {more} }} }}]");
    let answer = ok(json!({ "room": null }));
    let world = World::new(&steps("{ path = '$.room', absent = 'blocked' }")).await;
    world.on(get("/x"), answer.clone()).await;
    assert!(matches!(world.op(sign()).await, Ok(Reply::Signature(Allowed::Blocked { .. }))));
    let world = World::new(&steps("'$.room'")).await;
    world.on(get("/x"), answer).await;
    insta::assert_snapshot!(internal(world.op(sign()).await), @"`attempt_signature`, step 1 (GET /x): capture `room`: `$.room` is not there: expected a value; where there may be none, say so with `optional = true` or `missing = …`");
}

#[tokio::test]
async fn steps_are_left_out_by_arguments_and_bodies_may_be_any_text() {
    let world = World::new(
        "[op.deliver_webhook]\nsteps = [{ post = '{{args.url}}', headers = { '...' = '{{args.headers}}' }, body = '{{args.body}}' }]\n\
         [op.hello]\nsteps = [{ put = '/hook', json = { url = '{{sink}}', run = '{{run}}', at = '{{sim.ZIGNSEC_V2_URL}}' }, when = { arg = 'sink', exists = true } }]",
    )
    .await;
    let hello = |sink: Option<&str>| {
        let connections = [("ZIGNSEC_V2_URL".to_owned(), "http://sim.test/".to_owned())].into();
        Op::Hello(Hello { protocol: 1, run: "r1".to_owned(), connections, sink: sink.map(str::to_owned) })
    };
    assert!(matches!(world.op(hello(None)).await, Ok(Reply::Welcome(welcome)) if welcome.name == "ours"));
    assert!(world.wire.exchanges().is_empty());
    let body = json!({ "url": "http://sink.test/", "run": "r1", "at": "http://sim.test/" });
    world.on(Mock::given(method("PUT")).and(path("/hook")).and(body_json(body)), ok(json!({}))).await;
    assert!(world.op(hello(Some("http://sink.test/"))).await.is_ok());
    let mock = post("/in").and(query_param("a", "1")).and(header("x-s", "sig")).and(body_string("{\"x\": 1}"));
    world.on(mock, ResponseTemplate::new(418)).await;
    let url = Some(format!("{}/in?a=1", world.server.uri()));
    let headers = vec![("X-S".to_owned(), "sig".to_owned()), ("content-length".to_owned(), "3".to_owned())];
    let delivery = WebhookDelivery { url, headers, body: "{\"x\": 1}".to_owned() };
    assert_eq!(world.op(Op::DeliverWebhook(delivery)).await, Ok(Reply::Delivered { status: 418 }));
}

#[tokio::test]
async fn what_is_not_declared_is_unsupported_and_nobody_there_is_unavailable() {
    let world = World::new("[op.activate_agreement]\nsteps = [{ post = 'http://127.0.0.1:9/x' }]").await;
    assert_eq!(
        world.op(Op::Idle(AgreementRef { agreement_ref: "a".to_owned() })).await,
        Err(TargetError::Unsupported { op: OpName::Idle })
    );
    assert!(matches!(world.op(activate()).await, Err(TargetError::Unavailable { .. })));
}
