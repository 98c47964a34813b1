"""Calls have threads of their own: none waits for the end of another."""

import threading

import pytest

from python.threads import CallThreads

PATIENCE = 10.0


def test_a_result_and_an_error_come_back() -> None:
    threads = CallThreads()
    assert threads.submit(divmod, 7, 2).result(PATIENCE) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 1, 0).result(PATIENCE)


def test_no_function_waits_for_another() -> None:
    threads = CallThreads()
    for _ in range(100):
        # Some threads fall idle while others are wanted.
        brief = [threads.submit(int) for _ in range(8)]
        barrier = threading.Barrier(9)
        meeting = [threads.submit(barrier.wait, PATIENCE) for _ in range(8)]
        barrier.wait(PATIENCE)  # breaks unless all of them run
        assert len({future.result(PATIENCE) for future in meeting}) == 8
        assert [future.result(PATIENCE) for future in brief] == [0] * 8


def test_idle_threads_are_taken_again() -> None:
    threads = CallThreads()
    names = {threads.submit(threading.get_ident).result(PATIENCE) for _ in range(100)}
    assert len(names) < 100
