"""What a customer may ask of a stream that was submitted: stop, cancel, retry, delete."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_gateway.application.ports import Announcements, Books, Streams, Uploads
from tldr_gateway.application.streams.admit_stream import AdmitStream
from tldr_gateway.application.streams.errors import NotPossibleNow, NotPushed, RetryTooLate, StreamNotFound, StreamOver
from tldr_gateway.application.streams.record_transition import RecordTransition
from tldr_gateway.domain.streams.source import Push, SourceKind
from tldr_gateway.domain.streams.stream import Cause, State
from tldr_gateway.domain.streams.stream_key import digest_of, new_stream_key
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Decision:
    """The stream as it is now, and why nothing was done where that is so."""

    stream: Stream
    refused: NotPossibleNow | None = None

    def granted(self) -> Stream:
        """The stream, or the refusal raised. To be asked after the transaction, which keeps the refusal in the history."""
        if self.refused:
            raise self.refused
        return self.stream


@dataclass(frozen=True, slots=True)
class ChangeStream:
    """Each method one wish of a customer; StreamNotFound for a stream that is not theirs."""

    streams: Streams
    uploads: Uploads
    announcements: Announcements
    books: Books
    record: RecordTransition
    admit: AdmitStream
    clock: Clock

    async def stop(self, stream: StreamId, *, actor: str) -> Decision:
        """The input ends here; what was seen is finished. The state changes only when that is done."""
        found = await self._mine(stream)
        if found.stop_asked and not found.state.terminal:
            return Decision(found)
        transition = await self.record(found, Cause.STOP_ASKED, detail=actor)
        if not transition.applied:
            return Decision(found, NotPossibleNow("stopped", transition.refusal))
        changed = replace(found, stop_asked=True)
        await self.record.save(changed)
        await self.announcements.stopped(changed)
        await self._audit(actor, "stream.stopped", stream)
        return Decision(changed)

    async def cancel(self, stream: StreamId, *, actor: str) -> Decision:
        """They want no more of it. Cancelling twice is as good as once."""
        found = await self._mine(stream)
        if found.state is State.CANCELLED:
            return Decision(found)
        transition = await self.record(found, Cause.CANCEL_ASKED, detail=actor)
        if not transition.applied:
            return Decision(found, NotPossibleNow("cancelled", transition.refusal))
        changed = replace(found, state=transition.after, ended_at=self.clock.now())
        await self.record.save(changed)
        await self.announcements.cancelled(changed)
        await self._audit(actor, "stream.cancelled", stream)
        return Decision(changed)

    async def retry(self, stream: StreamId, *, actor: str) -> Decision:
        """They want a failed one tried again; TooManyStreams when their plan has no room for it, RetryTooLate when what its
        attempts read may be gone: reading goes on behind it.
        """
        found = await self._mine(stream)
        transition = await self.record(found, Cause.RETRY_ASKED, detail=actor)
        if not transition.applied:
            return Decision(found, NotPossibleNow("retried", transition.refusal))
        plan = await self.admit(
            found.organization, live=found.source.kind is SourceKind.LIVE, live_source=found.live_source
        )
        kept = timedelta(days=plan.segment_retention_days)
        if found.ended_at is not None and self.clock.now() >= found.ended_at + kept:
            raise RetryTooLate(plan.segment_retention_days)
        changed = replace(
            found,
            state=transition.after,
            attempt=found.attempt + 1,
            stop_asked=False,
            failure=None,
            gaps=(),
            ended_at=None,
            live=None,
        )
        await self.streams.sourced(stream, None)
        await self.record.save(changed)
        await self.announcements.retried(changed)
        await self._audit(actor, "stream.retried", stream)
        return Decision(changed)

    async def rename(
        self,
        stream: StreamId,
        *,
        title: str | None,
        metadata: dict[str, str] | None,
        seen: Callable[[Stream], None],
    ) -> Stream:
        """They want another title or other metadata, and those that are not given to stay. `seen` raises where the stream is
        not what they saw.
        """
        found = await self._mine(stream)
        seen(found)
        changed = replace(
            found,
            title=found.title if title is None else title,
            metadata=found.metadata if metadata is None else metadata,
        )
        await self.streams.rename(stream, title=changed.title, metadata=changed.metadata)
        return changed

    async def rotate_key(self, stream: StreamId, *, actor: str) -> tuple[Stream, str]:
        """They want another stream key, which the old one gives way to at once; NotPushed where it has none."""
        found = await self._mine(stream)
        if found.source.push is None:
            raise NotPushed
        if found.state.terminal and found.state is not State.FAILED:
            raise StreamOver(found.state)
        key = new_stream_key()
        push = Push(digest_of(key))
        await self.streams.rekey(stream, push)
        changed = replace(found, source=replace(found.source, push=push))
        await self.announcements.key_rotated(changed)
        await self._audit(actor, "stream.key_rotated", stream)
        return changed, key

    async def delete(self, stream: StreamId, *, actor: str) -> None:
        """The stream and all that came of it go, and its uploads where no other stream uses them."""
        found = await self._mine(stream)
        await self.streams.delete(stream)
        await self.uploads.release(found.uploads)
        await self.announcements.deleted(found)
        await self._audit(actor, "stream.deleted", stream)

    async def _mine(self, stream: StreamId) -> Stream:
        found = await self.streams.lock(stream)
        if found is None:
            raise StreamNotFound
        return found

    async def _audit(self, actor: str, action: str, stream: StreamId) -> None:
        await self.books.audit(actor=actor, action=action, subject=stream, at=self.clock.now())
