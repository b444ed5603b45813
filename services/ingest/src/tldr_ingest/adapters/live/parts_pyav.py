"""The packets of a piece in the source's own time, in parts whose timestamps go on. Runs for every packet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from av.packet import Packet

from tldr_ingest.adapters.live.piece_pyav import DemuxedPiece
from tldr_ingest.domain.live.clock import unwrapped
from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.timeline import BACK_LIMIT_MS, FORWARD_LIMIT_MS
from tldr_media.stream_time import to_milliseconds, to_ticks


@dataclass(slots=True)
class PieceTimed(Timed):
    """A packet with its place, and the number of the piece it came in."""

    piece: int = 0


@dataclass(slots=True)
class Part:
    """Packets, their times still the source's own: from `first_ms` to `end_ms` of the leading track, the picture where there
    is any. `begins_with_key`: its first picture is a keyframe.
    """

    packets: list[PieceTimed] = field(default_factory=list)
    first_ms: int = 0
    end_ms: int = 0
    begins_with_key: bool = False

    def settle(self) -> None:
        """Find out where it begins and ends."""
        pictures = [packet for packet in self.packets if packet.video]
        leading = pictures or self.packets
        self.first_ms = min(packet.start_ms for packet in leading)
        self.end_ms = max(packet.end_ms for packet in leading)
        self.begins_with_key = bool(pictures) and pictures[0].key

    def placed(self, offset_ms: int) -> Iterable[PieceTimed]:
        """Its packets in stream time."""
        for packet in self.packets:
            packet.start_ms += offset_ms
            packet.end_ms += offset_ms
            if packet.dts_ms is not None:
                packet.dts_ms += offset_ms
            yield packet


class _Track:
    """One track's time base, and how far it has come."""

    def __init__(self, stream: Any, video: bool) -> None:
        self.base: tuple[int, int] = (stream.time_base.numerator, stream.time_base.denominator)
        self.video = video
        self.last: int | None = None
        self.step = 0
        self.end = 0

    def jumps(self, order: int) -> bool:
        """Whether no clock goes on from the packet before like this."""
        if self.last is None:
            return False
        step_ms = to_milliseconds(order - self.last, *self.base)
        return not -BACK_LIMIT_MS <= step_ms <= FORWARD_LIMIT_MS


def parts_of(piece: DemuxedPiece, expected_ms: int | None) -> list[Part]:
    """The packets of a piece in the order of the file; a new part where the timestamps leap. At least one part."""
    tracks = {stream.index: _Track(stream, stream is piece.tracks.video) for stream in piece.tracks.streams}
    shift: int | None = None
    parts, part = [], Part()
    for packet in piece.packets:
        track = tracks[packet.stream_index]
        pts, dts = packet.pts, packet.dts
        if pts is None:
            pts = dts if dts is not None else track.end
        else:
            if shift is None:
                shift = _shift(piece, track, pts, expected_ms)
            pts += shift
        if dts is not None:
            dts += shift or 0
        order = pts if dts is None else dts
        if track.jumps(order) and part.packets:
            parts.append(part)
            part = Part()
            for one in tracks.values():
                one.last = None
        part.packets.append(_timed(packet, track, pts, dts, order))
    parts.append(part)
    for part in parts:
        part.settle()
    return parts


def _shift(piece: DemuxedPiece, track: _Track, pts: int, expected_ms: int | None) -> int:
    if piece.added_s:
        return round(piece.added_s * track.base[1] / track.base[0])
    if not piece.span:
        return 0
    expected = None if expected_ms is None else to_ticks(expected_ms, *track.base)
    return unwrapped(pts, expected, piece.span) - pts


def _timed(packet: Packet[Any], track: _Track, pts: int, dts: int | None, order: int) -> PieceTimed:
    step: int = packet.duration or (0 if track.last is None else max(0, order - track.last)) or track.step
    track.last, track.step, track.end = order, step, pts + step
    numerator, denominator = track.base
    return PieceTimed(
        packet=packet,
        video=track.video,
        key=bool(packet.is_keyframe),
        pts=pts,
        dts=dts,
        dts_ms=None if dts is None else to_milliseconds(dts, numerator, denominator),
        start_ms=to_milliseconds(pts, numerator, denominator),
        end_ms=to_milliseconds(pts + step, numerator, denominator),
        size=packet.size,
    )
