"""BuildGrid's configuration and Bazel's flags for it."""

from pathlib import Path

from tools.remote.buildgrid import GrpcCache, configuration


def test_everything_is_filled_in() -> None:
    text = configuration(Path("/folder"), 4711)
    assert "{" not in text
    assert 'address: "127.0.0.1:4711"' in text
    assert "insecure-mode: false" in text
    assert "tls-client-certs: /folder/roots.pem" in text


def test_flags() -> None:
    cache = GrpcCache("localhost:1", Path("/folder"))
    without = cache.flags(identity=False)
    assert without == ["--remote_cache=grpcs://localhost:1", "--tls_certificate=/folder/roots.pem"]
    identity = cache.flags(identity=True)
    assert identity[:2] == without
    assert identity[2:] == [
        "--tls_client_certificate=/folder/client.pem",
        "--tls_client_key=/folder/client.key",
    ]
    assert cache.flags(identity=True, write=True) == [*identity, "--remote_upload_local_results"]
