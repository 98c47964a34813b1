//! The command lines of both programs.

mod client;
mod server;

use std::ffi::OsString;

/// Returns the words of a command line.
fn words(line: &str) -> Vec<OsString> {
    line.split(' ')
        .filter(|word| !word.is_empty())
        .map(OsString::from)
        .collect()
}
