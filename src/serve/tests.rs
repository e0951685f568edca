//! Real sockets, raw bytes: what a client sees is the point.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::response::{Extension, IntoResponse};
use axum::routing::{get, post};
use bytes::Bytes;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsConnector;

use super::*;
use crate::crypto::cert::Authority;

const LONG: usize = 3_000_000;

fn router() -> Router {
    Router::new()
        .route("/", get(async || "hello"))
        .route("/peer", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()))
        .route("/reset", get(async || Extension(Reset).into_response()))
        .route("/cut", get(async || truncated(Bytes::from_static(b"0123456789"), 4).into_response()))
        .route("/cut-at-once", get(async || truncated(Bytes::from_static(b"0123456789"), 0).into_response()))
        .route("/cut-nothing", get(async || truncated(Bytes::from_static(b"0123456789"), 99).into_response()))
        .route("/cut-late", get(async || truncated(Bytes::from(vec![b'x'; LONG]), LONG - 1).into_response()))
        .route("/early", post(async || StatusCode::PAYLOAD_TOO_LARGE))
}

async fn door() -> Door {
    Door::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)).await.unwrap()
}

/// Sends the bytes and reads to the end: what came, and the first error.
async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> (String, Option<io::ErrorKind>) {
    let written = stream.write_all(request).await;
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer).await;
    (String::from_utf8(answer).unwrap(), written.and_then(|()| ended.map(drop)).err().map(|error| error.kind()))
}

async fn ask(addr: SocketAddr, path: &str) -> (String, Option<io::ErrorKind>) {
    talk(TcpStream::connect(addr).await.unwrap(), &closing_get(path)).await
}

fn closing_get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn a_handler_answers_and_knows_its_peer() {
    let serving = door().await.serve(router()).unwrap();
    let (answer, error) = ask(serving.addr(), "/").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && body(&answer) == "hello", "{answer}");
    assert_eq!(error, None);

    let stream = TcpStream::connect(serving.addr()).await.unwrap();
    let own = stream.local_addr().unwrap().to_string();
    assert_eq!(body(&talk(stream, &closing_get("/peer")).await.0), own);
}

#[tokio::test]
async fn a_reset_is_a_reset_to_the_client() {
    let serving = door().await.serve(router()).unwrap();
    assert_eq!(ask(serving.addr(), "/reset").await, (String::new(), Some(io::ErrorKind::ConnectionReset)));
    assert_eq!(body(&ask(serving.addr(), "/").await.0), "hello");
}

#[tokio::test]
async fn a_truncated_body_ends_early_but_loses_nothing_before() {
    let serving = door().await.serve(router()).unwrap();
    for (path, kept) in [("/cut", "0123"), ("/cut-at-once", ""), ("/cut-nothing", "0123456789")] {
        let (answer, error) = ask(serving.addr(), path).await;
        assert!(answer.contains("content-length: 10\r\n"), "{path}: {answer}");
        assert_eq!((body(&answer), error), (kept, None), "{path}");
    }
}

#[tokio::test]
async fn a_long_truncated_body_reaches_a_slow_client_whole() {
    let serving = door().await.serve(router()).unwrap();
    let mut stream = TcpStream::connect(serving.addr()).await.unwrap();
    stream.write_all(&closing_get("/cut-late")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(body(&answer).len(), LONG - 1);
}

#[tokio::test]
async fn an_oversized_header_is_answered_431_and_the_server_goes_on() {
    let serving = door().await.serve(router()).unwrap();
    let request = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(100_000));
    let (answer, error) = talk(TcpStream::connect(serving.addr()).await.unwrap(), request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(error, None);
    assert_eq!(body(&ask(serving.addr(), "/").await.0), "hello");
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_request_arrives() {
    let serving = door().await.serve(router()).unwrap();
    let mut request = b"POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 20000000\r\n\r\n".to_vec();
    request.resize(request.len() + 20_000_000, b'x');
    let (answer, error) = talk(TcpStream::connect(serving.addr()).await.unwrap(), &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "nobody sends the next request into it: {answer}");
    assert_eq!(error, None);
}

#[tokio::test]
async fn garbage_is_answered_400_and_the_server_goes_on() {
    let serving = door().await.serve(router()).unwrap();
    let (answer, _) = talk(TcpStream::connect(serving.addr()).await.unwrap(), b"\x16\x03\x01 nonsense\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(body(&ask(serving.addr(), "/").await.0), "hello");
}

#[tokio::test]
async fn a_client_that_never_finishes_its_header_is_closed() {
    let limits = Limits { header_timeout: Duration::from_millis(50), ..Limits::default() };
    let serving = door().await.with_limits(limits).serve(router()).unwrap();
    let (answer, error) = talk(TcpStream::connect(serving.addr()).await.unwrap(), b"GET / HTTP/1.1\r\nx: ").await;
    assert_eq!(error, None);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let serving = door().await.with_limits(limits).serve(router()).unwrap();
    let mut first = TcpStream::connect(serving.addr()).await.unwrap();
    first.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    first.read_u8().await.unwrap();

    let (answer, _) = ask(serving.addr(), "/").await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(body(&answer).contains("too many connections"), "{answer}");

    drop(first);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(body(&ask(serving.addr(), "/").await.0), "hello");
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_flight_and_frees_the_port() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (entered, release) = (Arc::clone(&entered), Arc::clone(&release));
        async move || {
            entered.notify_one();
            release.notified().await;
            "late"
        }
    };
    let serving = door().await.serve(router().route("/slow", get(slow))).unwrap();
    let addr = serving.addr();
    let idle = TcpStream::connect(addr).await.unwrap();
    let request = tokio::spawn(async move {
        let stream = TcpStream::connect(addr).await.unwrap();
        talk(stream, b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await
    });
    entered.notified().await;

    let stop = tokio::spawn(serving.stop(Duration::from_secs(5)));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(TcpStream::connect(addr).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    assert!(!stop.is_finished());
    release.notify_one();
    let (answer, error) = request.await.unwrap();
    assert_eq!((body(&answer), error), ("late", None));
    assert_eq!(stop.await.unwrap(), Stopped::Finished);
    assert_eq!(talk(idle, b"").await, (String::new(), None));
    Door::bind(addr).await.unwrap();
}

#[tokio::test]
async fn a_stop_cuts_what_outlives_the_grace() {
    let serving =
        door().await.serve(Router::new().route("/", get(async || std::future::pending::<()>().await))).unwrap();
    let stream = TcpStream::connect(serving.addr()).await.unwrap();
    let request = tokio::spawn(talk(stream, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(serving.stop(Duration::from_millis(50)).await, Stopped::Cut);
    assert_eq!(request.await.unwrap().0, "");
}

#[tokio::test]
async fn dropping_closes_the_door() {
    let serving = door().await.serve(router()).unwrap();
    let addr = serving.addr();
    let idle = TcpStream::connect(addr).await.unwrap();
    drop(serving);
    assert_eq!(talk(idle, b"").await.0, "");
    assert_eq!(TcpStream::connect(addr).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_taken_port_is_named_with_the_remedy() {
    let taken = door().await;
    let error = Door::bind(taken.local_addr().unwrap()).await.unwrap_err();
    let message = error.to_string();
    assert!(message.contains(&error.addr.to_string()) && message.contains("choose another port"), "{message}");
}

async fn tls_stream(addr: SocketAddr, name: &'static str) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(Authority::load().certificate().clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let tcp = TcpStream::connect(addr).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name).unwrap(), tcp).await
}

#[tokio::test]
async fn tls_works_for_whoever_trusts_the_authority() {
    let config = Authority::load().server_config(&["sim.test".to_owned()]).unwrap();
    let serving = door().await.with_tls(config).serve(router()).unwrap();
    for name in ["localhost", "127.0.0.1", "::1", "sim.test"] {
        let stream = tls_stream(serving.addr(), name).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let (answer, error) = talk(stream, &closing_get("/")).await;
        assert_eq!((body(&answer), error), ("hello", None), "{name}");
    }
    assert!(tls_stream(serving.addr(), "other.test").await.is_err());
    // Plain HTTP at a TLS door gets no HTTP answer, and does no harm.
    assert!(!talk(TcpStream::connect(serving.addr()).await.unwrap(), &closing_get("/")).await.0.contains("HTTP"));
    assert!(tls_stream(serving.addr(), "localhost").await.is_ok());
}

#[tokio::test]
async fn resets_and_truncations_work_over_tls() {
    let config = Authority::load().server_config(&[]).unwrap();
    let serving = door().await.with_tls(config).serve(router()).unwrap();
    let stream = tls_stream(serving.addr(), "localhost").await.unwrap();
    assert_eq!(talk(stream, &closing_get("/reset")).await, (String::new(), Some(io::ErrorKind::ConnectionReset)));
    let stream = tls_stream(serving.addr(), "localhost").await.unwrap();
    assert_eq!(body(&talk(stream, &closing_get("/cut")).await.0), "0123");
}
