"""Streams that do not move: looked at, asked about, and failed when nobody can say that work goes on."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.ports import Streams
from tldr_gateway.application.streams.follow_stream import FollowStream
from tldr_gateway.application.streams.progress import Progress, ProgressQuestions
from tldr_service import Clock

SILENT_FOR = 4
"""A stream about which nobody answers is failed after this many times the ordinary limit: an outage is not a failure."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A stream that has not been heard of since `moved_at`; `mark` is what its progress was when it was last asked."""

    organization: OrganizationId
    stream: StreamId
    moved_at: datetime
    mark: int


class QuietStreams(Protocol):
    """Finds quiet streams of all organizations."""

    async def quiet(self, *, working_since: datetime, waiting_since: datetime) -> Sequence[Quiet]:
        """Those at work and not heard of since the one time, those not begun since the other; longest first."""


class Work(Protocol):
    """The use cases of one transaction."""

    @property
    def streams(self) -> Streams:
        """The organization's streams."""

    @property
    def follow(self) -> FollowStream:
        """What the mesh reports of them."""


class OpenWork(Protocol):
    """Opens a transaction of an organization."""

    def __call__(self, organization: OrganizationId) -> AbstractAsyncContextManager[Work]:
        """Committed at the end."""


@dataclass(frozen=True, slots=True)
class FailStalled:
    """A long recording is analysed for hours without an event for the gateway, so progress is asked for first."""

    quiet: QuietStreams
    questions: ProgressQuestions
    open: OpenWork
    clock: Clock
    working_limit: timedelta
    waiting_limit: timedelta

    async def __call__(self) -> None:
        """Look once."""
        now = self.clock.now()
        found = await self.quiet.quiet(working_since=now - self.working_limit, waiting_since=now - self.waiting_limit)
        for stream in found:
            await self._look(stream, now)

    async def _look(self, quiet: Quiet, now: datetime) -> None:
        progress = await self.questions.progress(quiet.organization, quiet.stream)
        mark = _mark(progress)
        if mark is None and now - quiet.moved_at < SILENT_FOR * self.working_limit:
            return
        async with self.open(quiet.organization) as work:
            if mark is not None and mark != quiet.mark:
                await work.streams.progressed(quiet.stream, mark=mark, at=now)
            else:
                await work.follow.stalled(quiet.stream, since=quiet.moved_at)


def _mark(progress: Progress) -> int | None:
    """A figure that changes with every step of work; None where nobody answered."""
    if progress.read_until_ms is None and progress.analysed_until_ms is None:
        return None
    return (progress.read_until_ms or 0) + (progress.analysed_until_ms or 0)
