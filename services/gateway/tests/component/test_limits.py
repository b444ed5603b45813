"""Limits hold exactly over two gateways under a hundred requests at once, with Redis and without."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tldr_testing import Hosted, refused

STREAM = {"source": {"url": "https://example.com/final.mp4"}}
KEY = {"name": "one", "scopes": ["streams:read"]}
PLENTY = {"requests_per_minute": 60_000, "request_burst": 10_000}


def outcomes(answers: Sequence[httpx.Response]) -> Counter[Any]:
    return Counter(answer.status_code if answer.is_success else answer.json()["code"] for answer in answers)


async def test_a_count_is_never_passed_with_redis_or_without(gateways: Any) -> None:
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


async def test_requests_are_counted_over_all_gateways_and_in_shares_while_redis_is_away(gateways: Any) -> None:
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
    gateways: Any, two_gateways: Any, gateway: Hosted, monkeypatch: pytest.MonkeyPatch
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
