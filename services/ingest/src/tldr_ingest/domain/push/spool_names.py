"""The names in a stream's spool: what is known of a piece or a session stands in the name of its file.

So the folder is its own index: a piece is there with all that is known of it, or it is not there.

    1795435205000a1b2c3d4-000-00000012-1795435229000-2000.flv     session, epoch, sequence, wall clock, duration
    1795435205000a1b2c3d4-began-1795435205120                     a publisher's first frame
    1795435205000a1b2c3d4-left-1795435260000-asked                how it went: asked, lost or restarted
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_PIECE = re.compile(r"(?P<session>[0-9a-f]{21})-(\d{3,6})-(\d{8,12})-(\d{13})-(\d{1,9})\.flv")
_NOTE = re.compile(
    r"(?P<session>[0-9a-f]{21})-(?P<what>began|left)-(?P<wall>\d{13})(?:-(?P<how>asked|lost|restarted))?"
)


class Leaving(StrEnum):
    """How a publisher went. asked: it ended the stream. lost: its connection ended or said nothing. restarted: our server was."""

    ASKED = "asked"
    LOST = "lost"
    RESTARTED = "restarted"


def session_name(wall_ms: int, tail: str) -> str:
    """A session's name: names are in the order of the times, `tail` (8 hex digits) tells two of one time apart."""
    return f"{wall_ms:013d}{tail}"


@dataclass(frozen=True, slots=True, order=True)
class SpooledPiece:
    """A piece that is there; in the order in which it was sent."""

    session: str
    epoch: int
    sequence: int
    wall_ms: int
    duration_ms: int

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.session}-{self.epoch:03d}-{self.sequence:08d}-{self.wall_ms:013d}-{self.duration_ms}.flv"

    @property
    def clock(self) -> str:
        """The run of pieces whose timestamps go on."""
        return f"{self.session}-{self.epoch:03d}"

    @property
    def end_ms(self) -> int:
        """The wall clock behind its last frame."""
        return self.wall_ms + self.duration_ms


def piece_of(name: str) -> SpooledPiece | None:
    """The piece of a file's name, None for another file."""
    found = _PIECE.fullmatch(name)
    if found is None:
        return None
    session, *figures = found.groups()
    return SpooledPiece(session, *(int(one) for one in figures))


@dataclass(frozen=True, slots=True)
class Left:
    """When and how a publisher went."""

    wall_ms: int
    how: Leaving

    def name(self, session: str) -> str:
        """The name of its note."""
        return f"{session}-left-{self.wall_ms:013d}-{self.how}"


@dataclass(frozen=True, slots=True)
class Session:
    """`began_ms`: None while nothing that can be shown came. `left`: None while its publisher is connected."""

    name: str
    began_ms: int | None = None
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a stream's spool, in order."""

    pieces: Sequence[SpooledPiece] = ()
    sessions: Sequence[Session] = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> Listing:
        """Of the names of its files; others are passed by."""
        pieces, sessions = [], dict[str, Session]()
        for name in names:
            if piece := piece_of(name):
                pieces.append(piece)
                sessions.setdefault(piece.session, Session(piece.session))
            elif note := _NOTE.fullmatch(name):
                known = sessions.get(note["session"], Session(note["session"]))
                sessions[known.name] = _noted(known, note)
        return cls(sorted(pieces), sorted(sessions.values(), key=lambda session: session.name))

    @property
    def latest(self) -> Session | None:
        """The last session."""
        return self.sessions[-1] if self.sessions else None

    def session(self, name: str) -> Session | None:
        """A session by its name."""
        return next((session for session in self.sessions if session.name == name), None)


def began_name(session: str, wall_ms: int) -> str:
    """The name of the note that a session's first frame came."""
    return f"{session}-began-{wall_ms:013d}"


def session_of(name: str) -> str | None:
    """The session that a file's name speaks of."""
    found = _PIECE.fullmatch(name) or _NOTE.fullmatch(name)
    return found["session"] if found else None


def _noted(known: Session, note: re.Match[str]) -> Session:
    wall_ms = int(note["wall"])
    if note["what"] == "began":
        return Session(known.name, wall_ms, known.left)
    return Session(known.name, known.began_ms, Left(wall_ms, Leaving(note["how"] or Leaving.LOST)))
