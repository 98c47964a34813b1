"""The programs of a run: one of each language and role, and servers that are driven in a second way."""

from collections.abc import Iterable, Iterator, Sequence

from conformance.runner.manifest import Implementation
from conformance.runner.supervisor import Supervisor, Tools
from conformance.runner.way import Way


class Programs:
    """Their supervisors; nothing is started here."""

    def __init__(self, implementations: Sequence[Implementation], tools: Tools) -> None:
        self._tools = tools
        self._implementations = {one.language: one for one in implementations if not one.missing}
        self._first = {
            (language, role): Supervisor(language, role, one.drive(role), tools)
            for language, one in self._implementations.items()
            for role in one.roles
        }
        self._by_flags: dict[str, Supervisor] = {}

    def __getitem__(self, of: tuple[str, str]) -> Supervisor:
        """The program of a language and role."""
        return self._first[of]

    def __iter__(self) -> Iterator[Supervisor]:
        """All of them, those that are driven in a second way last."""
        yield from self._first.values()
        yield from self._by_flags.values()

    def server_for(self, language: str, clients: Iterable[Supervisor]) -> Supervisor:
        """A language's server, as it must be driven for these clients.

        A client without a session can name no store: for it a server is started by its flags, again
        and again.
        """
        server = self._first[language, "server"]
        if server.drive.way is Way.FLAGS or all(c.drive.way is Way.SESSION for c in clients):
            return server
        if language not in self._by_flags:
            drive = self._implementations[language].drive_server_by_flags()
            self._by_flags[language] = Supervisor(language, "server", drive, self._tools)
        return self._by_flags[language]
