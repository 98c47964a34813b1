//! The client side of the RPCs: a channel over connections of its own, and the stubs over it.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_util::either::Either;
use tonic::Request;
use tonic::transport::{self, Channel};

use crate::credentials::HTTP2;
use crate::timeout;
use crate::window::CONNECTION_WINDOW;

/// What a connection, with its handshakes, may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// The largest message read, unless one says otherwise.
pub const DEFAULT_MAX_RECEIVE_BYTES: usize = 4 << 20;

/// Where a server is and how to reach it.
#[derive(Clone)]
pub struct Endpoint {
    /// Literal address or name; IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// `None` for plaintext.
    pub tls: Option<Arc<ClientConfig>>,
    /// Name to verify the server's certificate against and to send as authority; empty for the
    /// host.
    pub server_name: String,
}

/// Returns a channel that dials nothing before the first call, and then no proxy and nobody else's
/// connection. It fails where the host or the server's name can be no authority; it needs a
/// runtime.
pub fn open(endpoint: &Endpoint) -> Result<Channel, String> {
    let name = if endpoint.server_name.is_empty() {
        &endpoint.host
    } else {
        &endpoint.server_name
    };
    let scheme = if endpoint.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let port = if endpoint.server_name.is_empty() {
        format!(":{}", endpoint.port)
    } else {
        String::new()
    };
    let uri: Uri = format!("{scheme}://{}{port}", bracketed(name))
        .parse()
        .map_err(|error| format!("server name: {name:?} given: {error}"))?;
    let secure = match &endpoint.tls {
        None => None,
        Some(config) => {
            let name = ServerName::try_from(name.clone())
                .map_err(|error| format!("server name: {name:?} given: {error}"))?;
            Some((TlsConnector::from(Arc::clone(config)), name))
        }
    };
    let address = (endpoint.host.clone(), endpoint.port);
    let connector = tower::service_fn(move |_: Uri| connect(address.clone(), secure.clone()));
    Ok(transport::Endpoint::from(uri)
        .connect_timeout(CONNECT_TIMEOUT)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect_with_connector_lazy(connector))
}

fn bracketed(host: &str) -> String {
    match host.parse() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => host.to_owned(),
    }
}

type Io = Either<TcpStream, Box<tokio_rustls::client::TlsStream<TcpStream>>>;

async fn connect(
    address: (String, u16),
    secure: Option<(TlsConnector, ServerName<'static>)>,
) -> io::Result<TokioIo<Io>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let Some((connector, name)) = secure else {
        return Ok(TokioIo::new(Either::Left(stream)));
    };
    let secured = connector.connect(name, stream).await?;
    // rustls lets a server pass that chooses nothing.
    if secured.get_ref().1.alpn_protocol() != Some(HTTP2) {
        return Err(io::Error::other("the server did not choose h2 by ALPN"));
    }
    Ok(TokioIo::new(Either::Right(Box::new(secured))))
}

/// Returns a request that says how much time it allows. It is still the caller's to end the call
/// then: tonic stops at the response's head.
pub fn request<T>(message: T, time: Option<Duration>) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(time) = time {
        // Not by tonic's set_timeout, which rounds down. A number and a unit are always a value.
        if let Ok(value) = timeout::format(time).parse() {
            request.metadata_mut().insert(timeout::NAME, value);
        }
    }
    request
}
