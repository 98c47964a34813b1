"""grpc-health-probe: whether services serve, as Kubernetes asks."""

import signal
from pathlib import Path

import pytest

from conformance.life.programs import PATIENCE, Implementation
from conformance.referees.listening import Listening, listen
from conformance.referees.referee import Referee
from conformance.runner.config import Security


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Referee:
    """The program."""
    return Referee("grpc-health-probe", tmp_path_factory.mktemp("probe"))


def flags(server: Listening) -> list[str]:
    """How it reaches a server, and how long it tries."""
    names = {"ca": "-tls-ca-cert", "cert": "-tls-client-cert", "key": "-tls-client-key"}
    secured = server.flags("", **names)
    tls = ["-tls"] if secured else []
    patience = (f"-connect-timeout={PATIENCE}s", f"-rpc-timeout={PATIENCE}s")
    return [f"-addr={server.endpoint}", *tls, *secured, *patience]


@pytest.mark.parametrize("more", [[], ["-gzip"]], ids=["identity", "gzip"])
@pytest.mark.parametrize("service", ["", "tofusoup.stock.Stock", "proto.KV"])
def test_serving(probe: Referee, server: Listening, service: str, more: list[str]) -> None:
    """Every name of the service's page serves, and a compressed request is read."""
    ended = probe.run(*flags(server), f"-service={service}", *more)
    assert ended == (0, b"", "status: SERVING\n")


def test_unknown_service(probe: Referee, server: Listening) -> None:
    """Another name is NOT_FOUND."""
    code, out, err = probe.run(*flags(server), "-service=no.Such")
    assert (code, out) == (3, b"")
    assert err.startswith("error: health rpc failed: rpc error: code = NotFound desc = ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("server", [Security.MTLS], indirect=True, ids=str)
def test_without_a_certificate(probe: Referee, server: Listening) -> None:
    """A server of mTLS gives no answer to who shows no certificate."""
    words = ("-connect-timeout=1s", "-tls", f"-tls-ca-cert={server.file('ca.pem')}")
    code, out, err = probe.run(f"-addr={server.endpoint}", *words)
    assert (code, out) == (2, b"")
    assert err == f'timeout: failed to connect service "{server.endpoint}" within 1s\n'


def test_after_the_drain(probe: Referee, of: Implementation, tmp_path: Path) -> None:
    """Once a server has drained nobody answers at its port."""
    with listen(of, Security.PLAINTEXT, tmp_path) as server:
        server.program.signal(signal.SIGTERM)
        assert server.program.wait() == 0
        words = (f"-addr={server.endpoint}", "-connect-timeout=1s")
        code, out, err = probe.run(*words)
        assert (code, out) == (2, b"")
        assert err == f'timeout: failed to connect service "{server.endpoint}" within 1s\n'
