"""What a customer submits: a source, its chat, and how they want it looked at."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from tldr_gateway.domain.streams.stream_key import digest_of


class SourceKind(StrEnum):
    """Whether a source ends by itself."""

    RECORDING = "recording"
    LIVE = "live"


class ChatFormat(StrEnum):
    """How a chat replay is written; `auto` finds out."""

    AUTO = "auto"
    TWITCH_DOWNLOADER = "twitch-downloader"
    CHAT_DOWNLOADER = "chat-downloader"
    LIVE_CHAT = "live-chat"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """An object that the customer uploaded into the organization's bucket; `id` names the upload.

    What is stored at its place later than `stored_at_s` is another object (0: it is not there yet, or that was not asked).
    """

    id: str
    bucket: str
    key: str
    size_bytes: int
    content_type: str
    stored_at_s: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is kept: `sealed`, because it may hold credentials, and as it may be shown.

    One that an earlier version kept in clear has no seal.
    """

    sealed: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class Push:
    """An encoder sends picture and sound to us; `key_digest` is the SHA-256 of its stream key, in hex."""

    key_digest: str


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """How a live source is followed, in seconds.

    It is waited for `wait_until_live_s`, has ended when it gives nothing for `ends_after_silence_s`, and is followed for
    `max_length_s` at most. `from_start`: from where the source's window begins. A `max_height` of 0 takes any.
    """

    wait_until_live_s: int
    ends_after_silence_s: int
    max_length_s: int
    from_start: bool = False
    max_height: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where picture and sound come from: one of `upload`, `address` and `push` is given, and `live` of a live one."""

    kind: SourceKind
    upload: UploadedObject | None = None
    address: Address | None = None
    push: Push | None = None
    live: LiveSettings | None = None

    def takes(self, stream_key: str) -> bool:
        """Whether an encoder that shows this key may send."""
        return self.push is not None and hmac.compare_digest(self.push.key_digest, digest_of(stream_key))


class LiveChatKind(StrEnum):
    """Where the chat of a live stream is written."""

    TWITCH = "twitch"
    YOUTUBE = "youtube"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class LiveChat:
    """The chat of a live stream. `place`: the channel on Twitch, or the video on YouTube; empty where the source's page
    names it, or where it is pushed.
    """

    kind: LiveChatKind
    place: str = ""


@dataclass(frozen=True, slots=True)
class ChatSource:
    """Where a chat replay comes from: one of `upload` and `address` is given. `offset_ms` is added to each message's time.

    `media_started_at_ms`: since 1970, when the recording began, for a chat whose times are dates.
    """

    format: ChatFormat
    offset_ms: int
    upload: UploadedObject | None = None
    address: Address | None = None
    media_started_at_ms: int | None = None


Chat = ChatSource | LiveChat

_TWITCH: Final = re.compile(r"/(?!(?:videos|directory|downloads|settings|search|p)(?:/|$))([a-z0-9_]{2,25})(?:/|$)")
_YOUTUBE: Final = re.compile(r"/(?:@|channel/|c/|user/)([\w.\-·]{1,64})(?:/|$)")
_VIDEO: Final = re.compile(r"(?:[?&]v=|youtu\.be/|/live/|/embed/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")
_CHATS: Final = {
    "youtube.com": LiveChatKind.YOUTUBE,
    "youtube-nocookie.com": LiveChatKind.YOUTUBE,
    "youtu.be": LiveChatKind.YOUTUBE,
    "twitch.tv": LiveChatKind.TWITCH,
}
_CHANNELS: Final = {"twitch.tv": ("twitch", _TWITCH), "youtube.com": ("youtube", _YOUTUBE)}


def own_chat(url: str) -> LiveChat | None:
    """The chat that belongs to a page of Twitch or YouTube; None for every other address.

    Its place is empty where the address alone does not say which channel or video it leads to.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    kind = next((kind for domain, kind in _CHATS.items() if f".{host}".endswith(f".{domain}")), None)
    if kind is LiveChatKind.TWITCH:
        named = _TWITCH.match(unquote(parts.path).casefold())
        return LiveChat(kind, named[1] if named else "")
    if kind is LiveChatKind.YOUTUBE:
        video = _VIDEO.search(url)
        return LiveChat(kind, video[1] if video else "")
    return None


def live_source_at(url: str) -> str:
    """What tells a live source from others: a digest of its address, without what leads to the same source."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").rstrip(".")
    query = f"?{parts.query}" if parts.query else ""
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    return hashlib.sha256(f"{host}{port}{parts.path.rstrip('/')}{query}".encode()).hexdigest()


def channel_at(url: str | None) -> str:
    """The channel that an address of Twitch or YouTube names, as `twitch/name`; empty where it names none."""
    if url is None:
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    site, form = _CHANNELS.get(host, ("", _TWITCH))
    named = form.match(unquote(parts.path).casefold()) if site else None
    return f"{site}/{named[1]}" if named else ""
