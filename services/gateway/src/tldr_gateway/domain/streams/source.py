"""What a customer submits: a source, its chat, and how they want it looked at."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit


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
class Source:
    """Where picture and sound come from: one of `upload` and `address` is given."""

    kind: SourceKind
    upload: UploadedObject | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class ChatSource:
    """Where the chat comes from: one of `upload` and `address` is given. `offset_ms` is added to each message's time.

    `media_started_at_ms`: since 1970, when the recording began, for a chat whose times are dates.
    """

    format: ChatFormat
    offset_ms: int
    upload: UploadedObject | None = None
    address: Address | None = None
    media_started_at_ms: int | None = None


_TWITCH: Final = re.compile(r"/(?!(?:videos|directory|downloads|settings|search|p)(?:/|$))([a-z0-9_]{2,25})(?:/|$)")
_YOUTUBE: Final = re.compile(r"/(?:@|channel/|c/|user/)([\w.\-·]{1,64})(?:/|$)")
_SITES: Final = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "twitch.tv": "Twitch",
    "kick.com": "Kick",
}
_CHANNELS: Final = {"twitch.tv": ("twitch", _TWITCH), "youtube.com": ("youtube", _YOUTUBE)}


def site_at(url: str) -> str:
    """The site whose pages cannot be read as files, where the address leads to one; empty otherwise."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return next((site for domain, site in _SITES.items() if f".{host}".endswith(f".{domain}")), "")


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
