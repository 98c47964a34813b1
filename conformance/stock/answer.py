"""What a server has sent in a call of the runner's own, and what that says of the call's end."""

from typing import Final

from h2.errors import ErrorCodes

from conformance.runner import expect
from conformance.runner.status_code import Code, code_name
from conformance.stock.wire import Sent

# What a reset without a status stands for (PROTOCOL-HTTP2.md: Errors); INTERNAL where it is not here.
_RESETS: Final[dict[int, Code]] = {
    ErrorCodes.REFUSED_STREAM: Code.UNAVAILABLE,
    ErrorCodes.CANCEL: Code.CANCELLED,
    ErrorCodes.ENHANCE_YOUR_CALM: Code.RESOURCE_EXHAUSTED,
    ErrorCodes.INADEQUATE_SECURITY: Code.PERMISSION_DENIED,
}


class Answer(Sent):
    """The server's end of a call; `conformance.stock.http2.Connection` fills it."""

    def __init__(self, stream: int, path: str) -> None:
        super().__init__()
        self.stream = stream
        self.path = path
        self.ended = False
        # Why the stream was reset; None where it was not.
        self.reset: ErrorCodes | int | None = None

    @property
    def over(self) -> bool:
        """Whether the server has nothing more to say."""
        return self.ended or self.reset is not None

    @property
    def accepts(self) -> list[str]:
        """The encodings that the server says to accept, wherever it does."""
        values = [block.get("grpc-accept-encoding", "") for block in self.blocks]
        return [name.strip() for value in values for name in value.split(",") if name.strip()]

    @property
    def status(self) -> str:
        """The name of the call's status, or what stands in its place; empty where nothing does."""
        given = self._last.get("grpc-status", "")
        return code_name(int(given)) if given.isdecimal() else given

    @property
    def outcome(self) -> str:
        """The name of its status, else what HTTP/2 says of its end; empty while it is open."""
        if not self.over:
            return ""
        if self.status:
            return self.status
        if self.reset is not None:
            return f"RST_STREAM {reason(self.reset)}"
        return f"HTTP {self.headers.get(':status')}"

    def expect_code(self, code: Code, what: str) -> None:
        """Expects how the call ended."""
        if not self.status and self.reset is not None:
            stands_for = _RESETS.get(self.reset, Code.INTERNAL)
            return expect.equal(stands_for.name, code.name, f"what the reset of {what} stands for")
        message = self._last.get("grpc-message", "")
        return expect.equal(self.status, code.name, f"status of {what} ({message!r})")

    @property
    def _last(self) -> dict[str, str]:
        return self.blocks[-1] if self.blocks else {}


def reason(given: ErrorCodes | int | None) -> str:
    """The name of an error code of HTTP/2, or its number where it has none."""
    return given.name if isinstance(given, ErrorCodes) else str(given)
