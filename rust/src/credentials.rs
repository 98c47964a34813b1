//! PEM material as rustls takes it, or in one line why it cannot.

use std::error::Error as StdError;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};

/// The protocol that ALPN has to agree on.
pub const HTTP2: &[u8] = b"h2";

/// Characters in a line of PEM.
const PEM_LINE: usize = 64;

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

/// More than any chain needs: a device without an end must not be read for ever.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Why material cannot be used: one line.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    fn new(what: &str, reason: impl fmt::Display) -> Self {
        Self(format!("{what}: {reason}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Error {}

/// An end's own certificate chain, PEM with the leaf first, and the leaf's private key, PEM PKCS#8
/// and not encrypted.
#[derive(Default)]
pub struct Identity {
    /// The chain.
    pub chain_pem: Vec<u8>,
    /// The key.
    pub key_pem: Vec<u8>,
}

impl Identity {
    /// Returns the identity in two files.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, Error> {
        Ok(Self {
            chain_pem: read_file(chain)?,
            key_pem: read_file(key)?,
        })
    }

    fn load(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
        let chain = certificates(&self.chain_pem)
            .map_err(|reason| Error::new("identity: chain", reason))?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(&self.key_pem)
            .map_err(|_| Error("identity: the key is not a PEM PKCS#8 private key".to_owned()))?;
        Ok((chain, key.into()))
    }
}

/// Returns a server's configuration: TLS 1.2 or 1.3, and with client roots (PEM) also mutual TLS,
/// which requires and verifies the client's certificate.
pub fn server(
    identity: &Identity,
    client_roots_pem: Option<&[u8]>,
) -> Result<Arc<ServerConfig>, Error> {
    let (chain, key) = identity.load()?;
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&VERSIONS)
        .map_err(|error| Error::new("tls", error))?;
    let builder = match client_roots_pem {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let roots = Arc::new(roots(pem).map_err(|reason| Error::new("client roots", reason))?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider()).build();
            builder.with_client_cert_verifier(
                verifier.map_err(|error| Error::new("client roots", error))?,
            )
        }
    };
    // It compares the key with the certificate.
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|error| Error::new("identity", error))?;
    config.alpn_protocols = vec![HTTP2.to_vec()];
    Ok(Arc::new(config))
}

/// Returns a client's configuration: it verifies the server against the roots (PEM; `None` stands
/// for the system's), and offers an identity if it has one.
pub fn client(
    roots_pem: Option<&[u8]>,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>, Error> {
    let roots = match roots_pem {
        Some(pem) => roots(pem).map_err(|reason| Error::new("roots", reason))?,
        None => system_roots()?,
    };
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&VERSIONS)
        .map_err(|error| Error::new("tls", error))?
        .with_webpki_verifier(verifier.map_err(|error| Error::new("roots", error))?);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = identity.load()?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| Error::new("identity", error))?
        }
    };
    config.alpn_protocols = vec![HTTP2.to_vec()];
    Ok(Arc::new(config))
}

/// Returns the content of a file that must have some.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let name = path.display().to_string();
    let mut content = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut content));
    match read {
        Err(error) => Err(Error::new(&name, error)),
        Ok(0) => Err(Error::new(&name, "empty")),
        Ok(_) => Ok(content),
    }
}

/// Returns DER as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    let encoded = STANDARD.encode(der);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(PEM_LINE));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem + "-----END " + label + "-----\n"
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Returns all certificates in PEM data, of which there must be one.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("no PEM certificate".to_owned()),
        Ok(found) => Ok(found),
        Err(error) => Err(error.to_string()),
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for (n, certificate) in certificates(pem)?.into_iter().enumerate() {
        store
            .add(certificate)
            .map_err(|error| format!("certificate {}: {error}", n + 1))?;
    }
    Ok(store)
}

fn system_roots() -> Result<RootCertStore, Error> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        let reason = found
            .errors
            .first()
            .map_or_else(|| "there are none".to_owned(), ToString::to_string);
        return Err(Error::new("the system's roots", reason));
    }
    Ok(store)
}
