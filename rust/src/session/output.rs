//! What a session writes: in a thread of its own, so that nobody waits for the runner. What is
//! ready together leaves in one write.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use bytes::BytesMut;
use stock_grpc::tofusoup::stock::session::{Event, event};

use super::framed;
use super::frames;
use super::report::Report;

const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Writes events. A clone writes to the same stream. Its memory is bounded only by a runner that
/// reads.
#[derive(Clone)]
pub(super) struct Output {
    queue: Sender<Item>,
}

enum Item {
    Event(Box<Event>),
    /// Has events to write; it is asked once for each time it was queued.
    Report(Arc<Report>),
    /// The last one; the sender is told when all is written.
    Close(Sender<()>),
}

impl Output {
    /// Starts the thread; [`Output::close`] ends it.
    pub(super) fn start(writer: impl Write + Send + 'static) -> Self {
        let (queue, items) = mpsc::channel();
        thread::spawn(move || run(writer, &items));
        Self { queue }
    }

    /// Queues an event.
    pub(super) fn send(&self, event: event::Event) {
        self.queue(Item::Event(Box::new(framed(event))));
    }

    /// Queues a report.
    pub(super) fn push(&self, report: Arc<Report>) {
        self.queue(Item::Report(report));
    }

    /// Writes what is queued. What comes later is lost, and so is what a runner has not read in
    /// time.
    pub(super) fn close(&self) {
        let (done, closed) = mpsc::channel();
        self.queue(Item::Close(done));
        if closed.recv_timeout(CLOSE_TIMEOUT).is_err() {
            tracing::error!("the runner does not read");
        }
    }

    fn queue(&self, item: Item) {
        // It fails where the thread has ended: there is nobody left to tell.
        let _ = self.queue.send(item);
    }
}

fn run(mut writer: impl Write, items: &Receiver<Item>) {
    let mut buffer = BytesMut::new();
    while let Ok(first) = items.recv() {
        let mut closing = take(first, &mut buffer);
        while closing.is_none()
            && let Ok(next) = items.try_recv()
        {
            closing = take(next, &mut buffer);
        }
        if let Err(error) = writer.write_all(&buffer).and_then(|()| writer.flush()) {
            // The end of standard input ends the session.
            tracing::error!(%error, "cannot write to the runner");
            return;
        }
        buffer.clear();
        if let Some(done) = closing {
            // It fails where nobody waits any more.
            let _ = done.send(());
            return;
        }
    }
}

/// Appends the frames of an item; returns whom to tell of the end.
fn take(item: Item, buffer: &mut BytesMut) -> Option<Sender<()>> {
    let append = |event: &Event, buffer: &mut BytesMut| {
        if let Err(error) = frames::append(buffer, event) {
            tracing::error!(%error, "event lost");
        }
    };
    match item {
        Item::Event(event) => append(&event, buffer),
        Item::Report(report) => report.take().into_iter().for_each(|events| {
            append(&framed(event::Event::Events(events)), buffer);
        }),
        Item::Close(done) => return Some(done),
    }
    None
}
