"""Locks are what Maven resolves, or stay as they are."""

import hashlib
from pathlib import Path

import pytest

from tools.java.private.renew import RenewError, coordinates, lock_of, locked, main

_JAR = "org/example/some-lib/1.0-beta/some-lib-1.0-beta.jar"

_MVN = f"""\
#!/bin/sh
for word; do case $word in -DoutputDirectory=*) out=${{word#*=}} ;; esac; done
mkdir -p "$out/{Path(_JAR).parent}"
printf jar > "$out/{_JAR}"
"""


def _mvn(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "mvn"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (_JAR, "org.example:some-lib:1.0-beta"),
        (
            "io/grpc/plugin/1.2/plugin-1.2-linux-x86_64.exe",
            "io.grpc:plugin:1.2:exe:linux-x86_64",
        ),
        ("a/b/1/b-1-all-deps.jar", "a:b:1:jar:all-deps"),
        ("a/b/1/b-1-unix.sh", "a:b:1:sh:unix"),
    ],
)
def test_coordinates(path: str, expected: str) -> None:
    assert coordinates(Path(path)) == expected


@pytest.mark.parametrize("path", ["b-1.jar", "a/b/1/c-1.jar", "a/b/2/b-1.jar"])
def test_another_layout_is_an_error(path: str) -> None:
    with pytest.raises(RenewError, match=path):
        coordinates(Path(path))


def test_every_pom_has_a_lock(tmp_path: Path) -> None:
    for folder in ("java", "kotlin", "tools/kotlin"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("kotlin", "tools/kotlin"):
        (tmp_path / folder / "pom.xml").touch()
    assert locked(tmp_path) == ["kotlin", "tools/kotlin"]


def test_scripts_that_are_jars_are_locked(tmp_path: Path) -> None:
    script = tmp_path / "a/b/1/b-1-unix.sh"
    script.parent.mkdir(parents=True)
    script.write_bytes(b"sh")
    script.with_name("b-1.pom").touch()
    digest = hashlib.sha256(b"sh").hexdigest()
    assert lock_of(tmp_path).splitlines()[1:] == [f"a:b:1:sh:unix {digest}"]


def test_nothing_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(RenewError, match="nothing"):
        lock_of(tmp_path)


def test_a_lock_is_renewed_and_then_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "java").mkdir()
    _mvn(tmp_path, _MVN, monkeypatch)
    assert main(tmp_path, ["java"]) == 0
    digest = hashlib.sha256(b"jar").hexdigest()
    lock = (tmp_path / "java/maven.lock").read_text(encoding="utf-8")
    assert lock.splitlines()[1:] == [f"org.example:some-lib:1.0-beta {digest}"]
    assert main(tmp_path, ["java"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "java/maven.lock: changed",
        "java/maven.lock: as it was",
    ]


def test_what_maven_says_is_told_and_the_lock_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "java").mkdir()
    (tmp_path / "java/maven.lock").write_text("old", encoding="utf-8")
    _mvn(tmp_path, "#!/bin/sh\necho no such artifact; exit 1\n", monkeypatch)
    assert main(tmp_path, ["java"]) == 1
    assert "no such artifact" in capsys.readouterr().err
    assert (tmp_path / "java/maven.lock").read_text(encoding="utf-8") == "old"
