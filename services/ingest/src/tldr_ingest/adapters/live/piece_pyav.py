"""Demuxes one piece by itself: a container for each, closed when its packets are out."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from tldr_ingest.adapters.live.coding_pyav import Coding
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks, choose_tracks
from tldr_ingest.domain.errors import NoTracks
from tldr_ingest.domain.live.feed import Piece, PieceFormat

_FORMATS = {
    PieceFormat.MPEGTS: "mpegts",
    PieceFormat.MP4: "mov",
    PieceFormat.FLV: "flv",
    PieceFormat.AAC: "aac",
}
# Where timestamps begin anew: MPEG-TS counts 33 bits, FLV 32; fragments of MP4 count 64.
_SPANS = {PieceFormat.MPEGTS: 1 << 33, PieceFormat.FLV: 1 << 32}
# Packed audio says its time in a private frame of its tag, in 90 kHz (RFC 8216, 3.4).
_ID3_TIME = b"com.apple.streaming.transportStreamTimestamp\x00"
_TS_RATE = 90_000
_BUFFER = 1 << 18


class PieceDamaged(Exception):
    """Nothing can be read of a piece."""


@dataclass(slots=True)
class DemuxedPiece:
    """A piece's packets in the order of the file. `broken`: there is more that could not be read. `span`: its timestamps are
    counted modulo so many ticks, 0 where they are not. `added_s`: what its timestamps leave out.

    The container stays open for as long as the tracks are used; whoever has it closes it.
    """

    container: InputContainer
    tracks: ChosenTracks
    packets: list[Packet[Any]] = field(default_factory=list)
    broken: bool = False
    span: int = 0
    added_s: float = 0.0

    @property
    def coding(self) -> Coding:
        """How its tracks are coded, as far as it says so."""
        return Coding.of(self.tracks)

    def has(self, stream: Any) -> bool:
        """Whether there are packets of a track."""
        return stream is not None and any(packet.stream_index == stream.index for packet in self.packets)

    def keep(self, video: bool, audio: bool) -> None:
        """Let go of the other tracks."""
        tracks = ChosenTracks(self.tracks.video if video else None, self.tracks.audio if audio else None)
        kept = {stream.index for stream in tracks.streams}
        self.tracks, self.packets = tracks, [packet for packet in self.packets if packet.stream_index in kept]

    def close(self) -> None:
        """Packets stay; tracks are of no more use."""
        self.container.close()


def demuxed(piece: Piece, like: ChosenTracks | None = None) -> DemuxedPiece:
    """Demux a piece: of the tracks those that were read before, else those chosen as for recordings. Raises PieceDamaged."""
    try:
        container = av.open(
            io.BytesIO(piece.data), "r", format=_FORMATS[piece.format], buffer_size=_BUFFER, metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise PieceDamaged(str(error)) from error
    try:
        found = DemuxedPiece(container, _tracks(container, like), span=_SPANS.get(piece.format, 0))
        _read(found)
        if piece.format is PieceFormat.AAC:
            found.added_s = _packed_audio_s(piece.data)
        if not found.packets:
            raise PieceDamaged("There is neither picture nor sound in it.")
    except (NoTracks, av.error.FFmpegError) as error:
        container.close()
        raise PieceDamaged(str(error)) from error
    except BaseException:
        container.close()
        raise
    return found


def _tracks(container: InputContainer, like: ChosenTracks | None) -> ChosenTracks:
    try:
        chosen = choose_tracks(container)
    except NoTracks:
        if like is None:
            raise
        chosen = ChosenTracks(None, None)
    if like is not None:
        video = _same(container.streams.video, like.video) or chosen.video
        chosen = ChosenTracks(video, _same(container.streams.audio, like.audio) or chosen.audio)
    for stream in container.streams:
        stream.discard = Discard.default if stream in chosen.streams else Discard.all
    if not chosen.streams:
        raise NoTracks("There is neither picture nor sound in it.")
    return chosen


def _same(streams: Sequence[Any], like: Any) -> Any:
    """The track of the same id and codec; it may have no size in a piece without a keyframe."""
    if like is None:
        return None
    return next((stream for stream in streams if stream.id == like.id and _codec(stream) == _codec(like)), None)


def _codec(stream: Any) -> str:
    return str(stream.codec.canonical_name) if stream.codec_context is not None else ""


def _read(found: DemuxedPiece) -> None:
    try:
        for packet in found.container.demux(found.tracks.streams):
            # The last packets of PyAV are empty ones that flush decoders.
            if packet.size:
                found.packets.append(packet)
    except (av.error.FFmpegError, IndexError):
        found.broken = True


def _packed_audio_s(data: bytes) -> float:
    at = data.find(_ID3_TIME, 0, 4096)
    if at < 0 or len(data) < at + len(_ID3_TIME) + 8:
        return 0.0
    (ticks,) = struct.unpack_from(">Q", data, at + len(_ID3_TIME))
    return float((ticks & ((1 << 33) - 1)) / _TS_RATE)
