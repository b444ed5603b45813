"""API keys: found by their prefix, compared by their digest, with an end, never more than the one that asks."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_gateway.application.accounts.caller import Authenticate
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret, prefix_of, preview_of
from tldr_gateway.domain.accounts.networks import address_of, network_of
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES
from tldr_web import Problem

HERE = address_of("203.0.113.7")


class Cabinet:
    """Looks keys up in a list."""

    def __init__(self, *keys: ApiKey) -> None:
        self.keys = {key.prefix: key for key in keys}
        self.keys |= {key.replaced.prefix: key for key in keys if key.replaced}

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        return self.keys.get(prefix)


@dataclass
class Uses:
    """Keeps each time that was written."""

    written: list[datetime] = field(default_factory=list)

    async def used(self, key: ApiKey, at: datetime) -> None:
        self.written.append(at)


def authenticating(memory: Any, *keys: ApiKey) -> Authenticate:
    return Authenticate(Cabinet(*keys), Uses(), memory.clock)


def made(memory: Any, **changes: Any) -> tuple[ApiKey, str]:
    secret, prefix = new_secret()
    values = {"expires_at": None, "revoked_at": None, **changes}
    key = ApiKey(
        "key_1", memory.organization, "a key", prefix, digest_of(secret), ALL_SCOPES, memory.clock.now(), **values
    )
    return key, secret


async def test_whoever_holds_a_key_is_its_organization(memory: Any) -> None:
    key, secret = made(memory)
    caller = await authenticating(memory, key)(secret, HERE)
    assert (caller.organization, caller.key, caller.scopes) == (memory.organization, key.id, ALL_SCOPES)


async def test_wrong_revoked_and_expired_keys_are_told_apart_by_nobody(memory: Any) -> None:
    now = memory.clock.now()
    known, secret = made(memory)
    forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    expired, of_expired = made(memory, expires_at=now)
    revoked, of_revoked = made(memory, revoked_at=now)
    authenticate = authenticating(memory, known, expired, revoked)
    refusals = set()
    for presented in (forged, of_expired, of_revoked, new_secret()[0], "", "nonsense", secret + "\n"):
        with pytest.raises(Problem) as refused:
            await authenticate(presented, HERE)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


@settings(deadline=None)
@given(st.text(max_size=100))
def test_nothing_but_a_key_has_a_prefix(presented: str) -> None:
    assert prefix_of(presented) is None


def test_a_key_shows_its_prefix_and_nothing_of_its_secret() -> None:
    secret, prefix = new_secret()
    assert prefix_of(secret) == prefix
    assert secret.startswith(preview_of(prefix)[:-1])
    assert secret.startswith("tldr_sk_")
    assert secret.encode() not in digest_of(secret)
    assert new_secret()[0] != secret


async def test_a_key_of_the_form_of_before_is_still_read(memory: Any) -> None:
    presented = f"tldr_0123456789abcdef_{'s' * 43}"
    kept, _ = made(memory)
    kept = replace(kept, prefix="0123456789abcdef", digest=digest_of(presented))
    assert (await authenticating(memory, kept)(presented, HERE)).key == kept.id
    assert preview_of(kept.prefix) == "tldr_0123456789abcdef_…"


async def test_a_replaced_secret_opens_until_its_grace_is_over_and_no_longer(memory: Any) -> None:
    key, before = made(memory)
    rotated, after = key.rotated(memory.clock.now(), timedelta(hours=1))
    authenticate = authenticating(memory, rotated)
    for presented in (before, after):
        assert (await authenticate(presented, HERE)).key == key.id
    memory.clock.pass_by(hours=1)
    with pytest.raises(Problem, match="invalid_api_key"):
        await authenticate(before, HERE)
    assert (await authenticate(after, HERE)).key == key.id


async def test_a_secret_replaced_without_a_grace_opens_nothing(memory: Any) -> None:
    key, before = made(memory)
    rotated, _ = key.rotated(memory.clock.now(), timedelta())
    assert rotated.replaced is None
    with pytest.raises(Problem, match="invalid_api_key"):
        await authenticating(memory, rotated)(before, HERE)


@pytest.mark.parametrize(
    ("address", "opens"),
    [("203.0.113.7", True), ("::ffff:203.0.113.7", True), ("203.0.114.7", False), ("2001:db8::7", True), ("", False)],
)
async def test_a_key_opens_from_its_networks_alone(memory: Any, address: str, opens: bool) -> None:
    key, secret = made(memory, networks=(network_of("203.0.113.0/24"), network_of("2001:db8::/32")))
    authenticate = authenticating(memory, key)
    if opens:
        assert (await authenticate(secret, address_of(address))).networks == key.networks
        return
    with pytest.raises(Problem, match="address_not_allowed"):
        await authenticate(secret, address_of(address))


async def test_the_last_use_is_written_once_a_minute(memory: Any) -> None:
    key, secret = made(memory)
    uses = Uses()
    authenticate = Authenticate(Cabinet(key), uses, memory.clock)
    begin = memory.clock.now()
    for _ in range(3):
        for _ in range(5):
            await authenticate(secret, HERE)
        memory.clock.pass_by(seconds=30)
    assert uses.written == [begin, begin + timedelta(minutes=1)]


async def test_a_use_that_another_gateway_wrote_is_not_written_again(memory: Any) -> None:
    key, secret = made(memory, last_used_at=memory.clock.now() - timedelta(seconds=59))
    uses = Uses()
    await Authenticate(Cabinet(key), uses, memory.clock)(secret, HERE)
    assert uses.written == []
