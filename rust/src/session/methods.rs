//! The methods that a client can call, each by its generated stub.

use std::sync::Arc;

use stock_grpc::proto::kv_client::KvClient;
use stock_grpc::tofusoup::stock::session::absent_client::AbsentClient;
use stock_grpc::tofusoup::stock::session::request::Request as Message;
use stock_grpc::tofusoup::stock::session::response::Response;
use stock_grpc::tofusoup::stock::session::{Request, Rpc};
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::{Status, Streaming};

use super::call::Call;
use super::trace::Traced;
use crate::answer::Watched;
use crate::limit::Limit;

/// Tells whether a request is of a method's type.
pub(super) fn accepts(rpc: Rpc, request: &Request) -> bool {
    matches!(
        (rpc, &request.request),
        (Rpc::Get | Rpc::AbsentGet, Some(Message::Get(_)))
            | (Rpc::Put, Some(Message::Put(_)))
            | (Rpc::Delete, Some(Message::Delete(_)))
            | (Rpc::Inventory, Some(Message::Inventory(_)))
            | (Rpc::Monitor, Some(Message::Monitor(_)))
            | (Rpc::Batch, Some(Message::Batch(_)))
            | (Rpc::Trade, Some(Message::Trade(_)))
            | (Rpc::KvGet, Some(Message::KvGet(_)))
            | (Rpc::KvPut, Some(Message::KvPut(_)))
    )
}

/// Tells whether a method takes a stream of requests.
pub(super) fn sends_many(rpc: Rpc) -> bool {
    matches!(rpc, Rpc::Batch | Rpc::Trade)
}

/// Tells whether a method takes one request and gives one response.
pub(super) fn is_unary(rpc: Rpc) -> bool {
    !matches!(rpc, Rpc::Batch | Rpc::Trade | Rpc::Monitor)
}

/// Returns the stub of a client over a call's channel.
macro_rules! stub {
    ($client:ident, $call:expr, $traced:expr) => {{
        let limited = Watched::new($traced, Limit::new($call.max_receive_bytes));
        let stub = $client::new(limited)
            .max_decoding_message_size($call.max_receive_bytes)
            .accept_compressed(Gzip);
        if $call.compress {
            stub.send_compressed(Gzip)
        } else {
            stub
        }
    }};
}

/// Makes a unary call.
macro_rules! unary {
    ($client:ident.$method:ident, $kind:ident, $call:expr, $traced:expr) => {
        unary!($client.$method, $kind, $kind, $call, $traced)
    };
    ($client:ident.$method:ident, $request:ident, $response:ident, $call:expr, $traced:expr) => {{
        let Some(Message::$request(message)) = $call.only_request() else {
            return Err(no_request());
        };
        let answer = stub!($client, $call, $traced)
            .$method($call.request(message))
            .await?;
        Ok(Some(Response::$response(answer.into_inner())))
    }};
}

/// Makes a call and reports its responses, but for the one response of a call that has just one:
/// that is returned.
pub(super) async fn perform(call: &Arc<Call>, traced: Traced) -> Result<Option<Response>, Status> {
    match call.rpc {
        Rpc::Get => unary!(StockClient.get, Get, call, traced),
        Rpc::Put => unary!(StockClient.put, Put, call, traced),
        Rpc::Delete => unary!(StockClient.delete, Delete, call, traced),
        Rpc::Inventory => unary!(StockClient.inventory, Inventory, call, traced),
        Rpc::KvGet => unary!(KvClient.get, KvGet, call, traced),
        Rpc::KvPut => unary!(KvClient.put, KvPut, call, traced),
        Rpc::AbsentGet => unary!(AbsentClient.get, Get, call, traced),
        Rpc::Batch => {
            let items = call.stream_request(|message| {
                if let Message::Batch(item) = message {
                    Some(item)
                } else {
                    None
                }
            });
            let summary = stub!(StockClient, call, traced).batch(items).await?;
            Ok(Some(Response::Batch(summary.into_inner())))
        }
        Rpc::Trade => {
            let orders = call.stream_request(|message| {
                if let Message::Trade(order) = message {
                    Some(order)
                } else {
                    None
                }
            });
            let fills = stub!(StockClient, call, traced).trade(orders).await?;
            receive(call, fills.into_inner(), Response::Trade).await
        }
        Rpc::Monitor => {
            let Some(Message::Monitor(message)) = call.only_request() else {
                return Err(no_request());
            };
            let events = stub!(StockClient, call, traced)
                .monitor(call.request(message))
                .await?;
            receive(call, events.into_inner(), Response::Monitor).await
        }
        Rpc::Unspecified => Err(no_request()),
    }
}

/// Reports responses to the end of their stream, as many as the credit allows.
async fn receive<M>(
    call: &Call,
    mut stream: Streaming<M>,
    wrap: fn(M) -> Response,
) -> Result<Option<Response>, Status> {
    loop {
        call.allowed().await;
        match stream.message().await? {
            Some(message) => call.report.response(wrap(message)),
            None => return Ok(None),
        }
    }
}

/// What cannot happen: the requests of a call are checked before it begins.
fn no_request() -> Status {
    Status::internal("no request")
}
