"""A stream as a customer sees it: its state, and how far the mesh is with it."""

from dataclasses import dataclass
from datetime import datetime

from tldr_gateway.application.streams.progress import Progress, ProgressQuestions
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream with its progress. `share_done` in [0, 1]; None where it cannot be said.

    `stage`: queued, reading, analysing, cutting, else the state.
    """

    stream: Stream
    stage: str
    share_done: float | None
    seconds_processed: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ViewStream:
    """Ask the services that work on a stream how far they are."""

    questions: ProgressQuestions
    clock: Clock

    async def __call__(self, stream: Stream) -> StreamView:
        """The stream with its progress; answers that do not come leave figures out, not the stream."""
        if stream.state is not State.PROCESSING:
            return glimpse(stream)
        progress = await self.questions.progress(stream.organization, stream.id)
        return view(stream, progress, self.clock.now())


def glimpse(stream: Stream) -> StreamView:
    """What is known of a stream without asking anybody."""
    if stream.state is State.PENDING:
        return StreamView(stream, "queued", 0.0, 0.0, None)
    if stream.state is State.COMPLETED:
        return StreamView(stream, "completed", 1.0, (stream.duration_ms or 0) / 1000, 0.0)
    return StreamView(stream, str(stream.state), None, None, None)


def view(stream: Stream, progress: Progress, now: datetime) -> StreamView:
    """The view of a stream at work. Time left assumes that it goes on as fast as so far."""
    done_ms, total_ms = progress.analysed_until_ms, _total(progress)
    share = min(done_ms / total_ms, 1.0) if done_ms is not None and total_ms else None
    left = None
    if share and stream.started_at:
        left = (now - stream.started_at).total_seconds() * (1 - share) / share
    processed = done_ms / 1000 if done_ms is not None else None
    return StreamView(stream, _stage(progress, share), share, processed, left)


def _total(progress: Progress) -> int | None:
    if progress.source_ended:
        return progress.read_until_ms
    known = [value for value in (progress.claimed_duration_ms, progress.read_until_ms) if value]
    return max(known) if known else None


def _stage(progress: Progress, share: float | None) -> str:
    if progress.source_ended is None:
        return "processing"
    if not progress.source_ended:
        return "reading"
    return "cutting" if share is not None and share >= 1.0 else "analysing"
