//! Orders for symbols, and what becomes of them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::check_key;

/// What an order wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OrderKind {
    /// Raise the position.
    Buy,
    /// Lower the position.
    Sell,
    /// Tell the position.
    Query,
    /// Nobody knows: the number on the wire.
    Unknown(i32),
}

/// Asks to change a position, or what it is.
#[derive(Debug)]
pub struct Order<'a> {
    /// What to do.
    pub kind: OrderKind,
    /// The symbol; any text.
    pub symbol: &'a str,
    /// How many; a query ignores it.
    pub quantity: i32,
}

/// The answer to an order.
#[derive(Debug)]
pub struct Fill {
    /// The quantity, or the position for a query, and a message; or why the order was refused.
    pub outcome: Result<(i32, &'static str), Cow<'static, str>>,
    /// A tick of the store's one clock, in Unix nanoseconds.
    pub timestamp: i64,
}

/// Decides an order. The order of the checks is normative.
pub(super) fn fill(
    positions: &mut HashMap<String, i32>,
    order: &Order<'_>,
) -> Result<(i32, &'static str), Cow<'static, str>> {
    let want = order.quantity;
    if check_key(order.symbol).is_err() {
        return Err("invalid symbol".into());
    }
    if let OrderKind::Unknown(number) = order.kind {
        return Err(format!("unknown order type: {number}").into());
    }
    let have = positions.get(order.symbol).copied().unwrap_or(0);
    if order.kind == OrderKind::Query {
        return Ok((have, "position"));
    }
    if want <= 0 {
        return Err("quantity must be positive".into());
    }
    let (position, message) = if order.kind == OrderKind::Buy {
        (have.checked_add(want).ok_or("position limit")?, "bought")
    } else if want > have {
        return Err(format!("insufficient position: have {have}, want {want}").into());
    } else {
        (have - want, "sold")
    };
    positions.insert(order.symbol.to_owned(), position);
    Ok((want, message))
}
