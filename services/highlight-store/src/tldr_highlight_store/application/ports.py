"""What the use cases need, in the words of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlight import Failure, Highlight, Stored
from tldr_highlight_store.domain.run import Run, Settlement
from tldr_highlight_store.domain.segment import Segment


class CutImpossible(Exception):
    """The clip cannot be cut, now or later; `code` and `reason` say why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.failure = Failure(code, reason)


class SegmentsNotThere(Exception):
    """The segments of a highlight were not announced yet."""


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """What this service knows of a stream."""

    id: StreamId
    priority: int
    dropped: bool
    read_until_ms: int
    ended: bool


class Streams(Protocol):
    """The streams of one organization; a row is made by whatever event comes first."""

    async def get(self, stream: StreamId) -> StreamRecord:
        """The stream, as new when nothing was written of it."""

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """Keep what came with the request."""

    async def read(self, stream: StreamId, *, until_ms: int, ended: bool) -> None:
        """The source was read up to here; never goes back."""

    async def drop(self, stream: StreamId) -> None:
        """Take no more work for it."""

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

    async def page(self, stream: StreamId, *, after: tuple[int, str] | None, limit: int) -> Sequence[Highlight]:
        """Those of the stream's default run that were not retracted, in order of start and id."""


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
        """Those that could be needed for this range: what it touches and a minute before."""


class ClipQueue(Protocol):
    """Work to be done later."""

    async def cut(self, highlight: Highlight, *, priority: int) -> None:
        """Ask for the clip of a highlight, once."""

    async def purge(self, stream: StreamId) -> None:
        """Ask for all objects of a stream to be deleted."""

    async def drop(self, stream: StreamId) -> None:
        """Take back what was asked for a stream."""


class Announcements(Protocol):
    """What other services are told."""

    async def ready(self, highlight: Highlight) -> None:
        """A highlight has its clip."""

    async def failed(self, highlight: Highlight) -> None:
        """A highlight could not be cut."""

    async def withdrawn(self, highlight: Highlight) -> None:
        """A highlight was taken back."""

    async def settled(self, settlement: Settlement) -> None:
        """A run ended."""


class Cutter(Protocol):
    """Cuts clips and thumbnails out of segments and stores them."""

    async def cut(
        self, highlight: Highlight, segments: Sequence[Segment], *, token: int
    ) -> tuple[Stored, Stored | None]:
        """The stored clip, exact in start and end, and a picture of the peak where there is a picture.

        `segments` may hold more than is needed. Raises CutImpossible when it can never be done, anything else when
        another try may help.
        """
