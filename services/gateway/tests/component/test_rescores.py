"""A finished stream rescored through the API: a run of its own, shown once it has settled well."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tldr.highlights.v1 import highlights_pb2
from tldr_contracts.topics import STREAMS
from tldr_testing import eventually
from tldr_testing.hosting import Hosted


class Finished:
    """A customer's stream, completed, and what the mesh says of it since."""

    def __init__(self, gateway: Hosted, customer: Any, stream: str, sample: Callable[[str, str], Any]) -> None:
        self.gateway, self.customer, self.stream, self.sample = gateway, customer, stream, sample
        self.path = f"/v1/streams/{stream}"

    async def tell(self, topic: str, fact: str, **changes: Any) -> None:
        event = self.sample(topic, fact)
        getattr(event, fact.removeprefix("rescore_")).MergeFrom(changes["also"])
        await self.gateway.publish(event, organization=self.customer.organization, subject=self.stream, lane=3)

    async def settle(self, fact: str, **changes: Any) -> None:
        await self.tell("tldr.highlights.v1", fact, also=highlights_pb2.StreamSettled(**changes))

    async def rescore(self, **request: Any) -> httpx.Response:
        found: httpx.Response = await self.customer.http.post(f"{self.path}/rescores", json=request)
        return found

    async def runs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.customer.http.get(f"{self.path}/runs")).json()["runs"]
        return found

    async def until(self, run: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = (await self.customer.http.get(f"{self.path}/runs/{run}")).json()
            return found if found["state"] == state else None

        return await eventually(look)


@pytest.fixture
async def finished(gateway: Hosted, customer: Any, neighbours: Any, sample: Callable[[str, str], Any]) -> Finished:
    made = Finished(gateway, customer, (await customer.submitted())["id"], sample)
    await made.settle("settled")

    async def done() -> bool:
        return bool((await customer.http.get(made.path)).json()["state"] == "completed")

    await eventually(done)
    return made


async def test_a_rescore_that_is_to_becomes_the_default_run_when_it_settles(
    gateway: Hosted, finished: Finished, neighbours: Any
) -> None:
    recorder = await gateway.recorder(STREAMS)
    (first,) = await finished.runs()
    assert (first["state"], first["default"], first["dimension_set"], first["highlights"]) == (
        "completed",
        True,
        "gaming",
        2,
    )
    answer = await finished.rescore(preset="sports", processing={"max_per_hour": 3}, make_default=True)
    run = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{finished.path}/runs/{run['id']}"
    assert (run["state"], run["default"], run["dimension_set"], run["version"]) == ("pending", False, "sports", 2)
    (asked,) = (await recorder.until(finished.stream, "rescore_requested")).of_kind("rescore_requested")
    assert (asked.run_id, asked.profile.dimension_set, asked.profile.processing.max_per_hour) == (
        run["id"],
        "sports",
        3,
    )
    ready = highlights_pb2.HighlightReady()
    ready.highlight.run_id, ready.highlight.rescore = run["id"], True
    await finished.tell("tldr.highlights.v1", "ready", also=ready)
    await finished.until(run["id"], "processing")
    assert [found["default"] for found in await finished.runs()] == [True, False]
    await finished.settle("rescore_settled", run_id=run["id"])
    done = await finished.until(run["id"], "completed")
    assert (done["highlights"], done["default"]) == (2, True)
    assert [found["default"] for found in await finished.runs()] == [False, True]
    stream = (await finished.customer.http.get(finished.path)).json()
    assert (stream["state"], stream["preset"]) == ("completed", "gaming")
    kinds = [event.kind for event in (await recorder.of(finished.stream)).events]
    assert kinds[-1] == "rescore_requested"

    for path, params in (
        ("scores", {}),
        ("highlights", {}),
        ("scores", {"run": first["id"]}),
        ("highlights", {"run": first["id"]}),
    ):
        neighbours.asked.clear()
        assert (await finished.customer.http.get(f"{finished.path}/{path}", params=params)).status_code == 200
        assert neighbours.asked[-1][2]["run"] == params.get("run", run["id"])


async def test_a_rescore_that_is_only_a_look_leaves_the_streams_highlights_as_they_were(
    gateway: Hosted, finished: Finished, neighbours: Any
) -> None:
    recorder = await gateway.recorder(STREAMS)
    (first,) = await finished.runs()
    run = (await finished.rescore(preset="sports")).json()["id"]
    (asked,) = (await recorder.until(finished.stream, "rescore_requested")).of_kind("rescore_requested")
    assert asked.make_default is False
    await finished.settle("rescore_settled", run_id=run)
    assert (await finished.until(run, "completed"))["default"] is False
    assert [found["default"] for found in await finished.runs()] == [True, False]
    for path in ("scores", "highlights"):
        neighbours.asked.clear()
        assert (await finished.customer.http.get(f"{finished.path}/{path}")).status_code == 200
        assert neighbours.asked[-1][2]["run"] == first["id"]


async def test_a_rescore_under_a_set_of_ones_own_names_its_version_and_keeps_it(
    gateway: Hosted, finished: Finished
) -> None:
    recorder, http = await gateway.recorder(STREAMS), finished.customer.http
    own = (await http.post("/v1/dimension-sets/sports/clone")).json()["id"]
    config = (await http.post("/v1/processing-configs", json={"name": "One", "max_highlights": 1})).json()["id"]
    run = (await finished.rescore(dimension_set_id=own, processing_config_id=config)).json()
    assert (run["dimension_set"], run["version"]) == (own, 1)
    used = run["configuration"]
    assert (used["processing_config_id"], used["processing_config_version"]) == (config, 1)
    assert (await http.patch(f"/v1/dimension-sets/{own}", json={"description": "Other."})).json()["version"] == 2
    later = (await finished.rescore(dimension_set_id=own)).json()
    kept = (await http.get(f"{finished.path}/runs/{run['id']}")).json()
    assert (later["version"], kept["configuration"]) == (2, used)
    only = (await finished.rescore(processing_config_id=config)).json()["configuration"]
    assert (only["dimension_set_id"], only["processing_config_id"]) == ("gaming", config)
    asked = (await recorder.until(finished.stream, "rescore_requested", count=3)).of_kind("rescore_requested")
    told = [(one.profile.dimension_set, one.profile.version, one.profile.processing.max_highlights) for one in asked]
    assert told == [(own, 1, 1), (own, 2, 0), ("gaming", 2, 1)]
    unknown = await finished.rescore(dimension_set_id="set_0")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "dimension_set_not_found")


async def test_a_rescore_that_fails_says_why_and_is_not_shown(finished: Finished) -> None:
    run = (await finished.rescore()).json()["id"]
    why = {"code": "signals_gone", "reason": "The stream's signals are not kept any longer."}
    await finished.settle("rescore_settled", run_id=run, outcome=highlights_pb2.RUN_OUTCOME_FAILED, failure=why)
    failed = await finished.until(run, "failed")
    assert (failed["failure"], failed["default"], failed["highlights"]) == (why, False, None)
    assert [found["default"] for found in await finished.runs()] == [True, False]
    assert (await finished.customer.http.get(finished.path)).json()["state"] == "completed"


async def test_a_rescore_is_made_once_for_each_key(finished: Finished) -> None:
    keyed = {"idempotency-key": "again"}
    answers = [
        await finished.customer.http.post(f"{finished.path}/rescores", json={"preset": "sports"}, headers=keyed)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert len(await finished.runs()) == 2


async def test_what_is_refused_says_why(finished: Finished, new_customer: Callable[[], Any]) -> None:
    running = (await finished.customer.submitted())["id"]
    early = await finished.customer.http.post(f"/v1/streams/{running}/rescores", json={})
    assert (early.status_code, early.json()["code"]) == (409, "stream_not_completed")
    unknown = await finished.rescore(preset="chess")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_preset")
    other = await new_customer()
    for method, path in (("POST", "rescores"), ("GET", "runs"), ("GET", "runs/run_1")):
        foreign = await other.http.request(method, f"{finished.path}/{path}", json={})
        assert (foreign.status_code, foreign.json()["code"]) == (404, "stream_not_found"), path
    for path in ("runs/run_1", "highlights?run=run_1", "scores?run=run_1"):
        missing = await finished.customer.http.get(f"{finished.path}/{path}")
        assert (missing.status_code, missing.json()["code"]) == (404, "run_not_found"), path
    for _ in range(4):
        assert (await finished.rescore()).status_code == 202
    full = await finished.rescore()
    assert (full.status_code, full.json()["code"]) == (429, "too_many_rescores")


async def test_a_rescore_that_nobody_settles_fails_and_a_deleted_stream_takes_its_runs_along(
    gateway: Hosted, finished: Finished
) -> None:
    run = (await finished.rescore()).json()["id"]
    aged = text("UPDATE runs SET created_at = created_at - interval '2 days' WHERE run_id = :run")
    async with gateway.database.tenant(finished.customer.organization) as transaction:
        await transaction.execute(aged, {"run": run})
    assert (await finished.until(run, "failed"))["failure"]["code"] == "stalled"
    await finished.customer.http.delete(finished.path)
    async with gateway.database.tenant(finished.customer.organization) as transaction:
        assert list(await transaction.execute(text("SELECT 1 FROM runs"))) == []
