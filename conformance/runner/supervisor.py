"""Keeps one program of a run going: starts it, opens its listeners, starts it again when lost."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from conformance.runner.config import Config
from conformance.runner.ends import Endpoint, Program
from conformance.runner.expect import Mismatch
from conformance.runner.identities import Identities, Material
from conformance.runner.link import End, listen_command
from conformance.runner.outcome import Outcome
from conformance.runner.process import Guard, Process
from conformance.runner.session import PROTOCOL, Session, SessionLost
from conformance.runner.way import Drive, Way
from proto import session_pb2

# These end only what hangs. On a machine that does ten other things all of it takes ten times as long.
# From the start of a program to its Hello; the slowest runtimes take a second on an idle machine.
START_SECONDS: Final = 60.0
LISTEN_SECONDS: Final = 30.0
# For an answer to an empty command, which needs no gRPC.
PING_SECONDS: Final = 10.0
# From the end of standard input to exit 0.
END_SECONDS: Final = 10.0

ROLES: Final = {"server": session_pb2.ROLE_SERVER, "client": session_pb2.ROLE_CLIENT}


class Loss(NamedTuple):
    """How a program was lost."""

    # Of the permutations that were in flight: CRASHED or TIMED_OUT.
    outcome: Outcome
    # Names the program.
    reason: str
    log_tail: str


class Listener(NamedTuple):
    """A server's listener for one config, with the material it was given."""

    endpoint: Endpoint
    material: Material | None


class Watcher(Protocol):
    """Who is told how a program fares: the engine."""

    def program_up(self, supervisor: "Supervisor") -> None:
        """A client has said Hello, or a server has settled one listener more."""

    def program_lost(self, supervisor: "Supervisor", loss: Loss) -> bool:
        """A program was lost; whether permutations are left that need it again."""


class Tools(NamedTuple):
    """What all programs of a run are given."""

    guard: Guard
    identities: Identities
    environment: Mapping[str, str]
    logs: Path
    # What programs start under.
    starts: asyncio.Semaphore


class Supervisor:
    """One program of one implementation, through all its starts."""

    def __init__(self, language: str, role: str, drive: Drive, tools: Tools) -> None:
        self.language = language
        self.role = role
        self.drive = drive
        self.start_limit = START_SECONDS
        # Configs a server listens for, added before `start`; and what became of each: a refusal is
        # the server's reason.
        self.configs: list[Config] = []
        self.listeners: dict[Config, Listener | str] = {}
        # Both ends of the program's use: None while it is not up.
        self.end: End | None = None
        self.hello: session_pb2.Hello | None = None
        # Set for good once the program is not started again.
        self.gone: Loss | None = None
        self.losses: list[Loss] = []
        # Permutations begun with the present start.
        self.used = 0
        # CPU seconds of the present start when it was up.
        self.cpu_up = 0.0
        # Seconds from each start to its Hello.
        self.start_seconds: list[float] = []
        self._tools = tools
        self._watcher: Watcher
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._processes: list[Process] = []
        self._faults: list[str] = []
        # What the next loss will be.
        self._outcome = Outcome.CRASHED

    @property
    def name(self) -> str:
        """`go server`; `go server by flags` beside that."""
        return " ".join(filter(None, (self.language, self.role, self.drive.label)))

    @property
    def log(self) -> Path:
        """Where standard error of all its starts goes."""
        return self._tools.logs / f"{self.name.replace(' ', '_')}.log"

    def start(self, watcher: Watcher) -> None:
        """Starts the program; `watcher` hears of it."""
        self._watcher = watcher
        self.used = 0
        self._task = asyncio.create_task(self._bring_up())
        self._task.add_done_callback(self._brought_up)

    @property
    def calls(self) -> int:
        """How many calls the present start was asked for."""
        return self._session.calls if self._session else 0

    def cpu_seconds(self) -> float:
        """CPU time of the present start so far."""
        return self._session.process.cpu_seconds() if self._session else 0.0

    def log_tail(self) -> str:
        """The end of its log."""
        return self._processes[-1].log_tail() if self._processes else ""

    async def check_alive(self) -> None:
        """Returns once the program has answered, or is lost because it does not."""
        if self.end is None:
            return
        session = self.end.session
        try:
            await asyncio.wait_for(session.ping(), PING_SECONDS)
        except TimeoutError:
            if session is self._session:
                self._give_up("hangs: does not answer its session")
        except SessionLost:
            return

    def kill(self) -> None:
        """Kills what runs of it, at once."""
        for process in self._processes:
            process.kill()

    async def close(self) -> list[str]:
        """Ends the program; what was wrong with it beside losses."""
        if self._task is not None:
            self._task.cancel()
        if self._session is not None:
            self._faults += self._session.faults
            if problem := await self._session.close(END_SECONDS):
                self._faults.append(problem)
        for process in self._processes:
            await process.exited
        return [f"{self.name}: {fault}" for fault in self._faults]

    async def _bring_up(self) -> None:
        async with self._tools.starts:
            process = Process(self.drive.argv, self.log, self._tools.environment)
            self._processes.append(process)
            self._tools.guard.watch(process.pid)
            process.exited.add_done_callback(lambda _: self._tools.guard.release(process.pid))
            session = self._session = Session(process, self._on_crash)
            await session.connect()
            try:
                hello = await asyncio.wait_for(session.hello, self.start_limit)
            except TimeoutError:
                self._give_up(f"did not say Hello within {self.start_limit:g} s")
                return
        self.start_seconds.append(time.monotonic() - process.started)
        if wrong := self._wrong(hello):
            session.give_up(f"said a wrong Hello: {wrong}")
            return
        self.hello = hello
        program = Program(hello.language, hello, frozenset(hello.supports), self.drive.way)
        self.end = End(program, session)
        self.cpu_up = process.cpu_seconds()
        await asyncio.gather(*(self._listen(session, config) for config in self.configs))
        if not self.configs:
            self._watcher.program_up(self)

    def _brought_up(self, task: asyncio.Task[None]) -> None:
        """Turns what nobody foresaw (no such file, say) into a loss."""
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        reason = f"could not be started: {type(error).__name__}: {error}"
        if self._session is None:
            self._on_crash(reason)
        else:
            self._session.give_up(reason)

    async def _listen(self, session: Session, config: Config) -> None:
        material = await self._tools.identities.material(config.key_type)
        listening = session.listen(listen_command(config, material, {}))
        try:
            endpoint = await asyncio.wait_for(listening, self._listen_limit)
            self.listeners[config] = Listener(endpoint, material)
        except TimeoutError:
            self._give_up(f"did not listen within {self._listen_limit:g} s")
            return
        except Mismatch as refusal:
            self.listeners[config] = str(refusal)
        self._watcher.program_up(self)

    @property
    def _listen_limit(self) -> float:
        # Without a session a listener is a program that starts.
        return LISTEN_SECONDS if self.drive.way is Way.SESSION else START_SECONDS + LISTEN_SECONDS

    def _wrong(self, hello: session_pb2.Hello) -> str:
        said = (hello.protocol, hello.language, hello.role)
        expected = (PROTOCOL, self.drive.language or hello.language, ROLES[self.role])
        return (
            ""
            if said == expected
            else f"expected {expected}, got {said} (protocol, language, role)"
        )

    def _give_up(self, reason: str) -> None:
        """Kills a program that hangs."""
        assert self._session is not None
        self._outcome = Outcome.TIMED_OUT
        self._session.give_up(reason)

    def _on_crash(self, reason: str) -> None:
        session = self._session
        self._session = None
        was_up = self.end is not None
        loss = Loss(self._outcome, f"{self.name} {reason}", self.log_tail())
        self._outcome = Outcome.CRASHED
        self._faults += session.faults if session is not None else ()
        self.losses.append(loss)
        self.end = None
        self.listeners.clear()
        if self._task is not None:
            self._task.cancel()
        # Started again only when the last start came to something: this ends.
        if not (was_up and self.used):
            self.gone = loss
        if self._watcher.program_lost(self, loss) and self.gone is None:
            self.start(self._watcher)
