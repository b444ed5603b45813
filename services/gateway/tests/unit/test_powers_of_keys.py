"""What keys can do to keys: never more than the one that asks, and never the last way in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.change_api_key import ChangeApiKey, KeyChanges
from tldr_gateway.application.accounts.create_api_key import CreateApiKey
from tldr_gateway.application.accounts.revoke_api_key import RevokeApiKey
from tldr_gateway.application.accounts.rotate_api_key import RotateApiKey
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.networks import address_of, network_of
from tldr_gateway.domain.accounts.plans import plan_named
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES, Scope
from tldr_web import Problem


def caller(memory: Any, *scopes: Scope) -> Caller:
    return Caller(OrganizationId(memory.organization), "key_0", frozenset(scopes))


async def test_a_key_gives_no_scope_it_does_not_have(memory: Any) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    asking = caller(memory, Scope.API_KEYS_WRITE, Scope.STREAMS_READ)
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
    for number in range(plan_named("free").api_keys):
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
    await revoke(asking, "first")
    with pytest.raises(Problem, match="last_key"):
        await revoke(asking, "second")
    await revoke(asking, "reads")
    await revoke(asking, "is over")
    with pytest.raises(Problem, match="api_key_not_found"):
        await revoke(asking, "first")


async def test_a_key_is_no_stand_in_for_one_that_lasts_longer_or_may_do_more(memory: Any, revoke: RevokeApiKey) -> None:
    asking = caller(memory, *ALL_SCOPES)
    await kept(memory, "first", *ALL_SCOPES)
    await kept(memory, "makes nothing but keys", Scope.API_KEYS_WRITE)
    await kept(memory, "for a day", *ALL_SCOPES, days=1)
    with pytest.raises(Problem, match="last_key"):
        await revoke(asking, "first")
    await revoke(asking, "makes nothing but keys")
    await revoke(asking, "for a day")


async def test_a_key_revokes_no_key_that_may_do_more(memory: Any, revoke: RevokeApiKey) -> None:
    await kept(memory, "may do all", *ALL_SCOPES)
    await kept(memory, "makes keys", Scope.API_KEYS_WRITE)
    with pytest.raises(Problem, match="scope_not_yours"):
        await revoke(caller(memory, Scope.API_KEYS_WRITE), "may do all")
    await revoke(caller(memory, Scope.API_KEYS_WRITE), "makes keys")


async def test_a_key_gives_no_pattern_for_what_it_has_one_by_one(memory: Any) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    asking = caller(memory, Scope.STREAMS_READ, Scope.STREAMS_WRITE, Scope.STREAMS_DELETE)
    for beyond in (Scope.STREAMS_ALL, Scope.ALL_READ, Scope.ADMIN):
        with pytest.raises(Problem, match="scope_not_yours"):
            await create(asking, name="more", scopes=frozenset({beyond}), expires_at=None)
    asking = caller(memory, Scope.STREAMS_ALL, Scope.ALL_READ)
    scopes = frozenset({Scope.STREAMS_DELETE, Scope.AUDIT_READ, Scope.STREAMS_ALL})
    key, _ = await create(asking, name="as much", scopes=scopes, expires_at=None)
    assert key.scopes == scopes


async def test_a_key_gives_none_that_lasts_longer_or_opens_from_elsewhere(memory: Any) -> None:
    await memory.open()
    create = CreateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)
    ends, office = memory.clock.now() + timedelta(days=1), network_of("203.0.113.0/24")
    asking = replace(caller(memory, *ALL_SCOPES), expires_at=ends, networks=(office,))
    wanted: dict[str, Any] = {"name": "a key", "scopes": ALL_SCOPES, "expires_at": ends, "networks": (office,)}
    for longer in (None, ends + timedelta(seconds=1)):
        with pytest.raises(Problem, match="expiry_not_yours"):
            await create(asking, **{**wanted, "expires_at": longer})
    for wider in ((), (network_of("203.0.112.0/23"),), (office, network_of("2001:db8::/32"))):
        with pytest.raises(Problem, match="cidrs_not_yours"):
            await create(asking, **{**wanted, "networks": wider})
    key, _ = await create(asking, **{**wanted, "networks": (network_of("203.0.113.7"),)})
    assert (key.expires_at, key.created_by) == (ends, asking.key)


@pytest.fixture
async def change(memory: Any) -> ChangeApiKey:
    await memory.open()
    return ChangeApiKey(memory.organizations, memory.keys, memory.said, memory.clock)


async def test_a_changed_key_gains_nothing_that_the_asking_one_has_not(memory: Any, change: ChangeApiKey) -> None:
    await kept(memory, "reads", Scope.STREAMS_READ)
    asking = caller(memory, Scope.API_KEYS_WRITE, Scope.STREAMS_READ, Scope.HIGHLIGHTS_READ)
    more = KeyChanges(scopes=frozenset({Scope.STREAMS_READ, Scope.HIGHLIGHTS_READ}))
    assert (await change(asking, "reads", more)).scopes == more.scopes
    with pytest.raises(Problem, match="scope_not_yours"):
        await change(asking, "reads", KeyChanges(scopes=frozenset({Scope.STREAMS_ALL})))
    assert memory.keys.rows["reads"].scopes == more.scopes
    assert (await change(asking, "reads", KeyChanges(name="other"))).name == "other"
    assert memory.said.audited == [("api_key.changed", "reads")] * 2


async def test_the_last_key_that_can_make_keys_is_not_narrowed(memory: Any, change: ChangeApiKey) -> None:
    await kept(memory, "first", *ALL_SCOPES)
    asking = replace(caller(memory, *ALL_SCOPES), address=address_of("203.0.113.7"))
    with pytest.raises(Problem, match="last_key"):
        await change(asking, "first", KeyChanges(scopes=frozenset({Scope.ALL_READ})))
    with pytest.raises(Problem, match="last_key"):
        await change(asking, "first", KeyChanges(networks=(network_of("198.51.100.0/24"),)))
    from_here = KeyChanges(networks=(network_of("203.0.113.0/24"),))
    assert (await change(asking, "first", from_here)).networks == from_here.networks


@pytest.fixture
async def rotate(memory: Any) -> RotateApiKey:
    await memory.open()
    return RotateApiKey(memory.organizations, memory.keys, memory.said, memory.clock)


async def test_a_promised_grace_is_kept_until_both_secrets_are_to_end(memory: Any, rotate: RotateApiKey) -> None:
    await kept(memory, "first", *ALL_SCOPES)
    asking = caller(memory, *ALL_SCOPES)
    first = memory.keys.rows["first"]
    rotated, _ = await rotate(asking, "first", timedelta(hours=1))
    assert rotated.replaced is not None
    assert rotated.replaced.digest == first.digest
    with pytest.raises(Problem, match="rotation_under_way"):
        await rotate(asking, "first", timedelta(hours=1))
    ended, _ = await rotate(asking, "first", timedelta())
    assert ended.replaced is None
    again, _ = await rotate(asking, "first", timedelta(hours=1))
    memory.clock.pass_by(hours=1)
    assert (await rotate(asking, "first", timedelta(hours=1)))[0].replaced != again.replaced


async def test_a_key_is_given_no_secret_of_one_that_may_do_more(memory: Any, rotate: RotateApiKey) -> None:
    await kept(memory, "may do all", *ALL_SCOPES)
    with pytest.raises(Problem, match="scope_not_yours"):
        await rotate(caller(memory, Scope.API_KEYS_WRITE), "may do all", timedelta())
    for_a_day = replace(caller(memory, *ALL_SCOPES), expires_at=memory.clock.now() + timedelta(days=1))
    with pytest.raises(Problem, match="expiry_not_yours"):
        await rotate(for_a_day, "may do all", timedelta())
