"""Puts programs where TofuSoup's own `stock` commands look for them.

`tofusoup.rpc.stock_cli` (0.8.2) reads no configuration: it looks in `direct/LANGUAGE`, beside the folder
that TofuSoup is imported from, and starts what it finds with an interpreter of its own choice from PATH.
So a compiled program is a link there, and others are small files that hand over to the program.
"""

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from soup.errors import StockError, unusable

# By this a file is known as one that may be replaced.
MARK: Final = "made by stock"


class Programs(NamedTuple):
    """One language's programs, as built: files that can be started where they stand."""

    server: Path
    client: Path


class Place(NamedTuple):
    """Where a language's programs are looked for."""

    # TofuSoup's name of the language, and of its folder.
    name: str
    # Below the folder; `{role}` and `{Role}` are filled in.
    file: str
    # The contents of a file that hands over to a program in a role; None where it is a link.
    hand_over: Callable[[Path, str], bytes] | None = None


def _python(program: Path, _: str) -> bytes:
    path = json.dumps(str(program))
    return (
        f"# {MARK}\nimport os\nimport sys\n\nos.execv({path}, [{path}, *sys.argv[1:]])\n".encode()
    )


def _ruby(program: Path, _: str) -> bytes:
    path = str(program).replace("\\", "\\\\").replace("'", "\\'")
    return f"# {MARK}\nexec(['{path}', '{path}'], *ARGV)\n".encode()


def _node(program: Path, _: str) -> bytes:
    # Node.js cannot become another program. A terminal's interrupt reaches the child by itself.
    return f"""\
// {MARK}
const {{ spawn }} = require("node:child_process");

const child = spawn({json.dumps(str(program))}, process.argv.slice(2), {{ stdio: "inherit" }});
process.on("SIGINT", () => {{}});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("error", (error) => {{
  console.error(error.message);
  process.exitCode = 1;
}});
child.on("exit", (code, signal) => {{
  process.exitCode = code ?? 1;
}});
""".encode()


def _java(program: Path, role: str) -> bytes:
    """A jar of nothing but a manifest, which names the program's own jar and its main class."""
    # Where programs are kept, they are links into the trees that have their jars.
    jar = next((j for j in _jars(program) if j.exists()), None)
    if jar is None:
        raise StockError(f"{program}.jar: no such file, expected the program's jar")
    lines = (
        "Manifest-Version: 1.0",
        f"Created-By: {MARK}",
        f"Main-Class: dev.tofusoup.stock.Stock{role.title()}",
        f"Class-Path: {jar.as_uri()}",
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        # Of no time, so that the same layout has the same bytes.
        manifest = zipfile.ZipInfo("META-INF/MANIFEST.MF")
        archive.writestr(manifest, "".join(map(_manifest_line, lines)))
    return made.getvalue()


def _jars(program: Path) -> tuple[Path, Path]:
    return Path(f"{program}.jar"), Path(f"{program.resolve()}.jar")


def _manifest_line(line: str) -> str:
    # At most 72 bytes, and what follows begins with a space (JAR File Specification).
    return (
        line[:70]
        + "".join(f"\r\n {line[at : at + 69]}" for at in range(70, len(line), 69))
        + "\r\n"
    )


PLACES: Final[Mapping[str, Place]] = {
    "cpp": Place("cpp", "build/stock_{role}"),
    "csharp": Place("csharp", "bin/Stock{Role}"),
    "go": Place("go", "bin/stock-{role}"),
    "java": Place("java", "target/stock-{role}.jar", _java),
    "node": Place("nodejs", "stock-{role}.js", _node),
    "python": Place("python", "stock_{role}.py", _python),
    "ruby": Place("ruby", "stock_{role}.rb", _ruby),
    "rust": Place("rust", "target/release/stock-{role}"),
}
"""By this project's name of the language: all that `tofusoup.rpc.stock_cli` knows."""


def direct_folder(package: Path) -> Path:
    """The folder that is looked in, by that of the package `tofusoup` as it is imported."""
    return package.parents[1] / "direct"


def lay_out(direct: Path, programs: Mapping[str, Programs]) -> list[Path]:
    """Makes or renews the files of some languages below `direct`; returns them.

    StockError for a language that TofuSoup does not know, a program that is not there, and a file in the way
    that was not made here.
    """
    unknown = sorted(programs.keys() - PLACES.keys())
    if unknown:
        raise StockError(f"{', '.join(unknown)}: TofuSoup knows {', '.join(sorted(PLACES))}")
    return [
        _put(direct, PLACES[language], role, program)
        for language, pair in sorted(programs.items())
        for role, program in pair._asdict().items()
    ]


def _put(direct: Path, place: Place, role: str, program: Path) -> Path:
    program = program.absolute()
    if not os.access(program, os.X_OK) or program.is_dir():
        raise StockError(f"{program}: not a program")
    target = direct / place.name / place.file.format(role=role, Role=role.title())
    if not _may_be_replaced(target):
        raise StockError(f"{target}: in the way, and not made by stock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Whoever starts it meanwhile finds the old one or the new one.
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        if place.hand_over:
            fresh.write_bytes(place.hand_over(program, role))
        else:
            fresh.symlink_to(program)
        fresh.replace(target)
    except OSError as error:
        raise unusable(error, error.filename2 or error.filename or target) from error
    return target


def _may_be_replaced(target: Path) -> bool:
    if target.is_symlink() or not target.exists():
        return True
    return target.is_file() and MARK.encode() in target.read_bytes()
