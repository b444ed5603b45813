"""A stream as far as it was read, planned, and announced."""

from dataclasses import dataclass, replace

from tldr_streams.state import FollowedStream
from tldr_streams.values import Failure
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import MEDIA


@dataclass(frozen=True, slots=True)
class Request:
    """What came with the request."""

    priority: int
    thorough: bool
    live: bool

    @property
    def examines_everything(self) -> bool:
        """Whether every picture is decoded: in a live stream's few seconds there is nothing to choose the best from."""
        return self.thorough or self.live


@dataclass(frozen=True, slots=True)
class WindowLengths:
    """Seconds analysed at once. Longer windows cost less and know better what is usual; shorter ones wait less."""

    recording_s: int = 32
    live_s: int = 4


@dataclass(frozen=True, slots=True)
class AnalysedStream(FollowedStream):
    """One stream. Attempts are counted from 1; 0 is never. While it has failed, what comes is kept; when it is over, ignored.

    modalities: those of `opened_attempt`. read_until_ms: segments are known up to here. ended_attempt, duration_ms, failure:
    the end of the source. planned_until_s: windows were made of what is before. released_until_s: and announced.
    complete_until_ms: as announced. activity_level: what brings the activity of what follows to the level of the stream's
    beginning, whatever its coding. announced_attempt: the latest whose end was announced.
    """

    request: Request | None = None
    opened_attempt: int = 0
    modalities: tuple[Modality, ...] = ()
    read_until_ms: int = 0
    ended_attempt: int = 0
    duration_ms: int = 0
    failure: Failure | None = None
    planned_until_s: int = 0
    released_until_s: int = 0
    complete_until_ms: int = 0
    announced_attempt: int = 0
    activity_level: float = 1.0

    @property
    def works(self) -> bool:
        """Whether there may be something to analyse now."""
        return self.active and self.request is not None

    @property
    def declared(self) -> tuple[Modality, ...]:
        """The modalities to be ended: all where the source was never opened."""
        return self.modalities if self.opened_attempt == self.attempt and self.modalities else MEDIA

    @property
    def source_ended(self) -> bool:
        """Whether the current attempt reads no more."""
        return self.ended_attempt == self.attempt

    @property
    def end_second(self) -> int:
        """Where the last window ends. A second in which the source broke off is left to the next attempt."""
        return self.read_until_ms // 1000 if self.failure else -(-self.read_until_ms // 1000)

    @property
    def ends(self) -> bool:
        """Whether all is said but the end."""
        said = self.announced_attempt >= self.attempt
        return self.active and self.source_ended and not said and self.released_to_the_end

    @property
    def released_to_the_end(self) -> bool:
        """Whether every second of the source was released."""
        return self.released_until_s >= max(self.end_second, self.planned_until_s)

    def read(self, until_ms: int) -> "AnalysedStream":
        """With segments up to here."""
        return replace(self, read_until_ms=max(self.read_until_ms, until_ms))

    def ended(self, attempt: int, duration_ms: int, failure: Failure | None) -> "AnalysedStream":
        """With the end of the source; that of an older attempt changes nothing."""
        if attempt < self.attempt or attempt <= self.ended_attempt:
            return self
        return replace(self.at_attempt(attempt), ended_attempt=attempt, duration_ms=duration_ms, failure=failure)

    def plan(self, lengths: WindowLengths) -> tuple["AnalysedStream", tuple[Window, ...]]:
        """The stream with the windows that can be analysed now.

        A window waits until half of the next one is read as well, so it has its edges, and what remains at the end of the
        source is a window of half to one and a half lengths.
        """
        if not self.works or self.request is None:
            return self, ()
        length = lengths.live_s if self.request.live else lengths.recording_s
        windows: list[Window] = []
        at = self.planned_until_s
        while True:
            if self.read_until_ms - 1000 * at >= 1500 * length:
                end = at + length
            elif self.source_ended and at < self.end_second:
                end = self.end_second
            else:
                return replace(self, planned_until_s=at), tuple(windows)
            windows.append(Window(at, end))
            at = end
