//! What can be wrong on purpose, and what cannot be said here.

use super::*;
use crate::script::{IdentityTampering, Script, WebhookTampering, Word as _};

fn refused(how: Tampering) -> bool {
    let script = Script::parse(
        &format!(
            "title = \"x\"\n[[step]]\nafter = \"1s\"\nstate = \"finished\"\n[[forgery]]\nof = \"{}\"\nhow = \"{}\"\n",
            how.of(),
            how.how()
        ),
        "x.toml",
    )
    .unwrap();
    ZignsecV3::refuses(&script).is_some()
}

#[tokio::test]
async fn every_forgery_of_the_identity_shows_or_is_refused() {
    for names in ["pascal", "camel"] {
        let honest = {
            let world = World::new();
            world.switch(&json!({ "identity_names": names }));
            let id = world.smart_id().await;
            world.confirm(id, None);
            let told = world.json("GET", &format!("/v3/eid/{id}"), "").await.1.to_string();
            told.replace(&id.to_string(), "")
        };
        for how in IdentityTampering::ALL {
            let world = World::new();
            world.switch(&json!({ "identity_names": names }));
            world.forge(Tampering::Identity(*how), Occurrence::ALL);
            let id = world.smart_id().await;
            // Whose name it is shows only when somebody else confirms.
            let other = (*how == IdentityTampering::NameOfRequested).then(|| world.person("kadri"));
            world.confirm(id, other);
            let headers = [("authorization", DOCUMENTED_TOKEN)];
            let (_, _, told) = world.send("GET", &format!("/v3/eid/{id}"), &headers, b"").await;
            let told = String::from_utf8(told.to_vec()).unwrap().replace(&id.to_string(), "");
            assert_eq!(told == honest, refused(Tampering::Identity(*how)), "{how} {names}: {told}");
        }
    }
}

#[tokio::test]
async fn every_forgery_of_the_webhook_breaks_seal_or_body() {
    for how in WebhookTampering::ALL {
        let world = World::new();
        world.forge(Tampering::Webhook(*how), Occurrence::ALL);
        let id = world.smart_id().await;
        world.confirm(id, None);
        let (body, seal) = world.webhook(id);
        let right = seal.as_deref() == Some(&*signed(&body));
        let about_us = String::from_utf8_lossy(&body).contains(&id.to_string());
        let honest = right && about_us;
        assert_eq!(honest, refused(Tampering::Webhook(*how)), "{how}");
    }
}

#[tokio::test]
async fn the_country_is_swapped_for_one_whose_numbers_look_the_same() {
    let world = World::new();
    world.forge(Tampering::Identity(IdentityTampering::CountrySwapped), Occurrence::ALL);
    let id = world.smart_id().await;
    world.confirm(id, None);
    let told = world.result(id).await;
    assert_eq!((&told["identity"]["CountryCode"], &told["identity"]["PersonalNumber"]), (&json!("LT"), &json!(JAAN)));
}
