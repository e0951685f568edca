//! What is asked for, and what is wrong with it.

use super::*;

#[tokio::test]
async fn every_method_makes_a_session() {
    let world = World::new();
    for (method, user) in [
        ("freja_id_ssn", json!({ "country": "SE", "ssn": "195210131234" })),
        ("freja_id_ssn", json!({ "country": "NO", "ssn": "13105212345" })),
        ("freja_id_ssn", json!({ "country": "FI", "ssn": "131052-308T" })),
        ("freja_id_ssn", json!({ "country": "FI", "ssn": "131052A308T" })),
        ("freja_id_ssn", json!({ "country": "DK", "ssn": "1310521234" })),
        ("freja_id_phone", json!("+46123456789")),
        ("freja_id_email", json!("somebody@example.org")),
        ("FREJA_ID_QR", json!({ "country": "SE", "ssn": "195210131234" })),
        ("freja_id_qr/", Value::Null),
    ] {
        let (status, body) = world.set_up(method, &json!({ "metadata": { "user_info": user } })).await;
        assert_eq!(status, StatusCode::OK, "{method}: {body}");
        let result = &body["data"]["result"];
        let reference = result["authRef"].as_str().unwrap();
        assert_eq!(reference.len(), 64);
        assert!(reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{reference}");
        assert_eq!(members(&body["data"]), ["id", "result"]);
        let expected =
            if method.to_lowercase().starts_with("freja_id_qr") { vec!["authRef", "qr"] } else { vec!["authRef"] };
        assert_eq!(members(result), expected);
    }
}

#[tokio::test]
async fn mistakes_are_told_at_once_with_frejas_codes() {
    let world = World::new();
    let many = json!({ "metadata": { "user_info": { "country": "SE", "ssn": "850101-2382" },
        "min_registration_level": "HIGH", "attributes_to_return": ["SSNN"] }, "webhook": "ftp://x", "relay_state": 5 });
    let (status, body) = world.set_up("freja_id_ssn", &many).await;
    assert_eq!(
        (status, &body["type"], &body["code"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_request"), &json!(1002))
    );
    let message = body["message"].as_str().unwrap();
    for part in ["twelve digits", "BASIC, EXTENDED or PLUS", "attributesToReturn", "webhook", "relay_state"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(!message.contains("8501"), "{message}");
    for (method, body, code) in [
        ("freja_id_ssn", json!({ "metadata": {} }), json!(1002)),
        ("freja_id_ssn", json!({ "metadata": { "user_info": { "country": "EE", "ssn": "x" } } }), json!(1002)),
        ("freja_id_phone", json!({ "metadata": { "user_info": "0701740605" } }), json!(1002)),
        ("freja_id_email", json!({ "metadata": { "user_info": "x" } }), json!(1002)),
        ("freja_id_qr", json!({}), json!(1000)),
        ("freja_id_qr", json!([]), json!(1010)),
        ("freja_id_qrr", json!({ "metadata": {} }), Value::Null),
    ] {
        let (status, told) = world.set_up(method, &body).await;
        assert_eq!(
            (status, told.get("code").unwrap_or(&Value::Null)),
            (StatusCode::BAD_REQUEST, &code),
            "{method} {body}: {told}"
        );
    }
    // The documents' first sample is wrapped in another pair of braces.
    let (status, told) = world.json("POST", "/core/api/sessions/identity_verification/freja_id_ssn", "{ {} }").await;
    assert_eq!((status, &told["code"]), (StatusCode::BAD_REQUEST, &json!(1010)));
}

#[tokio::test]
async fn unknown_members_are_noted_and_a_telephone_finds_its_person() {
    let world = World::new();
    let email = world.person("bengt").email.clone();
    let body = json!({ "metadata": { "user_info": email, "atributes_to_return": [] }, "locale": "Se", "webhok": "" });
    let id = world.start("freja_id_email", &body).await;
    let session = world.sessions.snapshot(id).unwrap();
    assert_eq!(session.cast.requested.name, "bengt");
    assert_eq!(session.order.language.code(), "sv");
    let texts: Vec<_> = session.notes.iter().map(|note| (note.kind, note.text.as_str())).collect();
    assert_eq!(texts.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [NoteKind::FieldUnknown; 2]);
    assert!(texts[0].1.contains("did you mean `webhook`") && texts[1].1.contains("attributes_to_return"), "{texts:?}");
}

#[tokio::test]
async fn only_the_bare_key_of_the_space_opens() {
    let world = World::new();
    let id = world.by_number().await;
    let bearer = format!("Bearer {DEFAULT_TOKEN}");
    for token in ["", "x", &bearer] {
        let path = format!("/core/api/sessions/{id}");
        let (status, _, body) = world.send("GET", &path, &[("authorization", token)], b"").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(body.starts_with(br#"{"type":"invalid_request","message":"unauthorized"#), "{body:?}");
    }
    assert_eq!(world.space().notes().len(), 1);
    let path = format!("/core/api/sessions/{id}/");
    let (status, _, body) = world.send("GET", &path, &[("authorization", OTHER_TOKEN)], b"").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.starts_with(br#"{"type":"invalid_request","code":1100"#), "{body:?}");
    let (status, headers, _) = world.send("PUT", &path, NOBODY, b"").await;
    assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET"));
}

#[tokio::test]
async fn a_second_authentication_ends_both() {
    let world = World::new();
    let first = world.by_number().await;
    let (status, body) = world.set_up("freja_id_ssn", &by_number()).await;
    assert_eq!((status, &body["code"]), (StatusCode::BAD_REQUEST, &json!(2000)), "{body}");
    assert_eq!(world.result(first).await["data"]["status"], "REJECTED");
    // By e-mail it is the same person.
    let bengt = json!({ "metadata": { "user_info": { "country": "SE", "ssn": BENGT } } });
    let first = world.start("freja_id_ssn", &bengt).await;
    let email = json!({ "metadata": { "user_info": world.person("bengt").email } });
    assert_eq!(world.set_up("freja_id_email", &email).await.1["code"], 2000);
    assert_eq!(world.result(first).await["data"]["status"], "REJECTED");
    // Whoever scans a code is nobody yet.
    let third = world.by_number().await;
    world.start("freja_id_qr", &json!({ "metadata": {} })).await;
    assert_eq!(world.result(third).await["data"]["status"], "STARTED");
}

#[tokio::test]
async fn the_code_over_http_is_the_sessions_link() {
    for (form, start) in [
        ("static", "frejaeid://bindUserToTransaction?transactionReference="),
        ("dynamic", "https://app.prod.frejaeid.com/"),
    ] {
        let world = World::with(&json!({ "qr": form }));
        let (_, body) = world.set_up("freja_id_qr", &json!({ "metadata": {} })).await;
        let link = read_code(body["data"]["result"]["qr"].as_str().unwrap());
        assert!(
            link.starts_with(start) && link.contains(body["data"]["result"]["authRef"].as_str().unwrap()),
            "{link}"
        );
        let id: SessionId = body["data"]["id"].as_str().unwrap().parse().unwrap();
        world.sessions.older(id, Millis(7_000)).unwrap();
        let later = world.result(id).await["data"].get("qr").map(|qr| read_code(qr.as_str().unwrap()));
        match form {
            "static" => assert_eq!(later, None),
            _ => assert!(later.is_some_and(|later| later != link && later.contains(".7."))),
        }
    }
}

fn read_code(encoded: &str) -> String {
    use base64::engine::general_purpose::STANDARD;
    let file = STANDARD.decode(encoded).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(200, 200, |x, y| pixels[(y * 200 + x) * 3]);
    image.detect_grids()[0].decode().unwrap().1
}
