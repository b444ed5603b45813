"""Read a live stream's picture and sound as they happen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from tldr_ingest.application.announce_media import ReadFact, announce
from tldr_ingest.application.copy_segments import CopySegments, Pace, Rest
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.live.await_source import AwaitSource
from tldr_ingest.application.live.ports import LiveMediaReader, LiveSources, PageSource
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.live.watching import Watch
from tldr_ingest.application.ports import ReadingFailed, Shelf, Work
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import LiveSettings, Place, Push, StreamRecord
from tldr_ingest.domain.errors import AddressExpired
from tldr_ingest.domain.live.cursor import Going, LiveCursor
from tldr_ingest.domain.live.events import SourceInterruption, TimePassed
from tldr_ingest.domain.media.source import CutSegment, ReadGap
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure

logger = logging.getLogger(__name__)

LIVE_PACE = Pace(uploads=4, batch=4, every_s=0.05)

_NO_STREAM = ("publisher_never_came",)
"""Ends of a feed that mean that there was no stream."""
_GONE = "source_not_found"
"""An address that was read from and leads nowhere: the broadcast is over, or will be back."""
_OURS = ("unreadable", "reading_stalled")
"""A process that died, or hung: no word of the source."""
_CRASHES = 5
"""Without a segment in between: the source has something that nothing can read."""
_BROKEN = Failure(
    "reading_failed",
    "Reading the live source failed several times in a row. Retry the stream; it goes on where the source is then.",
)
_NOTHING = Failure("source_ended", "The source ended before anything of it was read. Submit it again when it is live.")


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """`again_s`: how often one is looked for that is not live yet. A source that has been offline for `offline_ms`, or silent
    for `silence_ms`, has ended. It is called interrupted after `interrupted_ms` without a word; time is given up `spare_ms`
    behind it, in parts of `part_ms`: what the source still has may be read when it comes back.
    """

    longest_ms: int
    again_s: float = 45.0
    silence_ms: int = 300_000
    offline_ms: int = 90_000
    interrupted_ms: int = 10_000
    spare_ms: int = 20_000
    part_ms: int = 10_000


@dataclass(frozen=True, slots=True)
class ReadLive:
    """Find the source, follow it, and go on when it comes back. No transaction is open meanwhile."""

    sources: LiveSources
    reader: LiveMediaReader
    shelf: Shelf
    limits: LiveLimits
    now_ms: Callable[[], int]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pace: Pace = LIVE_PACE
    look_s: float = 3.0

    async def __call__(self, reading: Reading, transactions: Transactions[Work]) -> None:
        """Raises ReadingFailed when another try may help."""
        async with transactions.look() as work:
            record = await work.streams.lock(reading.stream)
        request, settings = record.request, record.live
        if request is None or request.place is None or settings is None or not record.reads_media(reading.attempt):
            return
        longest_ms = min(settings.longest_ms or self.limits.longest_ms, self.limits.longest_ms)
        silence_ms = settings.ends_after_silence_ms or self.limits.silence_ms
        watch = Watch(self.now_ms, longest_ms, silence_ms, self.now_ms())
        watch.committed(record)
        job = _Job(self, reading, transactions, request.place, settings, watch)
        outcome = await job.run()
        async with transactions.finish() as work:
            current = await work.streams.lock(reading.stream)
            if not current.reads_media(reading.attempt):
                return
            if isinstance(outcome, NotLive):
                await AwaitSource(work, self.now_ms(), self.limits.again_s)(current, outcome.failure)
            elif isinstance(outcome, Failure):
                await EndReading(work).media(current, outcome)
            else:
                await EndReading(work).media(current, duration_ms=outcome.duration_ms, gaps=outcome.gaps)


@dataclass(slots=True)
class _Job:
    """One job's reading, over as many connections as it takes."""

    use: ReadLive
    reading: Reading
    transactions: Transactions[Work]
    place: Place
    settings: LiveSettings
    watch: Watch
    found_ms: int = 0
    crashes: int = 0
    crashed_at: int = -1
    ended_at: int = -1

    async def run(self) -> Rest | Failure | NotLive:
        """How it ends."""
        while True:
            try:
                outcome = await self._follow()
                if outcome is not None:
                    return outcome
                continue
            except NotLive as away:
                if not self._begun:
                    return away
                trouble, offline, pause_s = away.failure, True, self.watch.patience.after_failure_s()
            except ReadingFailed as error:
                if self._nobody_pushes(error):
                    return NotLive(error.failure)
                known = self._judged(error)
                if isinstance(known, Failure):
                    return known
                trouble, offline, pause_s = error.failure, error.failure.code == _GONE, known
            logger.warning("live stream %s: %s; tried again in %g s", self.reading.stream, trouble.code, pause_s)
            if await self._is_over(trouble, offline):
                return Rest((), 0) if self._begun else trouble
            await self.use.sleep(pause_s)

    @property
    def _begun(self) -> bool:
        return self.watch.told_ms > 0

    def _nobody_pushes(self, error: ReadingFailed) -> bool:
        """Whether another server that takes a stream in has nothing of it yet."""
        nowhere = error.failure.code in (_GONE, AddressExpired.code)
        return nowhere and isinstance(self.place, Push) and not self._begun

    def _judged(self, error: ReadingFailed) -> Failure | float:
        """How the attempt fails, or after how many seconds it is tried again here. Raises it to be tried as another job."""
        code = error.failure.code
        if code == AddressExpired.code:
            return self.watch.patience.after_expiry_s((self.use.now_ms() - self.found_ms) / 1000)
        if code in _OURS:
            self.crashes = self.crashes + 1 if self.crashed_at == self.watch.segments else 1
            self.crashed_at = self.watch.segments
            return _BROKEN if self.crashes >= _CRASHES else self.watch.patience.after_failure_s()
        if not error.passing and not (code == _GONE and self._begun):
            return error.failure
        if not self._begun:
            if self.reading.last_try:
                return error.failure
            raise error
        return self.watch.patience.after_failure_s()

    async def _follow(self) -> Rest | Failure | None:
        """Read until the stream ends; None where its page may have another address for it."""
        use, stream, watch = self.use, self.reading.stream, self.watch

        async def store(segment: CutSegment) -> StoredSegment:
            return await use.shelf.put_segment(stream, segment, self.reading.token)

        source = await use.sources.find(stream, self.place, self.settings)
        self.found_ms = use.now_ms()
        going = await self._begin()
        events = watch.over(use.reader.read(source, self.settings, going), self._look, use.look_s)
        rest = await CopySegments(store, self._commit, use.pace)(events)
        if not self._begun:
            return Failure(watch.ended.code, watch.ended.reason) if watch.ended.code in _NO_STREAM else _NOTHING
        if watch.ended.code == "source_ended" and isinstance(source, PageSource) and source.page:
            # Platforms end a playlist when the broadcaster's connection breaks, and have another one a little later.
            again, self.ended_at = self.ended_at != watch.read_ms, watch.read_ms
            return None if again else rest
        return rest

    async def _begin(self) -> Going:
        """Where reading goes on; the start is announced in each attempt, with what was known of the source before."""
        async with self.transactions.look() as work:
            record = await work.streams.lock(self.reading.stream)
            after = await work.segments.cursor(self.reading.stream)
            live = replace(record.media.live, connections=record.media.live.connections + 1)
            record = replace(record, media=replace(record.media, live=live))
            info = record.media.info
            if info is not None:
                record = await announce(work, record, [info])
            await work.streams.put(record)
        self.watch.committed(record)
        if info is None or not isinstance(after, LiveCursor):
            return Going()
        return Going(after, record.media.read_until_ms, tuple(info.modalities))

    async def _look(self) -> None:
        async with self.transactions.look() as work:
            record = await work.streams.get(self.reading.stream)
        self.watch.committed(record)

    async def _commit(self, facts: Sequence[ReadFact]) -> None:
        async with self.transactions.progress() as work:
            current = await work.streams.lock(self.reading.stream)
            now = await announce(work, current, facts, self.use.now_ms())
        self.watch.committed(now)

    async def _is_over(self, trouble: Failure, offline: bool) -> bool:
        """Between two connections: say that the source is away, let time go on, and see whether that is the end."""
        watch, limits = self.watch, self.use.limits
        if self._begun and watch.silent_ms >= limits.interrupted_ms:
            async with self.transactions.progress() as work:
                record = await work.streams.lock(self.reading.stream)
                record = await announce(work, record, self._absence(record, trouble), self.use.now_ms())
            watch.committed(record)
        over_ms = min(watch.silence_ms, limits.offline_ms) if offline else watch.silence_ms
        return watch.silent_ms >= over_ms or watch.told_ms >= watch.longest_ms or watch.stop_at is not None

    def _absence(self, record: StreamRecord, trouble: Failure) -> Sequence[ReadFact]:
        """What is to be said of it now."""
        media, limits = record.media, self.use.limits
        code, reason = "source_unreachable", f"The source cannot be reached: {trouble.reason}"
        facts: list[ReadFact] = [SourceInterruption(media.read_until_ms, code, reason)]
        until_ms = min(self.use.now_ms() - media.wall_zero_ms - limits.spare_ms, self.watch.longest_ms)
        if media.info is not None and until_ms - media.read_until_ms >= limits.part_ms:
            gaps = (
                ReadGap(modality, media.read_until_ms, until_ms, code, reason) for modality in media.info.modalities
            )
            facts.append(TimePassed(until_ms, tuple(gaps)))
        return facts
