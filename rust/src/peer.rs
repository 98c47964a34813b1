//! Who is at the other end of a connection.

use std::io;
use std::sync::Arc;

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ProtocolVersion, ServerConnection};

use crate::credentials::{self, HTTP2};

/// What a connection says of its peer. Each of its calls has it among its extensions.
#[derive(Clone, Default)]
pub struct Peer {
    /// `1.2` or `1.3`; empty in plaintext.
    pub tls_version: &'static str,
    certificate: Option<Arc<CertificateDer<'static>>>,
}

impl Peer {
    /// Returns the peer of a connection whose handshake is done. It fails unless HTTP/2 was agreed
    /// on: rustls lets a client pass that offers nothing.
    pub(crate) fn of(connection: &ServerConnection) -> io::Result<Self> {
        if connection.alpn_protocol() != Some(HTTP2) {
            return Err(io::Error::other("the peer did not offer h2 by ALPN"));
        }
        let tls_version = match connection.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "1.2",
            Some(ProtocolVersion::TLSv1_3) => "1.3",
            _ => "",
        };
        let leaf = connection
            .peer_certificates()
            .and_then(|chain| chain.first());
        Ok(Self {
            tls_version,
            certificate: leaf.map(|leaf| Arc::new(leaf.clone().into_owned())),
        })
    }

    /// Returns the peer's own certificate as PEM.
    pub fn certificate_pem(&self) -> Option<String> {
        Some(credentials::pem(
            "CERTIFICATE",
            self.certificate.as_deref()?,
        ))
    }
}
