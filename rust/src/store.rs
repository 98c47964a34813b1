//! What a Stock server knows: values under keys, positions of symbols, the subscribers to changes,
//! and the clock that orders them. Nothing here knows of gRPC.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::mpsc;

pub use trade::{Fill, Order, OrderKind};

mod trade;

/// Size of the longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;

/// Events that wait for a subscriber before it counts as too slow.
pub const QUEUE_EVENTS: usize = 1024;

/// Why a store refuses a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Error {
    /// The key, prefix or symbol breaks the key rule.
    InvalidKey,
    /// The key has no value.
    NotFound,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidKey => "invalid key: 1 to 1024 bytes of UTF-8 without NUL",
            Self::NotFound => "key not found",
        })
    }
}

impl std::error::Error for Error {}

/// Fails unless a key has 1 to [`MAX_KEY_BYTES`] bytes and no U+0000.
pub fn check_key(key: &str) -> Result<(), Error> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES || key.contains('\0') {
        return Err(Error::InvalidKey);
    }
    Ok(())
}

/// One committed change.
#[derive(Debug)]
pub struct Event {
    /// Whether the key was removed, not given a value.
    pub deleted: bool,
    /// The key it was done to.
    pub key: String,
    /// The value stored; empty where the key was removed.
    pub value: Bytes,
    /// Unix nanoseconds, strictly increasing within a store.
    pub timestamp: i64,
}

/// One world of keys, positions and subscribers. It applies one change at a time, from any thread,
/// and never waits for a subscriber.
pub struct Store {
    now: fn() -> i64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: i64, // the tick given out last
    values: HashMap<String, Bytes>,
    bytes: usize, // sum of the sizes of values
    positions: HashMap<String, i32>,
    subscribers: Vec<Subscriber>,
    subscribed: u64, // how many there ever were
}

struct Subscriber {
    number: u64,
    prefix: String,
    events: mpsc::Sender<Arc<Event>>,
}

impl Default for Store {
    fn default() -> Self {
        Self::with_clock(unix_nanoseconds)
    }
}

impl Store {
    /// Returns an empty store whose clock, in Unix nanoseconds, is `now`.
    pub fn with_clock(now: fn() -> i64) -> Self {
        Self {
            now,
            state: Mutex::default(),
        }
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Result<Bytes, Error> {
        check_key(key)?;
        self.lock().values.get(key).cloned().ok_or(Error::NotFound)
    }

    /// Stores a value and publishes the change.
    pub fn put(&self, key: String, value: Bytes) -> Result<(), Error> {
        check_key(&key)?;
        let mut state = self.lock();
        state.bytes += value.len();
        let replaced = state.values.insert(key.clone(), value.clone());
        state.bytes -= replaced.map_or(0, |replaced| replaced.len());
        let timestamp = state.tick(self.now);
        state.publish(Event {
            deleted: false,
            key,
            value,
            timestamp,
        });
        Ok(())
    }

    /// Removes a key and publishes the change.
    pub fn delete(&self, key: &str) -> Result<(), Error> {
        check_key(key)?;
        let mut state = self.lock();
        let (key, value) = state.values.remove_entry(key).ok_or(Error::NotFound)?;
        state.bytes -= value.len();
        let timestamp = state.tick(self.now);
        state.publish(Event {
            deleted: true,
            key,
            value: Bytes::new(),
            timestamp,
        });
        Ok(())
    }

    /// Returns the number of keys and the bytes of their values, at one instant.
    pub fn totals(&self) -> (usize, usize) {
        let state = self.lock();
        (state.values.len(), state.bytes)
    }

    /// Carries out one order, or refuses it, atomically. It publishes nothing.
    pub fn trade(&self, order: &Order<'_>) -> Fill {
        let mut state = self.lock();
        let outcome = trade::fill(&mut state.positions, order);
        Fill {
            outcome,
            timestamp: state.tick(self.now),
        }
    }

    /// Delivers every change committed from now on whose key starts with `prefix`, in order; the
    /// empty prefix stands for all keys.
    pub fn subscribe(self: &Arc<Self>, prefix: String) -> Result<Subscription, Error> {
        if !prefix.is_empty() {
            check_key(&prefix)?;
        }
        let (sender, events) = mpsc::channel(QUEUE_EVENTS);
        let mut state = self.lock();
        state.subscribed += 1;
        let number = state.subscribed;
        state.subscribers.push(Subscriber {
            number,
            prefix,
            events: sender,
        });
        Ok(Subscription {
            store: Arc::clone(self),
            number,
            events,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the next reading of the clock, later than every one before it.
    fn tick(&mut self, now: fn() -> i64) -> i64 {
        self.last = now().max(self.last + 1);
        self.last
    }

    /// Hands an event to whom it concerns, and drops those whose queue is full: their subscription
    /// ends after what the queue holds.
    fn publish(&mut self, event: Event) {
        let event = Arc::new(event);
        self.subscribers.retain(|subscriber| {
            !event.key.starts_with(&subscriber.prefix)
                || subscriber.events.try_send(Arc::clone(&event)).is_ok()
        });
    }
}

/// The changes of a store to the keys with one prefix. Dropping it ends the delivery.
pub struct Subscription {
    store: Arc<Store>,
    number: u64,
    events: mpsc::Receiver<Arc<Event>>,
}

impl Subscription {
    /// Returns the next change, or `None` where the subscriber was too slow for the one after the
    /// last.
    pub async fn next(&mut self) -> Option<Arc<Event>> {
        self.events.recv().await
    }

    /// As [`Subscription::next`], for a stream.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Arc<Event>>> {
        self.events.poll_recv(cx)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.store
            .lock()
            .subscribers
            .retain(|subscriber| subscriber.number != self.number);
    }
}

/// The stores of a process by their names; the default one has the empty name.
#[derive(Default)]
pub struct Stores {
    named: Mutex<HashMap<String, Arc<Store>>>,
}

impl Stores {
    /// Returns the store of a name, made when it is first named.
    pub fn named(&self, name: &str) -> Arc<Store> {
        let mut named = self.lock();
        if let Some(store) = named.get(name) {
            return Arc::clone(store);
        }
        Arc::clone(named.entry(name.to_owned()).or_default())
    }

    /// Drops named stores, never the default one. What still uses a store keeps it; a name without
    /// a store is ignored.
    pub fn forget<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let mut stores = self.lock();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            stores.remove(name);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Store>>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unix_nanoseconds() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
