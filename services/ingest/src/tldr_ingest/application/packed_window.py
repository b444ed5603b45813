"""A window of chat with its messages as they are published."""

from dataclasses import dataclass, field

from tldr_ingest.domain.chat.report import ChatNote, ChatReport
from tldr_streams.values import StoredObject

_QUIET_MS = 600_000
"""Readers take windows of up to an hour; ten minutes keep the watermark moving in small steps."""


@dataclass(frozen=True, slots=True)
class PackedWindow:
    """Chat of [start_ms, end_ms): whole seconds. `content` holds the messages in their published form, or says where
    they are.
    """

    index: int
    start_ms: int
    end_ms: int
    content: bytes | StoredObject = field(repr=False)  # people's words: they appear in no log


@dataclass(frozen=True, slots=True)
class ReplayEnded:
    """The replay was read. `truncated`: the file ends in the middle. `missing`: why it has no windows, where it is not the
    stream's chat.
    """

    report: ChatReport = field(default_factory=ChatReport)
    truncated: bool = False
    missing: ChatNote | None = None


ChatReading = PackedWindow | ReplayEnded


def quiet_windows(index: int, start_ms: int, end_ms: int) -> list[PackedWindow]:
    """Windows in which nobody wrote, up to the end (rounded up to a second); none where it is not later than the start."""
    end_ms = -(-end_ms // 1000) * 1000
    starts = range(start_ms, end_ms, _QUIET_MS)
    return [
        PackedWindow(index + number, start, min(start + _QUIET_MS, end_ms), b"") for number, start in enumerate(starts)
    ]
