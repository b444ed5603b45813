"""Watches what a live reading gives: when it must end, and what its source was last heard of."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

from tldr_ingest.application.copy_segments import CopiedEvent
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.live.events import LiveEvent, PieceRead, SourceInterruption, TimePassed
from tldr_ingest.domain.live.reconnecting import Patience
from tldr_ingest.domain.media.source import CutSegment, SourceEnded

_STOP_MS = 10_000
"""A stop waits so long for the segments of what was seen."""


@dataclass(slots=True)
class Watch:
    """One job's view of a stream. `heard_ms`: our clock when the source last gave something; `read_ms`: how far that was, in
    stream time. `longest_ms`, `silence_ms`: of the stream, and of its source.
    """

    now_ms: Callable[[], int]
    longest_ms: int
    silence_ms: int
    heard_ms: int
    told_ms: int = 0
    read_ms: int = 0
    segments: int = 0
    patience: Patience = field(default_factory=Patience)
    interrupted: bool = False
    stop_at: tuple[int, int] | None = None
    ended: SourceEnded = field(default_factory=lambda: SourceEnded(0, 0))

    @property
    def silent_ms(self) -> int:
        """For how long the source has given nothing."""
        return self.now_ms() - self.heard_ms

    def committed(self, record: StreamRecord) -> None:
        """The record as it was put last; it says whether the stream is to be stopped."""
        self.told_ms = record.media.read_until_ms
        self.segments = record.media.segments
        if record.media.live.stopping and self.stop_at is None:
            self.stop_at = (self.read_ms, self.now_ms() + _STOP_MS)

    async def over(
        self, events: AsyncGenerator[LiveEvent, None], look: Callable[[], Awaitable[None]], look_s: float
    ) -> AsyncGenerator[CopiedEvent, None]:
        """The events that are to be kept, up to where the stream ends. `look` is called where nothing came for `look_s`:
        what is to become of the stream is seen with each commit otherwise.
        """
        async for event in _with_pauses(events, look_s):
            if event is None:
                await look()
            elif (kept := self._kept(event)) is not None:
                yield kept
            if isinstance(event, SourceEnded):
                self.ended = event
                return
            if code := self._end_behind(event):
                # Where it ends is where what was committed ends.
                self.ended = SourceEnded(0, 0, code)
                yield self.ended
                return

    def _kept(self, event: LiveEvent) -> CopiedEvent | None:
        if isinstance(event, TimePassed) and not self.interrupted:
            # A break for advertisements, or what is damaged, is no silence.
            self.heard_ms = self.now_ms()
        match event:
            case PieceRead():
                self.heard_ms, self.read_ms, self.interrupted = self.now_ms(), event.end_ms, False
                self.patience.heard()
                return None
            case SourceInterruption():
                self.interrupted = True
            case CutSegment() if event.start_ms >= self.longest_ms:
                return None
            case TimePassed() if event.until_ms > self.longest_ms:
                return self._shortened(event)
        return event

    def _shortened(self, passed: TimePassed) -> TimePassed | None:
        gaps = tuple(replace(gap, end_ms=self.longest_ms) for gap in passed.gaps if gap.start_ms < self.longest_ms)
        return TimePassed(self.longest_ms, gaps) if gaps else None

    def _end_behind(self, event: LiveEvent | None) -> str:
        """How the stream ends behind an event, or a pause; empty where it goes on."""
        reached_ms = event.end_ms if isinstance(event, CutSegment) else self.told_ms
        if isinstance(event, TimePassed):
            reached_ms = event.until_ms
            if self.silent_ms >= self.silence_ms:
                return "source_silent"
        if reached_ms >= self.longest_ms:
            return "longest"
        if self.stop_at is not None:
            seen_ms, deadline_ms = self.stop_at
            if self.interrupted or reached_ms >= seen_ms or self.now_ms() >= deadline_ms:
                return "stopped"
        return ""


async def _with_pauses(
    events: AsyncGenerator[LiveEvent, None], pause_s: float
) -> AsyncGenerator[LiveEvent | None, None]:
    """The events, and None whenever nothing came for so long."""
    async with aclosing(events) as given:
        coming: asyncio.Task[LiveEvent] | None = None
        try:
            while True:
                coming = coming or asyncio.create_task(anext(given))
                done, _ = await asyncio.wait({coming}, timeout=pause_s)
                if not done:
                    yield None
                    continue
                arrived, coming = coming, None
                try:
                    event = arrived.result()
                except StopAsyncIteration:
                    return
                yield event
        finally:
            if coming is not None:
                coming.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await coming
