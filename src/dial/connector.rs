use std::error::Error;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::http::Uri;
use hyper::http::uri::PathAndQuery;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::TcpStream;
use tower::Service;

use super::DialOptions;
use super::connect_to::{ConnectTo, Place};
use super::trust::{self, TrustError};

/// Opens connections: where the rules lead, with TLS under the URL's own name.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    tls: HttpsConnector<Tcp>,
    connect_to: Arc<[ConnectTo]>,
}

/// The name server knows no such host.
#[derive(Debug, Error)]
#[error("name not found")]
pub(super) struct NameNotFound(#[source] io::Error);

impl Connector {
    pub(super) fn new(options: &DialOptions) -> Result<Self, TrustError> {
        let connect_to: Arc<[_]> = options.connect_to.clone().into();
        let mut http = HttpConnector::new_with_resolver(Lookup);
        http.enforce_http(false);
        http.set_nodelay(true);
        let tcp = Tcp { http, connect_to: Arc::clone(&connect_to) };
        let config = if options.insecure { trust::anybody()? } else { trust::known(&options.ca_pem)? };
        let tls =
            HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().wrap_connector(tcp);
        Ok(Self { tls, connect_to })
    }

    /// The host and port that this URL is connected to.
    pub(super) fn destination(&self, uri: &Uri) -> Place {
        destination(&self.connect_to, uri)
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.tls.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        self.tls.call(uri)
    }
}

/// Plain TCP to wherever the rules lead.
#[derive(Clone, Debug)]
struct Tcp {
    http: HttpConnector<Lookup>,
    connect_to: Arc<[ConnectTo]>,
}

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = <HttpConnector<Lookup> as Service<Uri>>::Error;
    type Future = <HttpConnector<Lookup> as Service<Uri>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.http.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let place = destination(&self.connect_to, &uri).to_string();
        let mut parts = uri.into_parts();
        // A host that makes no authority is passed on as it was, and not found.
        parts.authority = place.parse().ok().or(parts.authority);
        parts.path_and_query = Some(PathAndQuery::from_static("/"));
        self.http.call(Uri::from_parts(parts).unwrap_or_default())
    }
}

fn destination(rules: &[ConnectTo], uri: &Uri) -> Place {
    let place = Place::of(uri);
    rules.iter().find_map(|rule| rule.reroute(&place)).cloned().unwrap_or(place)
}

/// The system's resolver, with an error that can be told from others.
#[derive(Clone, Debug)]
struct Lookup;

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = NameNotFound;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NameNotFound>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NameNotFound>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(NameNotFound)?;
            Ok(found.collect::<Vec<_>>().into_iter())
        })
    }
}
