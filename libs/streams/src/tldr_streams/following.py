"""The use case that every service has: keep up with what the gateway decides about a stream."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from tldr_contracts.ids import RunId, StreamId
from tldr_streams.state import FollowedStream, StreamState

S = TypeVar("S", bound=FollowedStream)
R = TypeVar("R")


class Streams(Protocol[S]):
    """The streams of one organization; a row is made by whatever event comes first."""

    async def get(self, stream: StreamId, /) -> S:
        """The stream, as new when nothing was written of it; to look at."""

    async def lock(self, stream: StreamId, /) -> S:
        """The same, to change: nobody else locks it until the transaction ends."""

    async def put(self, stream: S, /) -> None:
        """Add it, or replace it as a whole. Its retention begins when it is no longer active, and ends when it is again."""

    async def forget(self, stream: StreamId, /) -> None:
        """Delete all that hangs on it; its own row stays, so that late events find it deleted."""


class StreamFollower(ABC, Generic[S, R]):
    """What the gateway decides about a stream. Services say what begins, what is taken back and what else ends with it."""

    @property
    @abstractmethod
    def streams(self) -> Streams[S]:
        """The streams of the transaction at hand."""

    @abstractmethod
    async def requested(self, stream: StreamId, attempt: int, request: R) -> None:
        """The stream was submitted; other events of it may have come before."""

    @abstractmethod
    async def resume(self, before: S, now: S) -> None:
        """A new attempt begins, on what is there: write the stream and ask for its work."""

    @abstractmethod
    async def take_back(self, stream: StreamId) -> None:
        """Cancel the jobs of the stream, also those that run: they write nothing from now on."""

    @abstractmethod
    async def close(self, stream: StreamId) -> None:
        """Let what was announced of the stream go after the outbox's retention."""

    async def on_end(self, ended: S) -> None:
        """The stream was written as failed, completed, cancelled or deleted: what else goes with it."""

    async def retried(self, stream: StreamId, attempt: int) -> None:
        """A failed stream is tried again."""
        before = await self.streams.get(stream)
        if before.at_attempt(attempt) is not before:
            await self.take_back(stream)
            before = await self.streams.lock(stream)
            await self.resume(before, before.at_attempt(attempt))

    async def stopped(self, stream: StreamId) -> None:
        """The input ends here; who does not read sources hears of it by their end."""

    async def key_rotated(self, stream: StreamId, key_digest: str) -> None:
        """The key of a pushed stream was replaced by the one of this SHA-256, in hex; a word to who takes in what is pushed."""

    async def rescore_requested(self, stream: StreamId, run: RunId, *, make_default: bool) -> None:
        """A further run was asked for; a word to who detects, and to who shows what was found."""

    async def failed(self, stream: StreamId, attempt: int) -> None:
        """The gateway gave an attempt up. What came is kept: another may follow. An older attempt changes nothing."""
        await self._end(stream, lambda known: known.failed(attempt))

    async def completed(self, stream: StreamId) -> None:
        """Its highlights are ready."""
        await self._end(stream, lambda known: known.finished(StreamState.COMPLETED))

    async def cancelled(self, stream: StreamId) -> None:
        """Drop its work on sight."""
        await self._end(stream, lambda known: known.finished(StreamState.CANCELLED))

    async def deleted(self, stream: StreamId) -> None:
        """Drop its work and all that came of it; what is left says that it was deleted."""
        await self._end(stream, lambda known: known.finished(StreamState.DELETED))
        await self.streams.forget(stream)

    async def _end(self, stream: StreamId, change: Callable[[S], S]) -> None:
        known = await self.streams.get(stream)
        if change(known) is known:
            return
        await self.take_back(stream)
        ended = change(await self.streams.lock(stream))
        await self.streams.put(ended)
        await self.on_end(ended)
        await self.close(stream)
