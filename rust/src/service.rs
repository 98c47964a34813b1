//! The handlers of Stock and KV over the stores. A call works on the store among its extensions, an
//! `Arc<Store>`, else on the default one.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use stock_grpc::proto as kv;
use stock_grpc::proto::kv_server::Kv;
use stock_grpc::tofusoup::stock::{
    self as pb, stock_server, trade_order::OrderType, watch_event::EventType,
};
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use crate::store::{Error, Event, Order, OrderKind, Store, Stores, Subscription};

/// What Inventory says of the server beside the totals.
#[derive(Clone, Debug)]
pub struct Description {
    /// Version of the Stock project.
    pub version: String,
    /// When the server started.
    pub started: Instant,
    /// The rest.
    pub metadata: HashMap<String, String>,
}

/// The handlers of both services.
#[derive(Clone)]
pub struct Service {
    stores: Arc<Stores>,
    description: Arc<Description>,
}

impl Service {
    /// Returns the handlers over some stores.
    pub fn new(stores: Arc<Stores>, description: Description) -> Self {
        Self {
            stores,
            description: Arc::new(description),
        }
    }

    fn store<T>(&self, request: &Request<T>) -> Arc<Store> {
        let chosen = request.extensions().get::<Arc<Store>>();
        chosen.map_or_else(|| self.stores.named(""), Arc::clone)
    }

    fn read<T>(&self, request: &Request<T>, key: &str) -> Result<Bytes, Status> {
        self.store(request)
            .get(key)
            .map_err(|error| status(error, key))
    }
}

#[tonic::async_trait]
impl stock_server::Stock for Service {
    async fn get(
        &self,
        request: Request<pb::GetRequest>,
    ) -> Result<Response<pb::GetResponse>, Status> {
        let value = self.read(&request, &request.get_ref().key)?;
        Ok(Response::new(pb::GetResponse { value }))
    }

    async fn put(&self, request: Request<pb::PutRequest>) -> Result<Response<pb::Empty>, Status> {
        let store = self.store(&request);
        let pb::PutRequest { key, value } = request.into_inner();
        store.put(key, value).map_err(invalid)?;
        Ok(Response::new(pb::Empty {}))
    }

    async fn delete(
        &self,
        request: Request<pb::DeleteRequest>,
    ) -> Result<Response<pb::Empty>, Status> {
        let key = &request.get_ref().key;
        self.store(&request)
            .delete(key)
            .map_err(|error| status(error, key))?;
        Ok(Response::new(pb::Empty {}))
    }

    async fn inventory(
        &self,
        request: Request<pb::InventoryRequest>,
    ) -> Result<Response<pb::InventoryStatus>, Status> {
        let (items, bytes) = self.store(&request).totals();
        Ok(Response::new(pb::InventoryStatus {
            total_items: number(items),
            total_bytes: number(bytes),
            uptime_seconds: number(self.description.started.elapsed().as_secs()),
            server_version: self.description.version.clone(),
            metadata: self.description.metadata.clone(),
        }))
    }

    type MonitorStream = Monitor;

    async fn monitor(
        &self,
        request: Request<pb::WatchRequest>,
    ) -> Result<Response<Monitor>, Status> {
        let store = self.store(&request);
        // Subscribed before the initial metadata is sent: whoever has seen that misses nothing.
        let subscription = store
            .subscribe(request.into_inner().key_prefix)
            .map_err(invalid)?;
        Ok(Response::new(Monitor {
            subscription: Some(subscription),
        }))
    }

    async fn batch(
        &self,
        request: Request<Streaming<pb::BatchItem>>,
    ) -> Result<Response<pb::BatchSummary>, Status> {
        let store = self.store(&request);
        let mut items = request.into_inner();
        let mut summary = pb::BatchSummary::default();
        while let Some(pb::BatchItem { key, value }) = items.message().await? {
            summary.total_items += 1;
            let bytes = number(value.len());
            match store.put(key, value) {
                Ok(()) => {
                    summary.successful += 1;
                    summary.bytes_written += bytes;
                }
                Err(_) => summary.failed += 1, // the summary tells
            }
        }
        Ok(Response::new(summary))
    }

    type TradeStream = Pin<Box<dyn Stream<Item = Result<pb::TradeFill, Status>> + Send>>;

    async fn trade(
        &self,
        request: Request<Streaming<pb::TradeOrder>>,
    ) -> Result<Response<Self::TradeStream>, Status> {
        let store = self.store(&request);
        // An order is read when the fill before it has been taken.
        let fills = request
            .into_inner()
            .map(move |order| Ok(fill(&store, order?)));
        Ok(Response::new(Box::pin(fills)))
    }
}

#[tonic::async_trait]
impl Kv for Service {
    async fn get(
        &self,
        request: Request<kv::GetRequest>,
    ) -> Result<Response<kv::GetResponse>, Status> {
        let value = self.read(&request, &request.get_ref().key)?;
        Ok(Response::new(kv::GetResponse { value }))
    }

    async fn put(&self, request: Request<kv::PutRequest>) -> Result<Response<kv::Empty>, Status> {
        let store = self.store(&request);
        let kv::PutRequest { key, value } = request.into_inner();
        store.put(key, value).map_err(invalid)?;
        Ok(Response::new(kv::Empty {}))
    }
}

/// The events of one subscriber, until it is too slow.
pub struct Monitor {
    subscription: Option<Subscription>,
}

impl Stream for Monitor {
    type Item = Result<pb::WatchEvent, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(subscription) = &mut self.subscription else {
            return Poll::Ready(None);
        };
        if let Some(event) = ready!(subscription.poll_next(cx)) {
            return Poll::Ready(Some(Ok(watch_event(&event))));
        }
        self.subscription = None;
        Poll::Ready(Some(Err(Status::resource_exhausted("subscriber too slow"))))
    }
}

/// Returns a size as it travels.
fn number(size: impl TryInto<i64>) -> i64 {
    size.try_into().unwrap_or(i64::MAX)
}

fn watch_event(event: &Event) -> pb::WatchEvent {
    let kind = if event.deleted {
        EventType::Delete
    } else {
        EventType::Put
    };
    pb::WatchEvent {
        r#type: kind.into(),
        key: event.key.clone(),
        value: event.value.clone(),
        timestamp: event.timestamp,
    }
}

fn fill(store: &Store, order: pb::TradeOrder) -> pb::TradeFill {
    let kind = match OrderType::try_from(order.r#type) {
        Ok(OrderType::Buy) => OrderKind::Buy,
        Ok(OrderType::Sell) => OrderKind::Sell,
        Ok(OrderType::Query) => OrderKind::Query,
        Err(_) => OrderKind::Unknown(order.r#type),
    };
    let fill = store.trade(&Order {
        kind,
        symbol: &order.symbol,
        quantity: order.quantity,
    });
    let (success, quantity_filled, message) = match fill.outcome {
        Ok((quantity, message)) => (true, quantity, message.to_owned()),
        Err(reason) => (false, 0, reason.into_owned()),
    };
    pb::TradeFill {
        success,
        symbol: order.symbol,
        quantity_filled,
        message,
        timestamp: fill.timestamp,
    }
}

fn status(error: Error, key: &str) -> Status {
    match error {
        Error::InvalidKey => invalid(error),
        Error::NotFound => Status::not_found(format!("{error}: {key}")),
    }
}

/// The status of an error that can only be about the key rule.
fn invalid(error: Error) -> Status {
    Status::invalid_argument(error.to_string())
}
