"""The layout's files: where they are, what they start, and what they do not overwrite."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from soup.errors import StockError
from soup.tofusoup_layout import PLACES, Programs, direct_folder, lay_out

# As `tofusoup.rpc.stock_cli.get_stock_binary_path` has them.
SERVERS = {
    "cpp": "cpp/build/stock_server",
    "csharp": "csharp/bin/StockServer",
    "go": "go/bin/stock-server",
    "java": "java/target/stock-server.jar",
    "node": "nodejs/stock-server.js",
    "python": "python/stock_server.py",
    "ruby": "ruby/stock_server.rb",
    "rust": "rust/target/release/stock-server",
}

ODD = "with 'quotes', \"more\" \\ #{1} and ${2}"


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    """Programs that print their name and arguments, in a folder whose name wants to be something else."""
    folder = tmp_path / ODD
    folder.mkdir()
    made = Programs(folder / "stock_server", folder / "stock_client")
    for program in made:
        program.write_text('#!/bin/sh\necho "${0##*/}" "$@"\nexit 7\n')
        program.chmod(0o755)
        Path(f"{program}.jar").touch()
    return made


def test_every_language_has_its_place(tmp_path: Path, programs: Programs) -> None:
    direct = tmp_path / "direct"
    made = lay_out(direct, dict.fromkeys(PLACES, programs))
    assert [str(path.relative_to(direct)) for path in made[::2]] == list(SERVERS.values())
    assert all(path.exists() for path in made)
    assert len(set(made)) == 2 * len(PLACES)
    assert sorted(path for path in direct.rglob("*") if not path.is_dir()) == sorted(made)


def test_the_folder_is_beside_that_of_the_packages() -> None:
    package = Path("/environment/lib/python3.11/site-packages/tofusoup")
    assert direct_folder(package) == Path("/environment/lib/python3.11/direct")


@pytest.mark.parametrize("language", ["go", "rust", "cpp", "csharp"])
def test_a_link_is_the_program(tmp_path: Path, programs: Programs, language: str) -> None:
    server, _ = lay_out(tmp_path, {language: programs})
    done = subprocess.run([server, "a b"], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()[1:]) == (7, [b"a", b"b"])


def test_python_becomes_the_program(tmp_path: Path, programs: Programs) -> None:
    _, client = lay_out(tmp_path, {"python": programs})
    line = [sys.executable, str(client), "a b", ""]
    done = subprocess.run(line, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (7, b"stock_client a b \n")


def test_a_jar_names_the_program_s(tmp_path: Path, programs: Programs) -> None:
    _, client = lay_out(tmp_path, {"java": programs})
    text = zipfile.ZipFile(client).read("META-INF/MANIFEST.MF")
    assert max(map(len, text.splitlines())) <= 70
    unfolded = text.replace(b"\r\n ", b"").decode()
    assert f"Class-Path: {programs.client.as_uri()}.jar\r\n" in unfolded
    assert "Main-Class: dev.tofusoup.stock.StockClient\r\n" in unfolded


def test_a_jar_beside_the_real_program(tmp_path: Path, programs: Programs) -> None:
    kept = tmp_path / "stock_client"
    kept.symlink_to(programs.client)
    _, client = lay_out(tmp_path / "direct", {"java": programs._replace(client=kept)})
    text = zipfile.ZipFile(client).read("META-INF/MANIFEST.MF").replace(b"\r\n ", b"")
    assert f"{programs.client.as_uri()}.jar" in text.decode()


def test_it_is_renewed(tmp_path: Path, programs: Programs) -> None:
    first = lay_out(tmp_path / "direct", dict.fromkeys(PLACES, programs))
    contents = [path.read_bytes() for path in first]
    again = lay_out(tmp_path / "direct", dict.fromkeys(PLACES, programs))
    assert (again, [path.read_bytes() for path in again]) == (first, contents)
    (server, _) = lay_out(tmp_path / "direct", {"java": programs})
    assert zipfile.ZipFile(server).infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_a_person_s_file_stays(tmp_path: Path, programs: Programs) -> None:
    theirs = tmp_path / "python/stock_client.py"
    theirs.parent.mkdir()
    theirs.write_text("print('mine')\n")
    with pytest.raises(StockError, match=r"stock_client\.py: in the way"):
        lay_out(tmp_path, {"python": programs})
    assert theirs.read_text() == "print('mine')\n"


def test_what_cannot_be_laid_out_is_named(tmp_path: Path, programs: Programs) -> None:
    with pytest.raises(StockError, match=r"^kotlin, perl: TofuSoup knows cpp, csharp, go"):
        lay_out(tmp_path, {"perl": programs, "go": programs, "kotlin": programs})
    with pytest.raises(StockError, match="/nowhere: not a program"):
        lay_out(tmp_path, {"go": programs._replace(client=Path("/nowhere"))})
    Path(f"{programs.server}.jar").unlink()
    with pytest.raises(StockError, match=r"stock_server\.jar: no such file"):
        lay_out(tmp_path, {"java": programs})
    (tmp_path / "file").touch()
    with pytest.raises(StockError, match="file"):
        lay_out(tmp_path / "file", {"go": programs})
