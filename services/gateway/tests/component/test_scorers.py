"""Scorers as a customer asks for them; fusion-detector trains and keeps them."""

from typing import Any

import pytest

from tldr_client import ApiProblem, Client
from tldr_testing.hosting import Hosted

WANTED = {
    "name": "ours",
    "streams": ["str_1"],
    "moments": [{"stream_id": "str_1", "start_ms": 0, "end_ms": 9_000}],
}


async def test_a_scorer_is_asked_for_once_for_each_key(customer: Any, neighbours: Any) -> None:
    headers = {"idempotency-key": "one"}
    first, again = [await customer.http.post("/v1/scorers", json=WANTED, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json()) == (202, neighbours.answers["/scorers"])
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    assert first.headers["location"] == "/v1/scorers/scr_1"
    assert neighbours.asked == [("POST", "/internal/scorers", {}), ("GET", "/internal/scorers/scr_1", {})]


async def test_it_says_how_far_its_training_is_and_what_is_left_out(customer: Any, neighbours: Any) -> None:
    ready = neighbours.answers["/scorers"]
    progress = {"step": "cross-validation", "share": 0.55}
    training = {**ready, "state": "training", "provenance": None, "progress": progress, "left_out": {"no_signals": 2}}
    neighbours.answers = {"/scr_9": training, **neighbours.answers}
    found = (await customer.http.get("/v1/scorers/scr_9")).json()
    assert (found["state"], found["progress"]) == ("training", progress)
    assert found["left_out"] == {"too_much": 0, "no_signals": 2, "not_completed": 0}
    neighbours.answers = {"/scr_8": {**training, "left_out": None}, **neighbours.answers}
    assert (await customer.http.get("/v1/scorers/scr_8")).json()["left_out"] is None


async def test_it_is_seen_taken_along_used_and_deleted(customer: Any, neighbours: Any) -> None:
    scorer = neighbours.answers["/scorers"]
    address = "/v1/scorers/scr_1"
    assert (await customer.http.get("/v1/scorers")).json() == {"scorers": [scorer]}
    assert (await customer.http.get(address)).json() == scorer
    assert (await customer.http.get(f"{address}/document")).json() == neighbours.answers["/document"]
    assert (await customer.http.put(f"{address}/active")).json()["active"] is True
    assert (await customer.http.delete(f"{address}/active")).status_code == 204
    assert (await customer.http.delete(address)).status_code == 204
    assert [(method, path.removeprefix("/internal/scorers")) for method, path, _ in neighbours.asked] == [
        ("GET", ""),
        ("GET", "/scr_1"),
        ("GET", "/scr_1/document"),
        ("PUT", "/scr_1/active"),
        ("DELETE", "/scr_1/active"),
        ("DELETE", "/scr_1"),
    ]


async def test_the_detectors_refusal_reaches_the_customer(customer: Any, neighbours: Any) -> None:
    neighbours.refusal = (409, {"code": "too_many_scorers", "detail": "There can be 20 scorers. Delete one first."})
    answer = await customer.http.post("/v1/scorers", json=WANTED)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_scorers")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "ours"},
        {"name": "Ours!", "from_verdicts": True},
        {**WANTED, "from_verdicts": True},
        {**WANTED, "streams": ["str_1"] * 201},
        {**WANTED, "moments": [{"stream_id": "str_1", "start_ms": -1, "end_ms": 9}]},
    ],
)
async def test_what_is_no_request_is_refused_before_anybody_is_asked(
    customer: Any, neighbours: Any, wrong: Any
) -> None:
    answer = await customer.http.post("/v1/scorers", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert neighbours.asked == []


async def test_a_key_that_may_only_read_trains_and_activates_nothing(customer: Any, neighbours: Any) -> None:
    made = await customer.http.post("/v1/api-keys", json={"name": "reader", "scopes": ["streams:read"]})
    headers = {"authorization": f"Bearer {made.json()['key']}"}
    answers = [
        await customer.http.post("/v1/scorers", json=WANTED, headers=headers),
        await customer.http.put("/v1/scorers/scr_1/active", headers=headers),
        await customer.http.delete("/v1/scorers/scr_1", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert neighbours.asked == []


async def test_the_sdk_trains_waits_and_activates(gateway: Hosted, customer: Any, neighbours: Any) -> None:
    async with Client(gateway.url, customer.key) as client:
        asked = await client.train_scorer(WANTED, idempotency_key="two")
        assert (await client.wait_for_scorer(asked["id"], limit_s=10))["state"] == "ready"
        assert await client.scorers() == [await client.scorer("scr_1")]
        assert (await client.activate_scorer("scr_1"))["active"] is True
        await client.deactivate_scorer("scr_1")
        neighbours.refusal = (404, {"code": "scorer_not_found", "detail": "There is no scorer of this id."})
        with pytest.raises(ApiProblem, match="scorer_not_found"):
            await client.scorer("scr_2")
