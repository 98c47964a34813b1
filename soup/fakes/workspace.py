"""A workspace whose `bazelw` is a script, and programs that are scripts, for tests."""

from pathlib import Path

from soup.workspace import Workspace

# Notes how it was called; `build` makes a script of each target, that tells how it was called.
_BAZELW = """\
#!/bin/sh
cd "$(dirname "$0")" || exit 9
echo "$*" >> calls
if [ -e broken ]; then
    echo "[1 / 2] compiling"
    echo "ERROR: it is broken"
    exit 1
fi
case $1 in
build)
    for target; do
        case $target in //*)
            path=bazel-bin/$(echo "${target#//}" | tr : /)
            mkdir -p "$path.runfiles"
            printf '#!/bin/sh\\necho "%s $*"\\n' "$target" > "$path"
            chmod +x "$path"
        esac
    done
    echo "[2 / 2] done"
    ;;
query) cat answer ;;
test) exit 3 ;;
esac
"""


def fake_workspace(root: Path) -> Workspace:
    """A checkout where nothing is built."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "MODULE.bazel").write_text('module(\n    name = "stock",\n)\n', "utf-8")
    script(root / "bazelw", _BAZELW)
    cases = root / "conformance" / "stock" / "cases"
    cases.mkdir(parents=True)
    (cases / "unary.py").touch()
    return Workspace(root)


def calls(workspace: Workspace) -> list[str]:
    """How `bazelw` was called."""
    noted = workspace.root / "calls"
    return noted.read_text("utf-8").splitlines() if noted.exists() else []


def script(path: Path, text: str = "#!/bin/sh\n") -> Path:
    """A program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path
