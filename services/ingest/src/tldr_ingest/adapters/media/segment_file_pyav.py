"""Writes a segment's packets into a file in memory, without touching what is in them."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import av
import av.error
from av.bitstream import BitStreamFilterContext

from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks
from tldr_ingest.domain.errors import NotWritable
from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.source import Container
from tldr_ingest.domain.media.timeline import TrackClock

# What every player finds in an MP4; everything else goes to Matroska, which takes all.
_MP4_VIDEO = frozenset({"h264", "hevc", "av1", "mpeg4"})
_MP4_AUDIO = frozenset({"aac", "mp3", "ac3", "eac3", "alac"})
_OPTIONS = {
    # One fragment; its index is written when the first packets are known (AAC out of MPEG-TS has no header before).
    # frag_discont keeps the DTS we give instead of starting each file at 0.
    Container.MP4: {
        "movflags": "frag_custom+delay_moov+default_base_moof+frag_discont",
        "use_editlist": "0",
        "avoid_negative_ts": "disabled",
    },
    # bitexact: without it Matroska gets random track numbers, and a resumed segment would differ.
    Container.MATROSKA: {"avoid_negative_ts": "disabled", "fflags": "+bitexact"},
}
_BUFFER = 1 << 18


def container_for(tracks: ChosenTracks) -> Container:
    """MP4 where all codecs fit, otherwise Matroska."""
    video, audio = tracks.video, tracks.audio
    fits = (video is None or video.codec.canonical_name in _MP4_VIDEO) and (
        audio is None or audio.codec.canonical_name in _MP4_AUDIO
    )
    return Container.MP4 if fits else Container.MATROSKA


@dataclass(frozen=True, slots=True)
class _Track:
    """One track's part of a segment; `times` are the DTS of its packets, in ticks."""

    stream: Any
    clock: TrackClock
    packets: list[Timed]
    times: list[int]


class SegmentWriter:
    """Writes segments of one source, all in the same container."""

    def __init__(self, tracks: ChosenTracks, clocks: dict[int, TrackClock]) -> None:
        self.container = container_for(tracks)
        self._tracks = tracks
        self._clocks = clocks
        # A shift by whole multiples of this is exact in every track's time base (1/n: one second).
        self._unit_s = math.lcm(*(clock.numerator for clock in clocks.values()))

    def write(self, packets: Sequence[Timed], *, base_ms: int | None = None) -> tuple[bytes, int]:
        """The file, and by how many milliseconds its timestamps were moved towards 0. Packets are used up.

        With `base_ms` they are moved by that: the segments of a live stream are played one after the other from one
        playlist, and players pass over what seems to lie before what they have shown. Raises NotWritable when no file can
        be made of them.
        """
        tracks = [
            _Track(stream, self._clocks[stream.index], found, decoding_times(found))
            for stream, video in ((self._tracks.video, True), (self._tracks.audio, False))
            if stream is not None and (found := [packet for packet in packets if packet.video is video])
        ]
        if base_ms is None:
            base_ms = 1000 * min(self._second_of(min(track.times), track.clock) for track in tracks)
        buffer = io.BytesIO()
        options = _OPTIONS[self.container]
        try:
            with av.open(
                buffer, "w", format=self.container.value, container_options=options, buffer_size=_BUFFER
            ) as output:
                _mux(output, tracks, base_ms)
        except (av.error.FFmpegError, ValueError) as error:
            codecs = " and ".join(track.stream.codec.canonical_name for track in tracks)
            raise NotWritable(f"The recording's {codecs} cannot be put into a segment: {error}.") from error
        return buffer.getvalue(), base_ms

    def _second_of(self, ticks: int, clock: TrackClock) -> int:
        return ticks * clock.numerator // (clock.denominator * self._unit_s) * self._unit_s


def _mux(output: Any, tracks: Sequence[_Track], base_ms: int) -> None:
    queue: list[tuple[int, int, Any]] = []
    for track in tracks:
        target, clock = _same_stream(output, track.stream), track.clock
        shift = base_ms * clock.denominator // (1000 * clock.numerator)
        unframe = _unframing(track.stream)
        for packet, dts in zip(track.packets, track.times, strict=True):
            raw = packet.packet if unframe is None else _unframed(unframe, packet.packet)
            if raw is None:
                continue
            raw.stream, raw.pts, raw.dts = target, packet.pts - shift, dts - shift
            queue.append((clock.milliseconds(dts), len(queue), raw))
    # The order must not depend on how the source was interleaved, or resumed segments would differ.
    queue.sort()
    output.start_encoding()
    for _, _, raw in queue:
        # A packet that was damaged so that it cannot be framed is left out; no decoder would take it.
        with suppress(av.error.FFmpegError):
            output.mux_one(raw)


def decoding_times(packets: Sequence[Timed]) -> list[int]:
    """DTS that rise and never pass their PTS, in ticks: the source's own, or made up where those are unusable."""
    times: list[int] = []
    last = None
    for packet in packets:
        dts = packet.dts
        if dts is None or dts > packet.pts or (last is not None and dts <= last):
            return _made_up(packets)
        times.append(dts)
        last = dts
    return times


def _made_up(packets: Sequence[Timed]) -> list[int]:
    rising: list[int] = []
    for pts in sorted(packet.pts for packet in packets):
        rising.append(pts if not rising else max(pts, rising[-1] + 1))
    delay = max(dts - packet.pts for dts, packet in zip(rising, packets, strict=True))
    return [dts - delay for dts in rising]


def _same_stream(output: Any, stream: Any) -> Any:
    target = output.add_stream_from_template(stream, opaque=True)
    if stream.codec.canonical_name in ("opus", "aac") and output.format.name == Container.MATROSKA:
        _forget_padding(target, stream)
    return target


def _forget_padding(target: Any, stream: Any) -> None:
    # The encoder's padding (312 samples of Opus, 1024 of AAC) is at the source's start only, but every file that
    # declares it loses that much at its own start. PyAV cannot set it; a filter that knows nothing but the codec
    # leaves blank parameters behind.
    BitStreamFilterContext("null", stream.codec, target)
    context, source = target.codec_context, stream.codec_context
    context.sample_rate, context.layout = source.sample_rate, source.layout
    extradata = source.extradata
    if stream.codec.canonical_name == "opus" and extradata and len(extradata) >= 12:
        extradata = extradata[:10] + b"\x00\x00" + extradata[12:]
    context.extradata = extradata


def _unframing(stream: Any) -> BitStreamFilterContext | None:
    # AAC out of MPEG-TS carries its header in every packet (ADTS). Muxers unwrap it by themselves, but the fragmented
    # MP4 of FFmpeg 8 refuses it.
    framed = stream.codec.canonical_name == "aac" and not stream.codec_context.extradata
    return BitStreamFilterContext("aac_adtstoasc", stream) if framed else None


def _unframed(unframe: BitStreamFilterContext, packet: Any) -> Any:
    base = packet.time_base
    try:
        (bare,) = unframe.filter(packet)
    except (av.error.FFmpegError, ValueError):
        # Damaged in transmission; no decoder would take it either.
        return None
    bare.time_base = base
    return bare
