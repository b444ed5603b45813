"""What a customer asks for when they submit a stream."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tldr_gateway.application.configuration.choose_profile import Choice
from tldr_gateway.domain.streams.source import ChatFormat, LiveChat, SourceKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: one of an upload's id and an address."""

    upload: str | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Following:
    """How a live source is to be followed, in seconds; without a `max_length_s` for as long as the plan allows."""

    wait_until_live_s: int
    ends_after_silence_s: int
    max_length_s: int | None = None
    from_start: bool = False
    max_height: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """What was asked for. `processing` overrides the figures of what is chosen; without a `channel` the address may name one.

    `media` is None where an encoder sends picture and sound to us; `live` is given for live sources. `without_chat`: also
    where the source's page has one. `signals`: names of external signals.
    """

    title: str
    media: Place | None
    kind: SourceKind
    choice: Choice
    chat: Place | LiveChat | None = None
    chat_format: ChatFormat = ChatFormat.AUTO
    chat_offset_ms: int = 0
    media_started_at: datetime | None = None
    processing: dict[str, Any] | None = None
    metadata: dict[str, str] | None = None
    channel: str | None = None
    live: Following | None = None
    without_chat: bool = False
    signals: tuple[str, ...] = ()

    @property
    def uploads(self) -> tuple[str, ...]:
        """The uploads it names."""
        files = (place for place in (self.media, self.chat) if isinstance(place, Place))
        return tuple(place.upload for place in files if place.upload)
