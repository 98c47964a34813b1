"""The program's log: absl's, on standard error.

absl is imported by the first line logged: that costs 20 ms, a sixth of a start, and most runs log nothing.
"""

from __future__ import annotations


def info(message: str) -> None:
    """Logs one line."""
    from absl import logging

    logging.set_verbosity(logging.INFO)
    logging.info("%s", message)


def fault(message: str, exception: BaseException) -> None:
    """Logs a fault of ours with its trace."""
    from absl import logging

    logging.error("%s", message, exc_info=exception)
