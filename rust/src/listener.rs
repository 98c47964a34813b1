//! The life of a server: a socket with every service behind it, from the bind to the end of its
//! drain.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::body::Body;

use self::lifetime::within;
use crate::about;
use crate::directive::{Director, undirected};
use crate::health::Health;
use crate::peer::Peer;
use crate::reflection::Reflection;
use crate::routes::Routes;
use crate::service::{Description, Service};
use crate::store::Stores;
use crate::window::CONNECTION_WINDOW;

mod lifetime;

/// Concurrent streams of one connection.
const MAX_STREAMS: u32 = 100;
const MAX_METADATA_BYTES: u32 = 16 << 10;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a listener that cannot accept (no more files) waits before it tries again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long peers without a call may take to go.
const FAREWELL: Duration = Duration::from_millis(200);
/// How long the ends of aborted calls may take: their handlers have been dropped.
pub const ABORT_TIMEOUT: Duration = Duration::from_millis(500);

/// Where and how to serve.
pub struct Config {
    /// Address or name to bind.
    pub host: String,
    /// Port to bind; 0 for any free one.
    pub port: u16,
    /// What Inventory says: `plaintext`, `tls` or `mtls`.
    pub security: &'static str,
    /// `None` for plaintext.
    pub tls: Option<Arc<ServerConfig>>,
    /// The largest message read, after decompression.
    pub max_receive_bytes: usize,
    /// What is served.
    pub stores: Arc<Stores>,
    /// Obeys directives; without one they are ignored.
    pub director: Option<Arc<Director>>,
}

/// Accepts connections until it is drained.
pub struct Listener {
    address: SocketAddr,
    server: Arc<Server>,
    accepting: JoinHandle<()>,
}

struct Server {
    routes: Arc<Routes>,
    director: Option<Arc<Director>>,
    tls: Option<TlsAcceptor>,
    health: Health,
    calls: TaskTracker,
    draining: CancellationToken,
}

/// Either, as a type: hyper's code for a connection is compiled once for both.
type Io = Either<TcpStream, TlsStream<TcpStream>>;

impl Listener {
    /// Binds and serves. It fails where it cannot bind.
    pub async fn bind(config: Config) -> io::Result<Self> {
        // tokio reuses the address of a server that is gone, never the port of one that is there.
        let socket = TcpListener::bind((config.host.as_str(), config.port)).await?;
        let address = socket.local_addr()?;
        let health = Health::serving().await;
        let reflection = Reflection::new().map_err(io::Error::other)?;
        let description = Description {
            version: about::VERSION.to_owned(),
            started: Instant::now(),
            metadata: about::metadata(config.security),
        };
        let service = Service::new(config.stores, description);
        let draining = CancellationToken::new();
        let routes = Routes::new(
            service,
            health.clone(),
            reflection,
            config.max_receive_bytes,
            draining.clone(),
        );
        let server = Arc::new(Server {
            routes: Arc::new(routes),
            director: config.director,
            tls: config.tls.map(TlsAcceptor::from),
            health,
            calls: TaskTracker::new(),
            draining,
        });
        let accepting = tokio::spawn(Arc::clone(&server).accept(socket));
        Ok(Self {
            address,
            server,
            accepting,
        })
    }

    /// Returns the address bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Refuses new connections, ends the streams that have no end of their own and lets the other
    /// calls go on for `grace`; then aborts them. It takes at most [`ABORT_TIMEOUT`] longer than
    /// that, whatever the peers do.
    pub async fn drain(mut self, grace: Duration) {
        self.server.health.shut_down().await;
        self.server.draining.cancel();
        self.server.calls.close();
        tokio::select! {
            _ = &mut self.accepting => return,
            () = self.server.idle() => {}
            () = sleep(grace) => {}
        }
        self.accepting.abort();
        let aborted = async {
            // What it returns is that it was aborted.
            let _ = self.accepting.await;
            self.server.calls.wait().await;
        };
        if timeout(ABORT_TIMEOUT, aborted).await.is_err() {
            tracing::error!("calls go on that have been aborted");
        }
    }
}

impl Server {
    /// Accepts until the drain, then waits for the connections. When it is dropped, so are they.
    async fn accept(self: Arc<Self>, socket: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = self.draining.cancelled() => break,
                accepted = socket.accept() => match accepted {
                    Ok((stream, address)) => {
                        connections.spawn(Arc::clone(&self).connection(stream, address));
                    }
                    Err(error) => {
                        tracing::error!(%error, "cannot accept");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(socket);
        while connections.join_next().await.is_some() {}
    }

    /// Returns when no call is left, and peers have had time to go.
    async fn idle(&self) {
        loop {
            self.calls.wait().await;
            sleep(FAREWELL).await;
            if self.calls.is_empty() {
                return;
            }
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, address: SocketAddr) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%address, %error, "cannot set an option");
        }
        let Some(acceptor) = &self.tls else {
            return self.serve(Either::Left(stream), Peer::default()).await;
        };
        let handshake = tokio::select! {
            () = self.draining.cancelled() => return,
            handshake = timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)) => handshake,
        };
        let secured = handshake.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        match secured.and_then(|secured| Ok((Peer::of(secured.get_ref().1)?, secured))) {
            Ok((peer, secured)) => self.serve(Either::Right(secured), peer).await,
            Err(error) => tracing::warn!(%address, %error, "handshake failed"),
        }
    }

    async fn serve(self: Arc<Self>, io: Io, peer: Peer) {
        let draining = self.draining.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer.clone());
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request.map(Body::new)).await) }
        });
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_METADATA_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .serve_connection(TokioIo::new(io), service);
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = draining.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
    }

    /// Answers a call, in the time that its caller allows.
    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let time = crate::timeout::parse(request.headers());
        let answer = async {
            match &self.director {
                Some(director) => director.call(request, Arc::clone(&self.routes)).await,
                None => undirected(request, &self.routes).await,
            }
        };
        within(time, self.calls.token(), answer).await
    }
}
