//! A server and channels to it, for tests.

use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use stock::calls::{self, DEFAULT_MAX_RECEIVE_BYTES, Endpoint};
use stock::directive::Director;
use stock::listener::{Config, Listener};
use stock::store::Stores;
use stock_grpc::tofusoup::stock::session::{Directive, Fail, Observation, Observed};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::rustls::{ClientConfig, ServerConfig};
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

/// What any test may take.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Binds a server on a free port.
pub async fn bind(tls: Option<Arc<ServerConfig>>, director: Option<Director>) -> Listener {
    let config = Config {
        host: "127.0.0.1".to_owned(),
        port: 0,
        security: if tls.is_some() { "tls" } else { "plaintext" },
        tls,
        max_receive_bytes: DEFAULT_MAX_RECEIVE_BYTES,
        stores: Arc::new(Stores::default()),
        director: director.map(Arc::new),
    };
    Listener::bind(config).await.expect("a free port")
}

/// Opens a channel to a server.
pub fn channel(listener: &Listener, tls: Option<Arc<ClientConfig>>) -> Channel {
    let address = listener.address();
    let host = address.ip().to_string();
    calls::open(&Endpoint {
        host,
        port: address.port(),
        tls,
        server_name: String::new(),
    })
    .expect("a channel")
}

/// Runs a test with a channel to a plaintext server, which is drained at its end.
pub async fn served(director: Option<Director>, test: impl AsyncFnOnce(Channel)) {
    let listener = bind(None, director).await;
    let channel = channel(&listener, None);
    tokio::time::timeout(DEADLINE, test(channel))
        .await
        .expect("the test to end");
    listener.drain(Duration::ZERO).await;
}

/// Asserts how a call has failed.
pub fn assert_status<T>(result: Result<T, Status>, code: Code, message: &str) {
    let status = result.err().expect("a failure");
    assert_eq!((status.code(), status.message()), (code, message));
}

/// Returns a director, and what it is told of.
pub fn director() -> (Director, UnboundedReceiver<Observed>) {
    let (sender, observed) = unbounded_channel();
    // It fails where the test has ended.
    let report = Arc::new(move |observed| _ = sender.send(observed));
    (
        Director::new(Arc::new(Stores::default()), Some(report)),
        observed,
    )
}

/// Returns a request with a directive.
pub fn directed<T>(message: T, directive: &Directive) -> Request<T> {
    let mut request = Request::new(message);
    let value = MetadataValue::from_bytes(&directive.encode_to_vec());
    request
        .metadata_mut()
        .insert_bin("stock-directive-bin", value);
    request
}

/// Returns a directive by which a call fails after as many messages.
pub fn failing(after: u32) -> Directive {
    let fail = Fail {
        code: Code::Aborted as u32,
        message: "enough".to_owned(),
        after,
        ..Fail::default()
    };
    Directive {
        fail: Some(fail),
        tag: "t".to_owned(),
        ..Directive::default()
    }
}

/// Returns what a director is told of next.
pub async fn observation(observed: &mut UnboundedReceiver<Observed>) -> Observation {
    let next = observed.recv().await.expect("a director");
    next.observation.expect("an observation")
}
