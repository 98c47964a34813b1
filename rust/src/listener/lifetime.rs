//! The time that a call has, from its head to the end of its body.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body::Frame;
use tokio::time::{Sleep, sleep};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Status;
use tonic::body::Body;

use crate::routes::trailers;

/// Awaits an answer for as long as the caller allows, if it does not allow for ever; its body then has
/// what is left of the time. The call is running until the body has been dropped.
pub(super) async fn within(
    time: Option<Duration>,
    running: TaskTrackerToken,
    answer: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    let mut deadline = time.map(|time| Box::pin(sleep(time)));
    let response = match &mut deadline {
        None => answer.await,
        Some(deadline) => tokio::select! {
            response = answer => response,
            () = deadline => return expired().into_http(),
        },
    };
    response.map(|inner| {
        let inner = Some(inner);
        Body::new(CallBody {
            inner,
            deadline,
            _running: running,
        })
    })
}

fn expired() -> Status {
    Status::deadline_exceeded("deadline exceeded")
}

struct CallBody {
    inner: Option<Body>,
    deadline: Option<Pin<Box<Sleep>>>,
    _running: TaskTrackerToken,
}

impl CallBody {
    fn is_expired(&mut self, cx: &mut Context<'_>) -> bool {
        let deadline = self.deadline.as_mut();
        deadline.is_some_and(|deadline| deadline.as_mut().poll(cx).is_ready())
    }
}

impl http_body::Body for CallBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(inner).poll_frame(cx);
        if polled.is_pending() && self.is_expired(cx) {
            self.inner = None;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers(&expired())))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }
}
