//! The documents' requests as they stand, but for names and numbers, and the shapes of the answers.

use serde_json::Value;

use super::party::Party;
use crate::script::SignalName;
use crate::simulation::Said;

/// The members in their order, with texts that are made anew each time left out.
fn shape(value: &Value) -> Vec<(String, Value)> {
    let made_anew = |text: &str| text.contains("://") || text.len() >= 30 || text == "x";
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, value)| {
            (name.clone(), if value.as_str().is_some_and(made_anew) { Value::from("…") } else { value.clone() })
        })
        .collect()
}

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn the_swedish_example_goes_as_documented() {
    let mut party = Party::new();
    let request = sample(include_str!("../samples/request-sweden.json"));
    let started = party.authorize(&request).await.json();
    assert_eq!(shape(&started), shape(&sample(include_str!("../samples/started-sweden.json"))));
    let told = party.collect(&started).await.json();
    assert_eq!(told, sample(include_str!("../samples/progress-sweden.json")));
    party.signal(&Said::plain(SignalName::Confirmed));
    let told = party.collect(&started).await.json();
    assert_eq!(shape(&told), shape(&sample(include_str!("../samples/complete-sweden.json"))));
    let (_, back) = party.follow(told["completeUrl"].as_str().unwrap()).await;
    let tokens = party.exchange(&back.query()["code"], &[]).await.json();
    assert_eq!(shape(&tokens), shape(&sample(include_str!("../samples/tokens.json"))));

    let started = party.authorize(&request).await.json();
    party.signal(&Said::plain(SignalName::Cancelled));
    let told = party.collect(&started).await.json();
    assert_eq!(told, sample(include_str!("../samples/cancelled-sweden.json")));
}

#[tokio::test]
async fn the_norwegian_example_goes_as_documented() {
    let mut party = Party::new();
    let request = sample(include_str!("../samples/request-norway.json"));
    for (signal, expected) in [
        (SignalName::Confirmed, include_str!("../samples/finished-norway.json")),
        (SignalName::Cancelled, include_str!("../samples/cancelled-norway.json")),
    ] {
        let started = party.authorize(&request).await.json();
        assert_eq!(shape(&started), shape(&sample(include_str!("../samples/started-norway.json"))));
        party.signal(&Said::plain(signal));
        let told = party.get(started["statusUri"].as_str().unwrap(), &[]).await.json();
        assert_eq!(shape(&told), shape(&sample(expected)));
    }
}
