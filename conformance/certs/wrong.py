"""Identities that a peer must refuse, each wrong in one thing."""

import datetime
import enum
from collections.abc import Mapping

from conformance.certs.authority import Authority, Identity, Usage, Validity

_HOUR = datetime.timedelta(hours=1)
_DAY = datetime.timedelta(days=1)


class Wrong(enum.Enum):
    """What is wrong with an identity; in everything else it is a good one."""

    # Of an authority that the peer does not trust, though its name is that of the trusted one.
    FOREIGN = enum.auto()
    EXPIRED = enum.auto()
    NOT_YET_VALID = enum.auto()
    # Good for a name that nobody dials, and for no address.
    NAME = enum.auto()
    # Good for the name, and for no address.
    ADDRESS = enum.auto()
    # Without alternative names. `localhost` stands in its subject, where nobody must look.
    NO_NAMES = enum.auto()
    # For one role only.
    CLIENT_ONLY = enum.auto()
    SERVER_ONLY = enum.auto()


def mint_wrong(authority: Authority) -> Mapping[Wrong, Identity]:
    """One of each kind; all have one key, as keys are what takes time: they differ in what is signed."""
    key = authority.new_key()
    return {
        Wrong.FOREIGN: authority.another().issue(key=key),
        Wrong.EXPIRED: authority.issue(key=key, validity=Validity(-2 * _DAY, -_HOUR)),
        Wrong.NOT_YET_VALID: authority.issue(key=key, validity=Validity(_HOUR, _DAY)),
        Wrong.NAME: authority.issue(key=key, names=("elsewhere.invalid",)),
        Wrong.ADDRESS: authority.issue(key=key, names=("localhost",)),
        Wrong.NO_NAMES: authority.issue(key=key, names=()),
        Wrong.CLIENT_ONLY: authority.issue(key=key, usages=(Usage.CLIENT,)),
        Wrong.SERVER_ONLY: authority.issue(key=key, usages=(Usage.SERVER,)),
    }
