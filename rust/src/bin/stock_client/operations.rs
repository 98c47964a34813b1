//! The operations: their arguments understood, then called and printed.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use stock::answer::Watched;
use stock::calls;
use stock::limit::Limit;
use stock::options::{Client, Operation, UsageError, parse_item, parse_order};
use stock::store::OrderKind;
use stock_grpc::proto::{self as kv, kv_client::KvClient};
use stock_grpc::tofusoup::stock::stock_client::StockClient;
use stock_grpc::tofusoup::stock::{self as pb, trade_order::OrderType};
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::lines;

/// Why an operation fails.
pub enum Error {
    /// An argument breaks the grammar.
    Usage(UsageError),
    /// The RPC failed.
    Status(Status),
    /// A standard stream failed.
    Io(io::Error),
    /// A health that is not SERVING; its name has been printed.
    NotServing,
}

impl From<UsageError> for Error {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// An operation with its arguments: all that is left is to call and to print.
pub enum Work {
    Get(String),
    Put(String, Vec<u8>),
    Delete(String),
    Monitor(String),
    Batch(Vec<pb::BatchItem>),
    Trade(Vec<pb::TradeOrder>),
    Inventory,
    KvGet(String),
    KvPut(String, Vec<u8>),
    Health(String),
}

impl Work {
    /// Understands the arguments of an operation; reads those that standard input holds.
    pub fn prepare(client: &Client, mut stdin: impl Read) -> Result<Self, Error> {
        let arguments = client.arguments.as_slice();
        // The grammar has seen that it is UTF-8, and that a key is there where one is needed.
        let first = arguments
            .first()
            .and_then(|first| first.to_str())
            .unwrap_or_default()
            .to_owned();
        Ok(match client.operation {
            Operation::Get => Self::Get(first),
            Operation::Put => Self::Put(first, value(arguments, &mut stdin)?),
            Operation::Delete => Self::Delete(first),
            Operation::Monitor => {
                Self::Monitor(first.strip_suffix('*').unwrap_or(&first).to_owned())
            }
            Operation::Batch => Self::Batch(items(arguments, &mut stdin)?),
            Operation::Trade => Self::Trade(
                arguments
                    .iter()
                    .map(|argument| order(argument))
                    .collect::<Result<_, _>>()?,
            ),
            Operation::Inventory => Self::Inventory,
            Operation::KvGet => Self::KvGet(first),
            Operation::KvPut => Self::KvPut(first, value(arguments, &mut stdin)?),
            Operation::Health => Self::Health(first),
        })
    }
}

fn value(arguments: &[OsString], stdin: &mut impl Read) -> io::Result<Vec<u8>> {
    let given = arguments.get(1).map_or(&b""[..], |value| value.as_bytes());
    if given != b"-" {
        return Ok(given.to_vec());
    }
    let mut value = Vec::new();
    stdin.read_to_end(&mut value)?;
    Ok(value)
}

fn items(arguments: &[OsString], stdin: &mut impl Read) -> Result<Vec<pb::BatchItem>, Error> {
    let item = |argument: &[u8]| {
        let (key, value) = parse_item(argument)?;
        Ok(pb::BatchItem {
            key,
            value: value.into(),
        })
    };
    if !arguments.is_empty() {
        return arguments
            .iter()
            .map(|argument| item(argument.as_bytes()))
            .collect();
    }
    let mut input = Vec::new();
    stdin.read_to_end(&mut input)?;
    let lines = input.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.trim_ascii().is_empty())
        .map(item)
        .collect()
}

fn order(argument: &OsStr) -> Result<pb::TradeOrder, UsageError> {
    let order = parse_order(argument)?;
    let kind = match order.kind {
        OrderKind::Buy => OrderType::Buy.into(),
        OrderKind::Sell => OrderType::Sell.into(),
        OrderKind::Query => OrderType::Query.into(),
        OrderKind::Unknown(number) => number,
    };
    Ok(pb::TradeOrder {
        r#type: kind,
        symbol: order.symbol,
        quantity: order.quantity,
    })
}

/// Calls and prints, in the time that the client allows.
pub async fn perform(
    work: Work,
    client: &Client,
    channel: Channel,
    out: &mut impl Write,
) -> Result<(), Error> {
    let done = match client.timeout {
        None => Box::pin(call(work, client, channel, out)).await,
        Some(time) => tokio::select! {
            // In this order: tonic has a timer of its own, which ends a call as cancelled.
            biased;
            () = tokio::time::sleep(time) => Err(Status::deadline_exceeded("deadline exceeded").into()),
            done = Box::pin(call(work, client, channel, out)) => done,
        },
    };
    out.flush()?;
    done
}

async fn call(
    work: Work,
    client: &Client,
    channel: Channel,
    out: &mut impl Write,
) -> Result<(), Error> {
    let time = client.timeout;
    let limited = Watched::new(channel.clone(), Limit::new(client.max_receive_bytes));
    let mut stock =
        StockClient::new(limited.clone()).max_decoding_message_size(client.max_receive_bytes);
    let mut kv = KvClient::new(limited).max_decoding_message_size(client.max_receive_bytes);
    match work {
        Work::Get(key) => {
            let response = stock
                .get(calls::request(pb::GetRequest { key }, time))
                .await?;
            out.write_all(&[&response.get_ref().value[..], b"\n"].concat())?;
        }
        Work::KvGet(key) => {
            let response = kv.get(calls::request(kv::GetRequest { key }, time)).await?;
            out.write_all(&[&response.get_ref().value[..], b"\n"].concat())?;
        }
        Work::Put(key, value) => {
            stock
                .put(calls::request(
                    pb::PutRequest {
                        key,
                        value: value.into(),
                    },
                    time,
                ))
                .await?;
            out.write_all(b"OK\n")?;
        }
        Work::KvPut(key, value) => {
            kv.put(calls::request(
                kv::PutRequest {
                    key,
                    value: value.into(),
                },
                time,
            ))
            .await?;
            out.write_all(b"OK\n")?;
        }
        Work::Delete(key) => {
            stock
                .delete(calls::request(pb::DeleteRequest { key }, time))
                .await?;
            out.write_all(b"OK\n")?;
        }
        Work::Monitor(key_prefix) => {
            let events = stock
                .monitor(calls::request(pb::WatchRequest { key_prefix }, time))
                .await?;
            print(events.into_inner(), lines::event, client.count, out).await?;
        }
        Work::Trade(orders) => {
            let fills = stock
                .trade(calls::request(tokio_stream::iter(orders), time))
                .await?;
            print(fills.into_inner(), lines::fill, 0, out).await?;
        }
        Work::Batch(items) => {
            let summary = stock
                .batch(calls::request(tokio_stream::iter(items), time))
                .await?;
            out.write_all(lines::summary(summary.get_ref()).as_bytes())?;
        }
        Work::Inventory => {
            let status = stock
                .inventory(calls::request(pb::InventoryRequest {}, time))
                .await?;
            out.write_all(lines::inventory(status.get_ref()).as_bytes())?;
        }
        Work::Health(service) => health(service, time, channel, out).await?,
    }
    Ok(())
}

/// Prints a line for each message, until their end or as many as `count` says unless that is 0.
async fn print<M>(
    mut stream: Streaming<M>,
    line: fn(&M) -> String,
    count: u64,
    out: &mut impl Write,
) -> Result<(), Error> {
    let mut printed = 0;
    while let Some(message) = stream.message().await? {
        out.write_all(line(&message).as_bytes())?;
        out.flush()?;
        printed += 1;
        if printed == count {
            break;
        }
    }
    Ok(())
}

async fn health(
    service: String,
    time: Option<Duration>,
    channel: Channel,
    out: &mut impl Write,
) -> Result<(), Error> {
    let request = calls::request(HealthCheckRequest { service }, time);
    let HealthCheckResponse { status } = HealthClient::new(channel)
        .check(request)
        .await?
        .into_inner();
    let name = ServingStatus::try_from(status).map_or_else(
        |_| status.to_string(),
        |status| status.as_str_name().to_owned(),
    );
    out.write_all(format!("{name}\n").as_bytes())?;
    if status == i32::from(ServingStatus::Serving) {
        Ok(())
    } else {
        Err(Error::NotServing)
    }
}
