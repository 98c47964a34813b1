//! Conformance mode, by a client that sends directives.

use futures_util::{StreamExt as _, stream};
use peers::{assert_status, directed, director, failing, observation, served};
use prost::Message;
use stock_grpc::tofusoup::stock as pb;
use stock_grpc::tofusoup::stock::session::{Directive, Fail, Header, Metadata};
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

fn header(name: &str, value: &'static [u8]) -> Header {
    Header {
        name: name.to_owned(),
        value: value.into(),
    }
}

fn put() -> pb::PutRequest {
    pb::PutRequest {
        key: "k".to_owned(),
        value: "v".into(),
    }
}

#[tokio::test]
async fn without_a_director_a_directive_means_nothing() {
    served(None, async |channel| {
        StockClient::new(channel)
            .put(directed(put(), &failing(0)))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_bad_directive_is_the_callers_fault() {
    let (director, _observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let no_code = Directive {
            fail: Some(Fail::default()),
            ..Directive::default()
        };
        let entries = vec![header("not a name", b"")];
        let no_name = Directive {
            headers: Some(Metadata { entries }),
            ..Directive::default()
        };
        for value in [
            no_code.encode_to_vec(),
            no_name.encode_to_vec(),
            b"\x0a\xff".to_vec(),
        ] {
            let mut request = Request::new(put());
            let value = MetadataValue::from_bytes(&value);
            request
                .metadata_mut()
                .insert_bin("stock-directive-bin", value);
            let refused = stock.put(request).await;
            assert_status(refused, Code::InvalidArgument, "bad directive");
        }
    })
    .await;
}

#[tokio::test]
async fn a_named_store_is_a_world_of_its_own() {
    let (director, _observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let named = Directive {
            store: "one".to_owned(),
            ..Directive::default()
        };
        stock.put(directed(put(), &named)).await.unwrap();
        let totals = stock
            .inventory(pb::InventoryRequest {})
            .await
            .unwrap()
            .into_inner();
        assert_eq!(totals.total_items, 0);
        let totals = stock
            .inventory(directed(pb::InventoryRequest {}, &named))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(totals.total_items, 1);
    })
    .await;
}

#[tokio::test]
async fn thousands_of_small_messages_wait_and_their_connection_stands() {
    let (director, _observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let mut other = stock.clone();
        let unread = Directive {
            delay_ms: 60_000,
            ..Directive::default()
        };
        let (sent, all_sent) = oneshot::channel();
        let items = stream::iter(vec![pb::BatchItem::default(); 8000])
            .then(async |item| {
                // So that each goes in a frame of its own.
                yield_now().await;
                item
            })
            .chain(stream::once(async { sent.send(()) }).filter_map(async |_| None))
            .chain(stream::pending());
        let batch = stock.batch(directed(items, &unread));
        let others = async {
            all_sent.await.expect("the batch to be sent");
            // The first may pass what waits to be written, the second is behind it.
            for _ in 0..2 {
                other.put(put()).await.unwrap();
            }
        };
        tokio::select! {
            ended = batch => panic!("the batch is not read: {ended:?}"),
            () = others => {}
        }
    })
    .await;
}

#[tokio::test]
async fn metadata_travels_with_whatever_status() {
    let (director, _observed) = director();
    let entries = vec![
        header("x-a", b"1"),
        header("x-a", b"2"),
        header("x-b-bin", b"\0\xff"),
    ];
    let metadata = Some(Metadata { entries });
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        for throw in [false, true] {
            let directive = Directive {
                trailers: metadata.clone(),
                headers: Some(Metadata {
                    entries: vec![header("x-h", b"h")],
                }),
                throw,
                fail: failing(0).fail,
                ..Directive::default()
            };
            let status = stock.put(directed(put(), &directive)).await.unwrap_err();
            let code = if throw { Code::Internal } else { Code::Aborted };
            assert_eq!(status.code(), code, "{status:?}");
            let values: Vec<_> = status.metadata().get_all("x-a").iter().collect();
            assert_eq!(values, ["1", "2"]);
            assert_eq!(
                status
                    .metadata()
                    .get_bin("x-b-bin")
                    .unwrap()
                    .to_bytes()
                    .unwrap(),
                &b"\0\xff"[..]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_handlers_panic_is_internal_and_tells_nothing() {
    let (director, _observed) = director();
    served(Some(director), async |channel| {
        let mut stock = StockClient::new(channel);
        let thrown = Directive {
            throw: true,
            ..Directive::default()
        };
        assert_status(
            stock.put(directed(put(), &thrown)).await,
            Code::Internal,
            "the handler failed",
        );
        stock.put(put()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn responses_are_compressed_where_both_ends_say_so() {
    let (director, mut observed) = director();
    served(Some(director), async |channel| {
        let plain = StockClient::new(channel);
        let accepting = plain.clone().accept_compressed(Gzip);
        let compressing = accepting.clone().send_compressed(Gzip);
        for (mut stock, compress, sent, answered) in [
            (plain, true, "", None),
            (accepting.clone(), false, "", None),
            (accepting, true, "", Some("gzip")),
            (compressing, true, "gzip", Some("gzip")),
        ] {
            let directive = Directive {
                compress,
                tag: "t".to_owned(),
                ..Directive::default()
            };
            let response = stock.put(directed(put(), &directive)).await.unwrap();
            let encoding = response.metadata().get("grpc-encoding");
            assert_eq!(
                encoding.map(|encoding| encoding.to_str().unwrap()),
                answered
            );
            assert_eq!(observation(&mut observed).await.request_encoding, sent);
        }
    })
    .await;
}
