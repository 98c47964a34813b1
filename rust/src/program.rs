//! What both programs have in common: how they print, log and fail.

use std::fmt::Display;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use tracing_subscriber::filter::LevelFilter;

use crate::options::exit;

/// Why a program ends otherwise than well.
#[derive(Debug)]
pub struct Failure {
    /// Its exit code.
    pub code: u8,
    /// What it says: whole lines, or nothing.
    pub reason: String,
}

impl Failure {
    /// Returns a failure of one line.
    pub fn new(code: u8, reason: impl Display) -> Self {
        Self {
            code,
            reason: format!("{reason}\n"),
        }
    }

    /// Returns a failure that has nothing to say.
    pub fn silent(code: u8) -> Self {
        Self {
            code,
            reason: String::new(),
        }
    }

    /// Returns a failure that is nobody's fault but ours.
    pub fn internal(reason: impl Display) -> Self {
        Self::new(exit::INTERNAL, reason)
    }

    /// Returns a failure of usage.
    pub fn usage(reason: impl Display, usage: &str) -> Self {
        Self {
            code: exit::USAGE,
            reason: format!("{reason}\n{usage}"),
        }
    }
}

/// Says how a program has ended, and returns its exit code.
pub fn end(done: Result<(), Failure>) -> ExitCode {
    let Err(Failure { code, reason }) = done else {
        return ExitCode::from(exit::OK);
    };
    // It fails where nobody reads: there is nothing else to say it to.
    let _ = io::stderr().write_all(reason.as_bytes());
    ExitCode::from(code)
}

/// Prints whole lines on standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::internal)
}

/// Tasks that a thread of tokio's runs between two looks at the sockets. Its own number, 61, lets a
/// handshake wait for hundreds of calls that begin at once.
pub const EVENT_INTERVAL: u32 = 8;

/// Logs to standard error: from INFO up, or from the level that `RUST_LOG` names. A panic is one
/// line.
pub fn start_log() {
    let level = std::env::var("RUST_LOG")
        .ok()
        .and_then(|level| level.parse().ok());
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(level.unwrap_or(LevelFilter::INFO))
        .with_writer(io::stderr)
        .init();
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(
            at,
            "panicked: {}",
            info.payload_as_str().unwrap_or("of something")
        );
    }));
}
