"""Chooses the client that stands beside a permutation's own: a third language, wherever there is one."""

from collections.abc import Sequence


def second_language(client: str, server: str, languages: Sequence[str]) -> str:
    """The first language after the server's, around their order, that is neither end's.

    Where there is none the server's language stands in, or the client's where that has no client for
    it. Over a whole matrix each language is the second client beside each other one, and as often as
    any other.
    """
    stands_in = server if server in languages or client not in languages else client
    after = languages.index(server) + 1 if server in languages else 0
    others = (*languages[after:], *languages[:after])
    return next((language for language in others if language not in (client, server)), stands_in)
