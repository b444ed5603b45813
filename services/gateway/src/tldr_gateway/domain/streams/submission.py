"""A stream as it was submitted and as it is now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.domain.streams.live import LiveState
from tldr_gateway.domain.streams.source import Chat, ChatSource, LiveChat, LiveChatKind, Source
from tldr_gateway.domain.streams.stream import Failure, State


@dataclass(frozen=True, slots=True)
class Profile:
    """What a highlight is for this stream: a snapshot, in the published language's JSON form."""

    name: str
    version: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream. `duration_ms` and `highlights` are known once it is settled. `channel` is empty where it belongs to none.

    `signals`: the external ones that were declared. `live`: what is known of a live source, None before anything is.
    `told`: how many events its feed had. `created_by`: the key that submitted it. `live_source`: what tells its live source
    from others, where it has one.
    """

    id: StreamId
    organization: OrganizationId
    title: str
    source: Source
    chat: Chat | None
    profile: Profile
    lane: int
    priority: int
    state: State
    attempt: int
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    stop_asked: bool = False
    failure: Failure | None = None
    duration_ms: int | None = None
    highlights: int | None = None
    gaps: tuple[dict[str, Any], ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    signals: tuple[str, ...] = ()
    live: LiveState | None = None
    told: int = 0
    created_by: str | None = None
    live_source: str | None = None

    @property
    def uploads(self) -> tuple[str, ...]:
        """The uploads it was submitted with."""
        chat = self.chat.upload if isinstance(self.chat, ChatSource) else None
        return tuple(place.id for place in (self.source.upload, chat) if place)

    @property
    def takes_chat(self) -> bool:
        """Whether its chat is pushed."""
        return isinstance(self.chat, LiveChat) and self.chat.kind is LiveChatKind.PUSH
