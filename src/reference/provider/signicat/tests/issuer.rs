//! Which issuer the way back names (RFC 9207).

use super::*;

/// What comes of a way back that names this issuer; discovery promises that it names one, or does not.
async fn led_back(named: Option<&str>, promises: &[bool], flaws: &[Flaw]) -> Result<Evidence, FetchError> {
    let server = issuer().await;
    for (turn, promise) in promises.iter().enumerate() {
        let name = |name: &str| format!("{}/oidc/{name}", server.uri());
        let document = json!({
            "issuer": format!("{}/oidc", server.uri()), "authorization_endpoint": name("authorize"),
            "token_endpoint": name("token"), "userinfo_endpoint": name("userinfo"), "jwks_uri": name("jwks.json"),
            "authorization_response_iss_parameter_supported": promise,
        });
        let is_last = turn + 1 == promises.len();
        let given = Mock::given(path("/oidc/.well-known/openid-configuration"));
        let mock = given.respond_with(ResponseTemplate::new(200).set_body_json(document)).with_priority(2);
        if is_last { mock } else { mock.up_to_n_times(1).with_priority(1) }.mount(&server).await;
    }
    let client = client(&server, flaws, &[]);
    let started = client.start(&signing()).await.unwrap();
    let object = asked(&server).await.pop().unwrap();
    let mut back = Url::parse(object["redirect_uri"].as_str().unwrap()).unwrap();
    back.query_pairs_mut().append_pair("code", "code-1").append_pair("state", object["state"].as_str().unwrap());
    if let Some(named) = named {
        let own = format!("{}/oidc", server.uri());
        back.query_pairs_mut().append_pair("iss", &named.replace("OWN", &own));
    }
    let answer = ResponseTemplate::new(302).insert_header("location", back.as_str());
    Mock::given(path("/oidc/resume")).respond_with(answer).with_priority(1).mount(&server).await;
    continues(&server, &Says::default()).await;
    client.fetch(&started.session).await
}

#[tokio::test]
async fn the_way_back_names_our_issuer_or_nobody_where_nothing_is_promised() {
    for promises in [&[false][..], &[true]] {
        assert!(is_anna(&led_back(Some("OWN"), promises, &[]).await), "{promises:?}");
        for foreign in ["https://elsewhere.example/oidc", "OWN/", ""] {
            let evidence = led_back(Some(foreign), promises, &[]).await;
            assert!(matches!(evidence, Ok(Evidence::Contradictory(_))), "{foreign} {promises:?}: {evidence:?}");
            let believed = led_back(Some(foreign), promises, &[Flaw::IgnoresIssuerOfTheAnswer]).await;
            assert!(is_anna(&believed), "{foreign} {promises:?}: {believed:?}");
            // What an id_token names is another matter.
            assert!(!is_anna(&led_back(Some(foreign), promises, &[Flaw::IgnoresIssuer]).await));
        }
    }
}

#[tokio::test]
async fn who_promises_to_name_itself_is_held_to_it_as_long_as_it_does() {
    assert!(is_anna(&led_back(None, &[false], &[]).await));
    let broken = led_back(None, &[true], &[]).await;
    assert!(matches!(broken, Ok(Evidence::Contradictory(_))), "{broken:?}");
    assert!(is_anna(&led_back(None, &[true], &[Flaw::IgnoresIssuerOfTheAnswer]).await));
    // The promise was taken back meanwhile.
    assert!(is_anna(&led_back(None, &[true, false], &[]).await));
}
