"""soup.toml: where it is found, what it may say, and what is said of a wrong one."""

from pathlib import Path

import pytest

from soup.config import Config, Value, line_of, load, read
from soup.errors import StockError


def written(folder: Path, text: str, name: str = "soup.toml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


def test_the_order_is_tofusoups(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    last = written(tmp_path, "")
    assert load(below).file == last
    first = written(tmp_path, "", "soup/soup.toml")
    assert load(below).file == first
    named = written(below, "", "mine.toml")
    assert load(below, Path("mine.toml")).file == named


def test_without_a_project_only_the_folder_itself_counts(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    written(tmp_path, "")
    assert load(below).file is None


def test_an_explicit_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(StockError, match=r"nowhere\.toml: No such file"):
        load(tmp_path, Path("nowhere.toml"))


def test_what_it_may_say(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[harness.go]\nbuild_flags = []\n[stock]\nclient = "mine"\nharness = "kept"\n'
        '[stock.go]\nserver = "bin/../server"\n[stock.mine]\nclient = "/opt/client"\n',
    )
    found = read(file)
    assert found.client == Value("mine", f"{file}:4: stock.client")
    assert found.harness == Value(str(tmp_path / "kept"), f"{file}:5: stock.harness")
    assert found.programs == {
        ("go", "server"): Value(str(tmp_path / "server"), f"{file}:7: stock.go.server"),
        ("mine", "client"): Value("/opt/client", f"{file}:9: stock.mine.client"),
    }
    assert found.names == ("go", "mine")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a = 1\n[stock\n", 2, "no TOML: "),
        ("stock = 1", 1, "stock: expected a table"),
        ('[stock]\nclient = "pyton"', 2, "stock.client: unknown language 'pyton': did you mean"),
        ("[stock]\n\nclient = 3", 3, "stock.client: expected a text, got 3"),
        ('[stock]\nharness = ""', 2, "stock.harness: expected a text, got ''"),
        ('[stock]\nclinet = "go"', 2, "stock.clinet: unknown key 'clinet': did you mean 'client'?"),
        ('# x\n[stock.go]\nserver = "a"\nsever = """\n"""', 4, "stock.go.sever: unknown key"),
        ('[stock.go]\nclient = [\n "a",\n]', 2, "stock.go.client: expected a text, got ['a']"),
        ('[a]\n[stock.list]\nserver = "x"', 2, "stock.list: this name is taken"),
        ('[stock."a/b"]\nserver = "x"', 1, "stock.a/b: no name: expected lower-case"),
        ('[stock.Mine]\nserver = "x"', 1, "stock.Mine: no name"),
        ('[stock.runner]\nserver = "x"', 1, "stock.runner: this name is taken"),
        ("[stock]\n[stock.mine]", 2, "stock.mine: neither a server nor a client is named"),
        ('[stock.go.x]\nserver = "x"', 1, "stock.go.x: unknown key 'x'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(StockError) as caught:
        read(file)
    assert caught.value.message.startswith(f"{file}:{line}: {message}")
    assert caught.value.exit_code == 2


def test_what_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "soup.toml"
    file.write_bytes(b"a = '\xff'")
    with pytest.raises(StockError, match="not UTF-8: invalid start byte at byte 5"):
        read(file)


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ('stock.go.server = "x"\nstock.go.client = 2\n', ("stock", "go", "client"), 2),
        ('[stock]\n\ngo = { server = "x", sever = 1 }', ("stock", "go", "sever"), 3),
        ("[stock]\n[other]\n[stock.go]\nx = 1", ("stock", "go"), 3),
        ("[stock.go]\nx = 'stock mark'\ny = 1", ("stock", "go", "y"), 3),
    ],
)
def test_the_line_of_a_key(text: str, keys: tuple[str, ...], line: int) -> None:
    assert line_of(text, keys) == line
