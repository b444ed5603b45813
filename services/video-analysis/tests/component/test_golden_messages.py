"""The handlers do what every golden message of the topics they read says, and can give each of them up."""

from dataclasses import replace
from typing import Any

import pytest

from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr_bus.events.unknown import unknown_facts
from tldr_contracts.ids import StreamId
from tldr_streams.state import StreamState
from tldr_testing import golden, hand_over, received
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request

# What each fact by itself changes of a stream that nothing was written of.
STREAMS: dict[str, dict[str, Any]] = {
    "requested": {"request": Request(priority=10, thorough=False, live=False)},
    "retried": {"attempt": 2},
    "failed": {"state": StreamState.FAILED},
    "completed": {"state": StreamState.COMPLETED},
    "cancelled": {"state": StreamState.CANCELLED},
    "deleted": {"state": StreamState.DELETED},
    # Of no concern here: ingest ends its reading, the gateway notes it, the detector does it.
    "stopped": {},
    "started": {},
    "rescore_requested": {},
    **{fact: {} for fact in ("key_rotated", "live", "interrupted", "resumed", "input_ended")},
}
INGESTIONS: dict[str, dict[str, Any]] = {
    "started": {"opened_attempt": 1, "modalities": (Modality.VIDEO, Modality.AUDIO)},
    "segment_stored": {"read_until_ms": 16_000, "media_until_ms": 16_000},
    "gap_found": {},
    # Of a source of which nothing came: all of it is a gap, and that is all there will be.
    "ended": {"ended_attempt": 1, "duration_ms": 180_000, "complete_until_ms": 180_000, "announced_attempt": 1},
}
EFFECTS = {("tldr.streams.v1", fact): effect for fact, effect in STREAMS.items()} | {
    ("tldr.ingestions.v1", fact): effect for fact, effect in INGESTIONS.items()
}
READ = list(EFFECTS)


def of_stream(topic: str, fact: str, stream: str) -> Any:
    """About a stream of the test's own: rows of several tests share a database."""
    message = golden(topic, fact)
    getattr(message, fact).stream_id = stream
    return message


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_changes_what_it_says_and_nothing_else(
    desk: Any, stream: str, topic: str, fact: str
) -> None:
    before = dict(unknown_facts([topic]))
    await desk.tell(of_stream(topic, fact, stream))
    async with desk.open() as work:
        found = await work.streams.get(StreamId(stream))
    assert found == replace(AnalysedStream(StreamId(stream)), **EFFECTS[topic, fact])
    assert dict(unknown_facts([topic])) == before


async def test_a_golden_segment_and_a_golden_gap_are_kept(desk: Any, stream: str) -> None:
    for fact in ("segment_stored", "gap_found"):
        await desk.tell(of_stream("tldr.ingestions.v1", fact, stream))
    async with desk.open() as work:
        (segment,) = await work.segments.around(StreamId(stream), Window(12, 16))
        (gap,) = await work.gaps.within(StreamId(stream), 0, 180_000)
    assert (segment.index, segment.start_ms, segment.end_ms, segment.decode_from) == (3, 12_000, 16_000, 3)
    assert (gap.start_ms, gap.end_ms, gap.code) == (170_000, 180_000, "source_truncated")


async def test_a_fact_of_a_newer_ingest_is_counted_and_changes_nothing(desk: Any, stream: str) -> None:
    newer = "tldr.ingestions.v1.SourceBlessed"
    told = received(of_stream("tldr.ingestions.v1", "started", stream), desk.organization)
    async with desk.database.tenant(desk.organization) as transaction:
        await hand_over(transaction, desk.subscriptions(), replace(told, type=newer, message=IngestionEvent()))
    assert unknown_facts(["tldr.ingestions.v1"])[newer] == 1
    async with desk.open() as work:
        assert await work.streams.get(StreamId(stream)) == AnalysedStream(StreamId(stream))


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_can_be_given_up(desk: Any, stream: str, topic: str, fact: str) -> None:
    await desk.bury(of_stream(topic, fact, stream))
