//! Answers, watched on their way from a channel to tonic's stubs, which hide some of them.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use tonic::Status;
use tonic::body::Body;
use tower::Service;

/// Watches one answer.
pub trait Watch: Clone + Send + Unpin + 'static {
    /// Sees its head.
    fn head(&mut self, _headers: &HeaderMap) {}

    /// Sees a frame of it. Returns what is passed on, and what the answer ends with behind that,
    /// whatever is still to come.
    fn frame(&mut self, frame: Frame<Bytes>) -> (Frame<Bytes>, Option<Status>);
}

/// A service whose answers are watched, each by a clone of one watch.
#[derive(Clone)]
pub struct Watched<S, W> {
    inner: S,
    watch: W,
}

impl<S, W> Watched<S, W> {
    /// Returns a service that is watched.
    pub fn new(inner: S, watch: W) -> Self {
        Self { inner, watch }
    }
}

impl<S, W> Service<Request<Body>> for Watched<S, W>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    W: Watch,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.inner.call(request);
        let mut watch = self.watch.clone();
        Box::pin(async move {
            let response = answer.await?;
            watch.head(response.headers());
            Ok(response.map(|inner| {
                Body::new(WatchedBody {
                    inner,
                    watch,
                    end: None,
                })
            }))
        })
    }
}

struct WatchedBody<W> {
    inner: Body,
    watch: W,
    /// What the body ends with, instead of what is still to come.
    end: Option<Status>,
}

impl<W: Watch> http_body::Body for WatchedBody<W> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(end) = self.end.take() {
            return Poll::Ready(Some(Err(end)));
        }
        let polled = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        Poll::Ready(polled.map(|frame| {
            let (passed, end) = self.watch.frame(frame?);
            self.end = end;
            Ok(passed)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none() && self.inner.is_end_stream()
    }
}
