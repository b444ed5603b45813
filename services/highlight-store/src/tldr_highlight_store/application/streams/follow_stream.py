"""What the gateway decides about a stream, as far as it concerns its highlights."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId, StreamId
from tldr_highlight_store.application.ports import Streams
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.streams.stream import Request, Stream
from tldr_streams.following import StreamFollower
from tldr_streams.state import StreamState


@dataclass(frozen=True, slots=True)
class FollowStream(StreamFollower[Stream, Request]):
    """Keep up with what the gateway decided."""

    work: Work

    @property
    def streams(self) -> Streams:
        """The streams of the transaction at hand."""
        return self.work.streams

    async def requested(self, stream: StreamId, attempt: int, request: Request) -> None:
        """The stream was submitted."""
        before = await self.streams.lock(stream)
        await self.streams.put(replace(before.at_attempt(attempt), priority=request.priority, live=request.live))

    async def rescore_requested(self, stream: StreamId, run: RunId, *, make_default: bool) -> None:
        """A further run was asked for: what is but a look never becomes what is shown."""
        before = await self.streams.lock(stream)
        if make_default or before.dropped:
            return
        now = before.looked_at_by(run)
        if before.default_run == run:  # it settled before this was heard: topics have no order among them
            now = replace(now, default_run=await self.work.runs.newest_settled(stream, besides=now.looks))
        await self.streams.put(now)

    async def resume(self, before: Stream, now: Stream) -> None:
        """Its source is read anew from where it ended; whatever was made of the stream stays."""
        await self.streams.put(replace(now, segments_deleted=False))

    async def take_back(self, stream: StreamId) -> None:
        """Nothing: clips that are asked for are still cut. There is a bounded number of them, the moments are good, and a
        retry has a run of its own.
        """

    async def on_end(self, ended: Stream) -> None:
        """Of a stream that nobody wants nothing is cut, and of a deleted one all objects go."""
        if ended.dropped:
            await self.work.clips.cancel(ended.id)
        if ended.state is StreamState.DELETED:
            await self.work.clips.purge(ended.id)

    async def close(self, stream: StreamId) -> None:
        """Let its events go."""
        await self.work.announcements.close(stream)
