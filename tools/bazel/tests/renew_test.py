"""What the lock is to hold: dependencies, owners of files, chains of links."""

from pathlib import Path

from tools.bazel import renew


def test_the_closure_follows_dependencies_and_stops() -> None:
    graph = """\
bazel-bootstrap
  Depends: build-essential
 |Depends: liba
  Depends: <virtual>
    provider
liba
  Depends: libb
libb
  Depends: bazel-bootstrap
provider
build-essential
  Depends: gcc
gcc
unrelated
<virtual>
"""
    assert set(renew.closure(graph)) - set(renew.ROOTS) == {"liba", "libb", "provider"}


def test_owners_of_files_and_links() -> None:
    listing = """\
drwxr-xr-x root/root         0 2025-04-19 10:00 ./usr/
-rw-r--r-- root/root      1200 2025-04-19 10:00 ./usr/a b.jar
lrwxrwxrwx root/root         0 2025-04-19 10:00 ./usr/c.jar -> a b.jar
hrw-r--r-- root/root         0 2025-04-19 10:00 ./usr/d.jar link to ./usr/a b.jar
"""
    assert renew.owners({"p": listing}) == dict.fromkeys(
        ("/usr/a b.jar", "/usr/c.jar", "/usr/d.jar"), "p"
    )


def test_a_chain_has_every_link(tmp_path: Path) -> None:
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr/real").touch()
    (tmp_path / "usr/second").symlink_to("real")
    (tmp_path / "first").symlink_to("usr/second")
    assert renew.chain(tmp_path, "/first") == ["/first", "/usr/second", "/usr/real"]
    assert renew.chain(tmp_path, "/usr/real") == ["/usr/real"]
