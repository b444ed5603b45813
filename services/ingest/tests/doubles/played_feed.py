"""A live feed out of a folder: what a test puts into it is given in order, in the reading process of the real service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tldr_ingest.adapters.live.feeds import LivePlace, PlaylistPlace, feed_of
from tldr_ingest.domain.errors import AddressExpired, SourceEncrypted
from tldr_ingest.domain.live.feed import (
    FeedEnded,
    FeedEvent,
    Interrupted,
    LiveFeed,
    Missing,
    Piece,
    PieceFormat,
    PieceMark,
    WallSource,
)

_KINDS: dict[str, Any] = {"Missing": Missing, "Interrupted": Interrupted, "FeedEnded": FeedEnded}
_ERRORS: dict[str, Any] = {"AddressExpired": AddressExpired, "SourceEncrypted": SourceEncrypted}
_POLL_S = 0.02


def open_played(place: LivePlace) -> LiveFeed:
    """Of an address `…/played/FOLDER` the folder; else what the service itself opens."""
    if not isinstance(place, PlaylistPlace):
        return feed_of(place)
    _, found, folder = urlsplit(place.url).path.partition("/played")
    return PlayedFeed(Path(unquote(folder))) if found else feed_of(place)


@dataclass
class Broadcast:
    """What a live source does, from a test's side."""

    folder: Path
    number: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:9/played{self.folder}"

    def give(self, events: Iterable[FeedEvent | type[Exception]]) -> None:
        """Let these come next."""
        self.folder.mkdir(exist_ok=True)
        for event in events:
            path = self.folder / f"{self.number:06d}"
            self.number += 1
            told: dict[str, Any] = {"kind": event.__name__ if isinstance(event, type) else type(event).__name__}
            if isinstance(event, Piece):
                path.with_suffix(".bin").write_bytes(event.data)
                told |= {"mark": asdict(event.mark), "format": event.format}
            elif not isinstance(event, type):
                told |= asdict(event)
            written = path.with_suffix(".part")
            written.write_text(json.dumps(told))
            written.rename(path.with_suffix(".json"))

    def forget(self) -> None:
        """All that came so far has left the source's window."""
        for path in self.folder.glob("*.json"):
            path.unlink()


@dataclass(frozen=True)
class PlayedFeed:
    """See `LiveFeed`. What was passed by while nobody read is missing."""

    folder: Path

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        given = ""
        behind = after
        if after is not None:
            given = next((name for name, told in self._told() if _is(told, after)), "")
            behind = None if given else after
        while True:
            for name, told in self._told():
                if name <= given:
                    continue
                if told["kind"] in _ERRORS:
                    (self.folder / name).unlink()
                    raise _ERRORS[told["kind"]]("As it was asked for.")
                event = self._event(name, told)
                if behind is not None and isinstance(event, Piece):
                    yield Missing(behind.wall_ms + behind.duration_ms, event.mark.wall_ms, "window_passed", "Gone.")
                    behind = None
                yield event
                given = name
            time.sleep(_POLL_S)

    def _told(self) -> list[tuple[str, dict[str, Any]]]:
        return [(path.name, json.loads(path.read_text())) for path in sorted(self.folder.glob("*.json"))]

    def _event(self, name: str, told: dict[str, Any]) -> FeedEvent:
        kind = told.pop("kind")
        if kind != "Piece":
            event: FeedEvent = _KINDS[kind](**told)
            return event
        data = (self.folder / name).with_suffix(".bin").read_bytes()
        return Piece(_mark(told["mark"]), PieceFormat(told["format"]), data)


def _mark(told: dict[str, Any]) -> PieceMark:
    return PieceMark(**{**told, "wall_source": WallSource(told["wall_source"])})


def _is(told: dict[str, Any], mark: PieceMark) -> bool:
    return told["kind"] == "Piece" and _mark(told["mark"]) == mark
