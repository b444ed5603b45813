"""What the use cases need, in the words of the domain."""

from collections.abc import Collection, Sequence
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_streams.following import Streams
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Segment, Window
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import Gap
from tldr_video_analysis.domain.streams.releasing import Outcome
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis


class Segments(Protocol):
    """Where the streams' files are."""

    async def add(self, stream: StreamId, segments: Sequence[Segment]) -> None:
        """Keep them; one that is there already stays as it is."""

    async def around(self, stream: StreamId, window: Window) -> Sequence[Segment]:
        """Those an analysis of the window reads (see `needed`), in order of index."""


class Windows(Protocol):
    """The seconds that are analysed at once, and what came of them."""

    async def add(self, stream: StreamId, windows: Sequence[Window]) -> None:
        """Make windows that wait for their analysis."""

    async def waiting(self, stream: StreamId) -> Sequence[Window]:
        """Those that wait, in order."""

    async def waiting_from(
        self, stream: StreamId, window: Window, seconds: int
    ) -> tuple[tuple[Window, ...], frozenset[Modality]]:
        """A window that waits and those that meet behind it in the same case, of at most so many seconds together, and what
        of them is measured; none where it does not wait.
        """

    async def partly(self, stream: StreamId, window: Window) -> WindowAnalysis | None:
        """What is kept of a window of which one modality is measured."""

    async def put(self, stream: StreamId, analysis: WindowAnalysis) -> None:
        """Keep what came of a window; once both modalities are measured it waits no more."""

    async def ready(self, stream: StreamId, from_seconds: Collection[int]) -> Sequence[WindowAnalysis]:
        """Windows of which something is measured, in order, each within about ten minutes from one of these seconds on."""


class Gaps(Protocol):
    """What the source reported as missing."""

    async def add(self, stream: StreamId, gap: Gap) -> None:
        """Keep a gap, once."""

    async def within(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Gap]:
        """Those that touch [start_ms, end_ms)."""

    async def to_tell(self, stream: StreamId, until_ms: int | None) -> Sequence[Gap]:
        """Those that start before `until_ms`, or all, and were not given here before."""


class AnalysisQueue(Protocol):
    """Work to be done later."""

    async def ask(self, stream: AnalysedStream, windows: Sequence[Window], *, only: Modality | None = None) -> None:
        """Ask for these analyses, in their order; with `only`, for what one modality lacks. Those of a live stream go ahead
        of recordings' and run one after the other, `only` ones beside the others.
        """

    async def cancel(self, stream: StreamId) -> None:
        """Take back what was asked, also what is being done: it can write nothing from now on."""


class Announcements(Protocol):
    """What other services are told."""

    async def publish(self, stream: StreamId, outcomes: Sequence[Outcome]) -> None:
        """Say them in this order, after all that was said of the stream before."""

    async def close(self, stream: StreamId) -> None:
        """The stream came to an end: what was said of it need not be kept for ever."""


class Work(Protocol):
    """What may be touched in one transaction."""

    @property
    def streams(self) -> Streams[AnalysedStream]:
        """The organization's streams."""

    @property
    def segments(self) -> Segments:
        """Their segments."""

    @property
    def windows(self) -> Windows:
        """Their windows."""

    @property
    def gaps(self) -> Gaps:
        """What their sources lack."""

    @property
    def queue(self) -> AnalysisQueue:
        """Work to be done later."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""


class Sources(Protocol):
    """Where an analyser reads a segment's file."""

    def address(self, segment: Segment) -> str:
        """An address that works for an hour, without asking anybody."""
