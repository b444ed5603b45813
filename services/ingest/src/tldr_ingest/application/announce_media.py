"""Keep and announce what was read of picture and sound."""

from collections.abc import Sequence
from dataclasses import replace

from tldr_ingest.application.ports import MediaFact, Work
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import LiveProgress, LiveState, MediaProgress, StreamRecord
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.live.events import LiveOpened, SourceInterruption, SourceResumption, TimePassed
from tldr_ingest.domain.media.source import ReadGap, SourceInfo

ReadFact = MediaFact | LiveOpened | TimePassed
"""What is committed of picture and sound, in the order of its reading."""


async def announce(work: Work, record: StreamRecord, facts: Sequence[ReadFact], now_ms: int = 0) -> StreamRecord:
    """Facts about a held record, in order; puts it and gives it back as it is now. What it costs does not grow with the stream.

    `now_ms`: the wall clock, for live sources.
    """
    media = record.media
    said: list[MediaFact] = []
    for fact in facts:
        media, more = _taken(media, record.attempt, fact, now_ms)
        said += more
    if media is record.media and not said:
        return record
    current = replace(record, media=media)
    await work.segments.add(record.id, [fact for fact in said if isinstance(fact, StoredSegment)])
    await work.gaps.add(record.id, [fact for fact in said if isinstance(fact, ReadGap)])
    await work.announcements.media(current, said)
    await work.streams.put(current)
    return current


def _taken(
    media: MediaProgress, attempt: int, fact: ReadFact, now_ms: int
) -> tuple[MediaProgress, Sequence[MediaFact]]:
    """What is known with a fact, and what is said of it."""
    match fact:
        case LiveOpened():
            opened = replace(
                media,
                wall_zero_ms=fact.wall_zero_ms,
                wall_uncertainty_ms=fact.wall_uncertainty_ms,
                live=_on(media.live),
            )
            return _taken(opened, attempt, fact.info, now_ms)
        case SourceInfo():
            # Once in an attempt: a reading that was interrupted opens the source again.
            told = media.opened_attempt == attempt
            return (media, []) if told else (replace(media, opened_attempt=attempt, info=fact), [fact])
        case StoredSegment():
            return _stored(media, fact, now_ms)
        case TimePassed():
            return replace(media, read_until_ms=max(media.read_until_ms, fact.until_ms)), fact.gaps
        case SourceInterruption() | SourceResumption():
            return _turned(media, fact)
        case _:
            return media, [fact]


def _turned(
    media: MediaProgress, fact: SourceInterruption | SourceResumption
) -> tuple[MediaProgress, Sequence[MediaFact]]:
    """An interruption is said once, and its end once."""
    away, was_away = isinstance(fact, SourceInterruption), media.live.state is LiveState.INTERRUPTED
    live = replace(media.live, state=LiveState.INTERRUPTED) if away else _on(media.live)
    return replace(media, live=live), [fact] if away != was_away else []


def _stored(media: MediaProgress, segment: StoredSegment, now_ms: int) -> tuple[MediaProgress, Sequence[MediaFact]]:
    said: list[MediaFact] = []
    live = media.live
    if isinstance(segment.cursor, LiveCursor):
        clock = segment.cursor.clock
        if live.state is LiveState.INTERRUPTED:
            said.append(SourceResumption(segment.start_ms))
        live = replace(
            _on(live),
            segment_at_ms=now_ms,
            lag_ms=max(0, now_ms - clock.wall_of(segment.end_ms)),
            offset_ms=clock.measured_ms,
            uncertainty_ms=clock.uncertainty_ms,
            odd_walls=clock.odd_walls,
        )
    known = replace(
        media,
        segments=segment.index + 1,
        read_until_ms=segment.end_ms,
        size_bytes=media.size_bytes + segment.object.size_bytes,
        live=live,
    )
    return known, [*said, segment]


def _on(live: LiveProgress) -> LiveProgress:
    return replace(live, state=LiveState.LIVE, waits_until_ms=0)
