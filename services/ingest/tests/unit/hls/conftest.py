"""A source of segments, and who follows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from tldr_ingest.domain.hls.following import Following, Take, begin
from tldr_ingest.domain.hls.joints import answered
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment, PlaylistKind, name_of
from tldr_ingest.domain.hls.window import Followed, follow
from tldr_ingest.domain.live.feed import Missing, PieceMark

T0 = 1_790_000_000_000
LENGTH = 2_000


@dataclass
class Source:
    """Makes segments of two seconds, each with a truth: when it happened. `now` moves with what is made."""

    window: int = 6
    dated: bool = True
    now: int = T0
    made: list[MediaSegment] = field(default_factory=list)
    truth: dict[str, int] = field(default_factory=dict)
    sequence: int = 100
    discontinuity: int = 0
    folder: str = "a"
    skew: int = 0
    splice: bool = False
    run: int = 0
    ended: bool = False
    kind: PlaylistKind = PlaylistKind.SLIDING
    reuses_names: bool = False

    def make(self, count: int = 1, **about: object) -> list[MediaSegment]:
        made = []
        for _ in range(count):
            uri = f"https://e/{self.folder}/{self.sequence}.ts"
            if self.splice:
                self.discontinuity += 1
            segment = MediaSegment(
                self.sequence,
                name_of(uri),
                uri,
                LENGTH,
                self.discontinuity,
                self.splice,
                self.now + self.skew if self.dated else None,
            )
            self.truth[f"{self.run}/{self.sequence}"] = self.now
            segment = replace(segment, **about)  # type: ignore[arg-type]
            self.made.append(segment)
            made.append(segment)
            self.splice = False
            self.sequence += 1
            self.now += LENGTH
        return made

    def hang(self, milliseconds: int) -> None:
        self.now += milliseconds

    def restart(self, first: int = 0) -> None:
        self.run += 1
        self.made, self.sequence, self.discontinuity = [], first, 0
        if not self.reuses_names:
            self.folder = f"{self.folder}a"

    def playlist(self, back: int = 0) -> MediaPlaylist:
        upto = len(self.made) - back
        shown = self.made[max(0, upto - self.window) : upto]
        return MediaPlaylist(LENGTH, tuple(shown), self.kind, self.ended)


@dataclass
class Follower:
    """Follows a source and keeps what it was given."""

    source: Source
    state: Following = field(default_factory=Following)
    steps: list[Take | Missing] = field(default_factory=list)
    from_start: bool = False
    runs: dict[tuple[int, str], int] = field(default_factory=dict)
    runs_of: dict[int, int] = field(default_factory=dict)

    def poll(self, back: int = 0, late_ms: int = 300) -> Followed:
        found = follow(self.state, self.source.playlist(back), self.source.now + late_ms, from_start=self.from_start)
        self.state = found.state
        if found.doubt is not None:
            run = self.runs.get((found.doubt.sequence, found.doubt.name))
            self.state = answered(self.state, found.doubt, None if run is None else run == self.source.run)
            return self.poll(back, late_ms)
        self.steps += found.steps
        self.runs_of |= {id(step): self.source.run for step in found.steps}
        self.runs |= {(s.mark.sequence, s.mark.name): self.source.run for s in found.steps if isinstance(s, Take)}
        return found

    def resume(self) -> None:
        """Go on behind the last piece; what was said behind it is said again."""
        while not isinstance(self.steps[-1], Take):
            self.steps.pop()
        self.state = begin(self.marks[-1])

    @property
    def marks(self) -> list[PieceMark]:
        return [step.mark for step in self.steps if isinstance(step, Take)]

    @property
    def taken(self) -> list[int]:
        return [mark.sequence for mark in self.marks]

    @property
    def missing(self) -> list[tuple[int, int, str]]:
        """From and to in seconds after the source's begin."""
        return [
            ((step.start_ms - T0) // 1000, (step.end_ms - T0) // 1000, step.code)
            for step in self.steps
            if isinstance(step, Missing)
        ]

    @property
    def clocks(self) -> list[str]:
        found: list[str] = []
        for mark in self.marks:
            if mark.clock not in found[-1:]:
                found.append(mark.clock)
        return found


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def follower(source: Source) -> Follower:
    return Follower(source)


@pytest.fixture(scope="session")
def make_follower() -> Callable[..., Follower]:
    return lambda **about: Follower(Source(**about))
