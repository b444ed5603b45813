"""API keys: found by their prefix, compared by their digest, with an end, never more than the one that asks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.accounts.caller import Authenticate, Caller
from tldr_gateway.application.accounts.create_api_key import CreateApiKey
from tldr_gateway.application.accounts.revoke_api_key import RevokeApiKey
from tldr_gateway.domain.accounts.api_key import ALL_SCOPES, MAX_KEYS, ApiKey, Scope, digest_of, new_secret, prefix_of
from tldr_web import Problem


class Cabinet:
    """Looks keys up in a list."""

    def __init__(self, *keys: ApiKey) -> None:
        self.keys = {key.prefix: key for key in keys}

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        return self.keys.get(prefix)


def made(memory: Any, **changes: Any) -> tuple[ApiKey, str]:
    secret, prefix = new_secret()
    values = {"expires_at": None, "revoked_at": None, **changes}
    key = ApiKey(
        "key_1", memory.organization, "a key", prefix, digest_of(secret), ALL_SCOPES, memory.clock.now(), **values
    )
    return key, secret


async def test_whoever_holds_a_key_is_its_organization(memory: Any) -> None:
    key, secret = made(memory)
    caller = await Authenticate(Cabinet(key), memory.clock)(secret)
    assert (caller.organization, caller.key, caller.scopes) == (memory.organization, key.id, ALL_SCOPES)


async def test_wrong_revoked_and_expired_keys_are_told_apart_by_nobody(memory: Any) -> None:
    now = memory.clock.now()
    known, secret = made(memory)
    forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    expired, of_expired = made(memory, expires_at=now)
    revoked, of_revoked = made(memory, revoked_at=now)
    authenticate = Authenticate(Cabinet(known, expired, revoked), memory.clock)
    refusals = set()
    for presented in (forged, of_expired, of_revoked, new_secret()[0], "", "nonsense", secret + "\n"):
        with pytest.raises(Problem) as refused:
            await authenticate(presented)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


@settings(deadline=None)
@given(st.text(max_size=100))
def test_nothing_but_a_key_has_a_prefix(presented: str) -> None:
    assert prefix_of(presented) is None


def test_a_key_shows_its_prefix_and_nothing_of_its_secret() -> None:
    secret, prefix = new_secret()
    assert prefix_of(secret) == prefix
    assert secret.encode() not in digest_of(secret)
    assert new_secret()[0] != secret


def caller(memory: Any, *scopes: Scope) -> Caller:
    return Caller(OrganizationId(memory.organization), "key_0", frozenset(scopes))


async def test_a_key_gives_no_scope_it_does_not_have(memory: Any) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    asking = caller(memory, Scope.KEYS_WRITE, Scope.STREAMS_READ)
    with pytest.raises(Problem, match="scope_not_yours"):
        await create(asking, name="more", scopes=frozenset({Scope.STREAMS_WRITE}), expires_at=None)
    key, _ = await create(asking, name="less", scopes=frozenset({Scope.STREAMS_READ}), expires_at=None)
    assert key.scopes == {Scope.STREAMS_READ}
    assert memory.said.audited == [("api_key.created", key.id)]


@pytest.mark.parametrize("days", [-1, 0, 3650, 300_000])
async def test_a_key_ends_in_the_next_ten_years_or_never(memory: Any, days: int) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    ends = memory.clock.now() + timedelta(days=days)
    with pytest.raises(Problem, match="invalid_expiry"):
        await create(caller(memory, *ALL_SCOPES), name="old", scopes=frozenset({Scope.STREAMS_READ}), expires_at=ends)


async def test_an_organization_has_a_bounded_number_of_keys(memory: Any) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    asking, scopes = caller(memory, *ALL_SCOPES), frozenset({Scope.STREAMS_READ})
    for number in range(MAX_KEYS):
        await create(asking, name=str(number), scopes=scopes, expires_at=None)
    with pytest.raises(Problem, match="too_many_api_keys"):
        await create(asking, name="one more", scopes=scopes, expires_at=None)


@pytest.fixture
async def revoke(memory: Any) -> RevokeApiKey:
    await memory.open()
    return RevokeApiKey(memory.organizations, memory.keys, memory.said, memory.clock)


async def kept(memory: Any, name: str, *scopes: Scope, days: int | None = None) -> None:
    secret, prefix = new_secret()
    now = memory.clock.now()
    key = ApiKey(name, memory.organization, name, prefix, digest_of(secret), frozenset(scopes), now)
    await memory.keys.add(replace(key, expires_at=None if days is None else now + timedelta(days=days)))


async def test_the_last_key_that_can_make_keys_is_not_revoked(memory: Any, revoke: RevokeApiKey) -> None:
    asking = caller(memory, *ALL_SCOPES)
    await kept(memory, "first", *ALL_SCOPES)
    await kept(memory, "reads", Scope.STREAMS_READ)
    await kept(memory, "is over", *ALL_SCOPES, days=-1)
    with pytest.raises(Problem, match="last_key"):
        await revoke(asking, "first")
    await kept(memory, "second", *ALL_SCOPES)
    assert await revoke(asking, "first")
    with pytest.raises(Problem, match="last_key"):
        await revoke(asking, "second")
    assert await revoke(asking, "reads")
    assert await revoke(asking, "is over")
    assert not await revoke(asking, "first")


async def test_a_key_is_no_stand_in_for_one_that_lasts_longer_or_may_do_more(memory: Any, revoke: RevokeApiKey) -> None:
    asking = caller(memory, *ALL_SCOPES)
    await kept(memory, "first", *ALL_SCOPES)
    await kept(memory, "makes nothing but keys", Scope.KEYS_WRITE)
    await kept(memory, "for a day", *ALL_SCOPES, days=1)
    with pytest.raises(Problem, match="last_key"):
        await revoke(asking, "first")
    assert await revoke(asking, "makes nothing but keys")
    assert await revoke(asking, "for a day")


async def test_a_key_revokes_no_key_that_may_do_more(memory: Any, revoke: RevokeApiKey) -> None:
    await kept(memory, "may do all", *ALL_SCOPES)
    await kept(memory, "makes keys", Scope.KEYS_WRITE)
    with pytest.raises(Problem, match="scope_not_yours"):
        await revoke(caller(memory, Scope.KEYS_WRITE), "may do all")
    assert await revoke(caller(memory, Scope.KEYS_WRITE), "makes keys")
