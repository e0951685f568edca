//! What the client is told of the issuer and of itself.

use super::*;

#[tokio::test]
async fn connections_that_are_none_are_told() {
    let refused = |name: &str, value: &str| {
        let mut connections = Connections::from([("SIGNICAT_ISSUER".to_owned(), "https://s.test/oidc".to_owned())]);
        connections.insert("SIGNICAT_CLIENT_ID".to_owned(), "rp".to_owned());
        connections.insert("SIGNICAT_CLIENT_SECRET".to_owned(), "s".to_owned());
        connections.insert(name.to_owned(), value.to_owned());
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let (flaws, variants) = Default::default();
        connect(&connections, &Manner { timeout: Duration::from_secs(1), dialer, flaws, variants })
            .map(|client| client.is_some_and(|client| client.signs(EidMethod::SeBid)))
    };
    assert_eq!(refused("SIGNICAT_CA", "nonsense"), Err(ConnectError::Unusable("SIGNICAT_CA".into())));
    assert_eq!(refused("SIGNICAT_RESPONSE_KEY", "x"), Err(ConnectError::Unusable("SIGNICAT_RESPONSE_KEY".into())));
    assert_eq!(refused("SIGNICAT_ISSUER", "nowhere"), Err(ConnectError::NoAddress("SIGNICAT_ISSUER".into())));
    assert_eq!(refused("OTHER", ""), Ok(false), "without an authority nobody signs");
    assert_eq!(refused("SIGNICAT_CA_URL", "https://s.test/ca.pem"), Ok(true));
}
