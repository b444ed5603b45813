"""Changes to a stream: what a customer asks, what the mesh reports. Decided under the stream's lock, all written down."""

from dataclasses import dataclass, replace
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_gateway.application.errors import NotPossibleNow, StreamNotFound
from tldr_gateway.application.ports import Announcements, Books, Streams
from tldr_gateway.domain.stream import Cause, Failure, State, Transition, decide
from tldr_gateway.domain.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a settled run says."""

    attempt: int
    duration_ms: int = 0
    highlights: int = 0
    gaps: tuple[dict[str, Any], ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class ChangeStream:
    """Every change of a stream's state, one method a cause."""

    streams: Streams
    announcements: Announcements
    books: Books
    clock: Clock

    async def started(self, stream: StreamId, *, attempt: int) -> None:
        """The mesh began to work on it."""
        found = await self.streams.lock(stream)
        if found is None:
            return
        transition = await self._decide(found, Cause.WORK_STARTED, of_attempt=attempt)
        if transition.applied:
            changed = replace(found, state=transition.after, started_at=self.clock.now())
            await self._save(changed)
            await self.announcements.started(changed)

    async def settled(self, stream: StreamId, outcome: Outcome) -> None:
        """Its run ended, well or badly. Only the first run ends the stream: later ones find it completed."""
        found = await self.streams.lock(stream)
        if found is None:
            return
        cause = Cause.RUN_FAILED if outcome.failure else Cause.SETTLED
        detail = outcome.failure.reason if outcome.failure else f"{outcome.highlights} highlights"
        transition = await self._decide(found, cause, of_attempt=outcome.attempt, detail=detail)
        if not transition.applied:
            return
        if outcome.failure:
            await self._fail(replace(found, failure=outcome.failure, gaps=outcome.gaps))
            return
        now = self.clock.now()
        changed = replace(
            found,
            state=State.COMPLETED,
            duration_ms=outcome.duration_ms,
            highlights=outcome.highlights,
            gaps=outcome.gaps,
            ended_at=now,
        )
        await self._save(changed)
        await self.books.use(stream, media_ms=outcome.duration_ms, at=now)
        await self.announcements.completed(changed)

    async def stalled(self, stream: StreamId) -> None:
        """It has not moved for too long."""
        found = await self.streams.lock(stream)
        if found is None:
            return
        failure = Failure("stalled", "The stream has not moved for too long. Retry it, or tell the operator.")
        if (await self._decide(found, Cause.STALLED, detail=failure.reason)).applied:
            await self._fail(replace(found, failure=failure))

    async def cancel(self, stream: StreamId, *, actor: str) -> Stream:
        """The customer wants no more of it."""
        found = await self._mine(stream)
        transition = await self._decide(found, Cause.CANCEL_ASKED, detail=actor)
        if found.state is State.CANCELLED:
            return found
        if not transition.applied:
            raise NotPossibleNow("cancelled", transition.refusal)
        changed = replace(found, state=State.CANCELLED, ended_at=self.clock.now())
        await self._save(changed)
        await self.announcements.cancelled(changed)
        await self.books.audit(actor=actor, action="stream.cancelled", subject=stream, at=self.clock.now())
        return changed

    async def retry(self, stream: StreamId, *, actor: str) -> Stream:
        """The customer wants a failed one tried again."""
        found = await self._mine(stream)
        transition = await self._decide(found, Cause.RETRY_ASKED, detail=actor)
        if not transition.applied:
            raise NotPossibleNow("retried", transition.refusal)
        changed = replace(found, state=transition.after, attempt=found.attempt + 1, failure=None, ended_at=None)
        await self._save(changed)
        await self.announcements.retried(changed)
        return changed

    async def stop(self, stream: StreamId) -> Stream:
        """The input ends here; what was seen is finished. The state changes only when that is done."""
        found = await self._mine(stream)
        if found.state.terminal:
            raise NotPossibleNow("stopped", f"the stream is {found.state}")
        if found.stop_asked:
            return found
        changed = replace(found, stop_asked=True)
        await self._save(changed)
        await self.announcements.stopped(changed)
        return changed

    async def delete(self, stream: StreamId, *, actor: str) -> None:
        """The stream and all that came of it go."""
        found = await self._mine(stream)
        await self.streams.delete(stream)
        await self.announcements.deleted(found)
        await self.books.audit(actor=actor, action="stream.deleted", subject=stream, at=self.clock.now())

    async def _mine(self, stream: StreamId) -> Stream:
        found = await self.streams.lock(stream)
        if found is None:
            raise StreamNotFound
        return found

    async def _decide(
        self, stream: Stream, cause: Cause, *, of_attempt: int | None = None, detail: str = ""
    ) -> Transition:
        transition = decide(stream.state, cause, attempt=stream.attempt, of_attempt=of_attempt)
        await self.streams.record(
            stream.id, transition, attempt=stream.attempt, at=self.clock.now(), detail=transition.refusal or detail
        )
        return transition

    async def _fail(self, stream: Stream) -> None:
        changed = replace(stream, state=State.FAILED, ended_at=self.clock.now())
        await self._save(changed)
        await self.announcements.failed(changed)

    async def _save(self, stream: Stream) -> None:
        await self.streams.save(replace(stream, updated_at=self.clock.now()))
