"""What the use cases need, in the words of the domain."""

from collections.abc import Sequence
from typing import Protocol

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlights.highlight import Highlight
from tldr_highlight_store.domain.highlights.run import Run, Settlement
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_streams.following import Streams as Followed
from tldr_streams.values import Failure, StoredObject


class CutImpossible(Exception):
    """The clip cannot be cut, now or later; `code` and `reason` say why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.failure = Failure(code, reason)


class Streams(Followed[Stream], Protocol):
    """The streams of one organization."""


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

    async def newest_settled(self, stream: StreamId, *, besides: Sequence[RunId]) -> RunId | None:
        """The newest of a stream's that settled without a failure."""


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

    async def discard(self, highlight: Highlight) -> None:
        """Ask for all objects of a highlight to be deleted, those too that work in hand is about to write."""

    async def replaced(self, highlight: Highlight) -> None:
        """Ask for the clip and picture it had to be deleted, once addresses that were given out have expired."""

    async def purge(self, stream: StreamId) -> None:
        """Ask for all objects of a stream to be deleted, those too that work in hand is about to write."""

    async def cancel(self, stream: StreamId) -> None:
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
