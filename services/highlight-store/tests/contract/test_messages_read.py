"""The golden messages of the services this one reads: its handlers take each of them, and understand it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tldr_bus import PostgresOutbox
from tldr_contracts.ids import HighlightId, StreamId
from tldr_database import Database, Transaction
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.domain.highlights.highlight import HighlightState
from tldr_highlight_store.entrypoints.events import Events
from tldr_jobs import PostgresJobs
from tldr_testing import hand_over, received, undone

READ = [
    *(
        ("tldr.streams.v1", fact)
        for fact in (
            "requested",
            "started",
            "retried",
            "stopped",
            "failed",
            "completed",
            "rescore_requested",
            *("key_rotated", "live", "interrupted", "resumed", "input_ended"),
            "cancelled",
            "deleted",
        )
    ),
    *(("tldr.ingestions.v1", fact) for fact in ("started", "segment_stored", "gap_found", "ended")),
    *(("tldr.detections.v1", fact) for fact in ("detected", "retracted", "completed", "failed", "rescore_completed")),
    ("tldr.detections.v1", "judged"),
    *(("tldr.organizations.v1", fact) for fact in ("changed", "deleted")),
]
STREAM = StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b")
HIGHLIGHT = HighlightId("hl_0199c2ca11227a4b8c5d6e7f80910213")


class Service:
    """Handlers on a transaction that is rolled back, called as the bus calls them."""

    def __init__(self, transaction: Transaction, organization: str) -> None:
        self.transaction, self.organization = transaction, organization
        factory = WorkFactory(PostgresJobs(), PostgresOutbox("highlight-store"))
        self.work = factory(transaction, organization, 37)
        self.subscriptions = Events(factory).subscriptions()

    async def tell(self, message: Any, *, dead: bool = False) -> None:
        """Handle an event, or give it up."""
        event = received(message, self.organization, subject=STREAM, lane=37)
        await hand_over(self.transaction, self.subscriptions, event, dead=dead)

    async def rows(self, query: str) -> list[Any]:
        return list(await self.transaction.exec_driver_sql(query))


@pytest.fixture
async def service(database: Database, organization: str) -> AsyncIterator[Service]:
    async with undone(database, organization) as transaction:
        yield Service(transaction, organization)


@pytest.mark.parametrize(("topic", "fact"), READ)
@pytest.mark.parametrize("dead", [False, True], ids=["handled", "given up"])
async def test_a_golden_message_is_taken(
    service: Service, sample: Callable[[str, str], Any], topic: str, fact: str, dead: bool
) -> None:
    await service.tell(sample(topic, fact), dead=dead)


async def test_a_golden_detection_is_kept_and_its_clip_asked_for(
    service: Service, sample: Callable[[str, str], Any]
) -> None:
    await service.tell(sample("tldr.streams.v1", "requested"))
    await service.tell(sample("tldr.ingestions.v1", "ended"))
    await service.tell(sample("tldr.detections.v1", "detected"))
    found = await service.work.highlights.get(HIGHLIGHT)
    assert found
    assert (found.state, found.start_ms, found.end_ms, found.details["missing"]) == (
        HighlightState.FINAL,
        40_000,
        52_500,
        ["chat"],
    )
    assert [row.type for row in await service.rows("SELECT type FROM outbox")] == [
        "tldr.highlights.v1.HighlightDetected"
    ]
    (job,) = await service.rows("SELECT key, priority, subject FROM jobs")
    assert tuple(job) == (HIGHLIGHT, 10, STREAM)


async def test_a_detection_that_cannot_be_handled_ends_its_run_in_the_streams_attempt(
    service: Service, sample: Callable[[str, str], Any]
) -> None:
    await service.tell(sample("tldr.streams.v1", "retried"))
    await service.tell(sample("tldr.detections.v1", "detected"), dead=True)
    await service.tell(sample("tldr.detections.v1", "completed"))
    (run,) = await service.rows("SELECT attempt, failure_code, settled FROM runs")
    assert tuple(run) == (2, "detection_unreadable", True)
    assert len(await service.rows("SELECT 1 FROM outbox")) == 1


async def test_a_detection_that_failed_without_a_word_fails_its_run_with_one(
    service: Service, sample: Callable[[str, str], Any]
) -> None:
    failed = sample("tldr.detections.v1", "failed")
    failed.failed.ClearField("failure")
    await service.tell(failed)
    (run,) = await service.rows("SELECT failure_code, failure_reason FROM runs")
    assert tuple(run) == ("detection_failed", "Detection failed and did not say why. Retry the stream.")


async def test_a_failed_stream_keeps_its_clips_coming_and_a_retry_finds_room(
    service: Service, sample: Callable[[str, str], Any]
) -> None:
    for fact in ("failed", "retried"):
        await service.tell(sample("tldr.streams.v1", fact))
    await service.tell(sample("tldr.ingestions.v1", "ended"))
    await service.tell(sample("tldr.detections.v1", "detected"))
    known = await service.work.streams.get(STREAM)
    assert (known.attempt, known.dropped) == (2, False)
    assert len(await service.rows("SELECT 1 FROM jobs")) == 1


async def test_a_cancelled_stream_loses_its_work_and_a_deleted_one_its_rows(
    service: Service, sample: Callable[[str, str], Any]
) -> None:
    await service.tell(sample("tldr.ingestions.v1", "ended"))
    await service.tell(sample("tldr.detections.v1", "detected"))
    assert len(await service.rows("SELECT 1 FROM jobs")) == 1
    await service.tell(sample("tldr.streams.v1", "cancelled"))
    assert await service.rows("SELECT 1 FROM jobs") == []
    assert await service.work.highlights.get(HIGHLIGHT) is not None
    await service.tell(sample("tldr.streams.v1", "deleted"))
    for late in (("tldr.ingestions.v1", "segment_stored"), ("tldr.detections.v1", "detected")):
        await service.tell(sample(*late))
    assert await service.rows("SELECT 1 FROM highlights UNION ALL SELECT 1 FROM segments") == []
    assert [row.kind for row in await service.rows("SELECT DISTINCT kind FROM jobs")] == ["purge-stream"]


async def test_an_organization_that_is_gone_keeps_nothing(service: Service, sample: Callable[[str, str], Any]) -> None:
    kept = "SELECT segment_retention_days, highlight_retention_days FROM organizations"
    await service.tell(sample("tldr.organizations.v1", "changed"))
    assert [tuple(row) for row in await service.rows(kept)] == [(7, 180)]
    await service.tell(sample("tldr.organizations.v1", "deleted"))
    await service.tell(sample("tldr.organizations.v1", "changed"))
    assert [tuple(row) for row in await service.rows(kept)] == [(0, 0)]
