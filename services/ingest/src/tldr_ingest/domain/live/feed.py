"""What a live source gives, whatever it is: pieces that can be demuxed by themselves, and what is known to be missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class WallSource(StrEnum):
    """Who says when a piece happened. source: the playlist itself. arrival: our clock, when it came."""

    SOURCE = "source"
    ARRIVAL = "arrival"


class PieceFormat(StrEnum):
    """How a piece is written."""

    MPEGTS = "mpegts"
    MP4 = "mp4"
    FLV = "flv"
    AAC = "aac"


@dataclass(frozen=True, slots=True)
class PieceMark:
    """A piece's place in its source, integers and short strings only, so that it can be kept beside a segment.

    `clock` names the run of pieces whose timestamps go on from one to the next: another name is another clock. `name` is
    what the source calls the piece, without what differs between sessions (a path without its query). `wall_ms`: when its
    first frame happened, since 1970. `digest`: of the first bytes of its content's SHA-256, in hex.
    """

    clock: str
    sequence: int
    name: str
    wall_ms: int
    wall_source: WallSource
    duration_ms: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A self-contained file: an HLS segment with its initialization section, or some seconds of a pushed stream."""

    mark: PieceMark
    format: PieceFormat
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """Wall-clock time [start_ms, end_ms) of which nothing will come; `code` is stable, `reason` a sentence.

    Said in order of time, before the piece behind it; while a source is silent also in parts, so that time goes on.
    """

    start_ms: int
    end_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The source gives nothing new since `wall_ms`. What is missing for it is said by `Missing`."""

    wall_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedEnded:
    """Nothing more will come. `code`: `source_ended`, `publisher_ended`, `source_silent`, …; all of them are good ends."""

    code: str
    reason: str


FeedEvent = Piece | Missing | Interrupted | FeedEnded


class LiveFeed(Protocol):
    """A live source as it comes, in order; blocking, run in a reading process.

    Raises an IngestError where it cannot be read at all, AddressExpired where its address has to be found out anew, an
    OutboundError where an address fails for good.
    """

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        """What comes behind a piece, each once; from the live edge (or the window's start, as it was asked for) without
        one. What was passed by while nobody read is a `Missing` of its true length.
        """
