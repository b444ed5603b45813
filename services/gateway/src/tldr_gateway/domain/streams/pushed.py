"""What a customer sends into a live stream: chat messages, and seconds of external signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIGNAL_PREFIX: Final = "external."


@dataclass(frozen=True, slots=True)
class Moment:
    """When: in milliseconds since 1970, or of stream time; with neither, it is not known."""

    wall_ms: int | None = None
    stream_ms: int | None = None

    @property
    def second(self) -> tuple[str, int]:
        """The second it lies in, of whichever clock it is told by."""
        if self.stream_ms is not None:
            return "stream", self.stream_ms // 1000
        return "wall", (self.wall_ms or 0) // 1000


@dataclass(frozen=True, slots=True)
class PushedMessage:
    """A chat message. `id` is the customer's: the same is counted once. `deleted`: the message of this id is taken back."""

    id: str
    at: Moment
    author: str = ""
    text: str = ""
    emotes: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class PushedSample:
    """A second's figure of a signal, by its whole name."""

    signal: str
    at: Moment
    value: float


def one_a_second(samples: Sequence[PushedSample]) -> tuple[PushedSample, ...]:
    """Of several figures of one signal in one second the last one."""
    return tuple({(sample.signal, sample.at.second): sample for sample in samples}.values())
