//! The command line of `stock_client`.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;
use std::time::Duration;

use super::grammar::{Flag, Line, flag, is_digits, parse, usage};
use super::operations::{self, Operation, operation};
use super::server::MAX_RECEIVE_BYTES;
use super::{Asked, UsageError, printable};

const FLAGS: [Flag; 12] = [
    flag(
        "server",
        "H:P",
        "endpoint to call (default 127.0.0.1:50051)",
    ),
    flag("tls", "", "use TLS"),
    flag(
        "ca-file",
        "F",
        "roots for the server's certificate, PEM (default: the system's)",
    ),
    flag("cert-file", "F", "the client's certificate chain, PEM"),
    flag("key-file", "F", "the client's private key, PEM PKCS#8"),
    flag(
        "server-name",
        "N",
        "name to verify the server's certificate against",
    ),
    flag(
        "timeout-seconds",
        "S",
        "deadline of the call; 0 = none (default 5)",
    ),
    flag(
        "max-receive-bytes",
        "N",
        "largest message read, after decompression (default 4194304)",
    ),
    flag(
        "count",
        "N",
        "monitor: events to print; 0 = until stopped (default 0)",
    ),
    flag(
        "session",
        "",
        "be driven by frames on standard input and output",
    ),
    flag("help", "", "print this and exit"),
    flag("version", "", "print the version and exit"),
];

/// What `stock_client` is asked for.
#[derive(Debug, PartialEq)]
pub struct Client {
    /// What to do.
    pub operation: Operation,
    /// Its arguments: bytes, as given.
    pub arguments: Vec<OsString>,
    /// The server's address or name; IPv6 without brackets.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// Whether to use TLS, by the files and the name below.
    pub tls: bool,
    /// `None` for the system's roots.
    pub ca_file: Option<PathBuf>,
    /// Chain and key of the client's identity.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// Name to verify the server against; empty for the host.
    pub server_name: String,
    /// `None` for no deadline.
    pub timeout: Option<Duration>,
    /// Largest message read.
    pub max_receive_bytes: usize,
    /// Events that monitor prints; 0 until stopped.
    pub count: u64,
}

/// Returns the usage of `stock_client`.
pub fn client_usage() -> String {
    let head = "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n";
    [head, &operations::usage(), &usage(&FLAGS)].concat()
}

/// Reads the command line of `stock_client`.
pub fn parse_client(
    words: impl IntoIterator<Item = OsString>,
) -> Result<Asked<Option<Client>>, UsageError> {
    let mut line = parse(&FLAGS, words)?;
    let values = Values::read(&line)?;
    if line.has("help") {
        return Ok(Asked::Help);
    }
    if line.has("version") {
        return Ok(Asked::Version);
    }
    let arguments = std::mem::take(&mut line.arguments);
    if line.has("session") {
        line.only_with_session(&[])?;
        return match arguments.first() {
            Some(stray) => Err(UsageError(format!(
                "--session goes without an operation: {}",
                printable(stray.as_encoded_bytes())
            ))),
            None => Ok(Asked::Session(None)),
        };
    }
    values
        .settle(&line, arguments)
        .map(|client| Asked::Run(Some(client)))
}

/// The values of the flags, before they are held against each other.
struct Values {
    host: String,
    port: u16,
    ca_file: Option<PathBuf>,
    cert_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    server_name: String,
    timeout: Duration,
    max_receive_bytes: usize,
    count: u64,
}

impl Values {
    fn read(line: &Line) -> Result<Self, UsageError> {
        let endpoint = |value: &OsString| value.to_str().and_then(split);
        let (host, port) = line
            .value("server", "HOST:PORT", endpoint)?
            .unwrap_or_else(|| ("127.0.0.1".to_owned(), 50051));
        let max_receive_bytes = line.number("max-receive-bytes", 1..=MAX_RECEIVE_BYTES)?;
        Ok(Self {
            host,
            port,
            ca_file: line.path("ca-file")?,
            cert_file: line.path("cert-file")?,
            key_file: line.path("key-file")?,
            server_name: line.text("server-name")?.unwrap_or_default(),
            timeout: line
                .seconds("timeout-seconds")?
                .unwrap_or(Duration::from_secs(5)),
            max_receive_bytes: max_receive_bytes
                .and_then(|bytes| bytes.try_into().ok())
                .unwrap_or(4 << 20),
            count: line
                .number("count", 0..=i64::MAX.unsigned_abs())?
                .unwrap_or(0),
        })
    }

    /// Finds contradictions, also with the operation.
    fn settle(self, line: &Line, mut arguments: Vec<OsString>) -> Result<Client, UsageError> {
        if arguments.is_empty() {
            return Err(UsageError("an operation is needed".to_owned()));
        }
        let operation = operation(&arguments.remove(0), &arguments)?;
        if line.has("count") && operation != Operation::Monitor {
            return Err(UsageError("--count goes with monitor only".to_owned()));
        }
        let tls = line.has("tls");
        for name in ["ca-file", "cert-file", "key-file", "server-name"] {
            if !tls && line.has(name) {
                return Err(UsageError(format!("--{name} needs --tls")));
            }
        }
        let identity = match (self.cert_file, self.key_file) {
            (Some(chain), Some(key)) => Some((chain, key)),
            (None, None) => None,
            (Some(_), None) => return Err(UsageError("--cert-file needs --key-file".to_owned())),
            (None, Some(_)) => return Err(UsageError("--key-file needs --cert-file".to_owned())),
        };
        Ok(Client {
            operation,
            arguments,
            host: self.host,
            port: self.port,
            tls,
            ca_file: self.ca_file,
            identity,
            server_name: self.server_name,
            timeout: Some(self.timeout).filter(|timeout| !timeout.is_zero()),
            max_receive_bytes: self.max_receive_bytes,
            count: self.count,
        })
    }
}

/// Splits `HOST:PORT`, with an IPv6 address in brackets.
fn split(server: &str) -> Option<(String, u16)> {
    let (host, port) = server.rsplit_once(':')?;
    let port = port.parse().ok().filter(|n| is_digits(port) && *n > 0)?;
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some((IpAddr::V6(address).to_string(), port));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (!host.is_empty() && host.bytes().all(allowed)).then(|| (host.to_owned(), port))
}
