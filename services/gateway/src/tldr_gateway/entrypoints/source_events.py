"""What ingest reports of a live source, and what it could not read, as the feed tells it."""

from datetime import UTC, datetime

from tldr.common.v1 import common_pb2
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr_bus import Received
from tldr_contracts.ids import StreamId
from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.domain.feed.news import gap_news
from tldr_gateway.domain.streams.stream import Failure
from tldr_secrets import struck

_END_OF_TIME_MS = 4_102_444_800_000
"""The year 2100: no figure of a clock lies behind it."""


async def follow_source(work: Work, received: Received[IngestionEvent]) -> None:
    """The news of an event about a source; nothing for an event that has none."""
    stream, event, at = StreamId(received.subject), received.message, received.time
    match received.kind:
        case "waiting":
            waiting = event.waiting
            until = datetime.fromtimestamp(min(waiting.until_ms, _END_OF_TIME_MS) / 1000, UTC)
            reason = _failure(waiting.reason)
            await work.follow_source.waiting(stream, attempt=waiting.attempt, at=at, reason=reason, until=until)
        case "started":
            started = event.started
            await work.follow_source.began(
                stream,
                attempt=started.attempt,
                at=at,
                wall_zero_ms=min(started.wall_zero_ms, _END_OF_TIME_MS),
                wall_uncertainty_ms=started.wall_uncertainty_ms,
            )
        case "interrupted":
            gone = event.interrupted
            await work.follow_source.interrupted(stream, at=at, at_ms=gone.at_ms, reason=_failure(gone.reason))
        case "resumed":
            await work.follow_source.resumed(stream, at=at, at_ms=event.resumed.at_ms)
        case "ended":
            ended = event.ended
            failure = _failure(ended.failure) if ended.HasField("failure") else None
            await work.follow_source.ended(
                stream, attempt=ended.attempt, at=at, duration_ms=ended.duration_ms, failure=failure
            )
        case "gap_found":
            await work.feed.tell(stream, gap_news(stream, at, _gap(event.gap_found.gap)))


def _failure(failure: common_pb2.Failure) -> Failure:
    return Failure(failure.code, struck(failure.reason))


def _gap(gap: common_pb2.Gap) -> dict[str, object]:
    return {
        "modality": common_pb2.Modality.Name(gap.modality).removeprefix("MODALITY_").lower(),
        "start_ms": gap.range.start_ms,
        "end_ms": gap.range.end_ms,
        "code": gap.code,
        "reason": struck(gap.reason),
    }
