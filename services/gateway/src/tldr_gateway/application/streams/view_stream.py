"""A stream as a customer sees it: its state, and how far the mesh is with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tldr_gateway.application.streams.progress import Progress, ProgressQuestions, SourceProgress
from tldr_gateway.domain.streams.live import SourceState
from tldr_gateway.domain.streams.stream import Failure, State
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock
from tldr_web import UpstreamUnavailable


@dataclass(frozen=True, slots=True)
class LiveView:
    """A live source as it is now: a state of ours with its time and reason, and figures of whoever reads it."""

    state: SourceState
    since: datetime
    reason: Failure | None
    source: SourceProgress


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream with its progress. `share_done` in [0, 1]; None where it cannot be said.

    `stage`: queued, reading, analysing, cutting, else the state; of a live source its state, until it has ended.
    `chat`: what became of it, where somebody knows. `incomplete`: somebody who knows more did not answer.
    """

    stream: Stream
    stage: str
    share_done: float | None
    seconds_processed: float | None
    seconds_left: float | None
    chat: dict[str, Any] | None = None
    live: LiveView | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class ViewStream:
    """Ask the services that work on a stream how far they are."""

    questions: ProgressQuestions
    clock: Clock

    async def __call__(self, stream: Stream) -> StreamView:
        """The stream with its progress; answers that do not come leave figures out, and the view says so."""
        seen = glimpse(stream)
        if stream.state is State.PROCESSING:
            progress = await self.questions.progress(stream.organization, stream.id)
            seen = replace(view(stream, progress, self.clock.now()), incomplete=progress.silent)
        if stream.chat is None or stream.state is State.PENDING:
            return seen
        try:
            return replace(seen, chat=await self.questions.chat(stream.organization, stream.id))
        except UpstreamUnavailable:
            return replace(seen, incomplete=True)


def glimpse(stream: Stream) -> StreamView:
    """What is known of a stream without asking anybody."""
    live = _live(stream, SourceProgress())
    seen = replace(_glimpse(stream), live=live)
    return replace(seen, stage=live.state) if live and stream.state is State.PENDING else seen


def _glimpse(stream: Stream) -> StreamView:
    if stream.state is State.PENDING:
        return StreamView(stream, "queued", 0.0, 0.0, None)
    if stream.state is State.COMPLETED:
        return StreamView(stream, "completed", 1.0, (stream.duration_ms or 0) / 1000, 0.0)
    return StreamView(stream, str(stream.state), None, None, None)


def view(stream: Stream, progress: Progress, now: datetime) -> StreamView:
    """The view of a stream at work. Time left assumes that it goes on as fast as so far."""
    live = _live(stream, progress.source)
    if live and not progress.source_ended:
        processed = progress.analysed_until_ms / 1000 if progress.analysed_until_ms is not None else None
        return StreamView(stream, live.state, None, processed, None, live=live)
    done_ms, total_ms = progress.analysed_until_ms, _total(progress)
    share = min(done_ms / total_ms, 1.0) if done_ms is not None and total_ms else None
    left = None
    if share and stream.started_at:
        left = (now - stream.started_at).total_seconds() * (1 - share) / share
    processed = done_ms / 1000 if done_ms is not None else None
    return StreamView(stream, _stage(progress, share), share, processed, left, live=live)


def _live(stream: Stream, source: SourceProgress) -> LiveView | None:
    known = stream.live
    if known is None:
        return None
    clock = source
    if source.wall_zero_ms is None and known.wall_zero_ms:
        clock = replace(source, wall_zero_ms=known.wall_zero_ms, wall_uncertainty_ms=known.wall_uncertainty_ms)
    if stream.state.terminal:
        since = known.since if known.state is SourceState.ENDED else stream.ended_at or known.since
        return LiveView(SourceState.ENDED, since, known.reason, replace(clock, edge_lag_s=None))
    return LiveView(known.state, known.since, known.reason, clock)


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
