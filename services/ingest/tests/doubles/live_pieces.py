"""Pieces of live sources as packagers write them, and what is in the segments made of them."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import av

from tldr_ingest.adapters.live.cutting_pyav import LiveCutter
from tldr_ingest.adapters.live.following_pyav import cut_live
from tldr_ingest.domain.live.cursor import Going
from tldr_ingest.domain.live.events import LiveEvent, TimePassed
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, Piece, PieceFormat, PieceMark, WallSource
from tldr_ingest.domain.media.source import CutSegment, ReadGap
from tldr_media.stream_time import to_milliseconds

WALL = 1_795_435_200_000
"""When the first piece happened."""


@dataclass
class ListFeed:
    """Gives what it is given; behind a piece only what comes after it."""

    events: Sequence[FeedEvent | Exception]
    asked: list[PieceMark | None] = field(default_factory=list)

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        self.asked.append(after)
        found = after is None
        for event in self.events:
            if isinstance(event, Exception):
                raise event
            if found:
                yield event
            elif isinstance(event, Piece) and event.mark == after:
                found = True


def hls_pieces(
    source: Path,
    folder: Path,
    *,
    fmp4: bool = False,
    seconds: float = 2.0,
    starts_at_s: int = 0,
    anywhere: bool = False,
) -> list[Piece]:
    """A recording as FFmpeg's HLS muxer packages it. `anywhere`: cut without regard to keyframes."""
    folder.mkdir()
    options = {
        "hls_time": str(seconds),
        "hls_list_size": "0",
        **({"hls_flags": "split_by_time"} if anywhere else {}),
        "hls_segment_type": "fmp4" if fmp4 else "mpegts",
        "hls_segment_filename": str(folder / ("%03d.m4s" if fmp4 else "%03d.ts")),
    }
    with (
        av.open(str(source), "r") as read,
        av.open(str(folder / "a.m3u8"), "w", format="hls", options=options) as output,
    ):
        streams = {stream.index: output.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.pts is not None and packet.dts is not None:
                later_by = starts_at_s * round(1 / packet.time_base)
                packet.stream = streams[packet.stream.index]
                packet.pts, packet.dts = packet.pts + later_by, packet.dts + later_by
                output.mux(packet)
    names = sorted(folder.glob("*.m4s" if fmp4 else "*.ts"))
    head = next(iter(folder.glob("*.mp4"))).read_bytes() if fmp4 else b""
    lines = (folder / "a.m3u8").read_text().splitlines()
    lengths = [round(1000 * float(line[8:].rstrip(","))) for line in lines if line.startswith("#EXTINF:")]
    format = PieceFormat.MP4 if fmp4 else PieceFormat.MPEGTS
    pieces, wall_ms = [], WALL
    for number, (name, length) in enumerate(zip(names, lengths, strict=True)):
        mark = PieceMark("0", number, f"/{name.name}", wall_ms, WallSource.SOURCE, length, f"{number:016x}")
        pieces.append(Piece(mark, format, head + name.read_bytes()))
        wall_ms += length
    return pieces


def flv_pieces(source: Path, every: int = 1) -> list[Piece]:
    """A recording as a publisher's packets, a file for so many groups of pictures; timestamps go on."""
    groups: list[list[Any]] = []
    pieces: list[Piece] = []
    with av.open(str(source), "r") as read:
        keys = 0
        for packet in read.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "video" and packet.is_keyframe:
                if keys % every == 0:
                    groups.append([])
                keys += 1
            groups[-1].append(packet) if groups else groups.append([packet])
        wall_ms = WALL
        for number, packets in enumerate(groups):
            data = io.BytesIO()
            with av.open(data, "w", format="flv", options={"avoid_negative_ts": "disabled"}) as output:
                streams = {stream.index: output.add_stream_from_template(stream) for stream in read.streams}
                times = [float(packet.dts * packet.time_base) for packet in packets]
                for packet in packets:
                    # As a publisher counts: from some time on, never below 0.
                    second = round(1 / packet.time_base)
                    packet.stream = streams[packet.stream.index]
                    packet.pts, packet.dts = packet.pts + 100 * second, packet.dts + 100 * second
                    output.mux(packet)
            length = round(1000 * (max(times) - min(times)))
            mark = PieceMark("session-1", number, f"{number}", wall_ms, WallSource.ARRIVAL, length)
            pieces.append(Piece(mark, PieceFormat.FLV, data.getvalue()))
            wall_ms += length
    return pieces


def later(pieces: Iterable[Piece], *, clock: str, wall_ms: int = 0, sequence: int = 0) -> list[Piece]:
    """The same pieces on another clock, so much later."""
    return [
        replace(
            piece,
            mark=replace(
                piece.mark,
                clock=clock,
                wall_ms=piece.mark.wall_ms + wall_ms,
                sequence=piece.mark.sequence + sequence,
                name=f"/{clock}{piece.mark.name}",
            ),
        )
        for piece in pieces
    ]


def packets_in(segments: Iterable[CutSegment]) -> Counter[tuple[str, int, str]]:
    """Each packet of the segments: picture or sound, its stream time, what is in it."""
    found: Counter[tuple[str, int, str]] = Counter()
    for segment in segments:
        with av.open(io.BytesIO(segment.data), "r") as container:
            for packet in container.demux():
                if packet.size and packet.pts is not None:
                    base = packet.time_base
                    at_ms = to_milliseconds(packet.pts, base.numerator, base.denominator) + segment.offset_ms
                    found[packet.stream.type, at_ms, hashlib.sha256(bytes(packet)).hexdigest()[:12]] += 1
    return found


END = FeedEnded("source_ended", "Over.")


def now() -> int:
    """An hour later."""
    return WALL + 3_600_000


def cut(events: Sequence[FeedEvent | Exception], going: Going | None = None) -> list[LiveEvent]:
    """What a feed of these events is cut into."""
    return list(cut_live(ListFeed(events), going or Going(), now))


def cut_without_end(events: Sequence[FeedEvent]) -> list[LiveEvent]:
    """What is there before anything more comes."""
    cutter = LiveCutter(Going(), now)
    found = [one for event in events for one in cutter.take(event)]
    cutter.close()
    return found


def segments_of(events: Sequence[LiveEvent]) -> list[CutSegment]:
    """The segments among them."""
    return [event for event in events if isinstance(event, CutSegment)]


def gaps_of(events: Sequence[LiveEvent]) -> list[ReadGap]:
    """All gaps among them, in order of time."""
    said = [event for event in events if isinstance(event, ReadGap)]
    said += [gap for event in events if isinstance(event, TimePassed) for gap in event.gaps]
    return sorted(said, key=lambda gap: (gap.start_ms, gap.modality))


def decoded(segments: Sequence[CutSegment]) -> int:
    """How many pictures a decoder makes of segments that follow each other."""
    context: Any = None
    count = 0
    for segment in segments:
        with av.open(io.BytesIO(segment.data), "r") as container:
            stream = container.streams.video[0]
            if context is None:
                context = av.CodecContext.create(stream.codec_context.name, "r")
                context.extradata = stream.codec_context.extradata
            count += sum(len(context.decode(packet)) for packet in container.demux(stream) if packet.size)
    return count + len(context.decode(None))
