"""Which pages of which sites are known. Only these are ever given to a library, and by an address made here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, urlsplit


class Site(StrEnum):
    """A site whose pages are known."""

    TWITCH = "twitch"
    YOUTUBE = "youtube"
    KICK = "kick"


class PageKind(StrEnum):
    """channel: what it broadcasts now. video: one broadcast or recording."""

    CHANNEL = "channel"
    VIDEO = "video"


class PageNotKnown(Exception):
    """An address of a known site that is no page of a stream; the words say what is."""


@dataclass(frozen=True, slots=True)
class Page:
    """`name`: of the channel, or the video's id. `url`: of the page, without anything that came with the address."""

    site: Site
    kind: PageKind
    name: str
    url: str


_HOSTS = {
    "twitch.tv": Site.TWITCH,
    "player.twitch.tv": Site.TWITCH,
    "youtube.com": Site.YOUTUBE,
    "music.youtube.com": Site.YOUTUBE,
    "gaming.youtube.com": Site.YOUTUBE,
    "youtube-nocookie.com": Site.YOUTUBE,
    "youtu.be": Site.YOUTUBE,
    "kick.com": Site.KICK,
}
_SENTENCES = {
    Site.TWITCH: "a channel (https://www.twitch.tv/NAME) or a recording (https://www.twitch.tv/videos/NUMBER)",
    Site.YOUTUBE: "a video (https://www.youtube.com/watch?v=ID) or a channel (https://www.youtube.com/@NAME/live)",
    Site.KICK: "a channel (https://kick.com/NAME) or a recording (https://kick.com/NAME/videos/ID)",
}
# Pages of Twitch that a channel cannot be called.
_TWITCH_OWN = frozenset(
    {
        *("bits", "clip", "clips", "collections", "directory", "downloads", "drops", "embed", "friends", "inventory"),
        *("jobs", "legal", "login", "moderator", "p", "payments", "popout", "prime", "products", "search", "settings"),
        *("signup", "store", "subscriptions", "team", "turbo", "u", "user", "videos", "wallet"),
    }
)
_LOGIN = re.compile(r"[a-z0-9_]{1,25}")
_NUMBER = re.compile(r"\d{1,16}")
_VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)
_HANDLE = re.compile(r"@[^/?#%\s]{3,60}|@(?:[^/?#\s]|%[0-9A-Fa-f]{2}){3,200}")
_CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)
_SLUG = re.compile(r"[\w.-]{1,100}", re.ASCII)


def page_of(url: str) -> Page | None:
    """The page that an address means; None where it is of no known site. Raises PageNotKnown."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https"):
        return None
    site = _HOSTS.get(re.sub(r"^(?:www|m)\.", "", host))
    if site is None:
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    page = {Site.TWITCH: _twitch, Site.YOUTUBE: _youtube, Site.KICK: _kick}[site](host, parts, segments)
    if page is None:
        raise PageNotKnown(f"This page shows no stream. Give the address of {_SENTENCES[site]}.")
    return page


def _twitch(host: str, parts: SplitResult, segments: list[str]) -> Page | None:
    if host.startswith("player."):
        query = parse_qs(parts.query)
        video, channel = query.get("video", [""])[0].removeprefix("v"), query.get("channel", [""])[0]
        segments = ["videos", video] if video else [channel]
    match [segment.lower() for segment in segments]:
        case ["videos", number] | [_, "v" | "video", number] if _NUMBER.fullmatch(number):
            return Page(Site.TWITCH, PageKind.VIDEO, number, f"https://www.twitch.tv/videos/{number}")
        case [login] if _LOGIN.fullmatch(login) and login not in _TWITCH_OWN:
            return Page(Site.TWITCH, PageKind.CHANNEL, login, f"https://www.twitch.tv/{login}")
    return None


def _youtube(host: str, parts: SplitResult, segments: list[str]) -> Page | None:
    if host == "youtu.be" or segments == ["watch"]:
        segments = ["v", *segments] if host == "youtu.be" else ["v", parse_qs(parts.query).get("v", [""])[0]]
    match segments:
        case ["live" | "shorts" | "embed" | "v", video]:
            return _youtube_video(video)
        case [handle] | [handle, "live" | "streams" | "featured"] if _HANDLE.fullmatch(handle):
            return _youtube_channel(handle)
        case ["channel", channel] | ["channel", channel, "live" | "streams"] if _CHANNEL_ID.fullmatch(channel):
            return _youtube_channel(f"channel/{channel}")
        case [("c" | "user") as kind, name] | [("c" | "user") as kind, name, "live"] if _SLUG.fullmatch(name):
            return _youtube_channel(f"{kind}/{name}")
    return None


def _youtube_video(video: str) -> Page | None:
    if not _VIDEO_ID.fullmatch(video):
        return None
    return Page(Site.YOUTUBE, PageKind.VIDEO, video, f"https://www.youtube.com/watch?v={video}")


def _youtube_channel(path: str) -> Page:
    return Page(Site.YOUTUBE, PageKind.CHANNEL, path, f"https://www.youtube.com/{path}/live")


def _kick(host: str, parts: SplitResult, segments: list[str]) -> Page | None:
    match segments:
        case [channel] if _SLUG.fullmatch(channel):
            return Page(Site.KICK, PageKind.CHANNEL, channel, f"https://kick.com/{channel}")
        case [channel, "videos", video] if _SLUG.fullmatch(channel) and _SLUG.fullmatch(video):
            return Page(Site.KICK, PageKind.VIDEO, video, f"https://kick.com/{channel}/videos/{video}")
    return None
