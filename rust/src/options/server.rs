//! The command line of `stock_server`.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::grammar::{Flag, Line, flag, parse, usage};
use super::{Asked, UsageError, printable};

const FLAGS: [Flag; 13] = [
    flag("host", "H", "address to bind (default 127.0.0.1)"),
    flag(
        "port",
        "N",
        "port to bind; 0 = any free one (default 50051)",
    ),
    flag("tls-mode", "MODE", "none, tls or mtls (default none)"),
    flag("cert-file", "F", "the server's certificate chain, PEM"),
    flag("key-file", "F", "the server's private key, PEM PKCS#8"),
    flag(
        "client-ca-file",
        "F",
        "roots for client certificates, PEM; mtls",
    ),
    flag(
        "grace-seconds",
        "S",
        "time for running calls when the server drains (default 3)",
    ),
    flag(
        "max-receive-bytes",
        "N",
        "largest message read, after decompression (default 4194304)",
    ),
    flag(
        "allow-plaintext-network",
        "",
        "allow a host beyond loopback without TLS",
    ),
    flag("conformance", "", "obey the directives in request metadata"),
    flag(
        "session",
        "",
        "be driven by frames on standard input and output",
    ),
    flag("help", "", "print this and exit"),
    flag("version", "", "print the version and exit"),
];

/// Modes of the contract, and upstream's names.
const MODES: [&str; 6] = ["none", "tls", "mtls", "disabled", "server", "manual"];

pub(super) const MAX_RECEIVE_BYTES: u64 = i32::MAX as u64;

/// How connections are secured, and by which files.
#[derive(Debug, PartialEq)]
pub enum Mode {
    /// Not at all.
    Plaintext,
    /// By TLS.
    Tls {
        /// The server's chain.
        cert_file: PathBuf,
        /// The server's key.
        key_file: PathBuf,
        /// Roots for client certificates, which are required then: mutual TLS.
        client_ca_file: Option<PathBuf>,
    },
}

/// What `stock_server` is asked for.
#[derive(Debug, PartialEq)]
pub struct Server {
    /// Address or name to bind.
    pub host: String,
    /// Port to bind; 0 for any free one.
    pub port: u16,
    /// How connections are secured.
    pub mode: Mode,
    /// Time for running calls when the server drains.
    pub grace: Duration,
    /// Largest message read.
    pub max_receive_bytes: usize,
    /// Whether directives are obeyed.
    pub conformance: bool,
}

/// Returns the usage of `stock_server`.
pub fn server_usage() -> String {
    format!("usage: stock_server [FLAGS]\n{}", usage(&FLAGS))
}

/// Reads the command line of `stock_server`.
pub fn parse_server(
    words: impl IntoIterator<Item = OsString>,
) -> Result<Asked<Server>, UsageError> {
    let line = parse(&FLAGS, words)?;
    let values = Values::read(&line)?;
    if line.has("help") {
        return Ok(Asked::Help);
    }
    if line.has("version") {
        return Ok(Asked::Version);
    }
    if let Some(stray) = line.arguments.first() {
        return Err(UsageError(format!(
            "stray argument: {}",
            printable(stray.as_encoded_bytes())
        )));
    }
    let session = line.has("session");
    if session {
        line.only_with_session(&["conformance", "grace-seconds"])?;
    }
    let server = values.settle(&line)?;
    Ok(if session {
        Asked::Session(server)
    } else {
        Asked::Run(server)
    })
}

/// The values of the flags, before they are held against each other.
struct Values {
    host: String,
    port: u16,
    /// Of the contract, or upstream's name for one.
    mode: &'static str,
    /// Of the server's chain, its key, and the roots for clients.
    files: [Option<PathBuf>; 3],
    grace: Duration,
    max_receive_bytes: usize,
}

impl Values {
    fn read(line: &Line) -> Result<Self, UsageError> {
        let port = line
            .number("port", 0..=u16::MAX.into())?
            .and_then(|port| u16::try_from(port).ok());
        let max_receive_bytes = line.number("max-receive-bytes", 1..=MAX_RECEIVE_BYTES)?;
        let mode = |value: &OsString| MODES.into_iter().find(|mode| value == mode);
        Ok(Self {
            host: line.text("host")?.unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: port.unwrap_or(50051),
            mode: line
                .value("tls-mode", "none, tls or mtls", mode)?
                .unwrap_or("none"),
            files: [
                line.path("cert-file")?,
                line.path("key-file")?,
                line.path("client-ca-file")?,
            ],
            grace: line
                .seconds("grace-seconds")?
                .unwrap_or(Duration::from_secs(3)),
            max_receive_bytes: max_receive_bytes
                .and_then(|bytes| bytes.try_into().ok())
                .unwrap_or(4 << 20),
        })
    }

    /// Finds contradictions.
    fn settle(self, line: &Line) -> Result<Server, UsageError> {
        let mode = mode(self.mode, self.files)?;
        if mode == Mode::Plaintext
            && !line.has("allow-plaintext-network")
            && !is_loopback(&self.host)
        {
            let host = printable(self.host.as_bytes());
            return Err(UsageError(format!(
                "--host {host} without TLS needs --allow-plaintext-network"
            )));
        }
        Ok(Server {
            host: self.host,
            port: self.port,
            mode,
            grace: self.grace,
            max_receive_bytes: self.max_receive_bytes,
            conformance: line.has("conformance"),
        })
    }
}

fn mode(given: &str, files: [Option<PathBuf>; 3]) -> Result<Mode, UsageError> {
    let mode = match given {
        "none" | "disabled" => "none",
        "mtls" => "mtls",
        // Upstream's names for both.
        "server" | "manual" if files[2].is_some() => "mtls",
        _ => "tls",
    };
    for (name, file, needed) in [
        ("cert-file", &files[0], mode != "none"),
        ("key-file", &files[1], mode != "none"),
        ("client-ca-file", &files[2], mode == "mtls"),
    ] {
        match file {
            Some(_) if !needed => {
                return Err(UsageError(format!(
                    "--{name} does not go with --tls-mode {mode}"
                )));
            }
            None if needed => return Err(UsageError(format!("--tls-mode {mode} needs --{name}"))),
            _ => {}
        }
    }
    Ok(match files {
        [Some(cert_file), Some(key_file), client_ca_file] => Mode::Tls {
            cert_file,
            key_file,
            client_ca_file,
        },
        _ => Mode::Plaintext,
    })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}
