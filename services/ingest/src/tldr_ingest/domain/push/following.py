"""Follows a pushed stream's spool: what of it is to be read now, what is known to be missing, whether it has ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tldr_ingest.domain.live.feed import FeedEnded, Interrupted, Missing, PieceMark
from tldr_ingest.domain.push.spool_names import Leaving, Listing, Session, SpooledPiece, piece_of

_AWAY = "publisher_away", "The encoder was not connected."
_RESTARTED = (
    "receiver_restarted",
    "The server that takes the stream in was started again; the encoder had to connect anew.",
)
_PASSED = "window_passed", "The stream was not read for so long that it is not kept any more."
_CLOCK = "source_stalled", "The encoder's timestamps stood still or jumped."
_NEVER = FeedEnded(
    "publisher_never_came", "No encoder connected. Start it with the stream's address and key, then retry."
)
_ENDED = FeedEnded("publisher_ended", "The encoder ended the stream.")
_SILENT = FeedEnded("source_silent", "The encoder did not come back.")
_QUIET = "source_stalled", "The encoder is connected and sends nothing."


@dataclass(frozen=True, slots=True)
class PushSettings:
    """How a pushed stream is followed, in milliseconds.

    `never_came_ms`: no publisher for so long is a failure. `ends_after_silence_ms`: one that was lost has ended. `grace_ms`:
    one that ended the stream may still come back. `quiet_ms`: without a new piece for so long the stream is interrupted.
    `part_ms`: an absence is said in parts of this length; `margin_ms`: what is younger may still turn up.
    """

    never_came_ms: int = 3_600_000
    ends_after_silence_ms: int = 300_000
    grace_ms: int = 60_000
    quiet_ms: int = 10_000
    part_ms: int = 10_000
    margin_ms: int = 3_000


Step = SpooledPiece | Missing | Interrupted | FeedEnded


@dataclass(slots=True)
class Following:
    """Where a reader is. `began_ms`: the wall clock when it began to look."""

    settings: PushSettings
    began_ms: int
    at: SpooledPiece | None = None
    said_ms: int = 0
    interrupted: bool = field(default=False)

    @classmethod
    def after(cls, settings: PushSettings, began_ms: int, mark: PieceMark | None) -> Following:
        """Behind the piece of a mark. ValueError for a mark that was not made here."""
        if mark is None:
            return cls(settings, began_ms)
        piece = piece_of(mark.name)
        if piece is None:
            raise ValueError("the mark names no piece of a pushed stream")
        return cls(settings, began_ms, piece, piece.end_ms)

    def steps(self, listing: Listing, now_ms: int) -> Iterator[Step]:
        """What there is to say now, in order. A piece that was given is behind the reader: `at` says so before it is given."""
        for piece in listing.pieces:
            if self.at is None or (piece.session, piece.epoch, piece.sequence) > _place(self.at):
                yield from self._missing_before(piece, listing)
                self.at, self.said_ms, self.interrupted = piece, max(self.said_ms, piece.end_ms), False
                yield piece
        if self.at is None:
            if now_ms - self.began_ms >= self.settings.never_came_ms and not _publishing(listing.latest):
                yield _NEVER
        else:
            yield from self._silence(self.at, listing, now_ms)

    def _missing_before(self, piece: SpooledPiece, listing: Listing) -> Iterator[Missing]:
        at = self.at
        if at is None or piece.wall_ms <= self.said_ms:
            return
        if piece.clock == at.clock and piece.sequence == at.sequence + 1:
            return
        yield Missing(self.said_ms, piece.wall_ms, *_why(at, piece, listing))

    def _silence(self, at: SpooledPiece, listing: Listing, now_ms: int) -> Iterator[Step]:
        settings, latest = self.settings, listing.latest
        left = latest.left if latest else None
        if left is None and now_ms - at.end_ms < settings.quiet_ms:
            return
        if not self.interrupted:
            self.interrupted = True
            yield Interrupted(at.end_ms, *(_AWAY if left else _QUIET))
        if left is not None and left.how is Leaving.ASKED:
            if now_ms - left.wall_ms >= settings.grace_ms:
                yield _ENDED
            return
        # While nobody looked, and before it could come back to us, an encoder was not silent.
        since_ms = max(at.end_ms, self.began_ms, (latest.began_ms or 0) if latest else 0)
        if now_ms - since_ms >= settings.ends_after_silence_ms:
            yield _SILENT
            return
        # Of a publisher that is connected, what is late may still come.
        until_ms = now_ms - settings.margin_ms
        if left is not None and until_ms - self.said_ms >= settings.part_ms:
            yield Missing(self.said_ms, until_ms, *(_RESTARTED if left.how is Leaving.RESTARTED else _AWAY))
            self.said_ms = until_ms


def passed_by(piece: SpooledPiece) -> Missing:
    """A piece that was deleted before it was read."""
    return Missing(piece.wall_ms, piece.end_ms, *_PASSED)


def _place(piece: SpooledPiece) -> tuple[str, int, int]:
    return piece.session, piece.epoch, piece.sequence


def _publishing(session: Session | None) -> bool:
    return session is not None and session.left is None


def _why(at: SpooledPiece, piece: SpooledPiece, listing: Listing) -> tuple[str, str]:
    """Why there is nothing between two pieces."""
    if piece.session == at.session:
        return _CLOCK if piece.sequence == at.sequence + 1 else _PASSED
    if piece.sequence > 0:
        return _PASSED
    before = listing.session(at.session)
    restarted = before is not None and before.left is not None and before.left.how is Leaving.RESTARTED
    return _RESTARTED if restarted else _AWAY
