"""What `--implementation` brings along: read, looked at, and put among the built languages."""

from pathlib import Path

import pytest

from conformance.runner.brought import Brought, BroughtError, check, merge, parse
from conformance.runner.manifest import Implementation, Manifest
from conformance.runner.way import Way

HERE = Path("/here")

GO = Implementation("go", ("s", "--session"), ("c", "--session"), Path("k"))
ABSENT = Implementation("rust", (), (), None, "no cargo")


def program(folder: Path, name: str = "program") -> Path:
    """A file that may be executed."""
    path = folder / name
    path.touch()
    path.chmod(0o755)
    return path


def test_reads_programs_and_what_belongs_to_them() -> None:
    texts = [
        "mine.server-arg=--quiet",
        "mine=bin/server,/opt/client",
        "mine.server-arg=a=b, c",
        "mine.client-arg=-x",
        "mine.known-failing=known.toml",
        "alone=,client",
    ]
    mine, alone = parse(texts, HERE)
    assert mine == Brought(
        "mine",
        ("/here/bin/server", "--quiet", "a=b, c"),
        ("/opt/client", "-x"),
        HERE / "known.toml",
    )
    assert alone == Brought("alone", (), ("/here/client",))
    assert alone.roles == ("client",)


def test_the_arguments_bring_the_same_along_from_anywhere() -> None:
    texts = ["mine=s,c", "mine.server-arg=-a", "mine.known-failing=k", "other=s,"]
    brought = parse(texts, HERE)
    again = [argument for one in brought for argument in one.arguments()]
    assert all(argument.startswith("--implementation=") for argument in again)
    stripped = [argument.removeprefix("--implementation=") for argument in again]
    assert parse(stripped, Path("/elsewhere")) == brought


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["mine"], "expected NAME=SERVER,CLIENT"),
        (["mine="], "expected NAME=SERVER,CLIENT"),
        (["mine=server"], "expected NAME=SERVER,CLIENT"),
        (["mine=,"], "expected NAME=SERVER,CLIENT"),
        (["mine=a,b,c"], "expected NAME=SERVER,CLIENT"),
        (["=a,b"], "expected NAME=SERVER,CLIENT"),
        (["My Server=a,b"], "a name of a-z"),
        (["runner=a,b"], "runner is the runner's own client"),
        (["mine=a,b", "mine=c,"], "mine is brought along already"),
        (["mine=a,b", "mine.colour=red"], "got .colour"),
        (["mine.server-arg=x"], "nothing brings mine along"),
        (["mine=a,", "mine.client-arg=x"], "mine has no client"),
    ],
)
def test_what_brings_nothing_along_is_named(texts: list[str], message: str) -> None:
    with pytest.raises(BroughtError, match=message):
        parse(texts, HERE)


def test_looks_at_files(tmp_path: Path) -> None:
    good = program(tmp_path)
    (tmp_path / "text").touch()
    check(parse([f"mine={good},{good}"], HERE))
    for path, problem in (
        ("nothing", "does not exist"),
        ("text", "is not executable"),
        (".", "is a directory"),
        ("text/below", "does not exist"),
        ("x" * 300, "cannot be looked at: File name too long"),
    ):
        expected = f"implementation mine: the client {tmp_path / path} {problem}"
        with pytest.raises(BroughtError) as raised:
            check(parse([f"mine={good},{path}"], tmp_path))
        assert str(raised.value) == expected
    with pytest.raises(BroughtError, match="implementation mine: no file /none"):
        check(parse([f"mine={good},", "mine.known-failing=/none"], HERE))


def merged(*texts: str, way: Way = Way.SESSION) -> tuple[Implementation, ...]:
    """The implementations with what was brought along, each program driven in a way."""
    brought = parse(texts, HERE)
    ways = {(one.name, role): way for one in brought for role in one.roles}
    return merge(Manifest((GO, ABSENT)), brought, ways).implementations


def test_a_new_name_stands_at_the_end() -> None:
    go, rust, mine = merged("mine=s,")
    assert (go, rust) == (GO, ABSENT)
    assert (mine.server, mine.roles, mine.brought) == (
        ("/here/s", "--session"),
        ("server",),
        ("server",),
    )
    assert mine.drive("server").argv == ("/here/s", "--session")
    assert mine.drive("server").language == ""


def test_a_built_name_is_replaced_and_what_is_not_given_stays() -> None:
    go, _ = merged("go=s,", "go.server-arg=-x")
    assert go == GO._replace(server=("/here/s", "-x", "--session"), brought=("server",))
    assert go.drive("client").language == "go"
    go, _ = merged("go=s,c", "go.known-failing=mine.toml")
    assert (go.client, go.known_failing) == (("/here/c", "--session"), HERE / "mine.toml")


def test_what_could_not_be_built_can_be_brought_along() -> None:
    _, rust = merged("rust=,c")
    assert (rust.missing, rust.roles, rust.brought) == ("", ("client",), ("client",))


def test_without_a_session_an_adapter_stands_before_the_program() -> None:
    *_, mine = merged("mine=s,c", "mine.client-arg=-x", way=Way.FLAGS)
    drive = mine.drive("client")
    assert drive.way is Way.FLAGS
    assert drive.argv[-4:] == ("client", "--", "/here/c", "-x")
    *_, mine = merged("mine=s,", way=Way.CONFORMANCE)
    assert mine.drive("server").argv[-4:] == ("server", "--conformance", "--", "/here/s")
    assert mine.drive_server_by_flags().argv[-3:] == ("server", "--", "/here/s")
