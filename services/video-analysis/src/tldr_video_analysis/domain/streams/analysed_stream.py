"""A stream as far as it was read, planned, and announced."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_streams.state import FollowedStream
from tldr_streams.values import Failure
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import MEDIA

LIVE_EDGE_MS = 600
"""What a live window needs behind it: whether a picture stays is known half a second later, loudness looks 300 ms further."""
_BEHIND_S = 8
_TOGETHER_S = 32
"""Waiting windows of a live stream are analysed together, up to so many seconds: so what is behind costs less."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came with the request."""

    priority: int
    thorough: bool
    live: bool

    def examines_everything(self, window: Window) -> bool:
        """Whether every picture is decoded: in a live stream's few seconds there is nothing to choose the best from. Where
        its analysis is behind it is looked at as a recording is, and catches up.
        """
        return self.thorough or (self.live and window.end_second - window.first_second < _BEHIND_S)

    @property
    def together_s(self) -> int:
        """How many seconds of waiting windows are analysed at once."""
        return _TOGETHER_S if self.live else 0


@dataclass(frozen=True, slots=True)
class WindowLengths:
    """Seconds analysed at once. Longer windows cost less and know better what is usual; shorter ones wait less. Of a live
    stream that is behind, as many as of a recording.
    """

    recording_s: int = 32
    live_s: int = 2


@dataclass(frozen=True, slots=True)
class AnalysedStream(FollowedStream):
    """One stream. Attempts are counted from 1; 0 is never. While it has failed, what comes is kept; when it is over, ignored.

    modalities: those of `opened_attempt`. read_until_ms: it is known up to here what there is. media_until_ms: the last
    segment ends here; where `read_until_ms` is further, a gap follows. ended_attempt, duration_ms, failure: the end of the
    source. planned_until_s: windows were made of what is before. video_until_s, audio_until_s: and announced, one by one.
    complete_until_ms: both, as announced. activity_level: what brings the activity of what follows to the level of the stream's
    beginning, whatever its coding. announced_attempt: the latest whose end was announced.
    """

    request: Request | None = None
    opened_attempt: int = 0
    modalities: tuple[Modality, ...] = ()
    read_until_ms: int = 0
    media_until_ms: int = 0
    ended_attempt: int = 0
    duration_ms: int = 0
    failure: Failure | None = None
    planned_until_s: int = 0
    video_until_s: int = 0
    audio_until_s: int = 0
    complete_until_ms: int = 0
    announced_attempt: int = 0
    activity_level: float = 1.0

    @property
    def live(self) -> bool:
        """Whether it is known to be read as it happens."""
        return self.request is not None and self.request.live

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
    def released_until_s(self) -> int:
        """Up to where both are announced."""
        return min(self.video_until_s, self.audio_until_s)

    def until_s(self, modality: Modality) -> int:
        """Up to where a modality is announced."""
        return self.video_until_s if modality is Modality.VIDEO else self.audio_until_s

    def complete_ms(self, modality: Modality) -> int:
        """Up to where a modality is complete, as announced."""
        return max(self.complete_until_ms, min(self.until_s(modality) * 1000, self.read_until_ms))

    def released(self, modalities: Sequence[Modality], until_s: int) -> "AnalysedStream":
        """With these modalities announced up to a second."""
        now = replace(
            self,
            video_until_s=until_s if Modality.VIDEO in modalities else self.video_until_s,
            audio_until_s=until_s if Modality.AUDIO in modalities else self.audio_until_s,
        )
        return replace(now, complete_until_ms=min(now.complete_ms(modality) for modality in MEDIA))

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
        return replace(
            self,
            read_until_ms=max(self.read_until_ms, until_ms),
            media_until_ms=max(self.media_until_ms, until_ms),
        )

    def passed(self, until_ms: int) -> "AnalysedStream":
        """With nothing to come up to here but what is there."""
        return replace(self, read_until_ms=max(self.read_until_ms, until_ms))

    def left_out(self, window: Window) -> bool:
        """Whether nothing of a window can ever come: a gap of all that the source has follows its last segment."""
        return self.live and window.start_ms >= self.media_until_ms

    def ended(self, attempt: int, duration_ms: int, failure: Failure | None) -> "AnalysedStream":
        """With the end of the source; that of an older attempt changes nothing."""
        if attempt < self.attempt or attempt <= self.ended_attempt:
            return self
        return replace(self.at_attempt(attempt), ended_attempt=attempt, duration_ms=duration_ms, failure=failure)

    def plan(self, lengths: WindowLengths) -> tuple["AnalysedStream", tuple[Window, ...]]:
        """The stream with the windows that can be analysed now.

        A window of a recording waits until half of the next one is read as well, so it has its edges, and what remains at
        the end of the source is a window of half to one and a half lengths.
        """
        if not self.works or self.request is None:
            return self, ()
        if self.request.live:
            return self._plan_live(lengths)
        length = lengths.recording_s
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

    def _plan_live(self, lengths: WindowLengths) -> tuple["AnalysedStream", tuple[Window, ...]]:
        """As soon as they have their edges, one second less than a window too: where segments are no whole seconds, it would
        wait for another one. Before a gap nothing is waited for, and no window holds both segments and what follows them.
        """
        media_s = -(-self.media_until_ms // 1000)
        nothing_follows = self.source_ended or self.read_until_ms > self.media_until_ms
        if self.source_ended:
            end = self.end_second
        else:
            end = (self.read_until_ms if nothing_follows else self.read_until_ms - LIVE_EDGE_MS) // 1000
        windows: list[Window] = []
        at = self.planned_until_s
        while at < end:
            border = media_s if at < media_s < end else end
            upto = min(border, at + max(lengths.recording_s, lengths.live_s))
            if not nothing_follows and upto - at < lengths.live_s - 1:
                break
            windows.append(Window(at, upto))
            at = upto
        return replace(self, planned_until_s=at), tuple(windows)
