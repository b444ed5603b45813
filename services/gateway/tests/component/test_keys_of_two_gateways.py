"""What one gateway did to a key holds at once there, and at the other within a second, whatever became of Redis."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tldr_testing import eventually, refused

_WITHIN_S = 1.0


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def made(gateways: Any, name: str, **wanted: Any) -> tuple[dict[str, str], Any]:
    """The headers of an organization's first key, and another key that both gateways have just looked up."""
    _, owner = await gateways.registers(name)
    body = {"name": "reader", "scopes": ["streams:read"], **wanted}
    key = (await gateways.clients[0].post("/v1/api-keys", json=body, headers=owner)).raise_for_status().json()
    for client in gateways.clients:
        (await client.get("/v1/streams", headers=bearing(key["key"]))).raise_for_status()
    return owner, key


async def turns(asked: Callable[[], Awaitable[bool]], since: float) -> None:
    """Whoever asks a second later or more is told of the change."""
    last_before = since

    async def turned() -> bool:
        nonlocal last_before
        begun = time.monotonic()
        found = await asked()
        last_before = last_before if found else begun
        return found

    await eventually(turned)
    assert last_before - since < _WITHIN_S


async def refuses(client: httpx.AsyncClient, key: str, code: str, since: float) -> None:
    """The client gets this refusal within a second."""

    async def is_refused() -> bool:
        answer = await client.get("/v1/streams", headers=bearing(key))
        return not answer.is_success and answer.json()["code"] == code

    await turns(is_refused, since)


@pytest.mark.parametrize("redis_killed", [False, True])
async def test_a_revoked_key_is_refused_here_at_once_and_there_within_a_second(
    gateways: Any, redis_killed: bool
) -> None:
    owner, key = await made(gateways, f"revokes-{redis_killed}".lower())
    here, there = gateways.clients
    if redis_killed:
        await gateways.kill_redis()
        # Whoever asks first waits for Redis, for a second; that is not about keys.
        await asyncio.gather(*(client.get("/v1/streams", headers=bearing(key["key"])) for client in gateways.clients))
    (await here.delete(f"/v1/api-keys/{key['id']}", headers=owner)).raise_for_status()
    since = time.monotonic()
    refused(await here.get("/v1/streams", headers=bearing(key["key"])), 401, "invalid_api_key")
    await refuses(there, key["key"], "invalid_api_key", since)


async def test_a_changed_key_is_as_it_was_changed(gateways: Any) -> None:
    owner, key = await made(gateways, "changes", allowed_cidrs=["127.0.0.1"])
    here, there = gateways.clients
    where, narrowed = f"/v1/api-keys/{key['id']}", {"allowed_cidrs": ["203.0.113.0/24"]}
    (await here.patch(where, json=narrowed, headers=owner)).raise_for_status()
    since = time.monotonic()
    refused(await here.get("/v1/streams", headers=bearing(key["key"])), 403, "address_not_allowed")
    await refuses(there, key["key"], "address_not_allowed", since)


async def test_a_replaced_secret_without_a_grace_opens_nothing_within_a_second(gateways: Any) -> None:
    owner, key = await made(gateways, "rotates")
    here, there = gateways.clients
    rotated = await here.post(f"/v1/api-keys/{key['id']}/rotate", json={"grace_s": 0}, headers=owner)
    since = time.monotonic()
    refused(await here.get("/v1/streams", headers=bearing(key["key"])), 401, "invalid_api_key")
    await refuses(there, key["key"], "invalid_api_key", since)
    for client in gateways.clients:
        assert (await client.get("/v1/streams", headers=bearing(rotated.json()["key"]))).status_code == 200


async def test_a_guess_beside_a_key_that_was_just_used_opens_nothing(gateways: Any) -> None:
    _, key = await made(gateways, "guesses")
    client, forged = gateways.clients[0], key["key"][:-1] + ("A" if key["key"][-1] != "A" else "B")
    refused(await client.get("/v1/streams", headers=bearing(forged)), 401, "invalid_api_key")
    assert (await client.get("/v1/streams", headers=bearing(key["key"]))).status_code == 200


async def test_another_plan_holds_within_a_second(gateways: Any) -> None:
    organization, headers = await gateways.registers("plans", request_burst=7)
    answer = await gateways.clients[0].get("/v1/organization", headers=headers)
    assert "q=7;" in answer.headers["ratelimit-policy"]
    await gateways.agrees(organization, request_burst=9)
    since = time.monotonic()

    async def told() -> bool:
        answer = await gateways.clients[0].get("/v1/organization", headers=headers)
        return "q=9;" in answer.headers["ratelimit-policy"]

    await turns(told, since)
