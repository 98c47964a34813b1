"""ghz: small loads, of which every call must end as it should."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from conformance.life.programs import PATIENCE
from conformance.referees.calls import STOCK, Message, growth, messages
from conformance.referees.listening import Listening
from conformance.referees.referee import Referee

_INVALID: Final = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"


class Load(NamedTuple):
    """How often which call is made, and how all of them end."""

    method: str
    data: object
    calls: int
    status: str = "OK"
    message: str = ""
    more: Sequence[str] = ()


# What ghz numbers is in the data of each call.
_EACH: Final = {"key": "load/{{.RequestNumber}}", "value": "dmFsdWU="}
_ITEMS: Final = [{"key": f"batch/{n}", "value": "MQ=="} for n in range(3)]
_ORDERS: Final = [
    {"type": "BUY", "symbol": "load", "quantity": 3},
    {"type": "SELL", "symbol": "load", "quantity": 1},
]

LOADS: Final = (
    Load("Put", _EACH, 100),
    Load("Put", _EACH, 100, more=["--enable-compression"]),
    Load("Get", {"key": "absent"}, 50, "NotFound", "key not found: absent"),
    Load("Batch", _ITEMS, 20),
    Load("Trade", _ORDERS, 20),
    Load("Monitor", {"key_prefix": "\0"}, 20, "InvalidArgument", _INVALID),
)

# What the loads leave behind: values of five bytes and of one, and what every Trade has bought.
_KEYS: Final = 100 + 3
_BYTES: Final = 100 * 5 + 3
_POSITION: Final = 20 * (3 - 1)


@pytest.fixture(scope="module")
def ghz(tmp_path_factory: pytest.TempPathFactory) -> Referee:
    """The program."""
    return Referee("ghz", tmp_path_factory.mktemp("ghz"))


@pytest.fixture(scope="module")
def grpcurl(tmp_path_factory: pytest.TempPathFactory) -> Referee:
    """What looks at the store before and after."""
    return Referee("grpcurl", tmp_path_factory.mktemp("grpcurl"))


def report(ghz: Referee, server: Listening, load: Load) -> Message:
    """Makes the calls from ten workers over two connections; what ghz reports of them."""
    code, out, err = ghz.run(
        *server.flags("--insecure", ca="--cacert", cert="--cert", key="--key"),
        f"--call={STOCK}.{load.method}",
        f"--data={json.dumps(load.data)}",
        f"--total={load.calls}",
        "--concurrency=10",
        "--connections=2",
        f"--connect-timeout={PATIENCE}s",
        f"--timeout={PATIENCE}s",
        "--format=json",
        *load.more,
        server.endpoint,
    )
    # Which says nothing about the calls: it is 0 whatever their status.
    assert (code, err) == (0, "")
    read: Message = json.loads(out)
    return read


def asked(grpcurl: Referee, server: Listening, method: str, data: str) -> Message:
    """The one response to a call."""
    flags = server.flags("-plaintext", ca="-cacert", cert="-cert", key="-key")
    words = (f"-max-time={PATIENCE}", f"-d={data}", server.endpoint, f"{STOCK}/{method}")
    code, out, err = grpcurl.run(*flags, *words)
    assert (code, err) == (0, "")
    (response,) = messages(out)
    return response


def test_loads(ghz: Referee, grpcurl: Referee, server: Listening, tmp_path: Path) -> None:
    """Every call of a load ends with its status, and the store holds what they did."""
    before = asked(grpcurl, server, "Inventory", "")
    for load in LOADS:
        found = report(ghz, server, load)
        text = f"rpc error: code = {load.status} desc = {load.message}"
        errors = {text: load.calls} if load.message else {}
        outcome = (load.method, found["statusCodeDistribution"], found["errorDistribution"])
        assert outcome == (load.method, {load.status: load.calls}, errors)
        assert (found["count"], found["endReason"]) == (load.calls, "normal")
    assert growth(before, asked(grpcurl, server, "Inventory", "")) == (_KEYS, _BYTES)
    fill = asked(grpcurl, server, "Trade", '{"type": "QUERY", "symbol": "load"}')
    assert fill["quantityFilled"] == _POSITION
