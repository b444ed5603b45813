"""A run: one detection over a stream's signals, settled once each of its highlights is ready or failed."""

from collections.abc import Iterable
from dataclasses import dataclass

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of a modality that could not be read, decoded or scored."""

    modality: str
    start_ms: int
    end_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """What detection said when it ended. A `rescore` is a run over a finished stream."""

    id: RunId
    stream: StreamId
    attempt: int
    highlights: tuple[HighlightId, ...] = ()
    duration_ms: int = 0
    gaps: tuple[Gap, ...] = ()
    failure: Failure | None = None
    settled: bool = False
    rescore: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a run ended: its highlights that are ready and those that could not be cut, in order of time; not those that
    the customer deleted."""

    run: Run
    ready: tuple[HighlightId, ...]
    failed: tuple[HighlightId, ...]


def settle(run: Run, highlights: Iterable[Highlight]) -> Settlement | None:
    """The settlement of a run, or None while one of its highlights still waits for its clip."""
    if run.settled:
        return None
    known = {highlight.id: highlight for highlight in highlights}
    if any(wanted not in known or known[wanted].cut is ClipState.WAITING for wanted in run.highlights):
        return None
    kept = [known[wanted] for wanted in run.highlights if not known[wanted].deleted]
    return Settlement(
        run,
        ready=tuple(one.id for one in kept if one.cut is ClipState.READY),
        failed=tuple(one.id for one in kept if one.cut is ClipState.FAILED),
    )
