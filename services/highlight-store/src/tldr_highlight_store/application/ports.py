"""What the use cases need, in the words of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlight import Highlight
from tldr_highlight_store.domain.run import Run, Settlement
from tldr_highlight_store.domain.segment import Segment
from tldr_streams.values import Failure, StoredObject


class CutImpossible(Exception):
    """The clip cannot be cut, now or later; `code` and `reason` say why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.failure = Failure(code, reason)


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """What this service knows of a stream. `ended_attempt` is the last attempt whose source has ended, 0 for none."""

    id: StreamId
    priority: int = 0
    attempt: int = 1
    dropped: bool = False
    read_until_ms: int = 0
    ended_attempt: int = 0

    def read_to(self, end_ms: int) -> bool:
        """Whether all segments before this time are known, as far as there are any."""
        return self.read_until_ms >= end_ms or self.ended_attempt >= self.attempt


class Streams(Protocol):
    """The streams of one organization; a row is made by whatever event comes first."""

    async def get(self, stream: StreamId) -> StreamRecord:
        """The stream, as new when nothing was written of it."""

    async def lock(self, stream: StreamId) -> None:
        """Wait until nobody else works on the stream and hold it until the transaction ends. Handlers of events do."""

    async def meet(self, stream: StreamId) -> StreamRecord:
        """The stream, written down when it was not known."""

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """Keep what came with the request."""

    async def retried(self, stream: StreamId, *, attempt: int) -> None:
        """A later attempt has begun; its source has not ended, and nothing of the stream is kept for a time only."""

    async def read(self, stream: StreamId, *, until_ms: int, ended_attempt: int = 0) -> None:
        """The source was read up to here, to its end in that attempt; never goes back."""

    async def show(self, stream: StreamId, run: RunId) -> None:
        """Make a settled run the one whose highlights are shown, unless a later one is. Ids of runs grow."""

    async def close(self, stream: StreamId) -> None:
        """It ended, somehow: from now on its retention counts. Closing again changes nothing."""

    async def drop(self, stream: StreamId) -> None:
        """Take no more work for it; it is closed."""

    async def forget(self, stream: StreamId) -> None:
        """Delete all that is known of it but that it was dropped, so that late events find it so."""


class Highlights(Protocol):
    """The highlights of one organization."""

    async def get(self, highlight: HighlightId) -> Highlight | None:
        """One of them."""

    async def put(self, highlight: Highlight) -> None:
        """Add it, or replace it as a whole."""

    async def of_run(self, run: RunId) -> Sequence[Highlight]:
        """Those of a run, in order of time."""

    async def waiting(self, stream: StreamId, after_ms: int, until_ms: int | None) -> Sequence[Highlight]:
        """Those of a stream that have no clip yet and end in (after_ms, until_ms], or at any time after `after_ms`."""

    async def page(
        self, stream: StreamId, *, after: tuple[int, str] | None, limit: int, run: RunId | None = None
    ) -> Sequence[Highlight]:
        """Those of `run`, else of the run that is shown, else of the latest one; not the retracted ones.

        In order of start and id.
        """


class Runs(Protocol):
    """The runs of one organization."""

    async def get(self, run: RunId) -> Run | None:
        """One of them."""

    async def put(self, run: Run) -> None:
        """Add it, or replace it as a whole."""


class Segments(Protocol):
    """The segments of one organization's streams."""

    async def add(self, stream: StreamId, segment: Segment) -> None:
        """Keep a segment; one of the same index is replaced."""

    async def around(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Segment]:
        """Those that could be needed for this range: what it touches, from where decoding it must start."""


class ClipQueue(Protocol):
    """Work to be done later."""

    async def cut(self, highlight: Highlight, *, priority: int) -> None:
        """Ask for the clip of this revision of a highlight, whose segments are there."""

    async def purge(self, stream: StreamId) -> None:
        """Ask for all objects of a stream to be deleted, those too that work in hand is about to write."""

    async def drop(self, stream: StreamId) -> None:
        """Take back what was asked for a stream."""


class Announcements(Protocol):
    """What other services are told: of each highlight its whole life, each fact with the revision it is about."""

    async def detected(self, highlight: Highlight) -> None:
        """A highlight is heard of for the first time, or again after it was taken back."""

    async def revised(self, highlight: Highlight) -> None:
        """A highlight has other figures than before."""

    async def ready(self, highlight: Highlight) -> None:
        """A highlight has its clip."""

    async def failed(self, highlight: Highlight) -> None:
        """A highlight could not be cut."""

    async def withdrawn(self, highlight: Highlight) -> None:
        """A highlight was taken back."""

    async def settled(self, settlement: Settlement) -> None:
        """A run ended."""

    async def close(self, stream: StreamId) -> None:
        """The stream has ended: what was told of it need not be kept for long."""


class Cutter(Protocol):
    """Cuts clips and thumbnails out of segments and stores them."""

    async def cut(
        self, highlight: Highlight, segments: Sequence[Segment], *, token: int
    ) -> tuple[StoredObject, StoredObject | None]:
        """The stored clip, exact in start and end, and a picture of the peak where there is a picture.

        `segments` may hold more than is needed. Raises CutImpossible when it can never be done, anything else when
        another try may help.
        """
