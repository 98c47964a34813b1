"""Exit codes of the clients that several tests go by."""

from typing import Final

UNIMPLEMENTED: Final = 64 + 12
NOT_FOUND: Final = 64 + 5

# Of a connection that one end does not want: UNAVAILABLE, or what some libraries have in its place where it
# breaks under a call (CANCELLED, UNKNOWN, INTERNAL; conformance/stock/refused.py has which and why).
REFUSED: Final = frozenset({64 + 14, 64 + 1, 64 + 2, 64 + 13})
