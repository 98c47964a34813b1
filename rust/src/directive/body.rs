//! The bodies of a directed call: they count its messages, and end it after as many as a directive
//! says.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response};
use http_body::Frame;
use tonic::Status;
use tonic::body::Body;

use super::Fail;
use super::messages::Messages;
use super::observe::{Counts, Observer};
use crate::metadata::DETAILS;
use crate::routes::trailers;

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");

/// The headers in which a status travels.
const STATUS: [&str; 3] = ["grpc-status", "grpc-message", DETAILS];

/// The body of a request, a message at a time: what has not been asked for is not counted.
pub(super) struct RequestBody {
    inner: Body,
    counts: Arc<Counts>,
    messages: Messages,
    unread: Bytes,
    end: Option<(u32, Arc<OnceLock<()>>)>,
}

impl RequestBody {
    pub(super) fn new(inner: Body, counts: Arc<Counts>) -> Self {
        Self {
            inner,
            counts,
            messages: Messages::default(),
            unread: Bytes::new(),
            end: None,
        }
    }

    /// Fails instead of giving one message more than `after`; then the lock that it returns is set.
    pub(super) fn end_after(&mut self, after: u32) -> Arc<OnceLock<()>> {
        let ended = Arc::new(OnceLock::new());
        self.end = Some((after, Arc::clone(&ended)));
        ended
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        if let Some((after, ended)) = &this.end
            && this.counts.read.load(Relaxed) == *after
        {
            ended.get_or_init(|| ());
            return Poll::Ready(Some(Err(Status::aborted("ended by a directive"))));
        }
        if this.unread.is_empty() {
            match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                Some(Ok(frame)) if frame.is_data() => {
                    this.unread = frame.into_data().unwrap_or_default();
                }
                other => {
                    let broken_off = matches!(other, Some(Err(_)));
                    this.counts.broken_off.fetch_or(broken_off, Relaxed);
                    return Poll::Ready(other);
                }
            }
        }
        let used = this.messages.next_end(&this.unread);
        this.counts.read.fetch_add(used.is_some().into(), Relaxed);
        let data = this.unread.split_to(used.unwrap_or(this.unread.len()));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none() && self.unread.is_empty() && self.inner.is_end_stream()
    }
}

/// The answer to a call, still to come.
type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

enum Inner {
    Waiting(Answer),
    Open(Body),
    Ending(HeaderMap),
    Ended,
}

/// The body of a response.
pub(super) struct ResponseBody {
    inner: Inner,
    trailers: HeaderMap,
    cut: Option<Fail>,
    messages: Messages,
    counts: Arc<Counts>,
    observer: Option<Observer>,
}

impl ResponseBody {
    /// Returns a body that ends with `trailers` beside its status; with the status of `cut` after
    /// as many messages as that says.
    pub(super) fn new(
        trailers: HeaderMap,
        cut: Option<Fail>,
        counts: Arc<Counts>,
        observer: Option<Observer>,
    ) -> Self {
        Self {
            inner: Inner::Ended,
            trailers,
            cut,
            messages: Messages::default(),
            counts,
            observer,
        }
    }

    /// Returns a response that has these headers and an answer's body, as soon as there is an
    /// answer.
    pub(super) fn before(mut self, headers: HeaderMap, answer: Answer) -> Response<Body> {
        self.inner = Inner::Waiting(answer);
        self.into_response(headers)
    }

    /// Returns an answer with more headers and trailers.
    pub(super) fn around(mut self, headers: HeaderMap, answer: Response<Body>) -> Response<Body> {
        let (mut parts, body) = answer.into_parts();
        let Some(mut status) = take_status(&mut parts.headers) else {
            self.inner = Inner::Open(body);
            parts.headers.extend(headers);
            return Response::from_parts(parts, Body::new(self));
        };
        if headers.is_empty() {
            // All in one, as gRPC says it: trailers only.
            status.extend(std::mem::take(&mut self.trailers));
            parts.headers.extend(status);
            self.complete();
            return Response::from_parts(parts, Body::empty());
        }
        self.inner = Inner::Ending(status);
        self.into_response(headers)
    }

    fn into_response(self, headers: HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::new(self));
        *response.headers_mut() = headers;
        response.headers_mut().insert(CONTENT_TYPE, GRPC);
        response
    }

    fn complete(&mut self) {
        if let Some(observer) = &mut self.observer {
            observer.complete();
        }
    }

    fn end(&mut self, mut status: HeaderMap) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.inner = Inner::Ended;
        status.extend(std::mem::take(&mut self.trailers));
        self.complete();
        Poll::Ready(Some(Ok(Frame::trailers(status))))
    }

    /// Counts the messages in `data`; what lies behind the last one allowed is cut off.
    fn count(&mut self, mut data: Bytes) -> Bytes {
        let mut end = 0;
        while let Some(used) = self.messages.next_end(&data[end..]) {
            end += used;
            let sent = self.counts.sent.fetch_add(1, Relaxed) + 1;
            if self.cut.as_ref().is_some_and(|cut| cut.after == sent) {
                data.truncate(end);
                break;
            }
        }
        data
    }

    /// Returns the status that the call is to have by now.
    fn due(&self) -> Option<HeaderMap> {
        let cut = self
            .cut
            .as_ref()
            .filter(|cut| cut.after > 0 && cut.after <= self.counts.sent.load(Relaxed))?;
        Some(trailers(&cut.status))
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(status) = self.due().filter(|_| matches!(self.inner, Inner::Open(_))) {
            return self.end(status);
        }
        loop {
            match &mut self.inner {
                Inner::Waiting(answer) => {
                    let (mut parts, body) = ready!(answer.as_mut().poll(cx)).into_parts();
                    let status = take_status(&mut parts.headers);
                    self.inner = status.map_or(Inner::Open(body), Inner::Ending);
                }
                Inner::Ending(status) => {
                    let status = std::mem::take(status);
                    return self.end(status);
                }
                Inner::Ended => return Poll::Ready(None),
                Inner::Open(body) => {
                    let Some(frame) = ready!(Pin::new(body).poll_frame(cx)?) else {
                        self.inner = Inner::Ended;
                        continue;
                    };
                    return match frame.into_data() {
                        Ok(data) => Poll::Ready(Some(Ok(Frame::data(self.count(data))))),
                        Err(frame) => self.end(frame.into_trailers().unwrap_or_default()),
                    };
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.inner, Inner::Ended)
    }
}

/// Takes a status out of the headers of a response that has nothing else.
fn take_status(headers: &mut HeaderMap) -> Option<HeaderMap> {
    headers.get(STATUS[0])?;
    Some(
        STATUS
            .iter()
            .filter_map(|name| Some((http::HeaderName::from_static(name), headers.remove(*name)?)))
            .collect(),
    )
}
