"""Read a stream's picture and sound."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

from tldr_ingest.application.announce_media import ReadFact, announce
from tldr_ingest.application.copy_segments import CopySegments, Pace, Rest
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import MediaReader, ReadingFailed, Shelf, Work
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import FilePlace, Push, StreamRecord
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.media.source import CutSegment, ReadGap, ResumeCursor, SourceEnded, SourceEvent, SourceInfo
from tldr_streams.transactions import Transact, Transactions
from tldr_streams.values import Failure

_CHANGED = Failure(
    "source_changed", "The source is another one than when its reading began. Submit it as a new stream."
)


@dataclass(frozen=True, slots=True)
class ReadMedia:
    """Cut, store and announce segment by segment, behind those that are there. No transaction is open meanwhile."""

    reader: MediaReader
    shelf: Shelf
    longest_ms: int
    pace: Pace

    async def __call__(self, reading: Reading, transactions: Transactions[Work]) -> None:
        """Raises ReadingFailed when another try may help."""
        async with transactions.look() as work:
            record = await work.streams.lock(reading.stream)
            after = await work.segments.cursor(reading.stream)
        request = record.request
        if request is None or not record.reads_media(reading.attempt):
            return
        if request.place is None or isinstance(request.place, Push):
            return
        outcome: Rest | Failure
        try:
            outcome = await self._copy(reading, record, request.place, after, transactions.progress)
        except ReadingFailed as error:
            if error.passing and not reading.last_try:
                raise
            outcome = error.failure
        async with transactions.finish() as work:
            current = await work.streams.lock(reading.stream)
            if not current.reads_media(reading.attempt):
                return
            if isinstance(outcome, Failure):
                await EndReading(work).media(current, outcome)
            else:
                await EndReading(work).media(current, duration_ms=outcome.duration_ms, gaps=outcome.gaps)

    async def _copy(
        self,
        reading: Reading,
        record: StreamRecord,
        place: FilePlace,
        after: ResumeCursor | LiveCursor | None,
        progress: Transact[Work],
    ) -> Rest:
        async def store(segment: CutSegment) -> StoredSegment:
            return await self.shelf.put_segment(reading.stream, segment, reading.token)

        async def commit(facts: Sequence[ReadFact]) -> None:
            async with progress() as work:
                current = await work.streams.lock(reading.stream)
                await announce(work, current, facts)

        known = record.media.info if after is not None else None
        events = self._checked(self.reader.read(place, after), known)
        return await CopySegments(store, commit, self.pace)(events)

    async def _checked(
        self, events: AsyncGenerator[SourceEvent, None], known: SourceInfo | None
    ) -> AsyncGenerator[SourceEvent, None]:
        try:
            async for event in events:
                if isinstance(event, SourceInfo) and known is not None and _tracks(event) != _tracks(known):
                    raise ReadingFailed(_CHANGED)
                if isinstance(event, CutSegment) and event.start_ms >= self.longest_ms:
                    raise ReadingFailed(self._too_long())
                yield self._believed(event)
        finally:
            await events.aclose()

    def _believed(self, event: SourceEvent) -> SourceEvent:
        # Where a file that was cut off would have ended is its own claim, and the seconds up to there cost work.
        if isinstance(event, ReadGap):
            return replace(event, end_ms=min(event.end_ms, self.longest_ms))
        if isinstance(event, SourceEnded):
            return replace(event, duration_ms=min(event.duration_ms, self.longest_ms))
        return event

    def _too_long(self) -> Failure:
        hours = self.longest_ms / 3_600_000
        return Failure("source_too_long", f"The recording is longer than {hours:g} hours; what is behind was not read.")


def _tracks(info: SourceInfo) -> tuple[object, ...]:
    # The length may be an estimate that differs from one opening to the next.
    return info.format, info.video, info.audio
