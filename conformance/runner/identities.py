"""The TLS material of a run: minted once for each key type of the plan, beside everything else."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from conformance.runner.config import KeyType
from proto import session_pb2

if TYPE_CHECKING:
    from conformance.certs.authority import Authority, Identity
    from conformance.certs.wrong import Wrong


class WrongMaterial:
    """What peers must refuse; minted on first use, all kinds at once, in a thread."""

    def __init__(self, authority: "Authority") -> None:
        self._authority = authority
        self._made: asyncio.Task[Mapping[Wrong, Identity]] | None = None

    async def identity(self, kind: "Wrong") -> session_pb2.Identity:
        """The identity that is wrong in this."""
        from conformance.certs.wrong import mint_wrong

        if self._made is None:
            self._made = asyncio.create_task(asyncio.to_thread(mint_wrong, self._authority))
        made = await asyncio.shield(self._made)
        return _wire(made[kind])


class Material(NamedTuple):
    """What the programs of a cell are given."""

    authority: "Authority"
    roots_pem: bytes
    server: session_pb2.Identity
    client: session_pb2.Identity
    wrong: WrongMaterial


class Identities:
    """Mints on first use, each key type once, in a thread: an RSA key takes its time."""

    def __init__(self, mint: Callable[[str], "Authority"]) -> None:
        self._mint = mint
        self._made: dict[KeyType, asyncio.Task[Material | None]] = {}

    async def material(self, key_type: KeyType) -> Material | None:
        """The material of a key type; None for none."""
        if key_type not in self._made:
            work = asyncio.to_thread(self._make, key_type)
            self._made[key_type] = asyncio.create_task(work)
        return await asyncio.shield(self._made[key_type])

    def _make(self, key_type: KeyType) -> Material | None:
        if key_type is KeyType.NONE:
            return None
        authority = self._mint(key_type.value)
        return Material(
            authority,
            authority.roots_pem,
            _wire(authority.issue(common_name="stock-server")),
            _wire(authority.issue(common_name="stock-client")),
            WrongMaterial(authority),
        )


def _wire(identity: "Identity") -> session_pb2.Identity:
    return session_pb2.Identity(chain_pem=identity.chain_pem, key_pem=identity.key_pem)
