"""Which chat a page's address means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_TWITCH = re.compile(r"(?:(?:www|m|go)\.)?twitch\.tv")
_YOUTUBE = re.compile(r"(?:(?:www|m|music)\.)?youtube\.com")
_LOGIN = re.compile(r"[A-Za-z0-9_]{1,25}")
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_CHANNEL = re.compile(r"(?:@[\w.-]{1,60}|(?:channel|c|user)/[\w.-]{1,60})")
_VOD = re.compile(r"/(?:videos|[A-Za-z0-9_]{1,25}/(?:v|video))/v?(\d{1,20})/?")


@dataclass(frozen=True, slots=True)
class Page:
    """`site`: twitch or youtube. `channel`: a login, or a video's id, or a channel as YouTube's addresses name it. `video`: the
    number of a recording on Twitch.
    """

    site: str
    channel: str = ""
    video: str = ""


def page_of(url: str) -> Page | None:
    """What a page's address says by itself, or None where it is of no site known here, or means no one stream."""
    try:
        parts = urlsplit(url if "//" in url else f"https://{url}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if _TWITCH.fullmatch(host):
        return _twitch(parts.path)
    if host == "youtu.be":
        return _youtube(parts.path.strip("/"))
    return _youtube(_of_youtube(parts.path, parts.query)) if _YOUTUBE.fullmatch(host) else None


def twitch_login(written: str) -> str | None:
    """A channel's login out of what a customer wrote: `Name`, `#name` or the channel's address."""
    name = written.strip().removeprefix("#").removeprefix("@")
    if _LOGIN.fullmatch(name):
        return name.lower()
    page = page_of(name)
    return page.channel or None if page and page.site == "twitch" else None


def youtube_path(written: str) -> str | None:
    """The path of the page on which a video's, or a channel's live, chat is found."""
    name = written.strip()
    if "/" in name and (page := page_of(name)) and page.site == "youtube":
        name = page.channel
    if _VIDEO.fullmatch(name) and not name.startswith("@"):
        return f"/watch?v={name}"
    return f"/{name}/live" if _CHANNEL.fullmatch(name) else None


def _twitch(path: str) -> Page | None:
    if found := _VOD.fullmatch(path):
        return Page("twitch", video=found[1])
    name = path.strip("/")
    return Page("twitch", name.lower()) if _LOGIN.fullmatch(name) else None


def _of_youtube(path: str, query: str) -> str:
    if path == "/watch":
        return parse_qs(query).get("v", [""])[0]
    if found := re.fullmatch(r"/(?:live|embed|shorts)/([^/]+)/?", path):
        return found[1]
    return path.strip("/").removesuffix("/live").removesuffix("/streams")


def _youtube(name: str) -> Page | None:
    return Page("youtube", name) if youtube_path(name) else None
