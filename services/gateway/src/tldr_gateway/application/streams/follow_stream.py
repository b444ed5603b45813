"""What the mesh reports of a stream, and what its silence means. Of a deleted stream, nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.application.ports import Announcements, Books, Streams
from tldr_gateway.application.runs.ports import Runs
from tldr_gateway.application.streams.record_transition import RecordTransition
from tldr_gateway.domain.runs.run import Run, RunState
from tldr_gateway.domain.streams.stream import Cause, Failure, State
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock

STALLED = Failure("stalled", "The stream has not moved for too long. Retry it, or tell the operator.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a settled run says."""

    run: RunId
    attempt: int
    duration_ms: int = 0
    highlights: int = 0
    gaps: tuple[dict[str, Any], ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Each method one report, decided under the stream's lock and written into its history."""

    streams: Streams
    runs: Runs
    announcements: Announcements
    books: Books
    record: RecordTransition
    clock: Clock

    async def moved(self, stream: StreamId, at: datetime) -> None:
        """A sign of work."""
        await self.streams.moved(stream, at)

    async def started(self, stream: StreamId, *, attempt: int) -> None:
        """The mesh began to work on it."""
        found = await self.streams.lock(stream)
        if found is None:
            return
        if found.state is State.PROCESSING:
            await self.streams.moved(stream, self.clock.now())
            return
        transition = await self.record(found, Cause.WORK_STARTED, of_attempt=attempt)
        if transition.applied:
            changed = replace(found, state=transition.after, started_at=self.clock.now())
            await self.record.save(changed)
            await self.announcements.started(changed)

    async def settled(self, stream: StreamId, outcome: Outcome) -> None:
        """The run it was processed in ended, well or badly. That run is the first that is listed."""
        found = await self.streams.lock(stream)
        if found is None:
            return
        cause = Cause.RUN_FAILED if outcome.failure else Cause.SETTLED
        detail = outcome.failure.reason if outcome.failure else f"{outcome.highlights} highlights"
        transition = await self.record(found, cause, of_attempt=outcome.attempt, detail=detail)
        if not transition.applied:
            return
        now = self.clock.now()
        await self.runs.put(_first_run(found, outcome, now))
        if outcome.failure:
            await self._fail(replace(found, failure=outcome.failure, gaps=outcome.gaps))
            return
        changed = replace(
            found,
            state=State.COMPLETED,
            duration_ms=outcome.duration_ms,
            highlights=outcome.highlights,
            gaps=outcome.gaps,
            started_at=found.started_at or now,
            ended_at=now,
        )
        await self.record.save(changed)
        await self.books.use(stream, media_ms=outcome.duration_ms, at=now)
        await self.announcements.completed(changed)

    async def highlight_deleted(self, stream: StreamId, run: RunId, *, rescore: bool) -> None:
        """The customer deleted a highlight of a run: where its highlights were counted, they are one less."""
        found, ended = await self.streams.lock(stream), await self.runs.get(stream, run)
        if found is None or ended is None or not ended.highlights:
            return
        await self.runs.put(replace(ended, highlights=ended.highlights - 1))
        if not rescore and found.highlights:
            await self.streams.save(replace(found, highlights=found.highlights - 1))

    async def stalled(self, stream: StreamId, *, since: datetime) -> None:
        """It has not moved since then, unless it has in the meantime."""
        found = await self.streams.lock(stream)
        if found is None or not await self.streams.still_since(stream, since):
            return
        if (await self.record(found, Cause.STALLED, detail=STALLED.reason)).applied:
            await self._fail(replace(found, failure=STALLED))

    async def _fail(self, stream: Stream) -> None:
        changed = replace(stream, state=State.FAILED, ended_at=self.clock.now())
        await self.record.save(changed)
        await self.announcements.failed(changed)


def _first_run(stream: Stream, outcome: Outcome, at: datetime) -> Run:
    return Run(
        id=outcome.run,
        stream=stream.id,
        state=RunState.FAILED if outcome.failure else RunState.COMPLETED,
        profile=stream.profile,
        created_at=stream.started_at or at,
        completed_at=at,
        highlights=None if outcome.failure else outcome.highlights,
        failure=outcome.failure,
    )
