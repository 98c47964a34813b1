"""A thread for each call that runs, kept for the next one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent import futures
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_Inbox = queue.SimpleQueue[Callable[[], None]]


class CallThreads(futures.Executor):
    """Runs each function at once, in an idle thread or a new one; bounding them is the caller's.

    ThreadPoolExecutor counts a thread as idle that has just taken its next function, so that now and
    then a call would wait for the end of another (python/cpython 88354), which here may never come. The
    threads are daemons: they hold up no exit.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Inbox] = []

    def submit(
        self,
        function: Callable[Parameters, Result],
        /,
        *arguments: Parameters.args,
        **named: Parameters.kwargs,
    ) -> futures.Future[Result]:
        """Runs a function; the future cannot be cancelled."""
        future: futures.Future[Result] = futures.Future()
        future.set_running_or_notify_cancel()

        def work() -> None:
            try:
                result = function(*arguments, **named)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._inbox().put(work)
        return future

    def _inbox(self) -> _Inbox:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        inbox: _Inbox = queue.SimpleQueue()
        threading.Thread(target=self._run, args=(inbox,), name="call", daemon=True).start()
        return inbox

    def _run(self, inbox: _Inbox) -> None:
        while True:
            inbox.get()()
            with self._lock:
                self._idle.append(inbox)
