"""The golden messages of the services the dispatcher reads become the webhooks that endpoints are sent."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from tldr_bus import PostgresOutbox
from tldr_database import Database, Transaction
from tldr_jobs import PostgresJobs
from tldr_testing import hand_over, received, undone
from tldr_webhook_dispatcher.adapters.work_postgres import WorkFactory
from tldr_webhook_dispatcher.entrypoints.events import Events

ROOT = Path(__file__).parents[4]
STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"
# What each fact makes endpoints hear by itself; completed and settled speak only together.
HEARD = {
    **{
        ("tldr.streams.v1", fact): None
        for fact in ("requested", "started", "retried", "stopped", "rescore_requested", "deleted")
    },
    ("tldr.streams.v1", "completed"): None,
    ("tldr.streams.v1", "failed"): "stream.failed",
    ("tldr.streams.v1", "cancelled"): "stream.cancelled",
    ("tldr.streams.v1", "key_rotated"): None,
    ("tldr.streams.v1", "live"): "stream.live",
    ("tldr.streams.v1", "interrupted"): "stream.interrupted",
    ("tldr.streams.v1", "resumed"): "stream.resumed",
    ("tldr.streams.v1", "input_ended"): "stream.ended",
    ("tldr.highlights.v1", "detected"): "highlight.detected",
    ("tldr.highlights.v1", "revised"): "highlight.detected",  # nobody was told of it before
    ("tldr.highlights.v1", "ready"): "highlight.ready",
    ("tldr.highlights.v1", "failed"): "highlight.failed",
    ("tldr.highlights.v1", "withdrawn"): None,
    ("tldr.highlights.v1", "settled"): None,
    ("tldr.highlights.v1", "rescore_settled"): "rescore.completed",
    ("tldr.organizations.v1", "changed"): None,
    ("tldr.organizations.v1", "deleted"): None,
}


def _documented() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "docs/api/openapi.yaml").read_text(encoding="utf-8"))
    schemas = {
        name: webhook["post"]["requestBody"]["content"]["application/json"]["schema"]
        for name, webhook in document["webhooks"].items()
    }
    return {
        name: jsonschema_rs.validator_for({**schema, "components": document["components"]})
        for name, schema in schemas.items()
    }


DOCUMENT = _documented()


class Desk:
    """Handlers on a transaction that is rolled back, called as the bus calls them, with one endpoint."""

    def __init__(self, transaction: Transaction, memory: Any) -> None:
        self.transaction, self.memory = transaction, memory
        factory = WorkFactory(PostgresJobs(), PostgresOutbox("webhook-dispatcher"), memory.clock)
        self.work = factory(transaction, memory.organization)
        self.subscriptions = Events(factory).subscriptions()

    async def tell(self, message: Any, *, dead: bool = False) -> None:
        """Handle an event, or give it up."""
        event = received(message, self.memory.organization, subject=STREAM, lane=37)
        await hand_over(self.transaction, self.subscriptions, event, dead=dead)

    async def heard(self) -> list[dict[str, Any]]:
        """The bodies of the messages, in order, each as the API's document describes its type."""
        rows = await self.transaction.exec_driver_sql("SELECT body FROM messages ORDER BY message_id")
        said = [json.loads(row.body) for row in rows]
        for message in said:
            DOCUMENT[message["type"]].validate(message)
        return said


@pytest.fixture
async def desk(database: Database, memory: Any) -> AsyncIterator[Desk]:
    async with undone(database, memory.organization) as transaction:
        made = Desk(transaction, memory)
        await made.work.endpoints.add(memory.endpoint())
        yield made


@pytest.mark.parametrize(("topic", "fact"), HEARD)
async def test_a_golden_message_is_handled(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.tell(sample(topic, fact))
    heard = HEARD[topic, fact]
    assert [said["type"] for said in await desk.heard()] == ([heard] if heard else [])


@pytest.mark.parametrize(("topic", "fact"), HEARD)
async def test_a_golden_message_can_be_given_up(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.tell(sample(topic, fact), dead=True)
    assert await desk.heard() == []


async def test_however_much_is_told_an_endpoint_has_one_job(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    for fact in ("detected", "ready", "failed"):
        await desk.tell(sample("tldr.highlights.v1", fact))
    assert len(await desk.heard()) == 3
    rows = await desk.transaction.exec_driver_sql("SELECT kind, key = subject AS own FROM jobs")
    assert [tuple(row) for row in rows] == [("deliver-to-endpoint", True)]


async def test_a_ready_highlight_is_told_with_all_that_matters(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    await desk.tell(sample("tldr.highlights.v1", "ready"))
    (said,) = await desk.heard()
    assert said["data"] == {
        "id": "hl_0199c2ca11227a4b8c5d6e7f80910213",
        "stream_id": STREAM,
        "revision": 2,
        "state": "final",
        "start_ms": 40_000,
        "end_ms": 52_500,
        "peak_ms": 45_500,
        "types": ["epic_moment", "crowd_goes_wild"],
        "score": 0.75,
        "confidence": 0.875,
        "title": "Action picks up, crowd roars",
        "reason": "Action four times as fast, crowd 12 dB above normal.",
        "clip_path": "/v1/highlights/hl_0199c2ca11227a4b8c5d6e7f80910213/clip",
    }


async def test_a_highlights_life_is_told_in_order_each_fact_with_its_revision(
    desk: Desk, sample: Callable[[str, str], Any]
) -> None:
    gone = sample("tldr.highlights.v1", "withdrawn")
    await desk.tell(gone)  # nobody was told of this one
    first = sample("tldr.highlights.v1", "detected")
    gone.withdrawn.highlight_id = first.detected.highlight.highlight_id
    await desk.tell(first)
    for fact in ("revised", "ready"):
        await desk.tell(sample("tldr.highlights.v1", fact))
    await desk.tell(gone)
    assert [(said["type"], said["data"]["revision"], said["data"].get("state")) for said in await desk.heard()] == [
        ("highlight.detected", 1, "provisional"),
        ("highlight.revised", 2, "final"),
        ("highlight.ready", 2, "final"),
        ("highlight.withdrawn", 3, None),
    ]


@pytest.mark.parametrize("order", [("settled", "completed"), ("completed", "settled")])
async def test_settled_and_completed_together_are_the_end(
    desk: Desk, sample: Callable[[str, str], Any], order: tuple[str, str]
) -> None:
    topics = {"settled": "tldr.highlights.v1", "completed": "tldr.streams.v1"}
    for fact in (*order, *order):
        await desk.tell(sample(topics[fact], fact))
    (said,) = await desk.heard()
    assert (said["type"], said["data"]["highlight_count"]) == ("stream.completed", 2)


async def test_a_failed_runs_end_is_not_half_of_a_good_one(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    failed = sample("tldr.highlights.v1", "settled")
    failed.settled.outcome = 2
    await desk.tell(failed)
    await desk.tell(sample("tldr.streams.v1", "completed"))
    assert await desk.heard() == []


async def test_the_end_of_a_rescore_is_told_once_and_is_not_the_streams(
    desk: Desk, sample: Callable[[str, str], Any]
) -> None:
    await desk.tell(sample("tldr.highlights.v1", "rescore_settled"))
    await desk.tell(sample("tldr.streams.v1", "completed"))
    (said,) = await desk.heard()
    assert said["type"] == "rescore.completed"
    assert said["data"] == {
        "stream_id": STREAM,
        "run_id": "run_0199c2d4a0b17e4c8d5e6f708192a3b4",
        "duration_ms": 180_000,
        "highlight_count": 2,
        "failed_count": 1,
    }


async def test_a_rescore_that_failed_is_told_with_its_reason(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    failed = sample("tldr.highlights.v1", "rescore_settled")
    failed.settled.outcome = 2
    failed.settled.failure.code = "signals_gone"
    await desk.tell(failed)
    (said,) = await desk.heard()
    assert (said["type"], said["data"]["failure"]["code"]) == ("rescore.failed", "signals_gone")


@pytest.mark.parametrize("fact", ["detected", "revised", "ready", "failed"])
async def test_single_highlights_of_a_rescore_are_not_told(
    desk: Desk, sample: Callable[[str, str], Any], fact: str
) -> None:
    event = sample("tldr.highlights.v1", fact)
    getattr(event, fact).highlight.rescore = True
    await desk.tell(event)
    assert await desk.heard() == []


async def test_nothing_is_told_of_a_dropped_streams_highlights(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    await desk.tell(sample("tldr.streams.v1", "deleted"))
    for fact in ("detected", "revised", "ready", "failed", "withdrawn", "settled", "rescore_settled"):
        await desk.tell(sample("tldr.highlights.v1", fact))
    assert await desk.heard() == []


async def test_an_organization_that_is_gone_is_told_nothing_more(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    await desk.tell(sample("tldr.highlights.v1", "ready"))
    await desk.tell(sample("tldr.organizations.v1", "deleted"))
    await desk.tell(sample("tldr.highlights.v1", "ready"))
    assert await desk.heard() == []
    assert list(await desk.transaction.exec_driver_sql("SELECT 1 FROM jobs")) == []
