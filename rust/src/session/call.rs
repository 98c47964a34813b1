//! One call of a client's session: what commands do to it, and how it runs to its status.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::FutureExt;
use http::HeaderMap;
use stock_grpc::tofusoup::stock::session::{Request, Rpc, Start, request};
use tokio::sync::Semaphore;
use tokio::time::sleep_until;
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Status};

use super::methods::{self, accepts, sends_many};
use super::output::Output;
use super::report::{Report, status_of};
use super::trace::{Trace, Traced};
use crate::{calls, metadata};

const HALF_CLOSED: &str = "call: its requests have ended";
const WRONG_REQUEST: &str = "requests: one is not of the rpc's type";

/// A call.
pub(super) struct Call {
    pub(super) rpc: Rpc,
    pub(super) compress: bool,
    pub(super) max_receive_bytes: usize,
    pub(super) report: Arc<Report>,
    headers: HeaderMap,
    time: Option<Duration>,
    requests: Mutex<Requests>,
    /// Responses that may still be read; closed where all may.
    credit: Semaphore,
    cancelled: CancellationToken,
    /// Ends requests that have not ended.
    breaks_off: OnceLock<CancellationHandle>,
}

/// The requests that have not been handed to the library.
#[derive(Default)]
struct Requests {
    waiting: VecDeque<Request>,
    closed: bool,
    waker: Option<Waker>,
}

impl Call {
    /// Returns a call that has not begun, or why there can be none. It ends when `cancelled` is.
    pub(super) fn new(
        start: Start,
        output: &Output,
        channel: &super::client::Open,
    ) -> Result<Arc<Self>, String> {
        let rpc = start.rpc();
        if rpc == Rpc::Unspecified || Rpc::try_from(start.rpc).is_err() {
            return Err(format!("rpc: {} given, a method expected", start.rpc));
        }
        let time = u64::try_from(start.timeout_ns)
            .map_err(|_| format!("timeout_ns: {} given, 0 or more expected", start.timeout_ns))?;
        if start.requests.len() != 1 && !sends_many(rpc) {
            return Err(format!(
                "requests: {} given, {} takes exactly 1",
                start.requests.len(),
                rpc.as_str_name()
            ));
        }
        if !start.requests.iter().all(|request| accepts(rpc, request)) {
            return Err(WRONG_REQUEST.to_owned());
        }
        let headers = metadata::to_headers(&start.metadata.unwrap_or_default())
            .map_err(|name| format!("metadata: {name:?} cannot be sent"))?;
        let call = Self {
            rpc,
            compress: start.compress,
            max_receive_bytes: channel.max_receive_bytes,
            report: Report::new(start.call, output.clone()),
            headers,
            time: (time > 0).then(|| Duration::from_nanos(time)),
            requests: Mutex::new(Requests {
                waiting: start.requests.into(),
                closed: start.half_close || !sends_many(rpc),
                waker: None,
            }),
            credit: Semaphore::new(0),
            cancelled: channel.cancelled.child_token(),
            breaks_off: OnceLock::new(),
        };
        call.receive(start.credit);
        Ok(Arc::new(call))
    }

    /// Queues requests.
    pub(super) fn send(&self, more: Vec<Request>) -> Result<(), String> {
        let mut requests = self.requests();
        if requests.closed {
            return Err(HALF_CLOSED.to_owned());
        }
        if !more.iter().all(|request| accepts(self.rpc, request)) {
            return Err(WRONG_REQUEST.to_owned());
        }
        requests.waiting.extend(more);
        requests.wake();
        Ok(())
    }

    /// Ends the requests after those queued.
    pub(super) fn half_close(&self) -> Result<(), String> {
        let mut requests = self.requests();
        if std::mem::replace(&mut requests.closed, true) {
            return Err(HALF_CLOSED.to_owned());
        }
        requests.wake();
        Ok(())
    }

    /// Allows more responses; 0 stands for all.
    pub(super) fn receive(&self, credit: u32) {
        if credit == 0 {
            self.credit.close();
        } else {
            self.credit.add_permits(credit as usize);
        }
    }

    /// Ends the call.
    pub(super) fn cancel(&self) {
        self.cancelled.cancel();
    }

    /// Makes the call; returns what is to be reported last, when the call is no longer running.
    pub(super) async fn run(self: Arc<Self>, channel: Channel) -> impl FnOnce() {
        let trace = Trace::new(Arc::clone(&self.report), methods::is_unary(self.rpc));
        let traced = Traced::new(channel, Arc::clone(&trace));
        // A peer can make tonic panic: by status details that are no base64.
        let performed = AssertUnwindSafe(methods::perform(&self, traced)).catch_unwind();
        let ended = tokio::select! {
            // In this order: tonic has a timer of its own, which ends a call as cancelled.
            biased;
            () = self.cancelled.cancelled() => Err(Status::cancelled("cancelled by the caller")),
            () = self.expiry() => Err(Status::deadline_exceeded("deadline exceeded")),
            performed = performed => performed.unwrap_or_else(|_| Err(broken())),
        };
        if let Some(handle) = self.breaks_off.get() {
            handle.clone().cancel();
        }
        let unsent = self.requests().waiting.len();
        move || {
            let seen = trace.take();
            let (response, status) = match ended {
                Ok(response) => (response, Status::ok("")),
                Err(status) => (None, status),
            };
            let status = status_of(&status, seen.trailers.as_ref(), unsent);
            self.report.end(seen.headers.as_ref(), response, status);
        }
    }

    /// Waits until another response may be read.
    pub(super) async fn allowed(&self) {
        if let Ok(permit) = self.credit.acquire().await {
            permit.forget();
        }
    }

    /// Takes the one request of a call that has just one.
    pub(super) fn only_request(&self) -> Option<request::Request> {
        self.requests().waiting.pop_front()?.request
    }

    /// Returns a request with all that goes beside its message.
    pub(super) fn request<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = calls::request(message, self.time);
        let timeout = std::mem::take(request.metadata_mut()).into_headers();
        let mut headers = self.headers.clone();
        headers.extend(timeout);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        request
    }

    /// Returns a request whose messages are those that commands send, as `convert` takes them.
    pub(super) fn stream_request<T>(
        self: &Arc<Self>,
        convert: fn(request::Request) -> Option<T>,
    ) -> tonic::Request<Sending<T>> {
        let mut request = self.request(Sending {
            call: Arc::clone(self),
            convert,
        });
        // It is set once: a call makes one request.
        let _ = self.breaks_off.set(request.cancellation_handle());
        request
    }

    async fn expiry(&self) {
        match self
            .time
            .and_then(|time| self.report.started().checked_add(time))
        {
            Some(deadline) => sleep_until(deadline.into()).await,
            None => std::future::pending().await,
        }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Requests {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

fn broken() -> Status {
    Status::internal("the client's library failed")
}

/// The requests of a call on their way to the library.
pub(super) struct Sending<T> {
    call: Arc<Call>,
    convert: fn(request::Request) -> Option<T>,
}

impl<T> Stream for Sending<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut requests = self.call.requests();
        match requests.waiting.pop_front() {
            // Its type has been checked when it was queued.
            Some(request) => Poll::Ready(request.request.and_then(self.convert)),
            None if requests.closed => Poll::Ready(None),
            None => {
                requests.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
