"""A feed on a faithful origin, at two segments a second, and what may be said of what came of it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import pytest

from tldr_ingest.adapters.hls.feed import HlsFeed, HlsSettings
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, Interrupted, Missing, Piece, PieceMark
from tldr_outbound import AddressPolicy, ReadingLimits
from tldr_standins.hls_origin import HlsOrigin, Published

QUICK = {
    "interrupted_after_ms": 900,
    "missing_every_ms": 300,
    "ends_after_silence_ms": 4_000,
    "returns_ms": 800,
    "stall_ms": 500,
    "segment_ms": 5_000,
}
LIMITS = ReadingLimits(connect_s=1.0, read_s=2.0)
LIMIT_S = 25.0


def times_of(piece: Piece, kind: str) -> list[int]:
    """PTS of its packets of a kind in ticks of 90 kHz."""
    container = "mov" if piece.format == "mp4" else piece.format.value
    with av.open(io.BytesIO(piece.data), "r", format=container) as movie:
        streams = [stream for stream in movie.streams if stream.type == kind]
        times = [p.pts * p.time_base for p in movie.demux(streams) if p.pts is not None and p.time_base is not None]
        return sorted(round(time * 90_000) % 2**33 for time in times)


def pictures_of(piece: Piece) -> list[int]:
    """PTS of its pictures in ticks of 90 kHz."""
    return times_of(piece, "video")


@dataclass
class Reading:
    """What a feed gave, until it was enough."""

    origin: HlsOrigin
    events: list[FeedEvent] = field(default_factory=list)
    error: Exception | None = None

    @property
    def pieces(self) -> list[Piece]:
        return [event for event in self.events if isinstance(event, Piece)]

    @property
    def marks(self) -> list[PieceMark]:
        return [piece.mark for piece in self.pieces]

    @property
    def sounds(self) -> list[int]:
        """PTS of all packets of sound in order."""
        return [time for piece in self.pieces for time in times_of(piece, "audio")]

    @staticmethod
    def tracks(piece: Piece) -> set[str]:
        """Which kinds of track have packets in it."""
        return {kind for kind in ("video", "audio") if times_of(piece, kind)}

    @property
    def missing(self) -> list[Missing]:
        return [event for event in self.events if isinstance(event, Missing)]

    @property
    def interruptions(self) -> list[Interrupted]:
        return [event for event in self.events if isinstance(event, Interrupted)]

    @property
    def ended(self) -> FeedEnded | None:
        return next((event for event in self.events if isinstance(event, FeedEnded)), None)

    @property
    def taken(self) -> list[int]:
        """The sequences of the pieces."""
        return [mark.sequence for mark in self.marks]

    def came(self, number: int) -> bool:
        """Whether a piece came of a segment that was published later than so many others."""
        early = {tuple(sent.pictures) for sent in self.origin.published[:number]}
        return bool(self.pieces) and tuple(pictures_of(self.pieces[-1])) not in early

    def read(
        self, url: str, until: Callable[[Reading], bool], *, after: PieceMark | None = None, **settings: Any
    ) -> None:
        """Go on until then; what it raises is kept."""
        policy = settings.pop("policy", AddressPolicy(allow_loopback=True))
        headers = settings.pop("headers", ())
        feed = HlsFeed(url, headers, policy, LIMITS, HlsSettings(**(QUICK | settings)))
        ends = time.monotonic() + LIMIT_S
        events = feed.follow(after)
        try:
            for event in events:
                self.events.append(event)
                if until(self):
                    return
                assert time.monotonic() < ends, f"not enough came: {self.events[-5:]}"
        except Exception as error:
            self.error = error
        finally:
            events.close()  # type: ignore[attr-defined]

    def account(self) -> dict[tuple[int, int], str]:
        """Of each published segment from the first piece to the last: `taken`, or the code under which it is missing. Fails
        where one is neither or both, where pictures are not those that were sent, where time goes back, and where a hole
        is longer than what is missing.
        """
        published = {(p.run, p.sequence): p for p in self.origin.published}
        by_pictures = {tuple(p.pictures): p for p in published.values()}
        found: dict[tuple[int, int], str] = {}
        first = by_pictures[tuple(pictures_of(self.pieces[0]))]
        # A source without dates, or with a clock that is off, is placed by what the first one says.
        off_ms = self.pieces[0].mark.wall_ms - first.wall_ms
        for piece in self.pieces:
            sent = by_pictures[tuple(pictures_of(piece))]
            assert (sent.run, sent.sequence) not in found, "twice"
            found[sent.run, sent.sequence] = "taken"
        order = list(published)
        inside = order[order.index(min(found, key=order.index)) : order.index(max(found, key=order.index)) + 1]
        for key in inside:
            codes = self._codes(published[key], off_ms)
            if key in found:
                assert not codes, f"{key} was taken and is said to be missing"
            else:
                assert codes, f"{key} was lost silently"
                found[key] = codes.pop()
        return found

    def _codes(self, sent: Published, off_ms: int) -> set[str]:
        middle = sent.wall_ms + sent.duration_ms // 2 + off_ms
        return {each.code for each in self.missing if each.start_ms <= middle < each.end_ms}


@pytest.fixture(scope="session")
def reading_of() -> Callable[[HlsOrigin], Reading]:
    return Reading


@pytest.fixture
def origin() -> Iterator[HlsOrigin]:
    with HlsOrigin() as started:
        yield started
