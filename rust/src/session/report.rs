//! What a call's library gave, until the output writes it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use http::HeaderMap;
use prost::Message;
use stock_grpc::tofusoup::stock::session::{self, Events, response};
use tonic::Status;

use super::output::Output;
use crate::metadata;

/// Size of responses at which a call's frame is full and the next one begins; far below that of the
/// longest frame, as a frame is full only when a response has filled it.
const FRAME_TARGET_BYTES: usize = 1 << 20;

/// Collects the events of one call.
pub(super) struct Report {
    call: u32,
    output: Output,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    frames: Vec<Events>,
    bytes: usize, // of the responses in the last frame
    queued: bool,
}

impl Report {
    /// Starts a call's clock.
    pub(super) fn new(call: u32, output: Output) -> Arc<Self> {
        Arc::new(Self {
            call,
            output,
            started: Instant::now(),
            state: Mutex::default(),
        })
    }

    /// Returns when the clock was started.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// Adds the initial metadata.
    pub(super) fn headers(self: &Arc<Self>, headers: &HeaderMap) {
        self.add(|events| events.headers = Some(metadata::from_headers(headers)));
    }

    /// Adds a response.
    pub(super) fn response(self: &Arc<Self>, response: response::Response) {
        let response = session::Response {
            response: Some(response),
        };
        self.add(|events| events.responses.push(response));
    }

    /// Adds all that ends a call, at once.
    pub(super) fn end(
        self: &Arc<Self>,
        headers: Option<&HeaderMap>,
        response: Option<response::Response>,
        status: session::Status,
    ) {
        self.add(|events| {
            if let Some(headers) = headers {
                events.headers = Some(metadata::from_headers(headers));
            }
            events
                .responses
                .extend(response.map(|response| session::Response {
                    response: Some(response),
                }));
            events.status = Some(status);
        });
    }

    /// Takes what has been collected.
    pub(super) fn take(&self) -> Vec<Events> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *state).frames
    }

    fn add(self: &Arc<Self>, fill: impl FnOnce(&mut Events)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State {
            frames,
            bytes,
            queued,
        } = &mut *state;
        if frames.is_empty() || *bytes >= FRAME_TARGET_BYTES {
            frames.push(Events {
                call: self.call,
                ..Events::default()
            });
            *bytes = 0;
        }
        if let Some(events) = frames.last_mut() {
            let had = events.responses.len();
            fill(events);
            *bytes += events.responses[had..]
                .iter()
                .map(Message::encoded_len)
                .sum::<usize>();
            events.at_ns = i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX);
        }
        if !std::mem::replace(queued, true) {
            self.output.push(Arc::clone(self));
        }
    }
}

/// Returns how a call ended, as a frame has it. Without trailers the library made the status
/// itself.
pub(super) fn status_of(
    status: &Status,
    trailers: Option<&HeaderMap>,
    unsent: usize,
) -> session::Status {
    session::Status {
        code: i32::from(status.code()).unsigned_abs(),
        message: status.message().to_owned(),
        trailers: trailers.map(metadata::from_headers),
        details: status.details().to_vec().into(),
        unsent: u32::try_from(unsent).unwrap_or(u32::MAX),
    }
}
