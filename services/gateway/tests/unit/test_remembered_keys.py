"""Keys that were looked up a moment ago."""

from dataclasses import replace
from typing import Any

from tldr_gateway.adapters.accounts.keys_remembered import RememberedKeys
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES


class Cabinet:
    """Keys by prefix, and how often they were looked for."""

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.looked = 0

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        self.looked += 1
        return self.key if prefix == self.key.prefix else None


def kept(memory: Any) -> Cabinet:
    secret, prefix = new_secret()
    now = memory.clock.now()
    return Cabinet(ApiKey("key_1", memory.organization, "a key", prefix, digest_of(secret), ALL_SCOPES, now))


async def test_a_key_is_looked_up_once_and_an_unknown_one_each_time(memory: Any) -> None:
    cabinet = kept(memory)
    keys = RememberedKeys(cabinet)
    assert {await keys.by_prefix(cabinet.key.prefix) for _ in range(10)} == {cabinet.key}
    assert cabinet.looked == 1
    assert {await keys.by_prefix("sk_0000000000000000") for _ in range(3)} == {None}
    assert cabinet.looked == 4


async def test_a_key_that_is_changed_here_is_never_as_it_was_before(memory: Any) -> None:
    cabinet = kept(memory)
    keys, prefix = RememberedKeys(cabinet), cabinet.key.prefix
    await keys.by_prefix(prefix)
    keys.changed("key_1")
    before = await keys.by_prefix(prefix)
    cabinet.key = replace(cabinet.key, revoked_at=memory.clock.now())
    assert (before, await keys.by_prefix(prefix)) == (replace(cabinet.key, revoked_at=None), cabinet.key)
