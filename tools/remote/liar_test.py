"""The liar answers everything."""

import urllib.request

from tools.remote.liar import garbage, liar


def test_every_answer_is_the_lie() -> None:
    body = garbage()
    assert body == garbage()
    with liar(body) as one, liar(b"") as other:
        for path in ("/ac/00", "/cas/ff"):
            with urllib.request.urlopen(one.url + path, timeout=60) as answer:
                assert answer.read() == body
        assert (one.answered, other.answered) == (2, 0)
        assert one.flags() == [f"--remote_cache={one.url}"]


def test_it_keeps_what_it_is_shown() -> None:
    with liar(b"") as one, liar(b"") as other:
        asked = urllib.request.Request(one.url + "/ac/00", headers={"Authorization": "Bearer x"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert answer.read() == b""
        assert (one.tokens, other.tokens) == (frozenset({"Bearer x"}), frozenset())
