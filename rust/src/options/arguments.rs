//! Arguments of operations that are more than a word.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::grammar::is_digits;
use super::{UsageError, printable};
use crate::store::OrderKind;

/// One argument of `trade`.
#[derive(Debug, PartialEq)]
pub struct OrderArgument {
    /// What to do.
    pub kind: OrderKind,
    /// The symbol.
    pub symbol: String,
    /// How many; 0 for a query.
    pub quantity: i32,
}

/// Splits an item of a batch, `KEY=VALUE`, at its first `=`.
pub fn parse_item(argument: &[u8]) -> Result<(String, Vec<u8>), UsageError> {
    let Some(equals) = argument.iter().position(|byte| *byte == b'=') else {
        return Err(UsageError(format!(
            "batch: \"{}\" given, KEY=VALUE expected",
            printable(argument)
        )));
    };
    match std::str::from_utf8(&argument[..equals]) {
        Ok(key) => Ok((key.to_owned(), argument[equals + 1..].to_vec())),
        Err(_) => Err(UsageError(format!(
            "batch: \"{}\" given, a key of UTF-8 expected",
            printable(&argument[..equals])
        ))),
    }
}

/// Splits an order: `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last,
/// `query:SYMBOL` at the first.
pub fn parse_order(argument: &OsStr) -> Result<OrderArgument, UsageError> {
    argument.to_str().and_then(order).ok_or_else(|| {
        UsageError(format!(
            "trade: \"{}\" given, buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL expected",
            printable(argument.as_bytes())
        ))
    })
}

fn order(argument: &str) -> Option<OrderArgument> {
    let (kind, rest) = argument.split_once(':')?;
    let kind = match kind {
        "query" => {
            return Some(OrderArgument {
                kind: OrderKind::Query,
                symbol: rest.to_owned(),
                quantity: 0,
            });
        }
        "buy" => OrderKind::Buy,
        "sell" => OrderKind::Sell,
        _ => return None,
    };
    let (symbol, number) = rest.rsplit_once(':')?;
    let quantity = number
        .parse()
        .ok()
        .filter(|_| is_digits(number.strip_prefix('-').unwrap_or(number)))?;
    Some(OrderArgument {
        kind,
        symbol: symbol.to_owned(),
        quantity,
    })
}
