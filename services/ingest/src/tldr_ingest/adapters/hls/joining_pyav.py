"""Picture and sound of two segments as one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import av.error

from tldr_ingest.adapters.hls.contents import Content
from tldr_ingest.domain.live.feed import PieceFormat
from tldr_outbound import SourceUnavailable

# What MPEG-TS holds; the others go into fragmented MP4.
_OF_TS = frozenset({"h264", "hevc", "mpeg2video", "aac", "mp3", "mp2", "ac3", "eac3", "opus"})
_FRAGMENTED = {
    "movflags": "empty_moov+default_base_moof+frag_keyframe+frag_discont",
    # Without it the muxer moves each segment to 0.
    "avoid_negative_ts": "disabled",
}
_STAMP = b"com.apple.streaming.transportStreamTimestamp\0"


def joined(picture: Content, sounds: Sequence[Content]) -> Content:
    """The packets of both with their own timestamps. Raises SourceUnavailable where one of them cannot be demuxed."""
    try:
        return _joined(picture, sounds)
    except (av.error.FFmpegError, ValueError, IndexError):
        raise SourceUnavailable("A segment of picture and its sound cannot be put together.") from None


def _joined(picture: Content, sounds: Sequence[Content]) -> Content:
    opened = [_opened(content) for content in (picture, *sounds)]
    try:
        tracks = [
            container.streams.video[0] if at == 0 else container.streams.audio[0] for at, container in enumerate(opened)
        ]
        in_ts = all(track.codec_context.name in _OF_TS for track in tracks)
        kind = PieceFormat.MPEGTS if in_ts else PieceFormat.MP4
        out = io.BytesIO()
        options = {"mpegts_copyts": "1"} if in_ts else _FRAGMENTED
        with av.open(out, "w", format="mpegts" if in_ts else "mp4", options=options) as movie:
            targets = [movie.add_stream_from_template(track) for track in tracks[:2]]
            packets = [
                (packet, targets[min(at, 1)])
                for at, (container, track) in enumerate(zip(opened, tracks, strict=True))
                for packet in _packets(container, track, _stamp_of(sounds[at - 1].data) if at else Fraction(0))
            ]
            packets.sort(key=lambda found: found[0].dts * found[0].time_base)
            for packet, target in packets:
                packet.stream = target
                movie.mux(packet)
    finally:
        for container in opened:
            container.close()
    return Content(out.getvalue(), kind, picture.digest, picture.short or any(sound.short for sound in sounds))


def _opened(content: Content) -> Any:
    kind = "mov" if content.format is PieceFormat.MP4 else content.format.value
    return av.open(io.BytesIO(content.data), "r", format=kind)


def _packets(container: Any, track: Any, shift_s: Fraction) -> list[Any]:
    found = []
    for packet in container.demux(track):
        if packet.size and packet.dts is not None and packet.pts is not None:
            ticks = round(shift_s / packet.time_base)
            packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
            found.append(packet)
    return found


def _stamp_of(data: bytes) -> Fraction:
    """Where packed audio says its first sample lies (an ID3 PRIV frame, RFC 8216 3.4); it has no timestamps else."""
    if data[:3] != b"ID3":
        return Fraction(0)
    at = data.find(_STAMP, 0, 4096)
    ticks = int.from_bytes(data[at + len(_STAMP) :][:8], "big") if at >= 0 else 0
    return Fraction(ticks % 2**33, 90_000)
