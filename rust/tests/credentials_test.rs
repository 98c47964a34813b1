//! PEM material: what is taken, and what is refused with which words.

use std::path::Path;

use stock::credentials::{self, Identity, client, pem, read_file, server};
use testcerts::{Authority, P256, P521};

/// The words in which a result is refused.
fn refusal<T>(result: Result<T, credentials::Error>) -> String {
    result
        .err()
        .map_or_else(|| "taken".to_owned(), |error| error.to_string())
}

#[test]
fn good_material_is_taken() {
    for algorithm in [P256, P521] {
        let authority = Authority::new(algorithm);
        let identity = authority.identity(algorithm);
        server(&identity, None).unwrap();
        server(&identity, Some(&authority.roots_pem)).unwrap();
        client(Some(&authority.roots_pem), None).unwrap();
        client(Some(&authority.roots_pem), Some(&identity)).unwrap();
    }
}

#[test]
fn an_identity_that_cannot_be_used_is_refused() {
    let authority = Authority::new(P256);
    let Identity { chain_pem, key_pem } = authority.identity(P256);
    let other = authority.identity(P256);
    let rot = pem("CERTIFICATE", b"rot").into_bytes();
    for (chain_pem, key_pem, words) in [
        (
            Vec::new(),
            key_pem.clone(),
            "identity: chain: no PEM certificate",
        ),
        (
            b"-----BEGIN CERTIFICATE-----\n!\n".to_vec(),
            key_pem.clone(),
            "identity: chain: ",
        ),
        (rot, key_pem, "identity: "),
        (
            chain_pem.clone(),
            Vec::new(),
            "identity: the key is not a PEM PKCS#8 private key",
        ),
        (
            chain_pem.clone(),
            pem("EC PRIVATE KEY", b"x").into(),
            "identity: the key is not a PEM PKCS#8 private key",
        ),
        (
            chain_pem.clone(),
            pem("PRIVATE KEY", b"x").into(),
            "identity: ",
        ),
        (chain_pem, other.key_pem, "identity: "),
    ] {
        let given = Identity { chain_pem, key_pem };
        for refusal in [
            refusal(server(&given, None)),
            refusal(client(Some(&authority.roots_pem), Some(&given))),
        ] {
            assert!(
                refusal.starts_with(words) && !refusal.contains('\n'),
                "{refusal:?}, not {words:?}"
            );
        }
    }
}

#[test]
fn roots_that_cannot_be_used_are_refused() {
    let authority = Authority::new(P256);
    let identity = authority.identity(P256);
    let rot = [
        authority.roots_pem.clone(),
        pem("CERTIFICATE", b"rot").into(),
    ]
    .concat();
    for (roots, words) in [(&b""[..], "no PEM certificate"), (&rot, "certificate 2: ")] {
        for refusal in [
            refusal(server(&identity, Some(roots))),
            refusal(client(Some(roots), None)),
        ] {
            assert!(refusal.contains(words), "{refusal:?}, not {words:?}");
        }
    }
}

#[test]
fn a_file_has_content() {
    assert!(refusal(read_file(Path::new("/nonexistent"))).starts_with("/nonexistent: "));
    assert_eq!(
        refusal(read_file(Path::new("/dev/null"))),
        "/dev/null: empty"
    );
    assert_eq!(
        read_file(Path::new("/dev/zero")).unwrap().len(),
        4 << 20,
        "a device has no end"
    );
}
