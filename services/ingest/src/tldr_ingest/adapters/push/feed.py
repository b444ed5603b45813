"""Reads a pushed stream out of its spool, in a reading process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tldr_ingest.adapters.push.spool_files import listing_of
from tldr_ingest.application.stream_record import LiveSettings
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, Piece, PieceFormat, PieceMark, WallSource
from tldr_ingest.domain.push.following import Following, PushSettings, passed_by
from tldr_ingest.domain.push.spool_names import SpooledPiece

_POLL_S = 0.2
_DIGEST_BYTES = 8


class WallClock(Protocol):
    """The wall clock, and waiting by it."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""

    def wait(self, seconds: float) -> None:
        """Return later."""


class SystemWallClock:
    """This machine's."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def wait(self, seconds: float) -> None:
        """Return later."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class PushFeed:
    """A pushed stream as a LiveFeed. `folder` is the stream's, in the spool; it need not be there yet.

    Without a mark it begins with the oldest piece there is. It gives nothing before the first piece. The end that means that
    no encoder ever came (`publisher_never_came`) is a failure, the others are good ends.
    """

    folder: Path
    settings: PushSettings = field(default_factory=PushSettings)
    clock: WallClock = field(default_factory=SystemWallClock)

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        """What comes behind a piece, each once."""
        following = Following.after(self.settings, self.clock.now_ms(), after)
        while True:
            for step in following.steps(listing_of(self.folder), self.clock.now_ms()):
                if not isinstance(step, SpooledPiece):
                    yield step
                    if isinstance(step, FeedEnded):
                        return
                elif (data := self._read(step)) is not None:
                    yield Piece(_mark(step, data), PieceFormat.FLV, data)
                else:
                    yield passed_by(step)
            self.clock.wait(_POLL_S)

    def _read(self, piece: SpooledPiece) -> bytes | None:
        try:
            return (self.folder / piece.name).read_bytes()
        except FileNotFoundError:
            return None


def push_settings(live: LiveSettings, grace_ms: int) -> PushSettings:
    """As it was asked for; what was not is left to the service."""
    usual = PushSettings(grace_ms=grace_ms)
    return PushSettings(
        never_came_ms=live.wait_until_live_ms or usual.never_came_ms,
        ends_after_silence_ms=live.ends_after_silence_ms or usual.ends_after_silence_ms,
        grace_ms=grace_ms,
    )


def _mark(piece: SpooledPiece, data: bytes) -> PieceMark:
    digest = hashlib.sha256(data).hexdigest()[: 2 * _DIGEST_BYTES]
    return PieceMark(
        piece.clock, piece.sequence, piece.name, piece.wall_ms, WallSource.ARRIVAL, piece.duration_ms, digest
    )
