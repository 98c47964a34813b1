//! What tonic's stubs do not give: the metadata of a call, when it arrives. A stub adds the
//! trailers of a call with one response to its headers, and both come with the end.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use tonic::Status;
use tonic::transport::Channel;

use super::report::Report;
use crate::answer::{Watch, Watched};

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
pub(super) type Traced = Watched<Channel, Arc<Trace>>;

impl Watch for Arc<Trace> {
    fn head(&mut self, headers: &HeaderMap) {
        Trace::head(self, headers);
    }

    fn frame(&mut self, frame: Frame<Bytes>) -> (Frame<Bytes>, Option<Status>) {
        if let Some(trailers) = frame.trailers_ref() {
            self.see(|seen| seen.trailers = Some(trailers.clone()));
        }
        (frame, None)
    }
}
