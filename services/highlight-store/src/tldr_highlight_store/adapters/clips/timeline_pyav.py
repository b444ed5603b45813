"""Opens stored segments with PyAV and reads their packets as one timeline."""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av

from tldr_highlight_store.domain.clips.cutting import SegmentPart, SegmentUnreadable
from tldr_media.segments import WITHOUT_TRIAL_DECODING, segment_bytes
from tldr_media.stream_time import latest_millisecond, to_ticks


@dataclass(slots=True)
class Track:
    """The packets of one kind of all parts, in the order they are decoded, their PTS in stream time.

    Times count `time_base` since the stream's first frame. `changed` says that a later part is coded differently, so
    that its packets cannot follow those of the first in one file without being decoded.
    """

    template: Any
    time_base: Fraction
    packets: list[Any] = field(default_factory=list)
    changed: bool = False

    def boundary_ms(self, ticks: int) -> int:
        """A frame at `ticks` belongs to `[start, end)` when `start <= boundary_ms < end`."""
        return latest_millisecond(ticks, self.time_base.numerator, self.time_base.denominator)

    def ticks(self, milliseconds: int | Fraction) -> int:
        """The nearest tick."""
        return to_ticks(milliseconds, self.time_base.numerator, self.time_base.denominator)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture and the sound of contiguous parts."""

    video: Track | None
    audio: Track | None


@contextmanager
def opened(parts: Sequence[SegmentPart]) -> Iterator[Timeline]:
    """The timeline of `parts`; its packets live as long as the context. Raises SegmentUnreadable."""
    tracks: dict[str, Track] = {}
    with ExitStack() as files:
        for part in sorted(parts, key=lambda part: part.index):
            try:
                container = files.enter_context(
                    av.open(io.BytesIO(segment_bytes(part.source)), options=WITHOUT_TRIAL_DECODING)
                )
                _append(container, part, tracks)
            except (av.FFmpegError, OSError) as error:
                raise SegmentUnreadable(f"Segment {part.index} could not be read: {error}.") from error
        yield Timeline(tracks.get("video"), tracks.get("audio"))


def _append(container: Any, part: SegmentPart, tracks: dict[str, Track]) -> None:
    streams = [*container.streams.video[:1], *container.streams.audio[:1]]
    shifts, usual = {}, {}
    for stream in streams:
        track = tracks.setdefault(stream.type, Track(stream, stream.time_base))
        track.changed = track.changed or coding(stream) != coding(track.template)
        shifts[stream.index] = (track, track.ticks(part.offset_ms))
        usual[stream.index] = _usual_duration(stream, track.time_base)
    for packet in container.demux(streams):
        if packet.size == 0 or packet.pts is None:
            continue
        track, shift = shifts[packet.stream_index]
        if packet.time_base != track.time_base:
            packet.rescale_ts(track.time_base)
        packet.pts += shift
        packet.duration = packet.duration or usual[packet.stream_index]
        track.packets.append(packet)


def _usual_duration(stream: Any, time_base: Fraction) -> int:
    """How long a packet lasts, in ticks, where the file does not say."""
    context = stream.codec_context
    if stream.type == "video":
        seconds = 1 / (stream.average_rate or Fraction(25))
    else:
        seconds = Fraction(context.frame_size or 1024, context.sample_rate or 48_000)
    return max(1, round(seconds / time_base))


def coding(stream: Any) -> tuple[object, ...]:
    """What must be equal for packets of two files to be decoded by one decoder."""
    context = stream.codec_context
    video = stream.type == "video"
    size = (context.width, context.height) if video else (context.sample_rate, context.layout.nb_channels)
    return (context.name, size, bytes(context.extradata or b""))
