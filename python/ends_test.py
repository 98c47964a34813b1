"""A reason to end is never slept through."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from python.ends import Ends

PATIENCE = 10.0


@pytest.fixture
def ends() -> Iterator[Ends]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield Ends()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_given_to_another_thread_ends_the_wait(ends: Ends, number: signal.Signals) -> None:
    def take() -> None:
        signal.pthread_kill(threading.get_ident(), number)

    thread = threading.Timer(0, take)
    thread.start()
    assert ends.wait(PATIENCE)
    thread.join(PATIENCE)


def test_a_signal_before_the_wait_ends_it(ends: Ends) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    assert ends.wait(PATIENCE)
    assert not ends.wait(0)


def test_each_reason_is_taken_once(ends: Ends) -> None:
    ends.put()
    os.kill(os.getpid(), signal.SIGTERM)
    assert ends.wait(PATIENCE)
    assert ends.wait(PATIENCE)
    assert not ends.wait(0)
