"""What comes of a stream's chat, in the order it came: windows, gaps, the end."""

from dataclasses import dataclass, field

from tldr_streams.values import Failure

LONGEST_WINDOW_MS = 3_600_000
"""A window is a batch of messages, not a stream; an hour of series is 170 kB."""


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """Where messages are stored. `sha256` is empty where nobody computed it."""

    bucket: str
    key: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    """Chat of [start_ms, end_ms) is missing for good; `complete_until_ms` is how far chat is known or known to be missing."""

    start_ms: int
    end_ms: int
    code: str
    reason: str
    complete_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Chat of [start_ms, end_ms); `content` holds its messages in their published form, or says where they are."""

    index: int
    start_ms: int
    end_ms: int
    complete_until_ms: int
    content: bytes | ObjectPlace = field(repr=False)  # people's words: they appear in no log

    @property
    def measurable(self) -> bool:
        """Whether its range is one that chat can have."""
        return 0 <= self.start_ms < self.end_ms <= self.start_ms + LONGEST_WINDOW_MS

    def gap(self, code: str, reason: str) -> Gap:
        """The gap that this window leaves when it cannot be measured."""
        start_ms = max(self.start_ms, 0)
        return Gap(start_ms, max(self.end_ms, start_ms), code, reason, self.complete_until_ms)


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more comes in this attempt."""

    attempt: int
    duration_ms: int
    failure: Failure | None = None


Arrival = Window | Gap | End


@dataclass(frozen=True, slots=True)
class Numbered:
    """An arrival with its place among those of its stream, counted from 1."""

    number: int
    arrival: Arrival
