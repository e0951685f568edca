use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// What shall become of a connection; shared by its service, the body it sends and its stream.
#[derive(Clone, Default)]
pub(super) struct Fate(Arc<AtomicU8>);

/// A connection to a client that can be ended in unusual ways.
pub(super) struct Stream {
    transport: Transport,
    fate: Fate,
}

enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Fate {
    /// Ends the connection as soon as everything written so far has been sent.
    pub(super) fn cut(&self) {
        self.0.fetch_max(CUT, Ordering::Relaxed);
    }

    /// Ends the connection with a TCP reset.
    pub(super) fn reset(&self) {
        self.0.fetch_max(RESET, Ordering::Relaxed);
    }

    pub(super) fn is_cut(&self) -> bool {
        self.0.load(Ordering::Relaxed) == CUT
    }

    pub(super) fn is_reset(&self) -> bool {
        self.0.load(Ordering::Relaxed) == RESET
    }

    pub(super) fn is_on_purpose(&self) -> bool {
        self.is_cut() || self.is_reset()
    }
}

const CUT: u8 = 1;
const RESET: u8 = 2;

impl Stream {
    pub(super) fn plain(tcp: TcpStream, fate: Fate) -> Self {
        Self { transport: Transport::Plain(tcp), fate }
    }

    pub(super) fn tls(tls: TlsStream<TcpStream>, fate: Fate) -> Self {
        Self { transport: Transport::Tls(Box::new(tls)), fate }
    }

    fn tcp(&self) -> &TcpStream {
        match &self.transport {
            Transport::Plain(tcp) => tcp,
            Transport::Tls(tls) => tls.get_ref().0,
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.fate.is_reset() {
            // With no time to linger, closing discards what is unsent and sends RST instead of FIN (socket(7), SO_LINGER).
            let _ = SockRef::from(self.tcp()).set_linger(Some(Duration::ZERO));
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Transport::Tls(tls) => Pin::new(tls).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Transport::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_write_vectored(cx, bufs),
            Transport::Tls(tls) => Pin::new(tls).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.transport {
            Transport::Plain(tcp) => tcp.is_write_vectored(),
            Transport::Tls(tls) => tls.is_write_vectored(),
        }
    }

    // hyper flushes its stream only when all it had to say is written: the one moment at which a cut loses nothing that was promised.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(match &mut self.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Transport::Tls(tls) => Pin::new(tls).poll_flush(cx),
        })?;
        if self.fate.is_cut() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose")));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Transport::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
