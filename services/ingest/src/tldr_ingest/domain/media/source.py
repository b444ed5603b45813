"""What is known of a source, and the pieces it is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tldr_ingest.domain.live.cursor import LiveCursor


class Modality(StrEnum):
    """A kind of evidence that ingest reads."""

    VIDEO = "video"
    AUDIO = "audio"
    CHAT = "chat"


class Container(StrEnum):
    """How a segment's file is written."""

    MP4 = "mp4"
    MATROSKA = "matroska"


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The picture that was chosen; `frame_rate` is an average, 0 where unknown."""

    codec: str
    width: int
    height: int
    frame_rate: float


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """The sound that was chosen; `sample_rate` in Hz."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What the header says. `claimed_duration_ms` is 0 where it claims none, and may be wrong."""

    format: str
    claimed_duration_ms: int
    video: VideoTrack | None
    audio: AudioTrack | None

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities there are."""
        found = ((Modality.VIDEO, self.video), (Modality.AUDIO, self.audio))
        return tuple(modality for modality, track in found if track is not None)


@dataclass(frozen=True, slots=True)
class ResumeCursor:
    """Where cutting goes on after a stored segment; integers only, so that it can be kept beside the segment.

    `video_pts` is the first picture of the next segment in ticks of the source, None where that is not known.
    `anchor` is the last segment that starts with a keyframe. A `spliced` timeline, and what is missing of a track that was
    `away` at the end of the segment, are found again by reading from the start only.
    """

    index: int
    end_ms: int
    video_pts: int | None
    anchor: int
    spliced: bool = False
    away: bool = False


@dataclass(frozen=True, slots=True)
class CutSegment:
    """A self-contained file of a part of the source, in the source's codecs.

    Ranges are contiguous: a segment ends where the next one starts. A timestamp t (seconds) in the file lies at
    `floor(1000 t + 0.5) + offset_ms` of the stream; frames before 0 are needed for decoding only. `decode_from` is
    the segment where decoding must start: another than its own index if it starts without a keyframe, or if frames
    shown before its first keyframe refer to the segment before (open GOP). `data` holds the whole file. `wall_clock_ms`: when
    it began, since 1970, of a live source; else 0.
    """

    index: int
    start_ms: int
    end_ms: int
    data: bytes
    container: Container
    offset_ms: int
    decode_from: int
    has_video: bool
    has_audio: bool
    keyframes_ms: tuple[int, ...]
    video_packets: int
    cursor: ResumeCursor | LiveCursor
    wall_clock_ms: int = 0


@dataclass(frozen=True, slots=True)
class ReadGap:
    """A part of the source that could not be read; `code` is stable, `reason` a sentence."""

    modality: Modality
    start_ms: int
    end_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """Everything was read. `duration_ms` includes a gap at the end; `segments` counts those of earlier attempts too. `code`:
    how a live source ended.
    """

    duration_ms: int
    segments: int
    code: str = ""
    reason: str = ""


SourceEvent = SourceInfo | CutSegment | ReadGap | SourceEnded
