"""The spool of pushed streams: a folder for each stream, in it a file for each piece, on disk before it has its name."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tldr_contracts.ids import StreamId
from tldr_ingest.domain.push.pieces import CutPiece
from tldr_ingest.domain.push.spool_bound import SpoolBound
from tldr_ingest.domain.push.spool_names import Leaving, Left, Listing, SpooledPiece, began_name, session_name

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PART = ".part"


def listing_of(folder: Path) -> Listing:
    """What lies in a stream's folder; nothing where there is none."""
    try:
        return Listing.of(os.listdir(folder))
    except FileNotFoundError:
        return Listing()


@dataclass(frozen=True, slots=True)
class PushSpool:
    """All streams' folders. One process writes it; it blocks."""

    root: Path
    bound: SpoolBound = field(default_factory=SpoolBound)

    def folder(self, stream: StreamId) -> Path:
        """Where a stream's pieces lie. ValueError for what cannot be a stream's name."""
        if not _STREAM.fullmatch(stream):
            raise ValueError("a stream's name holds letters, digits, _ and - only")
        return self.root / stream

    def begin(self, stream: StreamId, wall_ms: int) -> SpoolWriter:
        """A new session of a stream, behind those that are there, also when the clock was put back."""
        folder = self.folder(stream)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        latest = listing_of(folder).latest
        if latest:
            wall_ms = max(wall_ms, int(latest.name[:13]) + 1)
        return SpoolWriter(folder, session_name(wall_ms, secrets.token_hex(4)), self.bound)

    def recover(self, now_ms: int) -> None:
        """After a start: whoever published when this server ended is not connected any more, and what was half written goes."""
        for stream in self.streams():
            folder = self.root / stream
            for half in folder.glob(f"*{_PART}"):
                half.unlink(missing_ok=True)
            for session in listing_of(folder).sessions:
                if session.left is None:
                    _touch(folder, Left(now_ms, Leaving.RESTARTED).name(session.name))

    def prune(self, now_ms: int) -> None:
        """Delete what is older than is kept, of all streams."""
        for stream in self.streams():
            _prune(self.root / stream, self.bound, now_ms)

    def streams(self) -> Sequence[StreamId]:
        """The streams that have a folder."""
        try:
            return [StreamId(entry.name) for entry in os.scandir(self.root) if _STREAM.fullmatch(entry.name)]
        except FileNotFoundError:
            return []

    def has_pieces(self, stream: StreamId) -> bool:
        """Whether there is anything to read."""
        return bool(listing_of(self.folder(stream)).pieces)

    def remove(self, stream: StreamId) -> None:
        """Delete a stream's folder once nothing is left in it that may be read."""
        if not self.has_pieces(stream):
            shutil.rmtree(self.folder(stream), ignore_errors=True)


@dataclass(frozen=True, slots=True)
class SpoolWriter:
    """One publishing session. Each method returns when what it wrote would survive a loss of power."""

    folder: Path
    session: str
    bound: SpoolBound

    def began(self, wall_ms: int) -> None:
        """Note that its first frame came: what is said of an absence ends here."""
        _touch(self.folder, began_name(self.session, wall_ms))

    def put(self, piece: CutPiece, now_ms: int) -> None:
        """Add a piece, and delete what is not kept any more."""
        name = SpooledPiece(self.session, piece.epoch, piece.sequence, piece.wall_ms, piece.duration_ms).name
        half = self.folder / f"{name}{_PART}"
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with memoryview(piece.data) as left:
                at = 0
                while at < len(left):
                    at += os.write(descriptor, left[at:])
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        half.rename(self.folder / name)
        _sync(self.folder)
        _prune(self.folder, self.bound, now_ms)

    def left(self, wall_ms: int, how: Leaving) -> None:
        """Note that the publisher went."""
        _touch(self.folder, Left(wall_ms, how).name(self.session))


def _prune(folder: Path, bound: SpoolBound, now_ms: int) -> None:
    sizes: dict[str, int] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                sizes[entry.name] = entry.stat().st_size
            except FileNotFoundError:
                continue
    for name in bound.outlived(sizes, now_ms):
        (folder / name).unlink(missing_ok=True)


def _touch(folder: Path, name: str) -> None:
    os.close(os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600))
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
