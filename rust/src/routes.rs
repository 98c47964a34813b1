//! The services of a server: which of them a call is for, and what holds for the handlers of all of
//! them.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use http_body::{Frame, SizeHint};
use stock_grpc::proto::kv_server::{self, KvServer};
use stock_grpc::tofusoup::stock::stock_server::{self, StockServer};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding::Gzip;
use tonic_health::pb::health_server::{self, HealthServer};
use tonic_reflection::pb::v1::server_reflection_server::{self, ServerReflectionServer};
use tower::Service as _;

use crate::health::Health;
use crate::reflection::Reflection;
use crate::service::Service;

/// Full names of the methods whose streams do not end by themselves.
const ENDLESS: [&str; 4] = [
    "/tofusoup.stock.Stock/Monitor",
    "/grpc.health.v1.Health/Watch",
    REFLECTION_V1,
    REFLECTION_V1ALPHA,
];
const REFLECTION_V1: &str = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
const REFLECTION_V1ALPHA: &str = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

const STATUS: &str = "grpc-status";

/// The services. A clone shares everything.
#[derive(Clone)]
pub struct Routes {
    stock: StockServer<Service>,
    kv: KvServer<Service>,
    health: HealthServer<Health>,
    reflection: ServerReflectionServer<Reflection>,
    draining: CancellationToken,
}

impl Routes {
    /// Returns the services around their handlers. Messages received have at most
    /// `max_receive_bytes`. When `draining` is cancelled, the streams that do not end by themselves
    /// end.
    pub fn new(
        service: Service,
        health: Health,
        reflection: Reflection,
        max_receive_bytes: usize,
        draining: CancellationToken,
    ) -> Self {
        let stock = StockServer::new(service.clone()).max_decoding_message_size(max_receive_bytes);
        let kv = KvServer::new(service).max_decoding_message_size(max_receive_bytes);
        Self {
            stock: stock.accept_compressed(Gzip).send_compressed(Gzip),
            kv: kv.accept_compressed(Gzip).send_compressed(Gzip),
            health: HealthServer::new(health).accept_compressed(Gzip),
            reflection: ServerReflectionServer::new(reflection).accept_compressed(Gzip),
            draining,
        }
    }

    /// Answers a call. What a handler panics of is INTERNAL.
    pub async fn call(&self, request: Request<Body>) -> Response<Body> {
        let endless = ENDLESS.contains(&request.uri().path());
        let mut response = survive(self.dispatch(request)).await;
        tell_too_large(response.headers_mut());
        let draining = endless.then(|| Box::pin(self.draining.clone().cancelled_owned()));
        response.map(|body| {
            Body::new(HandlerBody {
                inner: Some(body),
                draining,
            })
        })
    }

    async fn dispatch(&self, mut request: Request<Body>) -> Response<Body> {
        if request.uri().path() == REFLECTION_V1ALPHA {
            // The messages are the same, only the package differs.
            *request.uri_mut() = Uri::from_static(REFLECTION_V1);
        }
        let path = request.uri().path();
        let service = path
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
            .map(|(service, _)| service);
        let answer: Result<_, Infallible> = match service {
            Some(stock_server::SERVICE_NAME) => self.stock.clone().call(request).await,
            Some(kv_server::SERVICE_NAME) => self.kv.clone().call(request).await,
            Some(health_server::SERVICE_NAME) => self.health.clone().call(request).await,
            Some(server_reflection_server::SERVICE_NAME) => {
                self.reflection.clone().call(request).await
            }
            _ => Ok(Status::unimplemented("").into_http()),
        };
        answer.unwrap_or_else(|never| match never {})
    }
}

/// Awaits an answer; a panic instead of it becomes a status. What it says goes to the log only, by
/// the panic hook.
pub async fn survive(answer: impl Future<Output = Response<Body>>) -> Response<Body> {
    AssertUnwindSafe(answer)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| fault().into_http())
}

fn fault() -> Status {
    Status::internal("the handler failed")
}

/// No handler ends a call with `OUT_OF_RANGE`: it is what tonic says of a message over the limit,
/// which is `RESOURCE_EXHAUSTED` to all others.
fn tell_too_large(headers: &mut HeaderMap) {
    if let Some(code) = headers.get_mut(STATUS).filter(|code| *code == "11") {
        *code = HeaderValue::from_static("8");
    }
}

/// Returns what a body ends with.
pub fn trailers(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    if let Err(unsayable) = status.add_header(&mut trailers) {
        tracing::error!(%unsayable, "a status does not fit into trailers");
        trailers.insert(STATUS, HeaderValue::from_static("13"));
    }
    trailers
}

/// The body of a handler's response.
struct HandlerBody {
    inner: Option<Body>,
    draining: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl HandlerBody {
    fn end(&mut self, status: &Status) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.inner = None;
        Poll::Ready(Some(Ok(Frame::trailers(trailers(status)))))
    }
}

impl http_body::Body for HandlerBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        let Ok(mut polled) = catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll_frame(cx)))
        else {
            return self.end(&fault());
        };
        if let Poll::Ready(Some(Ok(frame))) = &mut polled {
            frame.trailers_mut().into_iter().for_each(tell_too_large);
        }
        // Last, so that what the handler has still to tell is told: a health that is no longer
        // serving.
        if polled.is_pending()
            && self
                .draining
                .as_mut()
                .is_some_and(|draining| draining.poll_unpin(cx).is_ready())
        {
            return self.end(&Status::unavailable("server shutting down"));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}
