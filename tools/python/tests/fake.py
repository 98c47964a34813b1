"""A library over generated code."""

from proto import stock_pb2


def event(key: str) -> stock_pb2.WatchEvent:
    """An event as a server would send it."""
    return stock_pb2.WatchEvent(type=stock_pb2.WatchEvent.DELETE, key=key)
