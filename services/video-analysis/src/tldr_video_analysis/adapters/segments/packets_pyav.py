"""Demuxes contiguous parts into one timeline of packets, with the decoders that understand them."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np

from tldr_media.coded_parameters import HEAD_BYTES, coded_parameters
from tldr_media.segments import WITHOUT_TRIAL_DECODING, segment_bytes
from tldr_media.stream_time import to_microseconds
from tldr_video_analysis.domain.analysis.analyser import PartUnavailable
from tldr_video_analysis.domain.figures.figures import DecodeGap, Modality
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets
from tldr_video_analysis.domain.segments.part import SegmentPart


class PartBrokenOff(Exception):
    """The file ends in the middle of a packet."""


@dataclass(slots=True)
class Track:
    """Packets of one kind in decoding order, their stream time in microseconds, each packet's decoder and coding.

    A coding is a decoder with the parameters that the last keyframe named: a decoder follows another resolution by itself.
    """

    packets: list[Any] = field(default_factory=list)
    at_us: list[int] = field(default_factory=list)
    decoder_of: list[int] = field(default_factory=list)
    decoders: list[Any] = field(default_factory=list)
    signatures: list[tuple[object, ...]] = field(default_factory=list)
    coding_of: list[int] = field(default_factory=list)
    codings: list[tuple[int, bytes | None]] = field(default_factory=list)

    def append(self, packet: Any, at_us: int, decoder: int) -> None:
        """Take the next packet."""
        self.packets.append(packet)
        self.at_us.append(at_us)
        self.decoder_of.append(decoder)
        self.coding_of.append(self._coding(packet, decoder))

    def _coding(self, packet: Any, decoder: int) -> int:
        current = self.codings[self.coding_of[-1]] if self.coding_of else (decoder, None)
        _, parameters = current
        if packet.is_keyframe and packet.stream.type == "video":
            parameters = _parameters(packet) or parameters
        if not self.coding_of or current != (decoder, parameters):
            current = (decoder, parameters)
            if current not in self.codings:
                self.codings.append(current)
        return self.codings.index(current)

    def numbers(self) -> VideoPackets:
        return VideoPackets(
            at_us=np.asarray(self.at_us, dtype=np.int64),
            size=np.asarray([packet.size for packet in self.packets], dtype=np.int64),
            key=np.asarray([bool(packet.is_keyframe) for packet in self.packets], dtype=np.bool_),
            coding=np.asarray(self.coding_of, dtype=np.int64),
        )


@dataclass(slots=True)
class Timeline:
    """All packets of some parts, and what could not be read."""

    video: Track = field(default_factory=Track)
    audio: Track = field(default_factory=Track)
    gaps: list[DecodeGap] = field(default_factory=list)


def read_timeline(parts: Iterable[SegmentPart]) -> Timeline:
    """Every packet of `parts`; a part or range that cannot be read becomes a gap. Raises `PartUnavailable`."""
    timeline = Timeline()
    for part in parts:
        data = _bytes_of(part)
        try:
            _read_part(part, data, timeline)
        except (av.error.FFmpegError, ValueError) as error:
            reason = f"Segment {part.index} is not a readable media file: {error}."
            timeline.gaps += _gaps(part, part.start_ms, "not_media", reason)
    return timeline


def _bytes_of(part: SegmentPart) -> bytes:
    """The whole file. One that cannot be had now is worth a retry and is no gap."""
    try:
        return segment_bytes(part.source)
    except OSError as error:
        raise PartUnavailable(part.index, str(error)) from error


def _read_part(part: SegmentPart, data: bytes, timeline: Timeline) -> None:
    """Decoders and packets outlive their container, which is closed at once: it holds the file's bytes.

    A decoder made without trial knows less of the format; that of the first part serves all parts that look alike.
    """
    with av.open(io.BytesIO(data), "r", options=WITHOUT_TRIAL_DECODING) as container:
        wanted = _wanted(part, container)
        known = all(_signature(stream) in track.signatures for track, stream in _tracks(timeline, wanted))
        if known:
            _read_streams(part, container, wanted, timeline)
    if not known:
        with av.open(io.BytesIO(data), "r") as container:
            _read_streams(part, container, _wanted(part, container), timeline)


def _wanted(part: SegmentPart, container: Any) -> dict[Modality, Any]:
    """The first stream of each promised kind, where there is one that can be decoded."""
    streams = {
        Modality.VIDEO: next(iter(container.streams.video), None) if part.has_video else None,
        Modality.AUDIO: next(iter(container.streams.audio), None) if part.has_audio else None,
    }
    return {kind: stream for kind, stream in streams.items() if stream is not None and stream.codec_context is not None}


def _tracks(timeline: Timeline, wanted: dict[Modality, Any]) -> list[tuple[Track, Any]]:
    own = {Modality.VIDEO: timeline.video, Modality.AUDIO: timeline.audio}
    return [(own[kind], stream) for kind, stream in wanted.items()]


def _read_streams(part: SegmentPart, container: Any, wanted: dict[Modality, Any], timeline: Timeline) -> None:
    for modality, promised in ((Modality.VIDEO, part.has_video), (Modality.AUDIO, part.has_audio)):
        if promised and modality not in wanted:
            reason = f"Segment {part.index} holds no {modality} that can be decoded."
            timeline.gaps.append(DecodeGap(modality, part.start_ms, part.end_ms, "track_missing", reason))
    tracks = {stream.index: _joined(track, stream) for track, stream in _tracks(timeline, wanted)}
    if tracks:
        _read_packets(part, container, tracks, timeline)


def _signature(stream: Any) -> tuple[object, ...]:
    """What a decoder must be made for; raw samples have no extra data, and only their shape tells them apart."""
    codec = stream.codec_context
    if stream.type == "audio" and codec.extradata is None:
        return codec.name, codec.sample_rate, codec.layout.name
    return codec.name, codec.extradata


def _parameters(keyframe: Any) -> bytes | None:
    stream = keyframe.stream
    return coded_parameters(
        stream.codec.canonical_name, bytes(memoryview(keyframe)[:HEAD_BYTES]), stream.codec_context.extradata
    )


def _joined(track: Track, stream: Any) -> tuple[Track, int]:
    """The track and the number of the decoder for the stream's packets."""
    signature = _signature(stream)
    if signature not in track.signatures:
        stream.codec_context.thread_count = 1
        track.signatures.append(signature)
        track.decoders.append(stream.codec_context)
    return track, track.signatures.index(signature)


def _read_packets(part: SegmentPart, container: Any, tracks: dict[int, tuple[Track, int]], timeline: Timeline) -> None:
    expected = dict.fromkeys(tracks, part.start_ms * 1000)
    bases = {index: container.streams[index].time_base for index in tracks}
    reached = part.start_ms * 1000
    try:
        for packet in container.demux([container.streams[index] for index in tracks]):
            if not packet.size:
                continue
            if packet.is_corrupt:
                raise PartBrokenOff("the last packet is incomplete")
            index = packet.stream_index
            track, decoder = tracks[index]
            stamp = packet.pts if packet.pts is not None else packet.dts
            base = bases[index].numerator, bases[index].denominator
            at_us = expected[index]
            if stamp is not None:
                at_us = to_microseconds(stamp, *base) + part.offset_ms * 1000
            expected[index] = at_us + to_microseconds(packet.duration or 0, *base)
            reached = max(reached, expected[index])
            packet.pts = at_us
            packet.dts = None
            track.append(packet, at_us, decoder)
    except (av.error.FFmpegError, PartBrokenOff) as error:
        reason = f"Segment {part.index} breaks off: {error}."
        timeline.gaps += _gaps(part, reached // 1000, "read_failed", reason)


def _gaps(part: SegmentPart, start_ms: int, code: str, reason: str) -> list[DecodeGap]:
    start_ms = min(max(start_ms, part.start_ms), part.end_ms)
    if start_ms == part.end_ms:
        return []
    promised = ((Modality.VIDEO, part.has_video), (Modality.AUDIO, part.has_audio))
    return [DecodeGap(modality, start_ms, part.end_ms, code, reason) for modality, there in promised if there]
