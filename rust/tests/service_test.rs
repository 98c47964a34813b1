//! The handlers, over a real connection.

use peers::{assert_status, served};
use stock_grpc::proto::{self as kv, kv_client::KvClient};
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use stock_grpc::tofusoup::stock::{self as pb, trade_order::OrderType, watch_event::EventType};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tonic::Code;

const INVALID: &str = "invalid key: 1 to 1024 bytes of UTF-8 without NUL";

fn put(key: &str, value: &'static str) -> pb::PutRequest {
    pb::PutRequest {
        key: key.to_owned(),
        value: value.as_bytes().into(),
    }
}

fn get(key: &str) -> pb::GetRequest {
    pb::GetRequest {
        key: key.to_owned(),
    }
}

#[tokio::test]
async fn kv_shares_the_store() {
    served(None, async |channel| {
        let (mut stock, mut kv) = (StockClient::new(channel.clone()), KvClient::new(channel));
        stock.put(put("k", "v")).await.unwrap();
        let read = kv
            .get(kv::GetRequest {
                key: "k".to_owned(),
            })
            .await
            .unwrap();
        assert_eq!(read.get_ref().value, "v");
        kv.put(kv::PutRequest {
            key: "k".to_owned(),
            value: "w".into(),
        })
        .await
        .unwrap();
        assert_eq!(stock.get(get("k")).await.unwrap().get_ref().value, "w");
        stock
            .delete(pb::DeleteRequest {
                key: "k".to_owned(),
            })
            .await
            .unwrap();
        assert_status(
            kv.get(kv::GetRequest {
                key: "k".to_owned(),
            })
            .await,
            Code::NotFound,
            "key not found: k",
        );
    })
    .await;
}

#[tokio::test]
async fn a_bad_key_is_the_callers_fault() {
    served(None, async |channel| {
        let (mut stock, mut kv) = (StockClient::new(channel.clone()), KvClient::new(channel));
        assert_status(
            stock.put(put("", "v")).await,
            Code::InvalidArgument,
            INVALID,
        );
        assert_status(stock.get(get("\0")).await, Code::InvalidArgument, INVALID);
        assert_status(
            kv.put(kv::PutRequest::default()).await,
            Code::InvalidArgument,
            INVALID,
        );
        let missing = stock
            .delete(pb::DeleteRequest {
                key: "é".to_owned(),
            })
            .await;
        assert_status(missing, Code::NotFound, "key not found: é");
        let prefix = pb::WatchRequest {
            key_prefix: "\0".to_owned(),
        };
        assert_status(stock.monitor(prefix).await, Code::InvalidArgument, INVALID);
    })
    .await;
}

#[tokio::test]
async fn inventory_describes_the_server() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        stock.put(put("k", "123")).await.unwrap();
        let status = stock
            .inventory(pb::InventoryRequest {})
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            (
                status.total_items,
                status.total_bytes,
                status.uptime_seconds
            ),
            (1, 3, 0)
        );
        assert_eq!(status.server_version, stock::about::VERSION);
        assert_eq!(status.metadata["language"], "rust");
        assert_eq!(status.metadata["security"], "plaintext");
        assert!(
            status.metadata["library"].starts_with("tonic 0."),
            "{status:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn monitor_misses_nothing_after_its_headers() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        // It returns with the headers, before there is any event.
        let events = stock
            .monitor(pb::WatchRequest {
                key_prefix: "a".to_owned(),
            })
            .await
            .unwrap()
            .into_inner();
        let items = (0..500).map(|n| pb::BatchItem {
            key: format!("a{n}"),
            value: "v".into(),
        });
        let items: Vec<_> = items
            .chain([pb::BatchItem {
                key: "b".to_owned(),
                value: "v".into(),
            }])
            .collect();
        stock.batch(tokio_stream::iter(items)).await.unwrap();
        stock
            .delete(pb::DeleteRequest {
                key: "a0".to_owned(),
            })
            .await
            .unwrap();
        let events: Vec<_> = events.take(501).map(Result::unwrap).collect().await;
        for (n, event) in events[..500].iter().enumerate() {
            assert_eq!(
                (event.key.as_str(), event.r#type()),
                (format!("a{n}").as_str(), EventType::Put)
            );
        }
        let last = &events[500];
        assert_eq!(
            (last.key.as_str(), last.r#type(), last.value.len()),
            ("a0", EventType::Delete, 0)
        );
        assert!(events.is_sorted_by(|one, next| one.timestamp < next.timestamp));
    })
    .await;
}

#[tokio::test]
async fn batch_counts_what_it_refuses() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        let item = |key: &str, value: &'static str| pb::BatchItem {
            key: key.to_owned(),
            value: value.into(),
        };
        let items = vec![item("a", "12"), item("", "345"), item("a", "6")];
        let summary = stock
            .batch(tokio_stream::iter(items))
            .await
            .unwrap()
            .into_inner();
        let expected = pb::BatchSummary {
            total_items: 3,
            successful: 2,
            failed: 1,
            bytes_written: 3,
        };
        assert_eq!(summary, expected);
        let nothing = stock
            .batch(tokio_stream::empty())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(nothing, pb::BatchSummary::default());
    })
    .await;
}

#[tokio::test]
async fn trade_fills_before_the_orders_end() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        let (sender, mut orders) = mpsc::channel(1);
        let orders = futures_util::stream::poll_fn(move |cx| orders.poll_recv(cx));
        let order = |kind, quantity| pb::TradeOrder {
            r#type: kind,
            symbol: "acme".to_owned(),
            quantity,
        };
        sender.send(order(OrderType::Buy.into(), 5)).await.unwrap();
        let mut fills = stock.trade(orders).await.unwrap().into_inner();
        let fill = fills.message().await.unwrap().unwrap();
        assert_eq!(
            (fill.success, fill.quantity_filled, fill.message.as_str()),
            (true, 5, "bought")
        );
        sender.send(order(7, 1)).await.unwrap();
        let fill = fills.message().await.unwrap().unwrap();
        let refused = (fill.success, fill.symbol.as_str(), fill.message.as_str());
        assert_eq!(refused, (false, "acme", "unknown order type: 7"));
        drop(sender);
        assert!(fills.message().await.unwrap().is_none());
    })
    .await;
}
