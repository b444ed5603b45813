"""Announcements that a stream's feed tells as well, in the same transaction."""

from dataclasses import dataclass
from typing import Any

from tldr_gateway.adapters.announcements_outbox import OutboxAnnouncements
from tldr_gateway.application.feed.ports import FeedLog
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.feed.news import state_news
from tldr_gateway.domain.runs.run import Run
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class ToldAnnouncements:
    """Says it to the mesh, then to whoever watches the stream."""

    mesh: OutboxAnnouncements
    feed: FeedLog
    clock: Clock

    async def organization_changed(self, organization: Organization) -> None:
        """No stream's news."""
        await self.mesh.organization_changed(organization)

    async def requested(self, stream: Stream) -> None:
        """It waits for its turn."""
        await self.mesh.requested(stream)
        await self._tell(stream, "pending")

    async def started(self, stream: Stream) -> None:
        """It is being processed."""
        await self.mesh.started(stream)
        await self._tell(stream, "processing")

    async def retried(self, stream: Stream) -> None:
        """It is being processed once more."""
        await self.mesh.retried(stream)
        await self._tell(stream, "processing")

    async def stopped(self, stream: Stream) -> None:
        """What was seen is being finished."""
        await self.mesh.stopped(stream)
        await self._tell(stream, "stopping")

    async def cancelled(self, stream: Stream) -> None:
        """It was cancelled."""
        await self.mesh.cancelled(stream)
        await self._tell(stream, "cancelled")

    async def deleted(self, stream: Stream) -> None:
        """It is gone, and its feed with it."""
        await self.mesh.deleted(stream)
        await self.feed.gone(stream.id)

    async def completed(self, stream: Stream) -> None:
        """It is done."""
        await self.mesh.completed(stream)
        await self._tell(stream, "completed", duration_ms=stream.duration_ms, highlights=stream.highlights)

    async def rescore_requested(self, stream: Stream, run: Run) -> None:
        """A look beside the stream, which its feed does not tell."""
        await self.mesh.rescore_requested(stream, run)

    async def failed(self, stream: Stream) -> None:
        """It failed."""
        await self.mesh.failed(stream)
        await self._tell(stream, "failed", failure=stream.failure)

    async def key_rotated(self, stream: Stream) -> None:
        """A matter between the customer and their encoder."""
        await self.mesh.key_rotated(stream)

    async def live(self, stream: Stream, *, wall_zero_ms: int, wall_uncertainty_ms: int) -> None:
        """Its source is live."""
        await self.mesh.live(stream, wall_zero_ms=wall_zero_ms, wall_uncertainty_ms=wall_uncertainty_ms)
        await self._tell(stream, "live", wall_zero_ms=wall_zero_ms)

    async def interrupted(self, stream: Stream, *, at_ms: int, reason: Failure) -> None:
        """Its source gives nothing."""
        await self.mesh.interrupted(stream, at_ms=at_ms, reason=reason)
        await self._tell(stream, "interrupted", at_ms=at_ms, failure=reason)

    async def resumed(self, stream: Stream, *, at_ms: int) -> None:
        """Its source gives something again."""
        await self.mesh.resumed(stream, at_ms=at_ms)
        await self._tell(stream, "resumed", at_ms=at_ms)

    async def input_ended(self, stream: Stream, *, duration_ms: int, failure: Failure | None) -> None:
        """Its source has ended."""
        await self.mesh.input_ended(stream, duration_ms=duration_ms, failure=failure)
        await self._tell(stream, "ended", duration_ms=duration_ms, failure=failure)

    async def _tell(self, stream: Stream, state: str, **known: Any) -> None:
        await self.feed.tell(stream.id, state_news(stream.id, state, self.clock.now(), **known))
