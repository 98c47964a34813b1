"""How the database is started."""

from pathlib import Path

from tools.remote.postgresql import as_somebody, settings


def test_it_listens_on_no_port() -> None:
    words = settings(Path("/folder"))
    assert words[::2] == ["-c"] * (len(words) // 2)
    assert "listen_addresses=" in words
    assert "unix_socket_directories=/folder" in words


def test_only_root_is_somebody_else() -> None:
    assert as_somebody(1000) == ()
    assert as_somebody(0)[0] == "unshare"
