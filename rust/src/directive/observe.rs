//! What a server saw of one call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use http::Request;
use stock_grpc::tofusoup::stock::session::{Observation, Observed};

use super::Report;
use crate::peer::Peer;
use crate::{metadata, timeout};

/// What has passed through the bodies of a call.
#[derive(Default)]
pub(super) struct Counts {
    /// Requests that the handler has read.
    pub(super) read: AtomicU32,
    /// Responses that have been sent.
    pub(super) sent: AtomicU32,
    /// Whether the peer broke the call off while it was read.
    pub(super) broken_off: AtomicBool,
}

/// Follows a call; reports what was seen when the call has ended, which is when this is dropped.
pub(super) struct Observer {
    report: Report,
    observed: Observed,
    counts: Arc<Counts>,
    complete: bool,
}

impl Observer {
    pub(super) fn new<B>(
        report: &Report,
        tag: &str,
        request: &Request<B>,
        counts: Arc<Counts>,
    ) -> Self {
        let headers = request.headers();
        let peer = request.extensions().get::<Peer>();
        let observation = Observation {
            metadata: Some(metadata::from_headers(headers)),
            deadline_ns: timeout::parse(headers)
                .and_then(|time| i64::try_from(time.as_nanos()).ok()),
            peer_certificate_pem: peer
                .and_then(Peer::certificate_pem)
                .unwrap_or_default()
                .into(),
            tls_version: peer.map_or("", |peer| peer.tls_version).to_owned(),
            request_encoding: encoding(request).unwrap_or_default().to_owned(),
            ..Observation::default()
        };
        let observed = Observed {
            tag: tag.to_owned(),
            observation: Some(observation),
        };
        Self {
            report: Arc::clone(report),
            observed,
            counts,
            complete: false,
        }
    }

    /// The call has ended by its answer.
    pub(super) fn complete(&mut self) {
        self.complete = true;
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        let mut observed = std::mem::take(&mut self.observed);
        if let Some(observation) = &mut observed.observation {
            observation.messages_read = self.counts.read.load(Relaxed);
            observation.messages_sent = self.counts.sent.load(Relaxed);
            // tonic takes the end of a call that was broken off for the end of its requests.
            observation.cancelled = !self.complete || self.counts.broken_off.load(Relaxed);
        }
        (self.report)(observed);
    }
}

fn encoding<B>(request: &Request<B>) -> Option<&str> {
    request.headers().get("grpc-encoding")?.to_str().ok()
}
