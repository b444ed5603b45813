"""Pages of YouTube, by yt-dlp."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from yt_dlp.utils import DownloadError, UserNotLive

from tldr_ingest.adapters.resolving.findings import (
    NO_RENDITION,
    Found,
    PageFailed,
    broken,
    not_found,
    not_live,
    not_public,
    refused_by_site,
)
from tldr_ingest.adapters.resolving.outside import Outside
from tldr_ingest.adapters.resolving.session_ytdlp import LIBRARY, Words, YoutubeReader
from tldr_ingest.adapters.resolving.validity import expiry
from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.domain.resolving.pages import Page, Site
from tldr_ingest.domain.resolving.renditions import Rendition, choose

_KEPT_HEADERS = ("user-agent", "referer", "origin")
_YOUTUBE = "www.youtube.com"
# What YouTube says, in English, which yt-dlp asks for, to whom it takes for a robot.
_ROBOT = ("not a bot", "captcha", "rate-limited", "too many requests", "try again later", "ip is likely being blocked")
_PRIVATE = frozenset({"LOGIN_REQUIRED", "UNPLAYABLE", "AGE_CHECK_REQUIRED", "AGE_VERIFICATION_REQUIRED"})


def resolve(page: Page, outside: Outside, *, max_height: int, now_s: int, runtime: Mapping[str, str]) -> Found:
    """Raises PageFailed, and whatever yt-dlp raises. `runtime`: of JavaScript, by name its path; none by default."""
    words = Words()
    with YoutubeReader(outside, words, runtime) as reader:
        try:
            info = reader.extract_info(page.url, download=False)
        except DownloadError as error:
            raise _failed(page, outside, error, words) from error
    if info and info.get("_type") == "playlist":
        info = next(iter(info.get("entries") or ()), None)
    if not info:
        raise broken("YouTube", "; ".join(words.said))
    return _found(page, outside, info, words, max_height, now_s)


def _found(page: Page, outside: Outside, info: Mapping[str, Any], words: Words, max_height: int, now_s: int) -> Found:
    status = info.get("live_status")
    if status == "is_upcoming":
        raise not_live("The broadcast has not begun yet.")
    if status == "post_live":
        raise not_live("The broadcast is over, and YouTube has not published its recording yet.")
    renditions = [(_rendition(format), format) for format in info.get("formats") or () if _readable(format)]
    chosen = choose([rendition for rendition, _ in renditions], max_height)
    if chosen is None:
        raise _unplayable(outside, words)
    format = next(format for rendition, format in renditions if rendition == chosen)
    url = str(format["manifest_url"] if chosen.apart else format["url"])
    video = str(info.get("id") or "")
    return Found(
        source=ResolvedSource(
            url=url,
            live=status == "is_live",
            headers=_headers(format),
            expires_at_s=expiry(Site.YOUTUBE, url, now_s),
            broadcast=video,
            title=str(info.get("fulltitle") or ""),
            chat=video,
        ),
        library=LIBRARY,
        renditions=tuple(rendition for rendition, _ in renditions),
        chosen=chosen,
        requests=len(outside.asked),
    )


def _readable(format: Mapping[str, Any]) -> bool:
    """Playlists with a picture (their sound may lie apart), and files with both."""
    if format.get("has_drm") or format.get("vcodec") in (None, "none") or not format.get("url"):
        return False
    if str(format.get("protocol", "")).startswith("m3u8"):
        return format.get("acodec") != "none" or bool(format.get("manifest_url"))
    return format.get("protocol") in ("http", "https") and format.get("acodec") not in (None, "none")


def _rendition(format: Mapping[str, Any]) -> Rendition:
    codecs: Sequence[str | None] = (format.get("vcodec"), format.get("acodec"))
    return Rendition(
        url=str(format["url"]),
        width=int(format.get("width") or 0),
        height=int(format.get("height") or 0),
        fps=float(format.get("fps") or 0.0),
        codecs=tuple(codec for codec in codecs if codec and codec != "none"),
        bandwidth=int(1000 * (format.get("tbr") or 0)),
        apart=str(format.get("protocol", "")).startswith("m3u8") and format.get("acodec") == "none",
    )


def _headers(format: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found: Mapping[str, str] = format.get("http_headers") or {}
    return tuple((name.lower(), str(value)) for name, value in found.items() if name.lower() in _KEPT_HEADERS)


def _failed(page: Page, outside: Outside, error: DownloadError, words: Words) -> PageFailed:
    cause = error.exc_info[1] if error.exc_info else None
    if isinstance(cause, UserNotLive):
        return not_live(f"The channel {page.name} does not broadcast now.")
    return _by_answers(outside, f"{error}; {'; '.join(words.said)}")


def _unplayable(outside: Outside, words: Words) -> PageFailed:
    return _by_answers(outside, "; ".join([*words.said, NO_RENDITION]))


def _by_answers(outside: Outside, words: str) -> PageFailed:
    """yt-dlp says in words why it gives up, its own and the site's mixed; what the site itself answered decides."""
    status, reason = _playability(outside)
    pages = outside.statuses(_YOUTUBE)
    if any(word in f"{words} {reason}".lower() for word in _ROBOT) or 429 in pages:
        failed = refused_by_site("YouTube takes this machine for a robot and shows it nothing, for now.", words)
    elif status in _PRIVATE:
        failed = not_public(
            "YouTube shows this to some only: it is private, for members, for adults, or not for this country."
        )
    elif status == "ERROR" or pages[:1] == [404]:
        failed = not_found("There is no such video or channel on YouTube. Check the address.")
    else:
        failed = broken("YouTube", words)
    return failed


def _playability(outside: Outside) -> tuple[str, str]:
    """Whether the player may play, as it was last answered, and why not; empty where that was not said."""
    for asked in reversed(outside.asked):
        if asked.host == _YOUTUBE and asked.path == "/youtubei/v1/player":
            try:
                said = json.loads(asked.body)["playabilityStatus"]
                return str(said["status"]), str(said.get("reason", ""))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
    return "", ""
