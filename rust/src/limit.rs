//! A client's limit of messages, beneath tonic's stubs: these say `OUT_OF_RANGE` of a message over
//! their own, which is `RESOURCE_EXHAUSTED` to all others.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use tonic::Status;
use tonic::body::Body;
use tower::Service;

/// Bytes before each message: a flag, and its length.
const PREFIX: usize = 5;

/// A service whose answers end at the first message over a limit. Of what is compressed it counts
/// what travels: the stub's own limit, which it should have too, counts the rest.
#[derive(Clone)]
pub struct Limited<S> {
    inner: S,
    max_message_bytes: usize,
}

impl<S> Limited<S> {
    /// Returns a service with a limit.
    pub fn new(inner: S, max_message_bytes: usize) -> Self {
        Self {
            inner,
            max_message_bytes,
        }
    }
}

impl<S> Service<Request<Body>> for Limited<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.inner.call(request);
        let messages = Messages::new(self.max_message_bytes);
        Box::pin(async move {
            Ok(answer.await?.map(|inner| {
                Body::new(LimitedBody {
                    inner,
                    messages,
                    over: None,
                })
            }))
        })
    }
}

/// Where in its messages a body is.
struct Messages {
    max: usize,
    /// What has come of the prefix of a message.
    prefix: [u8; PREFIX],
    came: usize,
    /// What is still to come of the message behind it.
    left: usize,
}

impl Messages {
    fn new(max: usize) -> Self {
        Self {
            max,
            prefix: [0; PREFIX],
            came: 0,
            left: 0,
        }
    }

    /// Goes on by what has come. Returns the length of a message over the limit, and where in
    /// `data` its prefix is complete.
    fn pass(&mut self, data: &[u8]) -> Option<(usize, usize)> {
        let mut at = 0;
        while at < data.len() {
            if self.left > 0 {
                let step = self.left.min(data.len() - at);
                self.left -= step;
                at += step;
                continue;
            }
            let step = (PREFIX - self.came).min(data.len() - at);
            self.prefix[self.came..self.came + step].copy_from_slice(&data[at..at + step]);
            self.came += step;
            at += step;
            if self.came == PREFIX {
                let [_, length @ ..] = self.prefix;
                self.came = 0;
                self.left = u32::from_be_bytes(length) as usize;
                if self.left > self.max {
                    return Some((self.left, at));
                }
            }
        }
        None
    }
}

struct LimitedBody {
    inner: Body,
    messages: Messages,
    /// What the body ends with.
    over: Option<Status>,
}

impl LimitedBody {
    /// Gives on what has come, but of a message over the limit not its whole prefix.
    fn admit(&mut self, mut data: Bytes) -> Frame<Bytes> {
        if let Some((length, end)) = self.messages.pass(&data) {
            data.truncate(end - 1);
            self.over = Some(Status::resource_exhausted(format!(
                "message of {length} bytes; at most {}",
                self.messages.max
            )));
        }
        Frame::data(data)
    }
}

impl http_body::Body for LimitedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let Some(over) = self.over.take() {
            return Poll::Ready(Some(Err(over)));
        }
        let polled = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        Poll::Ready(polled.map(|frame| {
            let frame = frame?;
            Ok(match frame.into_data() {
                Ok(data) => self.admit(data),
                Err(trailers) => trailers,
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.over.is_none() && self.inner.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three messages: of no bytes, of two, of three.
    const STREAM: &[u8] = b"\0\0\0\0\0\0\0\0\0\x02ab\x01\0\0\0\x03cde";

    /// Returns what `STREAM` in pieces of a size comes to, under a limit.
    fn over(max: usize, size: usize) -> Option<(usize, usize)> {
        let mut messages = Messages::new(max);
        STREAM.chunks(size).enumerate().find_map(|(piece, data)| {
            let (length, at) = messages.pass(data)?;
            Some((length, piece * size + at))
        })
    }

    #[test]
    fn a_message_over_the_limit_is_found_however_it_is_cut() {
        for size in 1..=STREAM.len() {
            assert_eq!(over(3, size), None, "in pieces of {size}");
            assert_eq!(over(2, size), Some((3, 17)), "in pieces of {size}");
            assert_eq!(over(1, size), Some((2, 10)), "in pieces of {size}");
        }
    }
}
