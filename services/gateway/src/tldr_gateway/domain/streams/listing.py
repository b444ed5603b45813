"""Lists of streams: which ones."""

from dataclasses import dataclass
from datetime import datetime

from tldr_gateway.domain.streams.source import SourceKind
from tldr_gateway.domain.streams.stream import State


@dataclass(frozen=True, slots=True)
class StreamFilter:
    """What a stream must have to be listed; None: anything. `text`: each of its words, in whatever case, in the title."""

    state: State | None = None
    kind: SourceKind | None = None
    channel: str | None = None
    text: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
