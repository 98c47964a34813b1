//! What a server in conformance mode tells of calls, those that it breaks off among them.

use peers::{assert_status, directed, director, failing, observation, served};
use stock_grpc::tofusoup::stock as pb;
use stock_grpc::tofusoup::stock::session::{Directive, Header};
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use tonic::Code;

#[tokio::test]
async fn a_batch_ends_after_as_many_requests() {
    let (director, mut observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let item = pb::BatchItem {
            key: "k".to_owned(),
            value: "v".into(),
        };
        let directive = failing(3);
        let batch = stock
            .batch(directed(tokio_stream::iter(vec![item; 5]), &directive))
            .await;
        assert_status(batch, Code::Aborted, "enough");
        let seen = observation(&mut observed).await;
        assert_eq!(
            (seen.messages_read, seen.messages_sent, seen.cancelled),
            (3, 0, false)
        );
    })
    .await;
}

#[tokio::test]
async fn a_trade_ends_after_as_many_responses() {
    let (director, mut observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let order = pb::TradeOrder {
            symbol: "acme".to_owned(),
            quantity: 1,
            ..pb::TradeOrder::default()
        };
        let orders = tokio_stream::StreamExt::chain(
            tokio_stream::iter(vec![order; 5]),
            tokio_stream::pending(),
        );
        let mut fills = stock
            .trade(directed(orders, &failing(3)))
            .await
            .unwrap()
            .into_inner();
        for _ in 0..3 {
            assert!(fills.message().await.unwrap().is_some());
        }
        assert_status(fills.message().await, Code::Aborted, "enough");
        let seen = observation(&mut observed).await;
        assert_eq!((seen.messages_sent, seen.cancelled), (3, false));
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_call_is_observed() {
    let (director, mut observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let directive = Directive {
            tag: "held".to_owned(),
            delay_ms: 60_000,
            headers_first: true,
            ..Directive::default()
        };
        let mut request = directed(pb::WatchRequest::default(), &directive);
        request
            .metadata_mut()
            .insert("x-sent", "by me".parse().unwrap());
        request.set_timeout(std::time::Duration::from_secs(30));
        let events = stock.monitor(request).await.unwrap();
        drop(events);
        let seen = observation(&mut observed).await;
        assert_eq!(
            (seen.cancelled, seen.messages_read, seen.messages_sent),
            (true, 0, 0)
        );
        assert!((29_000_000_000..=30_000_000_000).contains(&seen.deadline_ns.unwrap()));
        let metadata = seen.metadata.unwrap().entries;
        assert!(
            metadata.contains(&Header {
                name: "x-sent".to_owned(),
                value: "by me".into(),
            }),
            "{metadata:?}"
        );
        assert!(
            metadata
                .iter()
                .all(|entry| !entry.name.starts_with("grpc-")),
            "{metadata:?}"
        );
    })
    .await;
}
