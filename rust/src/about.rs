//! What the two programs are: in Hello, in Inventory and to `--version`.

use std::collections::HashMap;

/// Version of the Stock project.
pub const VERSION: &str = env!("STOCK_VERSION");
/// Name of the language.
pub const LANGUAGE: &str = "rust";
/// The gRPC library and its version.
pub const LIBRARY: &str = concat!("tonic ", env!("TONIC_VERSION"));
/// The language's runtime and its version.
pub const RUNTIME: &str = concat!("rust ", env!("RUST_RELEASE"));
/// Family of the HTTP/2 implementation.
pub const TRANSPORT: &str = "hyper";
/// Family of the TLS implementation.
pub const TLS_STACK: &str = "rustls";

/// Returns what Inventory says of the server.
pub fn metadata(security: &str) -> HashMap<String, String> {
    let entries = [
        ("language", LANGUAGE),
        ("library", LIBRARY),
        ("runtime", RUNTIME),
        ("security", security),
        ("tls_stack", TLS_STACK),
        ("transport", TRANSPORT),
    ];
    entries
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

/// Returns what a program prints for `--version`.
pub fn line(program: &str) -> String {
    format!("{program} {VERSION} {LANGUAGE} {LIBRARY}\n")
}
