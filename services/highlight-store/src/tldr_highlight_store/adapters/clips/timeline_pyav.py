"""Opens stored segments with PyAV and reads their packets as one timeline."""

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av

from tldr_highlight_store.domain.clips.cutting import SegmentPart, SegmentUnreadable
from tldr_media.coded_parameters import HEAD_BYTES, coded_parameters
from tldr_media.segments import WITHOUT_TRIAL_DECODING, segment_bytes
from tldr_media.stream_time import latest_millisecond, to_ticks


@dataclass(slots=True)
class Track:
    """The packets of one kind of all parts, in the order they are decoded, their PTS in stream time.

    Times count `time_base` since the stream's first frame. `changed` says that later packets are coded differently, so
    that they cannot follow those of the first part in one file without being decoded. `parameters` are those that the
    first keyframe names.
    """

    template: Any
    time_base: Fraction
    packets: list[Any] = field(default_factory=list)
    changed: bool = False
    parameters: bytes | None = None

    def append(self, packet: Any) -> None:
        """Take the next packet."""
        if packet.is_keyframe and packet.stream.type == "video":
            stream, head = packet.stream, bytes(memoryview(packet)[:HEAD_BYTES])
            found = coded_parameters(stream.codec.canonical_name, head, stream.codec_context.extradata)
            self.changed = self.changed or (None not in (found, self.parameters) and found != self.parameters)
            self.parameters = self.parameters or found
        self.packets.append(packet)

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
        track.changed = track.changed or _form(stream) != _form(track.template)
        shifts[stream.index] = (track, track.ticks(part.offset_ms))
        usual[stream.index] = _usual_duration(stream, track.time_base)
    for packet in container.demux(streams):
        if packet.size == 0 or packet.pts is None:
            continue
        track, shift = shifts[packet.stream_index]
        if packet.time_base != track.time_base:
            _rescale(packet, track.time_base)
        packet.pts += shift
        packet.duration = packet.duration or usual[packet.stream_index]
        track.append(packet)


def _rescale(packet: Any, time_base: Fraction) -> None:
    # PyAV 18 has a method for it that takes no Fraction.
    factor = packet.time_base / time_base
    packet.pts, packet.duration = round(packet.pts * factor), round((packet.duration or 0) * factor)
    packet.dts = None if packet.dts is None else round(packet.dts * factor)
    packet.time_base = time_base


def _usual_duration(stream: Any, time_base: Fraction) -> int:
    """How long a packet lasts, in ticks, where the file does not say."""
    context = stream.codec_context
    if stream.type == "video":
        seconds = 1 / (stream.average_rate or Fraction(25))
    else:
        seconds = Fraction(context.frame_size or 1024, context.sample_rate or 48_000)
    return max(1, round(seconds / time_base))


def _form(stream: Any) -> tuple[object, ...]:
    """What must be equal for packets of two files to stand in one track."""
    context = stream.codec_context
    return (*coding(stream), context.width, context.height) if stream.type == "video" else coding(stream)


def coding(stream: Any) -> tuple[object, ...]:
    """What must be equal for packets of two files to be decoded by one decoder, which follows another size by itself."""
    context = stream.codec_context
    form = () if stream.type == "video" else (context.sample_rate, context.layout.nb_channels)
    return (context.name, *form, bytes(context.extradata or b""))
