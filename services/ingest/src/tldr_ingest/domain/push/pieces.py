"""Cuts what a publisher sends into pieces that can be demuxed by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from tldr_ingest.domain.push.messages import MessageType
from tldr_ingest.domain.push.session_clock import SessionClock
from tldr_ingest.domain.push.tags import Tag, TagKind, file_head

_LONGEST_STEP_MS = 1_000
_TAG_BYTES = 128
"""What a tag takes in memory besides its payload: a publisher may send many small ones."""


@dataclass(frozen=True, slots=True)
class PieceLimits:
    """A piece ends at a keyframe (of sound alone: anywhere) after `usual_ms`, and anywhere after `longest_ms` or `bytes`."""

    usual_ms: int = 1_500
    longest_ms: int = 4_000
    bytes: int = 12 << 20


@dataclass(frozen=True, slots=True)
class CutPiece:
    """A file in FLV. `wall_ms`: when its first frame happened; timestamps go on from one to the next within an epoch."""

    epoch: int
    sequence: int
    wall_ms: int
    duration_ms: int
    data: bytes = field(repr=False)


@dataclass(slots=True)
class PieceCutter:
    """Of one publishing session: takes tags in the order in which they came, gives pieces as they are complete."""

    limits: PieceLimits = field(default_factory=PieceLimits)
    clock: SessionClock = field(default_factory=SessionClock)
    _metadata: bytes | None = None
    _setups: dict[MessageType, Tag] = field(default_factory=dict)
    _tracks: set[MessageType] = field(default_factory=set)
    _tags: list[Tag] = field(default_factory=list)
    _bytes: int = 0
    _epoch: int = 0
    _wall_ms: int = 0
    _sequence: int = 0
    _before: dict[MessageType, int] = field(default_factory=dict)
    _step_ms: int = 0

    @property
    def began_ms(self) -> int | None:
        """When the first frame of all happened; None before there was one."""
        return self._wall_ms if self._tags or self._sequence else None

    @property
    def held_bytes(self) -> int:
        """What is kept of the piece that is not complete."""
        return self._bytes

    def describe(self, metadata: bytes) -> None:
        """Keep what the publisher says of itself for the files to come."""
        self._metadata = metadata

    def add(self, type: MessageType, timestamp: int, payload: bytes, wall_ms: int) -> CutPiece | None:
        """Take picture or sound that came at a time; the piece that ends before it, if one does."""
        tag = Tag(type, self.clock.unwrapped(timestamp), payload)
        kind = tag.kind
        if kind is TagKind.NOTHING:
            return None
        if kind is TagKind.SETUP:
            return self._set_up(tag)
        if self.clock.starts_anew(tag.timestamp_ms, wall_ms):
            piece = self._cut(None)
        else:
            piece = self._cut(tag.timestamp_ms) if self._ends_before(tag, kind) else None
        self._append(tag)
        return piece

    def end(self) -> CutPiece | None:
        """Nothing more comes: the rest."""
        return self._cut(None)

    def _set_up(self, tag: Tag) -> CutPiece | None:
        """A codec's parameters: all that follows is written so. Others than before begin an epoch."""
        known = self._setups.get(tag.type)
        piece = None
        if known is not None and known.payload != tag.payload and self._tags:
            piece = self._cut(None)
            self.clock.go_on_in_a_new_epoch()
        self._setups[tag.type] = tag
        self._tracks.add(tag.type)
        return piece

    def _ends_before(self, tag: Tag, kind: TagKind) -> bool:
        if not self._tags:
            return False
        long_ms = tag.timestamp_ms - self._tags[0].timestamp_ms
        if long_ms >= self.limits.longest_ms or self._bytes + len(tag.payload) + _TAG_BYTES > self.limits.bytes:
            return True
        fits = kind is TagKind.KEYFRAME or MessageType.VIDEO not in self._tracks
        return fits and long_ms >= self.limits.usual_ms

    def _append(self, tag: Tag) -> None:
        if not self._tags:
            self._epoch, self._wall_ms = self.clock.epoch, self.clock.wall_ms(tag.timestamp_ms)
        step_ms = tag.timestamp_ms - self._before.get(tag.type, tag.timestamp_ms)
        if 0 < step_ms < _LONGEST_STEP_MS:
            self._step_ms = step_ms
        self._before[tag.type] = tag.timestamp_ms
        self._tracks.add(tag.type)
        self._tags.append(tag)
        self._bytes += len(tag.payload) + _TAG_BYTES

    def _cut(self, next_ms: int | None) -> CutPiece | None:
        """What is held, as a file; `next_ms` where the next one goes on from it."""
        if not self._tags:
            return None
        first_ms = self._tags[0].timestamp_ms
        last_ms = max(tag.timestamp_ms for tag in self._tags) + self._step_ms
        end_ms = last_ms if next_ms is None else max(next_ms, first_ms)
        head = file_head(picture=MessageType.VIDEO in self._tracks, sound=MessageType.AUDIO in self._tracks)
        about = [Tag(MessageType.DATA, first_ms, self._metadata)] if self._metadata else []
        written = [tag.written(first_ms) for tag in (*about, *self._setups.values())]
        data = b"".join((head, *written, *(tag.written() for tag in self._tags)))
        piece = CutPiece(self._epoch, self._sequence, self._wall_ms, end_ms - first_ms, data)
        self._sequence += 1
        self._tags, self._bytes = [], 0
        return piece
