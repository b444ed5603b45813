"""A finished stream is tried under a set that is not kept: the detector is asked, and nothing is written."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tldr.highlights.v1 import highlights_pb2
from tldr_testing import Hosted, eventually, refused

NOISE = {"name": "noise", "weight": 3, "signals": [{"signal": "audio.loudness", "weight": 1}]}
CHATTER = {"name": "chatter", "weight": 1, "signals": [{"signal": "chat.rate", "weight": 0.5}]}
SHOWN = {
    "start_ms": 40_000,
    "end_ms": 52_500,
    "peak_ms": 45_500,
    "types": ["loud"],
    "score": 0.75,
    "confidence": 0.5,
    "title": "Noise picks up",
}
FOUND = {
    "counts": {"appear": 1, "vanish": 1, "change": 1, "same": 2},
    "appear": [SHOWN],
    "vanish": [{**SHOWN, "id": "hl_1"}],
    "change": [{"id": "hl_2", "before": SHOWN, "after": {**SHOWN, "score": 0.5}}],
}


@pytest.fixture
async def path(gateway: Hosted, customer: Any, neighbours: Any, sample: Callable[[str, str], Any]) -> str:
    """Where a completed stream is tried."""
    stream = (await customer.submitted())["id"]
    event = sample("tldr.highlights.v1", "settled")
    event.settled.MergeFrom(highlights_pb2.StreamSettled())
    await gateway.publish(event, organization=customer.organization, subject=stream, lane=3)

    async def done() -> bool:
        return bool((await customer.http.get(f"/v1/streams/{stream}")).json()["state"] == "completed")

    await eventually(done)
    neighbours.answers["/dry-runs"] = FOUND
    neighbours.asked.clear()
    return f"/v1/streams/{stream}/dry-runs"


async def test_a_set_that_is_not_kept_is_tried(customer: Any, path: str, neighbours: Any) -> None:
    wanted = {"dimensions": [NOISE, CHATTER], "types": [{"name": "any", "title": "Any"}]}
    body = {"dimension_set": wanted, "processing_config_id": "sports", "processing": {"min_score": 0.5}}
    answer: httpx.Response = await customer.http.post(path, json=body)
    (run,) = (await customer.http.get(path.replace("dry-runs", "runs"))).json()["runs"]
    assert (answer.status_code, answer.json()) == (200, {**FOUND, "compared_with": run["id"]})
    (asked,) = neighbours.asked
    assert asked[:2] == ("POST", path.replace("/v1/", "/internal/"))
    profile = neighbours.told["profile"]
    assert neighbours.told["against"] == run["id"]
    assert [(one["name"], one["weight"]) for one in profile["dimensions"]] == [("noise", 0.75), ("chatter", 0.25)]
    assert ([one["name"] for one in profile["types"]], profile["processing"]["min_score"]) == (["any"], 0.5)
    own = [one for one in (await customer.http.get("/v1/dimension-sets")).json()["dimension_sets"] if not one["preset"]]
    assert own == []


async def test_what_is_kept_can_be_tried_as_well(customer: Any, path: str, neighbours: Any) -> None:
    copy = (await customer.http.post("/v1/dimension-sets/sports/clone")).json()["id"]
    assert (await customer.http.post(path, json={"dimension_set_id": copy})).is_success
    assert neighbours.told["profile"]["dimension_set"] == copy
    assert (await customer.http.post(path, json={"processing": {"max_per_hour": 2}})).is_success
    told = neighbours.told["profile"]
    assert (told["dimension_set"], told["processing"]["max_per_hour"]) == ("gaming", 2)


async def test_what_cannot_be_tried_is_refused(
    customer: Any, path: str, neighbours: Any, new_customer: Callable[[], Any]
) -> None:
    wrong = await customer.http.post(path, json={"dimension_set": {"dimensions": [{**NOISE, "prompt": "How loud?"}]}})
    refused(wrong, 422, "invalid_request")
    assert [error["field"] for error in wrong.json()["errors"]] == ["dimension_set.dimensions.0.prompt"]
    both = {"preset": "gaming", "dimension_set": {"dimensions": [NOISE]}}
    refused(await customer.http.post(path, json=both), 422, "invalid_request")
    refused(await (await new_customer()).http.post(path, json={}), 404, "stream_not_found")
    unfinished = f"/v1/streams/{(await customer.submitted())['id']}/dry-runs"
    refused(await customer.http.post(unfinished, json={}), 409, "stream_not_completed")
    assert neighbours.asked == []
    neighbours.refusal = (409, {"code": "signals_gone", "detail": "The stream's signals are not kept any longer."})
    refused(await customer.http.post(path, json={}), 409, "signals_gone")
