use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::crypto::cert::Authority;
use crate::serve::{Door, Serving};

const LIMIT: Duration = Duration::from_secs(5);

fn dialer(options: &DialOptions) -> Dialer {
    Dialer::new(options).unwrap()
}

fn with_rule(rule: &str) -> DialOptions {
    DialOptions { connect_to: vec![rule.parse().unwrap()], ..DialOptions::default() }
}

async fn fetch(dialer: &Dialer, url: &str) -> Result<Answer, DialError> {
    dialer.send(Request::get(url).body(Bytes::new()).unwrap(), LIMIT, 1000).await
}

async fn failure(url: &str) -> DialError {
    fetch(&dialer(&DialOptions::default()), url).await.unwrap_err()
}

async fn local() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

/// A server that reads a little, says these bytes to each client and hangs up.
async fn says(bytes: &'static [u8]) -> SocketAddr {
    let (listener, addr) = local().await;
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let _ = client.read(&mut [0; 1024]).await;
            let _ = client.write_all(bytes).await;
        }
    });
    addr
}

#[tokio::test]
async fn a_call_arrives_as_it_was_made_and_the_answer_is_complete() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(202).insert_header("x-seen", "yes").set_body_string("thanks");
    Mock::given(method("POST"))
        .and(path("/hook"))
        .and(header("x-signature", "abc"))
        .and(body_string("{}"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let request = Request::post(format!("{}/hook", server.uri())).header("x-signature", "abc");
    let request = request.body(Bytes::from_static(b"{}")).unwrap();
    let answer = dialer(&DialOptions::default()).send(request, LIMIT, 6).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (202, b"thanks".as_slice()));
    assert_eq!(answer.headers["x-seen"], "yes");
    assert!(answer.took > Duration::ZERO && answer.took < LIMIT);
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let server = MockServer::start().await;
    let redirect = ResponseTemplate::new(302).insert_header("location", "/next");
    Mock::given(path("/")).respond_with(redirect).expect(1).mount(&server).await;
    let answer = fetch(&dialer(&DialOptions::default()), &server.uri()).await.unwrap();
    assert_eq!((answer.status, answer.headers["location"].to_str().unwrap()), (302, "/next"));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_rule_changes_the_destination_and_keeps_the_host() {
    let server = MockServer::start().await;
    Mock::given(header("host", "api.test:8080")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let options = with_rule(&format!("api.test:8080={}", server.address()));
    assert_eq!(fetch(&dialer(&options), "http://api.test:8080/x").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_refusal_names_the_address_and_for_localhost_the_container() {
    let (listener, addr) = local().await;
    drop(listener);
    for host in ["127.0.0.1", "localhost"] {
        let error = failure(&format!("http://{host}:{}/path?pin=1", addr.port())).await;
        let message = error.to_string();
        assert!(matches!(error, DialError::Refused { .. }), "{message}");
        assert!(message.contains(&format!("{host}:{}", addr.port())) && message.contains("--connect-to"), "{message}");
        assert!(!message.contains("pin"), "{message}");
    }
    let options = with_rule(&format!("api.test:80={addr}"));
    let error = fetch(&dialer(&options), "http://api.test/").await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("{addr} refused")), "{error}");
}

#[tokio::test]
async fn an_unknown_name_is_said_to_be_one() {
    let error = failure("http://nobody.invalid/").await;
    assert_eq!(error, DialError::NameNotFound { address: "nobody.invalid:80".to_owned() });
}

#[tokio::test]
async fn only_http_urls_are_called() {
    for url in ["/path", "ftp://a.test/", "ws://a.test/"] {
        assert_eq!(failure(url).await, DialError::NotHttp, "{url}");
    }
}

#[tokio::test]
async fn a_silent_server_times_out_with_the_limit() {
    let (_listener, addr) = local().await;
    let request = Request::get(format!("http://{addr}/")).body(Bytes::new()).unwrap();
    let error = dialer(&DialOptions::default()).send(request, Duration::from_millis(50), 10).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{addr} did not answer within 50ms"));
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let server = MockServer::start().await;
    Mock::given(path("/")).respond_with(ResponseTemplate::new(200).set_body_bytes([0; 1001])).mount(&server).await;
    let error = failure(&server.uri()).await;
    assert_eq!(error, DialError::TooLarge { address: server.address().to_string(), limit: 1000 });
}

#[tokio::test]
async fn a_connection_that_breaks_is_said_to_break() {
    for bytes in [b"".as_slice(), b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b"SSH-2.0-x\r\n\r\n"] {
        let error = failure(&format!("http://{}/", says(bytes).await)).await;
        assert!(matches!(error, DialError::Broke { .. }), "{error}");
    }
}

async fn https(config: std::sync::Arc<rustls::ServerConfig>) -> Serving {
    let router = Router::new().route("/", get(async || "hello"));
    Door::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().with_tls(config).serve(router).unwrap()
}

fn foreign() -> (String, std::sync::Arc<rustls::ServerConfig>) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    (certificate.pem(), std::sync::Arc::new(config))
}

#[tokio::test]
async fn our_own_authority_is_trusted_under_the_name_in_the_url() {
    let serving = https(Authority::load().server_config(&["api.test".to_owned()]).unwrap()).await;
    let options = with_rule(&format!("api.test:443={}", serving.addr()));
    assert_eq!(fetch(&dialer(&options), "https://api.test/").await.unwrap().body, "hello");

    let options = with_rule(&format!("other.test:443={}", serving.addr()));
    let error = fetch(&dialer(&options), "https://other.test/").await.unwrap_err();
    assert!(matches!(error, DialError::Tls { .. }) && error.to_string().contains("name in the certificate"), "{error}");
}

#[tokio::test]
async fn a_foreign_authority_needs_ca_or_insecure() {
    let (pem, config) = foreign();
    let serving = https(config).await;
    let url = format!("https://localhost:{}/", serving.addr().port());
    let error = failure(&url).await;
    assert!(matches!(error, DialError::Tls { .. }), "{error}");
    assert!(error.to_string().contains("--ca") && error.to_string().contains("--insecure"), "{error}");

    let trusting = DialOptions { ca_pem: vec![pem], ..DialOptions::default() };
    assert_eq!(fetch(&dialer(&trusting), &url).await.unwrap().status, 200);
    let insecure = DialOptions { insecure: true, ..DialOptions::default() };
    assert_eq!(fetch(&dialer(&insecure), &url).await.unwrap().status, 200);
}

#[tokio::test]
async fn tls_to_a_plain_port_is_explained() {
    let error = failure(&format!("https://{}/", says(b"HTTP/1.1 400 Bad Request\r\n\r\n").await)).await;
    assert!(matches!(error, DialError::Tls { .. }) && error.to_string().contains("http://"), "{error}");
}

#[test]
fn what_is_no_certificate_is_refused_by_its_number() {
    for text in ["", "hello", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let ca_pem = vec![Authority::load().pem().to_owned(), text.to_owned()];
        let error = Dialer::new(&DialOptions { ca_pem, ..DialOptions::default() }).unwrap_err();
        assert!(error.to_string().starts_with("CA number 2 "), "{error}");
    }
}
