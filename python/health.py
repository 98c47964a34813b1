"""The standard health service, whose Watch streams end when the server drains."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2


class Health(health.HealthServicer):
    """Serves the status of `services` and, under the empty name, of the server."""

    def __init__(self, services: Iterable[str]) -> None:
        super().__init__(experimental_non_blocking=False)
        self._watch_lock = threading.Lock()
        self._watchers: set[Any] = set()
        self._draining = False
        for service in services:
            self.set(service, health_pb2.HealthCheckResponse.SERVING)

    def Watch(
        self,
        request: health_pb2.HealthCheckRequest,
        context: grpc.ServicerContext,
        send_response_callback: Callable[[Any], None] | None = None,
    ) -> Iterator[health_pb2.HealthCheckResponse]:
        watcher = super().Watch(request, context, send_response_callback)
        with self._watch_lock:
            self._watchers.add(watcher)
            draining = self._draining
        if draining:
            watcher.close()
        try:
            yield from watcher
        finally:
            with self._watch_lock:
                self._watchers.discard(watcher)

    def drain(self) -> None:
        """Turns every name NOT_SERVING and ends the streams after they have told it."""
        self.enter_graceful_shutdown()
        with self._watch_lock:
            self._draining = True
            watchers = tuple(self._watchers)
        for watcher in watchers:
            watcher.close()
