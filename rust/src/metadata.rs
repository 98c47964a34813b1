//! Metadata between HTTP's headers and the messages of the session protocol.

use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use stock_grpc::tofusoup::stock::session::{Header, Metadata};

/// Name of the metadata that holds a serialized `google.rpc.Status`.
pub const DETAILS: &str = "grpc-status-details-bin";

/// Base64 as gRPC wants it: written without padding, read with or without.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the entries that belong to the application. Those that HTTP/2 and gRPC keep to
/// themselves are left out.
pub fn from_headers(headers: &HeaderMap) -> Metadata {
    let mut metadata = Metadata::default();
    for (name, value) in headers.iter().filter(|(name, _)| !is_reserved(name)) {
        let name = name.as_str();
        let values = if name.ends_with("-bin") {
            decode(value.as_bytes())
        } else {
            vec![value.as_bytes().to_vec()]
        };
        let entry = |value: Vec<u8>| Header {
            name: name.to_owned(),
            value: value.into(),
        };
        metadata.entries.extend(values.into_iter().map(entry));
    }
    metadata
}

/// Returns headers, or the name of an entry that cannot be one.
pub fn to_headers(metadata: &Metadata) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::with_capacity(metadata.entries.len());
    for Header { name, value } in &metadata.entries {
        let written = if name.ends_with("-bin") {
            HeaderValue::from_str(&BASE64.encode(value)).ok()
        } else {
            HeaderValue::from_bytes(value).ok()
        };
        match (HeaderName::from_bytes(name.as_bytes()), written) {
            (Ok(key), Some(value)) if key.as_str() == name => headers.append(key, value),
            _ => return Err(name.clone()),
        };
    }
    Ok(headers)
}

/// Decodes a binary value; several may have been joined by commas on the way. One that is no base64
/// stays as it is: it is the peer's fault and nobody else's to hide.
fn decode(value: &[u8]) -> Vec<Vec<u8>> {
    let each = value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    each.map(|value| BASE64.decode(value).unwrap_or_else(|_| value.to_vec()))
        .collect()
}

fn is_reserved(name: &HeaderName) -> bool {
    matches!(name.as_str(), "content-type" | "te") || name.as_str().starts_with("grpc-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(entries: &[(&str, &'static [u8])]) -> Metadata {
        let entry = |(name, value): &(&str, &'static [u8])| Header {
            name: (*name).to_owned(),
            value: (*value).into(),
        };
        Metadata {
            entries: entries.iter().map(entry).collect(),
        }
    }

    #[test]
    fn entries_go_there_and_back_in_order() {
        let there = metadata(&[
            ("x-a", b"second"),
            ("x-a", b"first"),
            ("x-all-bin", b"\0\xff,"),
            ("x-none-bin", b""),
        ]);
        assert_eq!(from_headers(&to_headers(&there).unwrap()), there);
    }

    #[test]
    fn what_others_keep_to_themselves_is_left_out() {
        let names = [
            "content-type",
            "te",
            "grpc-status",
            "grpc-timeout",
            "user-agent",
            DETAILS,
        ];
        let headers = names.map(|name| (name.parse().unwrap(), HeaderValue::from_static("x")));
        assert_eq!(
            from_headers(&headers.into_iter().collect()),
            metadata(&[("user-agent", b"x")])
        );
    }

    #[test]
    fn binary_values_are_read_however_they_are_written() {
        let headers = [
            ("x-bin", "/wA,AA=="), // joined, without padding and with
            ("y-bin", "no base64!"),
        ];
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let expected = metadata(&[
            ("x-bin", b"\xff\0"),
            ("x-bin", b"\0"),
            ("y-bin", b"no base64!"),
        ]);
        assert_eq!(from_headers(&headers.into_iter().collect()), expected);
    }

    #[test]
    fn what_can_be_no_header_is_named() {
        for (name, value) in [("X-Upper", "x"), ("a b", "x"), ("", "x"), ("x-a", "line\n")] {
            let entry = Header {
                name: name.to_owned(),
                value: value.into(),
            };
            assert_eq!(
                to_headers(&Metadata {
                    entries: vec![entry]
                }),
                Err(name.to_owned())
            );
        }
    }
}
