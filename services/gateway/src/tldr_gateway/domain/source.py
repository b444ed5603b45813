"""What a customer submits: a source, its chat, and how they want it looked at."""

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """Whether a source ends by itself."""

    RECORDING = "recording"
    LIVE = "live"


class ChatFormat(StrEnum):
    """How a chat replay is written; `auto` finds out."""

    AUTO = "auto"
    TWITCH_DOWNLOADER = "twitch-downloader"
    CHAT_DOWNLOADER = "chat-downloader"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """An object that the customer uploaded into the organization's bucket; `id` names the upload."""

    id: str
    bucket: str
    key: str
    size_bytes: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where picture and sound come from: one of `upload` and `url` is given."""

    kind: SourceKind
    upload: UploadedObject | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ChatSource:
    """Where the chat comes from: one of `upload` and `url` is given. `offset_ms` is added to each message's time."""

    format: ChatFormat
    offset_ms: int
    upload: UploadedObject | None = None
    url: str | None = None
