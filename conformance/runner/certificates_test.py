"""Tests of the page of certificates: the tables of a small run, and that the committed page has everything."""

import datetime
from typing import Any

import pytest

from conformance.certs.keys import KEY_TYPES
from conformance.runner import certificates
from conformance.runner.known_failing import Entry
from conformance.runner.pattern import parse
from conformance.runner.written import PageError, located

STACKS = {"go": "crypto/tls", "python": "boringssl"}
NO_VERIFYING = "key_type:p521 by the python {} is not claimed, and the probe agreed; UNAVAILABLE"


def permutation(client: str, server: str, security: str, key_type: str) -> dict[str, Any]:
    """A handshake, which Python comes to where it need not verify P-521."""
    name = f"client={client}/server={server}/security={security}/key_type={key_type}"
    made = {
        "name": f"{name}/case=tls_handshake",
        "client": client,
        "server": server,
        "security": security,
        "key_type": key_type,
        "suite": "tls",
        "case": "tls_handshake",
        "outcome": "passed",
    }
    verifies = [client, *([server] if security == "mtls" else [])]
    if key_type == "p521" and "python" in verifies:
        role = "client" if client == "python" else "server"
        made |= {"outcome": "unsupported", "reason": NO_VERIFYING.format(role)}
    return made


def a_run() -> dict[str, Any]:
    """Both languages with each other, in everything."""
    return {
        "started": "2026-11-28T06:00:00+00:00",
        "programs": [
            {
                "language": language,
                "role": role,
                "tls_stack": tls_stack,
                "library": f"{language}-lib 1",
                "runtime": f"{language} 2",
            }
            for language, tls_stack in STACKS.items()
            for role in ("server", "client")
        ],
        "permutations": [
            permutation(client, server, security, key_type)
            for client in STACKS
            for server in STACKS
            for security in ("tls", "mtls")
            for key_type in KEY_TYPES
        ],
    }


def test_the_table_tells_the_direction() -> None:
    text = certificates.page("# Certificates\n", certificates.seen([a_run()]), [])
    rows = {tuple(line.split(" | ")[:2]): line.split(" | ")[4:] for line in text.split("\n")}
    good = "2/2, 2/2"
    assert rows["| python", "client"] == [good] * 4 + ["**0/2, 0/2** |"]
    assert rows["| python", "server"] == [good] * 4 + ["**1/2, 0/2** |"]
    assert rows["| go", "server"] == [good] * 4 + ["**1/2, 1/2** |"]
    assert "- **boringssl, p521** (python client (mtls), python client (tls), python server" in text
    assert "Run on 2026-11-28." in text
    assert "| go | client | crypto/tls | go-lib 1, go 2 |" in text


def test_a_known_failure_stands_with_its_source() -> None:
    run = a_run()
    run["permutations"][0] |= {"outcome": "known_failing", "case": "tls_other"}
    run["permutations"].append(permutation("go", "go", "tls", "rsa2048"))
    expires = datetime.date(2027, 6, 30)
    match = parse("client=go/case=tls_other")
    entries = [Entry("go", match, "cannot", "RFC 0", expires)]
    text = certificates.page("", certificates.seen([run]), entries)
    assert "- **go**, `tls_other` (1 times; rsa2048): cannot. Source: RFC 0." in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"outcome": "failed"}, "1 are neither passed nor explained, first client=go/server=go"),
        (
            {
                "outcome": "unsupported",
                "reason": "key_type:rsa2048 by the go client is not claimed",
            },
            "crypto/tls refuses rsa2048, for no known cause",
        ),
        ({"key_type": "p256"}, ""),
    ],
)
def test_what_is_red_needs_a_cause(change: dict[str, str], reason: str) -> None:
    run = a_run()
    run["permutations"][0] |= change
    if not reason:
        certificates.page("", certificates.seen([run]), [])
        return
    with pytest.raises(PageError, match=reason):
        certificates.page("", certificates.seen([run]), [])


def test_a_key_type_that_was_not_run_is_missed() -> None:
    run = a_run()
    run["permutations"] = [p for p in run["permutations"] if p["key_type"] != "p384"]
    with pytest.raises(PageError, match="no tls_handshake of the go client with p384"):
        certificates.page("", certificates.seen([run]), [])


def test_the_committed_page_has_every_language_and_key_type() -> None:
    committed = located("docs/guide/certificates.md").read_text("utf-8")
    introduction = located("conformance/runner/certificates.md").read_text("utf-8")
    assert committed.startswith(introduction.rstrip()), (
        "run: ./bazelw run //conformance:certificates"
    )
    assert f"| library, runtime | {' | '.join(KEY_TYPES)} |" in committed
    for language in located("conformance/languages.txt").read_text("utf-8").split():
        for role in ("client", "server"):
            assert f"| {language} | {role} | " in committed
