"""Certificates have the names that are asked for."""

import json
import os
from pathlib import Path

import pytest

from soup.fakes.calling import call, refused

pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize(
    ("names", "files"),
    [
        ("stock", "ca.pem client-key.pem client.pem server-key.pem server.pem"),
        ("tofusoup", "{0}-client.crt {0}-client.key {0}-server.crt {0}-server.key"),
        (
            "kvproto",
            "ec-secp384r1-ca.crt {0}-client.crt {0}-client.key {0}-server.crt {0}-server.key",
        ),
    ],
)
def test_certificates_have_the_names_that_are_asked_for(names: str, files: str) -> None:
    expected = files.format("ec-secp384r1-mtls").split()
    result = call("certs", "make", "d", "--key-type=p384", "--names", names, "--json")
    assert {*json.loads(result.stdout)["files"]} == {f"d/{name}" for name in expected}
    assert sorted(os.listdir("d")) == expected
    before = {path: path.read_bytes() for path in Path("d").iterdir()}
    assert "there is one already" in refused(
        "certs", "make", "d", "--key-type=p384", "--names", names
    )
    assert before == {path: path.read_bytes() for path in Path("d").iterdir()}


def test_the_certificate_of_others_names_is_trusted_by_its_file() -> None:
    call("certs", "make", "d", "--names=tofusoup", "--key-type=p256")
    server = Path("d/ec-secp256r1-mtls-server.crt").read_bytes()
    assert server.count(b"-----BEGIN CERTIFICATE-----") == 2
