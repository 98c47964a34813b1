//! The store: keys, positions, subscribers, the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

use bytes::Bytes;
use stock::store::{Error, Order, OrderKind, QUEUE_EVENTS, Store, Stores, Subscription, check_key};

fn put(store: &Store, key: &str) {
    store.put(key.to_owned(), Bytes::from_static(b"v")).unwrap();
}

/// The events that wait for a subscriber, and whether there is an end behind them.
async fn drained(subscription: &mut Subscription, count: usize) -> Vec<(String, bool, i64)> {
    let mut events = Vec::new();
    for _ in 0..count {
        let event = subscription.next().await.unwrap();
        events.push((event.key.clone(), event.deleted, event.timestamp));
    }
    events
}

#[test]
fn keys_obey_the_key_rule() {
    for key in [
        "a",
        "../x",
        "a//b",
        "*",
        "__proto__",
        " ",
        "é",
        "\u{1F600}",
        &"k".repeat(1024),
    ] {
        assert_eq!(check_key(key), Ok(()), "{key:?}");
    }
    for key in ["", "a\0b", &"k".repeat(1025), &"é".repeat(513)] {
        assert_eq!(check_key(key), Err(Error::InvalidKey), "{key:?}");
    }
}

#[test]
fn totals_follow_changes() {
    let store = Store::default();
    let put = |key: &str, value: &'static str| {
        store.put(key.to_owned(), Bytes::from_static(value.as_bytes()))
    };
    assert_eq!((put("a", "123"), store.totals()), (Ok(()), (1, 3)));
    assert_eq!((put("b", ""), store.totals()), (Ok(()), (2, 3)));
    assert_eq!((put("a", "1"), store.totals()), (Ok(()), (2, 1)));
    assert_eq!(
        (put("", "1"), store.totals()),
        (Err(Error::InvalidKey), (2, 1))
    );
    assert_eq!((store.delete("a"), store.totals()), (Ok(()), (1, 0)));
    assert_eq!(
        (store.delete("a"), store.totals()),
        (Err(Error::NotFound), (1, 0))
    );
    assert_eq!(store.get("a"), Err(Error::NotFound));
    assert_eq!(store.get("b"), Ok(Bytes::new()));
    assert_eq!(store.get("\0"), Err(Error::InvalidKey));
}

#[test]
fn the_clock_never_stands_still() {
    static STEP: AtomicI64 = AtomicI64::new(0);
    let store =
        Store::with_clock(|| [100, 100, 90, 300][STEP.fetch_add(1, Ordering::Relaxed) as usize]);
    let order = Order {
        kind: OrderKind::Query,
        symbol: "x",
        quantity: 0,
    };
    let ticks = [(); 4].map(|()| store.trade(&order).timestamp);
    assert_eq!(ticks, [100, 101, 102, 300]);
}

#[tokio::test]
async fn a_subscriber_sees_its_prefix_in_order() {
    let store = Arc::new(Store::default());
    put(&store, "a/0");
    let mut subscription = store.subscribe("a/".to_owned()).unwrap();
    for key in ["a/1", "b/1", "a", "a/2", "a/2"] {
        put(&store, key);
    }
    store.delete("a/1").unwrap();
    let events = drained(&mut subscription, 4).await;
    let seen: Vec<_> = events
        .iter()
        .map(|(key, deleted, _)| (key.as_str(), *deleted))
        .collect();
    assert_eq!(
        seen,
        [
            ("a/1", false),
            ("a/2", false),
            ("a/2", false),
            ("a/1", true)
        ]
    );
    assert!(
        events.is_sorted_by(|(_, _, one), (_, _, next)| one < next),
        "{events:?}"
    );
}

#[test]
fn a_prefix_is_empty_or_obeys_the_key_rule() {
    let store = Arc::new(Store::default());
    assert!(matches!(
        store.subscribe("\0".to_owned()),
        Err(Error::InvalidKey)
    ));
    assert!(store.subscribe(String::new()).is_ok());
}

#[tokio::test]
async fn a_slow_subscriber_is_ended_and_nobody_else() {
    let store = Arc::new(Store::default());
    let mut slow = store.subscribe(String::new()).unwrap();
    let mut quick = store.subscribe(String::new()).unwrap();
    for n in 0..=QUEUE_EVENTS {
        put(&store, &n.to_string());
        assert!(quick.next().await.is_some());
    }
    let told: Vec<_> = drained(&mut slow, QUEUE_EVENTS)
        .await
        .into_iter()
        .map(|(key, ..)| key)
        .collect();
    let wanted: Vec<_> = (0..QUEUE_EVENTS).map(|n| n.to_string()).collect();
    assert_eq!(told, wanted, "a prefix without a gap");
    assert!(slow.next().await.is_none());
    put(&store, "k");
    assert_eq!(quick.next().await.unwrap().key, "k");
}

#[test]
fn orders_are_decided_in_order() {
    use OrderKind::{Buy, Query, Sell, Unknown};
    let store = Store::default();
    let mut last = 0;
    for (kind, symbol, quantity, expected) in [
        (Query, "acme", 99, Ok((0, "position"))),
        (Buy, "acme", 5, Ok((5, "bought"))),
        (
            Sell,
            "acme",
            6,
            Err("insufficient position: have 5, want 6"),
        ),
        (Sell, "acme", 2, Ok((2, "sold"))),
        (Query, "acme", -1, Ok((3, "position"))),
        (Buy, "acme", 0, Err("quantity must be positive")),
        (Sell, "acme", -1, Err("quantity must be positive")),
        (Buy, "acme", i32::MAX, Err("position limit")),
        (Buy, "acme", i32::MAX - 3, Ok((i32::MAX - 3, "bought"))),
        (Buy, "acme", 1, Err("position limit")),
        (Sell, "acme", i32::MAX, Ok((i32::MAX, "sold"))),
        (Unknown(7), "acme", 0, Err("unknown order type: 7")),
        (Unknown(-1), "acme", 1, Err("unknown order type: -1")),
        (Unknown(7), "", 1, Err("invalid symbol")),
        (Query, "a\0", 1, Err("invalid symbol")),
    ] {
        let fill = store.trade(&Order {
            kind,
            symbol,
            quantity,
        });
        assert_eq!(
            fill.outcome,
            expected.map_err(Into::into),
            "{kind:?} {symbol:?} {quantity}"
        );
        assert!(
            fill.timestamp > last,
            "timestamp {} after {last}",
            fill.timestamp
        );
        last = fill.timestamp;
    }
}

#[tokio::test]
async fn changes_from_many_threads_are_one_sequence() {
    const WRITERS: usize = 8;
    let store = Arc::new(Store::default());
    let mut subscription = store.subscribe(String::new()).unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                (0..QUEUE_EVENTS / WRITERS).for_each(|n| put(store, &format!("{writer} {n}")))
            });
        }
    });
    let events = drained(&mut subscription, QUEUE_EVENTS).await;
    assert!(events.is_sorted_by(|(_, _, one), (_, _, next)| one < next));
    assert_eq!(store.totals(), (QUEUE_EVENTS, QUEUE_EVENTS));
}

#[test]
fn stores_are_separate_and_forgettable() {
    let stores = Stores::default();
    put(&stores.named("one"), "k");
    put(&stores.named(""), "k");
    assert_eq!(stores.named("two").get("k"), Err(Error::NotFound));
    let kept = stores.named("one");
    stores.forget(["one", "none", ""]);
    assert_eq!(stores.named("one").get("k"), Err(Error::NotFound));
    assert!(kept.get("k").is_ok() && stores.named("").get("k").is_ok());
}
