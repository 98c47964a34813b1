//! What tonic's stubs do not give: the metadata of a call, when it arrives. A stub adds the
//! trailers of a call with one response to its headers, and both come with the end.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::{self, Channel};
use tower::Service;

use super::report::Report;

/// The metadata of one call.
#[derive(Default)]
pub(super) struct Seen {
    /// Initial metadata that is still to be reported.
    pub(super) headers: Option<HeaderMap>,
    /// Trailing metadata.
    pub(super) trailers: Option<HeaderMap>,
}

/// Follows one call.
pub(super) struct Trace {
    report: Arc<Report>,
    /// Whether initial metadata is reported with the end of the call.
    with_the_end: bool,
    seen: Mutex<Seen>,
}

impl Trace {
    pub(super) fn new(report: Arc<Report>, with_the_end: bool) -> Arc<Self> {
        Arc::new(Self {
            report,
            with_the_end,
            seen: Mutex::default(),
        })
    }

    /// Takes what has been seen.
    pub(super) fn take(&self) -> Seen {
        std::mem::take(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn see(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn head(&self, headers: &HeaderMap) {
        if headers.contains_key("grpc-status") {
            self.see(|seen| seen.trailers = Some(headers.clone()));
        } else if self.with_the_end {
            self.see(|seen| seen.headers = Some(headers.clone()));
        } else {
            self.report.headers(headers);
        }
    }
}

/// A channel whose one call is followed.
#[derive(Clone)]
pub(super) struct Traced {
    pub(super) channel: Channel,
    pub(super) trace: Arc<Trace>,
}

impl Service<Request<Body>> for Traced {
    type Response = Response<Body>;
    type Error = transport::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, transport::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), transport::Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.channel.call(request);
        let trace = Arc::clone(&self.trace);
        Box::pin(async move {
            let response = answer.await?;
            trace.head(response.headers());
            Ok(response.map(|inner| Body::new(TracedBody { inner, trace })))
        })
    }
}

struct TracedBody {
    inner: Body,
    trace: Arc<Trace>,
}

impl http_body::Body for TracedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(trailers) = frame.trailers_ref()
        {
            self.trace
                .see(|seen| seen.trailers = Some(trailers.clone()));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
