"""What each golden fact about segments and runs leaves in the store."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tldr.highlights.v1 import highlights_pb2
from tldr_bus import PostgresOutbox
from tldr_database import Database
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.entrypoints.events import Events
from tldr_jobs import PostgresJobs
from tldr_testing import hand_over, received, undone

DETECTIONS, INGESTIONS = "tldr.detections.v1", "tldr.ingestions.v1"
STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"


class Store:
    """The handlers on a transaction that is rolled back, and the tables they write."""

    def __init__(self, transaction: Any, organization: str, sample: Callable[[str, str], Any]) -> None:
        self.transaction, self.organization, self.sample = transaction, organization, sample
        factory = WorkFactory(PostgresJobs(), PostgresOutbox("highlight-store"))
        self.subscriptions = Events(factory).subscriptions()

    async def tell(self, topic: str, fact: str, **changes: Any) -> None:
        """Handle a golden fact, with other figures where given."""
        message = self.sample(topic, fact)
        for name, value in changes.items():
            setattr(getattr(message, message.WhichOneof("event")), name, value)
        event = received(message, self.organization, subject=STREAM, lane=37)
        await hand_over(self.transaction, self.subscriptions, event)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.transaction.exec_driver_sql(query)]

    async def said(self) -> list[Any]:
        """What was announced, in order."""
        payloads = await self.rows("SELECT payload FROM outbox ORDER BY id")
        events: list[Any] = [highlights_pb2.HighlightEvent.FromString(payload) for (payload,) in payloads]
        return [getattr(event, event.WhichOneof("event")) for event in events]


@pytest.fixture
async def store(database: Database, organization: str, sample: Callable[[str, str], Any]) -> AsyncIterator[Store]:
    async with undone(database, organization) as transaction:
        yield Store(transaction, organization, sample)


async def test_a_golden_segment_is_kept_with_where_its_decoding_starts(store: Store) -> None:
    await store.tell(INGESTIONS, "segment_stored")
    kept = "SELECT index, start_ms, end_ms, offset_ms, decode_from, container FROM segments"
    assert await store.rows(kept) == [(3, 12_000, 16_000, 12_000, 3, "mp4")]


async def test_a_golden_retraction_withdraws_what_was_detected(store: Store) -> None:
    await store.tell(DETECTIONS, "detected", highlight_id="hl_0199c2ca11227a4b8c5d6e7f80910224", revision=2)
    await store.tell(DETECTIONS, "retracted")
    detected, withdrawn = await store.said()
    assert (detected.highlight.revision, withdrawn.revision) == (2, 3)
    assert withdrawn.highlight_id == detected.highlight.highlight_id


async def test_a_golden_failure_settles_its_run_with_the_reason(store: Store) -> None:
    await store.tell(DETECTIONS, "failed")
    (settled,) = await store.said()
    assert (settled.run_id, settled.outcome) == (
        "run_0199c2c8f9b07d3a9b1c2d3e4f506172",
        highlights_pb2.RUN_OUTCOME_FAILED,
    )
    assert settled.failure.code == "source_not_found"


async def test_a_golden_completion_waits_for_its_highlights_and_keeps_its_gaps(store: Store) -> None:
    await store.tell(DETECTIONS, "completed")
    assert await store.said() == [], "two highlights are not known yet"
    assert await store.rows("SELECT duration_ms, settled FROM runs") == [(180_000, False)]


async def test_a_golden_rescore_is_kept_as_one(store: Store) -> None:
    await store.tell(DETECTIONS, "rescore_completed")
    assert await store.rows("SELECT rescore FROM runs") == [(True,)]


async def test_a_golden_verdict_is_kept_through_later_revisions_until_it_is_taken_back(store: Store) -> None:
    await store.tell(DETECTIONS, "judged")
    await store.tell(DETECTIONS, "detected")
    await store.tell(DETECTIONS, "judged")
    await store.tell(DETECTIONS, "detected", revision=9)
    assert await store.rows("SELECT revision, verdict FROM highlights") == [(9, "accepted")]
    await store.tell(DETECTIONS, "judged", verdict=0)
    assert await store.rows("SELECT verdict FROM highlights") == [(None,)]
