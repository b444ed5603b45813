"""What an origin has published so far, by the wall clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from threading import RLock

from tldr_standins.hls_origin.reel import Reel


@dataclass(frozen=True, slots=True)
class Published:
    """One segment. `at`: its first timestamp in seconds; `wall_ms`: when it happened; `index`: of the reel's chunk."""

    run: int
    sequence: int
    reel: Reel = field(repr=False)
    index: int
    at: Fraction
    wall_ms: int
    duration_ms: int
    discontinuity: int
    splice: bool
    advertisement: bool = False
    gap: bool = False

    @property
    def pictures(self) -> list[int]:
        """PTS of its pictures, in ticks of 90 kHz, wrapped as MPEG-TS does."""
        return sorted(pts % 2**33 for pts in self.reel.pictures(self.index, self.at))


@dataclass
class Programme:
    """Publishes a segment when its last frame has happened. Thread-safe; `advance` before looking."""

    reel: Reel
    other: Reel
    begins_ms: int
    at: Fraction = Fraction(10)
    looped: bool = True
    lock: RLock = field(default_factory=RLock)
    published: list[Published] = field(default_factory=list)
    current: list[Published] = field(default_factory=list)
    ended: bool = False
    run: int = 0
    sequence: int = 0
    discontinuity: int = 0
    splices: set[int] = field(default_factory=set)
    advertised: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)
    stops_at: int | None = None
    _index: int = 0
    _wall_ms: Fraction = Fraction(0)
    _ad_at: Fraction = Fraction(0)
    _begins_anew: bool = False

    def __post_init__(self) -> None:
        self._wall_ms = Fraction(self.begins_ms)

    def advance(self, now_ms: int) -> None:
        """Publish what has happened by now."""
        with self.lock:
            while not self.ended and self._publish(now_ms):
                pass

    def hang(self, milliseconds: int, *, jump: bool) -> None:
        """The encoder stops for so long; its timestamps jump with it, or go on."""
        with self.lock:
            self._wall_ms += milliseconds
            if jump:
                self.at += Fraction(milliseconds, 1000)

    def restart(self, milliseconds: int) -> None:
        """After a pause the numbers and timestamps begin anew. Until then the playlist stays as it is."""
        with self.lock:
            self._wall_ms += milliseconds
            self._begins_anew = True

    def come_back(self, now_ms: int) -> None:
        """After an end: the playlist goes on behind a discontinuity."""
        with self.lock:
            self.ended, self.stops_at = False, None
            self._wall_ms = Fraction(now_ms)
            self.splices.add(self.sequence)
            self.at = Fraction(2)

    def _publish(self, now_ms: int) -> bool:
        advertisement = self.sequence in self.advertised
        if not advertisement and self._index >= len(self.reel.chunks):
            if not self.looped:
                self.ended = True
                return False
            self._index = 0
            if not self.reel.loops_smoothly:
                self.splices.add(self.sequence)
        reel = self.other if advertisement else self.reel
        index = self.sequence % len(reel.chunks) if advertisement else self._index
        length = reel.chunks[index].length
        if self._wall_ms + length * 1000 > now_ms:
            return False
        if self._begins_anew:
            self._begins_anew, self.run, self.current = False, self.run + 1, []
            self.sequence, self.discontinuity, self.at = 0, 0, Fraction(3)
            self.splices, self.advertised, self.gaps = set(), set(), set()
        before = bool(self.current) and self.current[-1].advertisement
        splice = self.sequence in self.splices or before != advertisement
        if splice:
            self.discontinuity += 1
            self._ad_at = Fraction(0)
        made = Published(
            run=self.run,
            sequence=self.sequence,
            reel=reel,
            index=index,
            at=self._ad_at if advertisement else self.at,
            wall_ms=round(self._wall_ms),
            duration_ms=round(length * 1000),
            discontinuity=self.discontinuity,
            splice=splice,
            advertisement=advertisement,
            gap=self.sequence in self.gaps,
        )
        self.published.append(made)
        self.current.append(made)
        self.sequence += 1
        self._wall_ms += length * 1000
        # The stream goes on behind the advertisement that hides it.
        self.at += length
        if advertisement:
            self._ad_at += length
        else:
            self._index += 1
        if self.stops_at is not None and self.sequence >= self.stops_at:
            self.ended = True
        return True
