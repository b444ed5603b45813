"""What ingest reports of a live source. Of a recording, of a deleted stream and of an earlier attempt, nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tldr_contracts.ids import StreamId
from tldr_gateway.application.feed.ports import FeedLog
from tldr_gateway.application.ports import Announcements, Streams
from tldr_gateway.domain.feed.news import state_news
from tldr_gateway.domain.streams.live import LiveState, SourceState, began, waiting
from tldr_gateway.domain.streams.source import SourceKind
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Stream

_UNKNOWN_SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class FollowSource:
    """Each method one report, under the stream's lock; what is known already is told to nobody again."""

    streams: Streams
    announcements: Announcements
    feed: FeedLog

    async def waiting(self, stream: StreamId, *, attempt: int, at: datetime, reason: Failure, until: datetime) -> None:
        """It is not live yet."""
        found = await self._live(stream, attempt)
        if found is None or _is(found, SourceState.LIVE, SourceState.INTERRUPTED):
            return
        known = _is(found, SourceState.WAITING) and found.live is not None and found.live.reason == reason
        await self.streams.sourced(stream, waiting(at, reason, until))
        if not known:
            await self.feed.tell(stream, state_news(stream, "waiting", at, failure=reason, until=until))

    async def began(
        self, stream: StreamId, *, attempt: int, at: datetime, wall_zero_ms: int, wall_uncertainty_ms: int
    ) -> None:
        """It is live."""
        found = await self._live(stream, attempt)
        if found is None or _is(found, SourceState.LIVE):
            return
        live = began(at, wall_zero_ms=wall_zero_ms, wall_uncertainty_ms=wall_uncertainty_ms)
        await self.streams.sourced(stream, live)
        await self.announcements.live(found, wall_zero_ms=wall_zero_ms, wall_uncertainty_ms=wall_uncertainty_ms)

    async def interrupted(self, stream: StreamId, *, at: datetime, at_ms: int, reason: Failure) -> None:
        """It gives nothing."""
        found = await self._live(stream)
        if found is None or found.live is None or not _is(found, SourceState.LIVE):
            return
        settings = found.source.live
        silence = timedelta(seconds=settings.ends_after_silence_s) if settings else _UNKNOWN_SILENCE
        await self.streams.sourced(stream, found.live.interrupted(at, reason, silence))
        await self.announcements.interrupted(found, at_ms=at_ms, reason=reason)

    async def resumed(self, stream: StreamId, *, at: datetime, at_ms: int) -> None:
        """It gives something again."""
        found = await self._live(stream)
        if found is None or found.live is None or not _is(found, SourceState.INTERRUPTED):
            return
        await self.streams.sourced(stream, found.live.resumed(at))
        await self.announcements.resumed(found, at_ms=at_ms)

    async def ended(
        self, stream: StreamId, *, attempt: int, at: datetime, duration_ms: int, failure: Failure | None
    ) -> None:
        """Nothing more comes. Of a source that was never live nobody is told: the stream's own end says why."""
        found = await self._live(stream, attempt)
        if found is None or _is(found, SourceState.ENDED):
            return
        seen = found.live or LiveState(SourceState.WAITING, at)
        await self.streams.sourced(stream, seen.ended(at, failure))
        if _is(found, SourceState.LIVE, SourceState.INTERRUPTED):
            await self.announcements.input_ended(found, duration_ms=duration_ms, failure=failure)

    async def _live(self, stream: StreamId, attempt: int | None = None) -> Stream | None:
        found = await self.streams.lock(stream)
        if found is None or found.source.kind is not SourceKind.LIVE or found.state.terminal:
            return None
        return None if attempt is not None and attempt < found.attempt else found


def _is(stream: Stream, *states: SourceState) -> bool:
    return stream.live is not None and stream.live.state in states
