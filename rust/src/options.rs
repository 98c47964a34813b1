//! The command line of the two programs, typed and free of contradictions. It touches nothing
//! outside: no file, no environment, no standard stream.
//!
//! The grammar, which every language shares, is our own: clap takes `--unknown` for a value where
//! it is to take `-x` for one (`allow_hyphen_values`), and refuses `-x` elsewhere.

use std::fmt;

pub use self::arguments::{OrderArgument, parse_item, parse_order};
pub use self::client::{Client, client_usage, parse_client};
pub use self::operations::Operation;
pub use self::server::{Mode, Server, parse_server, server_usage};

mod arguments;
mod client;
mod grammar;
mod operations;
mod server;

/// Exit codes of the two programs; an RPC that failed is [`exit::RPC`] plus its status code.
pub mod exit {
    /// Done.
    pub const OK: u8 = 0;
    /// `health`: not serving.
    pub const NOT_SERVING: u8 = 1;
    /// Wrong usage, or files that cannot be read or used.
    pub const USAGE: u8 = 2;
    /// The server cannot bind.
    pub const CANNOT_BIND: u8 = 3;
    /// Internal fault.
    pub const INTERNAL: u8 = 4;
    /// An RPC failed.
    pub const RPC: u8 = 64;
    /// SIGINT.
    pub const INTERRUPTED: u8 = 130;
}

/// What a command line asks for.
#[derive(Debug, PartialEq)]
pub enum Asked<T> {
    /// The usage.
    Help,
    /// The version.
    Version,
    /// To be driven over standard streams.
    Session(T),
    /// The work.
    Run(T),
}

/// A command line that breaks the grammar, in one line that names what breaks it.
#[derive(Debug, PartialEq)]
pub struct UsageError(pub String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// Returns a word of the command line fit for a line of text.
fn printable(word: &[u8]) -> String {
    String::from_utf8_lossy(word).escape_debug().to_string()
}
