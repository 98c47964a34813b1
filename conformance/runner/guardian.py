"""Ends every program of a run whose runner is gone: also programs that hang, and their children.

Started by the runner as a process of its own. Standard input gives one process group a line, with a
minus before it once that group has ended; its end says that the runner has ended, however that
came about. The groups then have a grace to end by themselves (their standard input has closed too)
before they are killed.
"""

import contextlib
import os
import select
import signal
import sys
import time

GRACE_SECONDS = 1.5


def kill_group(group: int) -> None:
    """Kills what is left of a process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def read_groups(stream: int) -> dict[int, int]:
    """Reads groups until the end; the groups left with descriptors of their leaders."""
    leaders: dict[int, int] = {}
    with os.fdopen(stream, "rb", buffering=0) as lines:
        for group in map(int, lines):
            if group > 0:
                # A group that has ended by now is one that the runner is about to release.
                with contextlib.suppress(ProcessLookupError):
                    leaders[group] = os.pidfd_open(group)
            elif -group in leaders:
                os.close(leaders.pop(-group))
    return leaders


def end_groups(leaders: dict[int, int], grace: float) -> None:
    """Waits until the leaders have ended, for `grace` seconds at most; kills what is left."""
    poller = select.poll()
    waiting = {leader: group for group, leader in leaders.items()}
    for leader in waiting:
        poller.register(leader, select.POLLIN)
    until = time.monotonic() + grace
    while waiting and (left := until - time.monotonic()) > 0:
        for leader, _ in poller.poll(left * 1000):
            poller.unregister(leader)
            kill_group(waiting.pop(leader))
    for group in waiting.values():
        kill_group(group)


def main() -> int:
    """Guards the groups named on standard input."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end_groups(read_groups(sys.stdin.fileno()), GRACE_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
