//! Addresses, heads, mistakes, and what the journal hears.

use super::*;
use crate::providers::zignsec_v2::switches::Framing;

#[tokio::test]
async fn the_address_is_read_in_any_case_and_with_or_without_its_slash() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    for path in ["v2/Hosted/{}/sbid-another/", "v2/hosted/{}/SBID-ANOTHER", "v2/HOSTED/{}/x/"] {
        let path = format!("/{}", path.replace("{}", &id.to_string()));
        let page = world.ask(Request::get(&path).header("host", "anybody").body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let base = if path.ends_with('/') { "./" } else { "sbid-another/" };
        assert!(page.body.contains(&format!("action=\"{base}\"")), "{path}");
    }
    let elsewhere = world.ask(Request::get(format!("/v2/other/{id}/x/")).body(Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_asks_for_the_head_alone_has_not_opened_the_page() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let path = format!("/v2/Hosted/{id}/x/?then=cancel");
    let head = world.ask(Request::head(path).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    let session = world.sessions.snapshot(id).unwrap();
    assert_eq!(session.progress.opened(), None);
    assert!(session.phase().is_pending());
}

#[tokio::test]
async fn an_unknown_session_is_told_in_the_browsers_language() {
    let world = World::new();
    for id in [SessionId::from_random([9; 16]).to_string(), "nonsense".into()] {
        let request = Request::get(format!("/v2/Hosted/{id}/sbid/")).header(header::ACCEPT_LANGUAGE, "xx, sv-SE;q=0.9");
        let unknown = world.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.body.contains("Sessionen finns inte"));
    }
}

#[tokio::test]
async fn a_mistake_changes_nothing() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    for (form, said) in [
        ("", "what “” means"),
        ("do=dance", "what “dance” means"),
        ("do=confirm", "Choose a person first."),
        ("do=confirm&person=<x>", "There is nobody called “&#60;x&#62;”."),
        ("do=confirm&person=ditte", "“ditte” cannot be chosen here."),
        ("do=fail", "Choose a reason first."),
        ("do=fail&reason=boredom", "There is no reason called “boredom”."),
        ("do=method&method=sbid", "“sbid” cannot be chosen here."),
        ("do=cpr&cpr=1", "This step comes later"),
        ("do=device&device=fax", "“fax” cannot be chosen here."),
    ] {
        let refused = world.post(id, form).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{form}");
        assert!(refused.has("problem") && refused.body.contains(said), "{form}: {}", refused.body);
    }
    assert_eq!(world.get(id, "?as=nobody&then=confirm").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.sessions.look(id, |session, _| session.progress.opened()).unwrap(), None);
}

#[tokio::test]
async fn a_page_that_refreshes_itself_floods_no_journal_and_suffers_no_fault() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    world.get(id, "").await;
    for _ in 0..20 {
        for part in ["state", "qr.svg", "go"] {
            world.get(id, part).await;
        }
    }
    assert_eq!(world.journal().len(), 1, "{:?}", world.journal());
    let requests = |operation| world.sessions.look(id, |session, _| session.tally.requests(operation)).unwrap();
    assert_eq!(requests(crate::script::Operation::Page), 1);
    assert_eq!(requests(crate::script::Operation::Collect), 0);
    world.post(id, "do=confirm&person=anna").await;
    world.get(id, "go").await;
    assert_eq!(world.journal().len(), 3);
    assert!(world.journal().iter().all(|line| line.contains(&id.to_string())));
}

#[tokio::test]
async fn frames_are_allowed_unless_the_switch_denies_them() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let page = world.get(id, "").await;
    assert!(!page.head.contains_key(header::X_FRAME_OPTIONS));
    assert!(!page.head[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors"));
    world.set(|settings| settings.framing = Framing::Denied);
    let page = world.get(id, "").await;
    assert_eq!(page.head[header::X_FRAME_OPTIONS], "DENY");
    assert!(page.head[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn nothing_is_loaded_from_anywhere_else_and_no_number_is_shown() {
    let world = World::new();
    let id = world.start(Order { number: annas(), ..order(Method::SbidAnother) });
    let page = world.get(id, "").await;
    for outside in ["http://", "https://", "src=\"//", "@import"] {
        assert!(!page.body.contains(outside), "{outside}");
    }
    for person in world.commons.persons().iter() {
        assert!(!page.body.contains(person.number.expose()), "{}", person.name);
    }
}

#[tokio::test]
async fn a_filter_leaves_whom_it_names() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let page = world.get(id, "go?q=FRIDE").await;
    assert!(page.has("person-frideborg") && page.has("person-anna") && !page.has("person-linus"));
    assert!(world.get(id, "go?as=eva").await.body.contains("value=\"eva\" checked"));
}

#[tokio::test]
async fn a_provider_sends_the_browser_back_to_the_page() {
    let world = World::new();
    let id = world.start(order(Method::Fbid));
    let back = Request::get(format!("/v2/callback/oidcfi?state={id}&code=1")).body(Body::empty()).unwrap();
    let back = world.ask(back).await;
    assert_eq!((back.status, back.location()), (StatusCode::FOUND, &*format!("../Hosted/{id}/fbid/go")));
    let lost = world.ask(Request::get("/v2/callback/oidcfi?state=1").body(Body::empty()).unwrap()).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_that_would_run_something_is_not_followed() {
    let world = World::new();
    let target = Some("javascript:alert(1)".to_owned());
    let id = world.start(Order { target, ..Order::default() });
    let done = world.get(id, "?then=confirm&framed=1").await;
    assert!(done.status == StatusCode::OK && !done.body.contains("javascript:"));
}

#[tokio::test]
async fn the_autostart_script_does_nothing() {
    let world = World::new();
    let script = world.ask(Request::get("/scripts/zignsecautostart.js").body(Body::empty()).unwrap()).await;
    assert_eq!(script.head[header::CONTENT_TYPE], "text/javascript");
    assert!(script.body.lines().all(|line| line.starts_with("//")));
}
