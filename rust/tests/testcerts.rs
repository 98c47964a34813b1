//! Identities for tests, minted in them.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P521_SHA512, SignatureAlgorithm,
};
use stock::credentials::{Identity, pem};

/// An authority, and what it has signed for `localhost` and `127.0.0.1`.
pub struct Authority {
    /// PEM of its certificate.
    pub roots_pem: Vec<u8>,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// Key types of both ends of the range.
pub const P256: &SignatureAlgorithm = &PKCS_ECDSA_P256_SHA256;
/// The largest curve.
pub const P521: &SignatureAlgorithm = &PKCS_ECDSA_P521_SHA512;

impl Authority {
    /// Returns a new authority.
    pub fn new(algorithm: &'static SignatureAlgorithm) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(params, KeyPair::generate_for(algorithm).unwrap())
                .unwrap();
        Self {
            roots_pem: pem("CERTIFICATE", issuer.der()).into(),
            issuer,
        }
    }

    /// Returns a new identity that the authority has signed.
    pub fn identity(&self, algorithm: &'static SignatureAlgorithm) -> Identity {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params =
            CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            chain_pem: pem("CERTIFICATE", certificate.der()).into(),
            key_pem: pem("PRIVATE KEY", &key.serialize_der()).into(),
        }
    }
}
