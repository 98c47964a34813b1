"""Files that cannot be used: one line of reason, exit 2, and no port was ever opened."""

from pathlib import Path

import pytest

from conformance.life import files
from conformance.life.files import Files
from conformance.life.programs import PATIENT, Ended, Implementation, run, serve

# Chain and key that make no identity.
IDENTITIES = (
    ("missing.pem", "key.pem"),
    ("chain.pem", "missing.pem"),
    ("folder.pem", "key.pem"),
    ("chain.pem", "folder.pem"),
    ("empty.pem", "key.pem"),
    ("chain.pem", "empty.pem"),
    ("text.pem", "key.pem"),
    ("chain.pem", "text.pem"),
    ("binary.pem", "key.pem"),
    ("chain.pem", "binary.pem"),
    ("cut.pem", "key.pem"),
    ("chain.pem", "cut_key.pem"),
    ("hollow.pem", "key.pem"),
    ("chain.pem", "hollow_key.pem"),
    ("key.pem", "chain.pem"),
    ("chain.pem", "other_key.pem"),
    ("chain.pem", "rsa_key.pem"),
    ("chain.pem", "sec1_key.pem"),
    ("chain.pem", "encrypted_key.pem"),
    ("roots.pem", "key.pem"),
)
ROOTS = (
    "missing.pem",
    "folder.pem",
    "empty.pem",
    "text.pem",
    "binary.pem",
    "cut.pem",
    "hollow.pem",
    "key.pem",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files."""
    return files.make(tmp_path_factory.mktemp("files"))


def refused(ended: Ended) -> None:
    """Exit 2 and one line."""
    assert ended.code == 2, ended
    assert ended.out == b""
    assert ended.err.count("\n") == 1, ended.err
    assert ended.err.strip()


@pytest.mark.parametrize(("chain", "key"), IDENTITIES)
def test_identity_of_a_server(of: Implementation, made: Files, chain: str, key: str) -> None:
    refused(run(of, "server", "--port=0", "--tls-mode=tls", *made.identity(chain, key)))


@pytest.mark.parametrize(("chain", "key"), IDENTITIES)
def test_identity_of_a_client(of: Implementation, made: Files, chain: str, key: str) -> None:
    identity = made.identity(chain, key)
    refused(run(of, "client", "get", "k", "--tls", f"--ca-file={made.roots}", *identity))


@pytest.mark.parametrize("roots", ROOTS)
def test_roots_of_a_server(of: Implementation, made: Files, roots: str) -> None:
    mtls = ("--tls-mode=mtls", *made.identity(), f"--client-ca-file={made(roots)}")
    refused(run(of, "server", "--port=0", *mtls))


@pytest.mark.parametrize("roots", ROOTS)
def test_roots_of_a_client(of: Implementation, made: Files, roots: str) -> None:
    refused(run(of, "client", "get", "k", "--tls", f"--ca-file={made(roots)}"))


@pytest.mark.parametrize(
    ("mode", "security"), [("tls", "tls"), ("mtls", "mtls"), ("server", "mtls"), ("manual", "tls")]
)
def test_good_files(
    of: Implementation, made: Files, tmp_path: Path, mode: str, security: str
) -> None:
    trusted = [f"--client-ca-file={made.roots}"] if security == "mtls" else []
    with serve(of, tmp_path, f"--tls-mode={mode}", *made.identity(), *trusted) as (_, endpoint):
        tls = (PATIENT, "--server", endpoint, "--tls", f"--ca-file={made.roots}")
        code, out, err = run(of, "client", "inventory", *tls, *made.identity())
        assert (code, err) == (0, "")
        assert f"metadata.security={security}" in out.decode().splitlines()
        without = run(of, "client", "get", "k", *tls)
        # Which status a refusal is, cases of the matrix hold.
        assert (without.code == 64 + 5) == (security == "tls"), without
        assert without.code > 64
        for wrong in (
            (f"--ca-file={made('foreign_roots.pem')}",),
            (f"--ca-file={made.roots}", "--server-name=elsewhere.invalid"),
        ):
            code, out, err = run(
                of,
                "client",
                "get",
                "k",
                PATIENT,
                "--server",
                endpoint,
                "--tls",
                *wrong,
                *made.identity(),
            )
            assert (code, out) == (64 + 14, b"")
            assert err.startswith("UNAVAILABLE: ")
        named = run(of, "client", "get", "k", *tls, *made.identity(), "--server-name=localhost")
        assert named == (64 + 5, b"", "NOT_FOUND: key not found: k\n")
