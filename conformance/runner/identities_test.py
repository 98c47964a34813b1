"""Identities: minted once for each key type, and two ends that trust each other."""

import asyncio

import pytest

from conformance.certs.authority import Authority, mint
from conformance.certs.wrong import Wrong, mint_wrong
from conformance.runner.config import KeyType
from conformance.runner.identities import Identities


def test_each_key_type_is_minted_once() -> None:
    minted: list[str] = []

    def counting(key_type: str) -> Authority:
        minted.append(key_type)
        return mint(key_type)

    async def conduct() -> None:
        identities = Identities(counting)
        first, second, other = await asyncio.gather(
            *(identities.material(key) for key in (KeyType.P256, KeyType.P256, KeyType.P384))
        )
        assert first is second
        assert first is not None
        assert other is not None
        assert first.roots_pem != other.roots_pem
        assert first.server.chain_pem != first.client.chain_pem
        assert first.server.key_pem.startswith(b"-----BEGIN PRIVATE KEY-----")

    asyncio.run(conduct())
    assert sorted(minted) == ["p256", "p384"]


def test_what_is_wrong_is_minted_once_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    minted: list[Authority] = []

    def counting(authority: Authority) -> object:
        minted.append(authority)
        return mint_wrong(authority)

    monkeypatch.setattr("conformance.certs.wrong.mint_wrong", counting)

    async def conduct() -> None:
        material = await Identities(mint).material(KeyType.P256)
        assert material is not None
        assert minted == []
        one, same, other = await asyncio.gather(
            *(material.wrong.identity(k) for k in (Wrong.NAME, Wrong.NAME, Wrong.EXPIRED))
        )
        assert one == same
        assert one.chain_pem != other.chain_pem
        assert minted == [material.authority]

    asyncio.run(conduct())


def test_plaintext_needs_none() -> None:
    assert asyncio.run(Identities(mint).material(KeyType.NONE)) is None


def test_a_failing_mint_is_heard() -> None:
    def failing(key_type: str) -> Authority:
        raise ValueError(f"no {key_type} here")

    with pytest.raises(ValueError, match="no p256 here"):
        asyncio.run(Identities(failing).material(KeyType.P256))
