//! What is printed: lines of fields, whatever the peer says.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use stock_grpc::tofusoup::stock::watch_event::EventType;
use stock_grpc::tofusoup::stock::{BatchSummary, InventoryStatus, TradeFill, WatchEvent};
use tonic::Status;

/// `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs.
pub fn event(event: &WatchEvent) -> String {
    let (timestamp, key) = (event.timestamp, escape(event.key.as_bytes()));
    if event.r#type() == EventType::Delete {
        format!("{timestamp}\tDELETE\t{key}\n")
    } else {
        format!("{timestamp}\tPUT\t{key}\t{}\n", escape(&event.value))
    }
}

/// `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs.
pub fn fill(fill: &TradeFill) -> String {
    let verdict = if fill.success { "ok" } else { "rejected" };
    let (symbol, message) = (escape(fill.symbol.as_bytes()), one_line(&fill.message));
    format!("{verdict}\t{symbol}\t{}\t{message}\n", fill.quantity_filled)
}

/// `total=3 successful=3 failed=0 bytes=12`.
pub fn summary(summary: &BatchSummary) -> String {
    let BatchSummary {
        total_items,
        successful,
        failed,
        bytes_written,
    } = summary;
    format!("total={total_items} successful={successful} failed={failed} bytes={bytes_written}\n")
}

/// A line for each thing that Inventory says.
pub fn inventory(status: &InventoryStatus) -> String {
    let mut lines = format!(
        "items={}\nbytes={}\nuptime_seconds={}\nserver_version={}\n",
        status.total_items,
        status.total_bytes,
        status.uptime_seconds,
        one_line(&status.server_version)
    );
    let sorted: BTreeMap<_, _> = status.metadata.iter().collect();
    for (key, value) in sorted {
        // Writing to a String does not fail.
        _ = writeln!(lines, "metadata.{}={}", one_line(key), one_line(value));
    }
    lines
}

/// `NOT_FOUND: key not found: K`, without the line's end.
pub fn status(status: &Status) -> String {
    let mut name = String::new();
    for letter in format!("{:?}", status.code()).chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    format!("{name}: {}", one_line(status.message()))
}

/// Returns bytes fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes
/// below 0x20, 0x7F, and bytes that are not UTF-8.
fn escape(bytes: &[u8]) -> String {
    let mut escaped = String::with_capacity(bytes.len());
    // Writing to a String does not fail.
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => escaped.push_str("\\\\"),
                '\n' => escaped.push_str("\\n"),
                '\r' => escaped.push_str("\\r"),
                '\t' => escaped.push_str("\\t"),
                '\0'..' ' | '\x7F' => _ = write!(escaped, "\\x{:02X}", u32::from(character)),
                _ => escaped.push(character),
            }
        }
        for byte in chunk.invalid() {
            _ = write!(escaped, "\\x{byte:02X}");
        }
    }
    escaped
}

/// Returns a peer's text without the ends of lines that would make it several.
fn one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\r', "\\r")
}
