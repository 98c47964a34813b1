"""What a case asks for and a program without a session cannot be told."""


class Inexpressible(Exception):
    """A permutation asked for what no command line can say; it is not run, and this is the reason."""


def found(error: BaseException | None) -> Inexpressible | None:
    """The one that an error is, or that a group of errors holds."""
    if isinstance(error, Inexpressible):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(found, error.exceptions)), None)
    return None
