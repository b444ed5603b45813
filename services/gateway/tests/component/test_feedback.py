"""Explanations and verdicts as a customer asks for them and gives them; fusion-detector answers."""

from typing import Any

import pytest

from tldr_client import Client
from tldr_testing.hosting import Hosted


async def test_an_explanation_comes_with_every_digit(customer: Any, neighbours: Any) -> None:
    answer = (await customer.http.get("/v1/highlights/hl_1/explanation")).json()
    assert answer == neighbours.answers["/explanation"]
    assert neighbours.asked == [("GET", "/internal/highlights/hl_1/explanation", {})]


async def test_a_verdict_is_given_seen_and_withdrawn(customer: Any, neighbours: Any) -> None:
    address = "/v1/highlights/hl_1/verdict"
    wanted = {"verdict": "accepted", "start_ms": 40_500}
    assert (await customer.http.put(address, json=wanted)).json() == neighbours.answers["/verdict"]
    assert (await customer.http.get(address)).json()["verdict"] == "accepted"
    assert (await customer.http.delete(address)).status_code == 204
    assert [(method, path) for method, path, _ in neighbours.asked] == [
        (method, "/internal/highlights/hl_1/verdict") for method in ("PUT", "GET", "DELETE")
    ]


@pytest.mark.parametrize("wanted", [{}, {"verdict": "fine"}, {"verdict": "accepted", "end_ms": -1}])
async def test_what_is_no_verdict_is_refused_before_anybody_is_asked(
    customer: Any, neighbours: Any, wanted: Any
) -> None:
    answer = await customer.http.put("/v1/highlights/hl_1/verdict", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert neighbours.asked == []


async def test_the_sdk_explains_and_judges(gateway: Hosted, customer: Any, neighbours: Any) -> None:
    async with Client(gateway.url, customer.key) as client:
        assert await client.explanation("hl_1") == neighbours.answers["/explanation"]
        assert (await client.verdict("hl_1", "accepted", start_ms=40_500))["start_ms"] == 40_500
        await client.withdraw_verdict("hl_1")
        assert await client.verdicts() == neighbours.answers["/verdicts/summary"]


async def test_what_was_learned_is_shown(customer: Any, neighbours: Any) -> None:
    answer = (await customer.http.get("/v1/verdicts/summary")).json()
    assert answer == neighbours.answers["/verdicts/summary"]
