//! The operations of `stock_client`, and what arguments each takes.

use std::ffi::{OsStr, OsString};

use super::{UsageError, printable};

/// One thing that `stock_client` does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is named as on the command line")]
pub enum Operation {
    Get,
    Put,
    Delete,
    Monitor,
    Batch,
    Trade,
    Inventory,
    KvGet,
    KvPut,
    Health,
}

struct Grammar {
    operation: Operation,
    name: &'static str,
    least: usize,
    most: usize,
    arguments: &'static str,
}

const ORDERS: &str = "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...";

const OPERATIONS: [Grammar; 10] = [
    grammar(Operation::Get, "get", 1, 1, "KEY"),
    grammar(Operation::Put, "put", 2, 2, "KEY VALUE|-"),
    grammar(Operation::Delete, "delete", 1, 1, "KEY"),
    grammar(Operation::Monitor, "monitor", 0, 1, "[PREFIX] [--count N]"),
    grammar(Operation::Batch, "batch", 0, usize::MAX, "[KEY=VALUE ...]"),
    grammar(Operation::Trade, "trade", 1, usize::MAX, ORDERS),
    grammar(Operation::Inventory, "inventory", 0, 0, ""),
    grammar(Operation::KvGet, "kv-get", 1, 1, "KEY"),
    grammar(Operation::KvPut, "kv-put", 2, 2, "KEY VALUE|-"),
    grammar(Operation::Health, "health", 0, 1, "[SERVICE]"),
];

const fn grammar(
    operation: Operation,
    name: &'static str,
    least: usize,
    most: usize,
    arguments: &'static str,
) -> Grammar {
    Grammar {
        operation,
        name,
        least,
        most,
        arguments,
    }
}

impl Grammar {
    /// Whether the first argument is a key, a prefix or a name, which is UTF-8; the others are taken
    /// apart later.
    fn is_named(&self) -> bool {
        !matches!(self.operation, Operation::Batch | Operation::Trade)
    }
}

/// Returns the lines that tell of the operations.
pub(super) fn usage() -> String {
    let line = |grammar: &Grammar| format!("  {} {}", grammar.name, grammar.arguments);
    OPERATIONS
        .iter()
        .map(|grammar| line(grammar).trim_end().to_owned() + "\n")
        .collect()
}

/// Returns the operation of a name that takes these arguments.
pub(super) fn operation(name: &OsStr, arguments: &[OsString]) -> Result<Operation, UsageError> {
    let refused = |reason: String| Err(UsageError(reason));
    let Some(grammar) = OPERATIONS.iter().find(|grammar| name == grammar.name) else {
        return refused(format!(
            "unknown operation: {}",
            printable(name.as_encoded_bytes())
        ));
    };
    if arguments.len() < grammar.least {
        return refused(format!("{} needs {}", grammar.name, grammar.arguments));
    }
    if let Some(stray) = arguments.get(grammar.most) {
        return refused(format!(
            "stray argument: {}",
            printable(stray.as_encoded_bytes())
        ));
    }
    match arguments.first() {
        Some(first) if grammar.is_named() && first.to_str().is_none() => refused(format!(
            "{}: \"{}\" given, UTF-8 expected",
            grammar.name,
            printable(first.as_encoded_bytes())
        )),
        _ => Ok(grammar.operation),
    }
}
