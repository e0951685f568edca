use wiremock::matchers::{body_string, header, header_exists, method, path, query_param};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

use super::*;
use crate::dial::{DialOptions, Dialer};

fn agent(rules: &[String]) -> Agent {
    let connect_to = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Agent::alone(Dialer::new(&DialOptions { connect_to, ..DialOptions::default() }).unwrap())
}

fn browser(name: &str) -> BrowserId {
    BrowserId { namespace: "n".to_owned(), name: name.to_owned() }
}

fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

fn html(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "text/html; charset=utf-8")
}

fn to(status: u16, location: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("location", location)
}

async fn open(agent: &Agent, server: &MockServer, at: &str) -> Result<Page, AgentError> {
    agent.open(&browser("anna"), &format!("{}{at}", server.uri()), &Wire::new()).await
}

#[tokio::test]
async fn redirects_are_followed_and_each_browser_has_its_own_cookies() {
    let server = MockServer::start().await;
    get("/a").respond_with(to(302, "/b?x=1#part").insert_header("set-cookie", "sid=s1; Path=/")).mount(&server).await;
    get("/b")
        .and(query_param("x", "1"))
        .and(header("cookie", "sid=s1"))
        .respond_with(to(303, "c"))
        .mount(&server)
        .await;
    get("/c")
        .and(header("cookie", "sid=s1"))
        .respond_with(ResponseTemplate::new(200).set_body_string("here"))
        .mount(&server)
        .await;
    let agent = agent(&[]);
    let page = open(&agent, &server, "/a").await.unwrap();
    assert_eq!((page.status, page.body.as_str(), page.url.path()), (200, "here", "/c"));
    assert_eq!(page.hops.iter().map(|hop| hop.status).collect::<Vec<_>>(), [302, 303, 200]);
    let other = agent.open(&browser("anna/other"), &format!("{}/c", server.uri()), &Wire::new()).await.unwrap();
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn circles_end_and_strange_addresses_are_not_opened() {
    let server = MockServer::start().await;
    get("/a").respond_with(to(302, "/b")).mount(&server).await;
    get("/b").respond_with(to(302, "/a")).mount(&server).await;
    get("/app").respond_with(to(302, "bankid:///?autostarttoken=1")).mount(&server).await;
    let wire = Wire::new();
    let agent = agent(&[]);
    let error = agent.open(&browser("anna"), &format!("{}/a", server.uri()), &wire).await.unwrap_err();
    assert!(matches!(error, AgentError::TooManyHops { .. }));
    assert_eq!(wire.exchanges().len(), 21);
    assert!(matches!(open(&agent, &server, "/app").await, Err(AgentError::Address { .. })));
    let nobody = agent.open(&browser("anna"), "http://127.0.0.1:9/", &wire).await;
    assert!(matches!(nobody, Err(AgentError::NoAnswer { .. })));
}

#[tokio::test]
async fn a_quick_refresh_leads_on_and_a_slow_one_or_one_to_itself_does_not() {
    let server = MockServer::start().await;
    let quick = r#"<head><noscript><meta http-equiv="Refresh" content="0; URL='/end?a=1&amp;b=2'"></noscript><script>x()</script></head>"#;
    get("/quick").respond_with(html(quick)).mount(&server).await;
    get("/end").and(query_param("b", "2")).respond_with(html("end")).mount(&server).await;
    get("/slow").respond_with(html("<meta http-equiv=refresh content='15;url=/end'>")).mount(&server).await;
    get("/self").respond_with(html("<meta http-equiv=refresh content='1'>")).mount(&server).await;
    let agent = agent(&[]);
    let page = open(&agent, &server, "/quick").await.unwrap();
    assert_eq!((page.url.path(), page.has_scripts), ("/end", false));
    assert_eq!(open(&agent, &server, "/slow").await.unwrap().url.path(), "/slow");
    assert_eq!(open(&agent, &server, "/self").await.unwrap().url.path(), "/self");
}

#[tokio::test]
async fn forms_are_submitted_with_their_own_values_and_those_given() {
    let server = MockServer::start().await;
    let page = r#"<form id=search><input name=q></form><form id=f method=POST action="/do?x=1"><input type=hidden name=t value="a&amp;b">
        <input type=radio name=who value=anna checked><input type=radio name=who value=bengt><input type=checkbox name=no>
        <select name=c><option value=1>x<option value=2 selected>y</select><textarea name=l>1
2</textarea><input name=d disabled value=1><button name=do value=confirm data-testid=ok>OK</button></form><script></script>"#;
    get("/form").respond_with(html(page)).mount(&server).await;
    let sent = "t=a%26b&c=2&l=1%0A2&who=bengt&do=confirm";
    Mock::given(method("POST"))
        .and(path("/do"))
        .and(body_string(sent))
        .respond_with(to(303, "/done"))
        .mount(&server)
        .await;
    get("/done").respond_with(html("done")).mount(&server).await;
    get("/form").and(query_param("q", "x y")).respond_with(html("found")).with_priority(1).mount(&server).await;
    let agent = agent(&[]);
    let page = open(&agent, &server, "/form").await.unwrap();
    assert!(page.has_scripts);
    let (anna, wire) = (browser("anna"), Wire::new());
    let fields = [("who", "bengt"), ("do", "confirm")];
    let done = agent.submit(&anna, &page, "[data-testid=ok]", &fields, &wire).await.unwrap();
    assert_eq!(done.url.path(), "/done");
    let found = agent.submit(&anna, &page, "#search", &[("q", "x y")], &wire).await.unwrap();
    assert_eq!(found.body, "found");
    let none = agent.submit(&anna, &page, "#none", &[], &wire).await.unwrap_err();
    assert_eq!(none, AgentError::NoForm { selector: "#none".to_owned(), count: 2 });
}

#[tokio::test]
async fn a_form_that_the_page_submits_is_submitted() {
    let server = MockServer::start().await;
    let page = r#"<body onload="document.forms[0].submit()"><form method=post action=/cb><input type=hidden name=code value=c1></form>"#;
    get("/post").respond_with(html(page)).mount(&server).await;
    Mock::given(method("POST"))
        .and(path("/cb"))
        .and(body_string("code=c1"))
        .respond_with(html("in"))
        .mount(&server)
        .await;
    let page = open(&agent(&[]), &server, "/post").await.unwrap();
    assert_eq!((page.url.path(), page.body.as_str()), ("/cb", "in"));
}

#[tokio::test]
async fn referer_is_what_browsers_tell() {
    let server = MockServer::start().await;
    let own = format!("{}/from?a=1", server.uri());
    get("/from").respond_with(html("<p>")).mount(&server).await;
    get("/quiet").respond_with(html("<p>").insert_header("referrer-policy", "no-referrer")).mount(&server).await;
    get("/to").and(header("referer", own.as_str())).respond_with(html("told")).with_priority(1).mount(&server).await;
    get("/to").and(header_exists("referer")).respond_with(html("else")).with_priority(2).mount(&server).await;
    get("/to").respond_with(html("nothing")).with_priority(3).mount(&server).await;
    let agent = agent(&["other.test:80=".to_owned() + server.uri().trim_start_matches("http://")]);
    let (anna, wire) = (browser("anna"), Wire::new());
    let from = open(&agent, &server, "/from?a=1").await.unwrap();
    assert_eq!(agent.follow(&anna, &from, "/to", &wire).await.unwrap().body, "told");
    assert_eq!(agent.follow(&anna, &from, "http://other.test/to", &wire).await.unwrap().body, "else");
    let quiet = open(&agent, &server, "/quiet").await.unwrap();
    assert_eq!(agent.follow(&anna, &quiet, "/to", &wire).await.unwrap().body, "nothing");
    assert_eq!(open(&agent, &server, "/to").await.unwrap().body, "nothing");
}

#[tokio::test]
async fn a_secure_cookie_that_cannot_be_sent_is_told_with_the_remedy() {
    let server = MockServer::start().await;
    get("/set")
        .respond_with(to(302, "/look").insert_header("set-cookie", "__Host-sid=1; Path=/; Secure; HttpOnly"))
        .mount(&server)
        .await;
    get("/look").and(header_exists("cookie")).respond_with(html("known")).with_priority(1).mount(&server).await;
    get("/look").respond_with(html("unknown")).with_priority(2).mount(&server).await;
    let at = server.uri();
    let at = at.trim_start_matches("http://");
    let agent = agent(&[format!("localhost:3000={at}"), format!("app:3000={at}")]);
    let (anna, wire) = (browser("anna"), Wire::new());
    let page = agent.open(&anna, "http://localhost:3000/set", &wire).await.unwrap();
    assert_eq!((page.body.as_str(), page.unsent_cookies.len()), ("known", 0));
    let page = agent.open(&browser("bengt"), "http://app:3000/set", &wire).await.unwrap();
    assert_eq!(page.body, "unknown");
    let told: Vec<String> = page.unsent_cookies.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @"the target set the Secure cookie `__Host-sid`, which was not sent to http://app: use https, or keep `localhost` in the address and say where it is with `network.connect_to`");
}
