//! The life of a server: TLS, limits, deadlines, the drain.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use peers::{DEADLINE, assert_status, bind, channel, served};
use stock::calls;
use stock::credentials::{self, HTTP2};
use stock::listener::{Config, Listener};
use stock::store::Stores;
use stock_grpc::tofusoup::stock as pb;
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use testcerts::{Authority, P256, P521};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

#[tokio::test]
async fn a_taken_port_is_not_shared() {
    let first = bind(None, None).await;
    let second = Listener::bind(Config {
        host: "127.0.0.1".to_owned(),
        port: first.address().port(),
        security: "plaintext",
        tls: None,
        max_receive_bytes: 1,
        stores: Arc::new(Stores::default()),
        director: None,
    });
    assert_eq!(
        second.await.err().expect("a failure").kind(),
        ErrorKind::AddrInUse
    );
    first.drain(Duration::ZERO).await;
}

#[tokio::test]
async fn a_handshake_needs_alpn_and_the_clients_certificate() {
    let authority = Authority::new(P521);
    let identity = authority.identity(P521);
    let server =
        credentials::server(&authority.identity(P256), Some(&authority.roots_pem)).unwrap();
    let listener = bind(Some(server), None).await;
    let known = credentials::client(Some(&authority.roots_pem), Some(&identity)).unwrap();
    let stranger = credentials::client(Some(&authority.roots_pem), None).unwrap();
    let mut stock = StockClient::new(channel(&listener, Some(Arc::clone(&known))));
    timeout(DEADLINE, stock.inventory(pb::InventoryRequest {}))
        .await
        .unwrap()
        .unwrap();
    let mut stock = StockClient::new(channel(&listener, Some(stranger)));
    let refused = timeout(DEADLINE, stock.inventory(pb::InventoryRequest {}))
        .await
        .unwrap();
    assert!(refused.is_err());

    let mut without = Arc::unwrap_or_clone(known);
    assert_eq!(std::mem::take(&mut without.alpn_protocols), [HTTP2]);
    let connector = TlsConnector::from(Arc::new(without));
    let stream = TcpStream::connect(listener.address()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut secured = connector.connect(name, stream).await.unwrap();
    let mut rest = Vec::new();
    // It ends, by whatever error: nothing is served.
    let _ = timeout(DEADLINE, secured.read_to_end(&mut rest))
        .await
        .unwrap();
    assert_eq!(rest, b"");
    listener.drain(Duration::ZERO).await;
}

#[tokio::test]
async fn a_message_over_the_limit_is_resource_exhausted() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        let put = |bytes| pb::PutRequest {
            key: "k".to_owned(),
            value: vec![0; bytes].into(),
        };
        stock.put(put((4 << 20) - 8)).await.unwrap();
        let refused = stock.put(put(4 << 20)).await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
        let item = pb::BatchItem {
            key: "k".to_owned(),
            value: vec![0; 4 << 20].into(),
        };
        let refused = stock.batch(tokio_stream::once(item)).await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_at_its_deadline() {
    served(None, async |channel| {
        let mut stock = StockClient::new(channel);
        let time = Duration::from_millis(100);
        let request = calls::request(pb::WatchRequest::default(), Some(time));
        let mut events = stock.monitor(request).await.unwrap().into_inner();
        assert_status(
            events.message().await,
            Code::DeadlineExceeded,
            "deadline exceeded",
        );
    })
    .await;
}

#[tokio::test]
async fn a_drain_ends_endless_streams_and_waits_for_the_others() {
    let listener = bind(None, None).await;
    let channel = channel(&listener, None);
    let mut stock = StockClient::new(channel.clone());
    let mut events = stock
        .monitor(pb::WatchRequest::default())
        .await
        .unwrap()
        .into_inner();
    let mut health = HealthClient::new(channel)
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    let (orders, mut queue) = mpsc::channel(1);
    let order = pb::TradeOrder {
        symbol: "acme".to_owned(),
        quantity: 1,
        ..pb::TradeOrder::default()
    };
    orders.send(order.clone()).await.unwrap();
    let mut fills = stock
        .trade(futures_util::stream::poll_fn(move |cx| queue.poll_recv(cx)))
        .await
        .unwrap()
        .into_inner();
    assert!(fills.message().await.unwrap().is_some());
    let address = listener.address();
    let begun = Instant::now();
    let drained = tokio::spawn(listener.drain(DEADLINE));

    assert_status(
        events.message().await,
        Code::Unavailable,
        "server shutting down",
    );
    for status in [ServingStatus::Serving, ServingStatus::NotServing] {
        assert_eq!(health.message().await.unwrap().unwrap().status(), status);
    }
    assert_status(
        health.message().await,
        Code::Unavailable,
        "server shutting down",
    );
    assert_eq!(
        TcpStream::connect(address).await.unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
    // A running call goes on.
    orders.send(order).await.unwrap();
    assert!(fills.message().await.unwrap().is_some());
    drop(orders);
    assert!(fills.message().await.unwrap().is_none());
    timeout(DEADLINE, drained).await.unwrap().unwrap();
    assert!(begun.elapsed() < DEADLINE / 2, "it ends with the last call");
}

#[tokio::test]
async fn nothing_holds_a_drain_beyond_its_grace() {
    let authority = Authority::new(P256);
    let server = credentials::server(&authority.identity(P256), None).unwrap();
    let listener = bind(Some(server), None).await;
    // Half a handshake, an idle connection, an open call.
    let mut half = TcpStream::connect(listener.address()).await.unwrap();
    half.write_all(b"\x16\x03\x01").await.unwrap();
    let client = credentials::client(Some(&authority.roots_pem), None).unwrap();
    let mut stock = StockClient::new(channel(&listener, Some(client)));
    let mut fills = stock
        .trade(tokio_stream::pending())
        .await
        .unwrap()
        .into_inner();
    let grace = Duration::from_millis(200);
    let begun = Instant::now();
    timeout(DEADLINE, listener.drain(grace)).await.unwrap();
    assert!(
        begun.elapsed() >= grace && begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert!(fills.message().await.is_err());
    assert_eq!(half.read(&mut [0; 64]).await.unwrap_or(0), 0);
}
