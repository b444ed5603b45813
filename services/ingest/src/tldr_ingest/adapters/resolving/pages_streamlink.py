"""Pages of Twitch and Kick, and those of YouTube as a second try, by streamlink."""

from __future__ import annotations

import json
from typing import Any

from streamlink.exceptions import NoStreamsError, PluginError
from streamlink.plugin import Plugin
from streamlink.plugins.kick import Kick
from streamlink.plugins.twitch import Twitch
from streamlink.plugins.youtube import YouTube

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
from tldr_ingest.adapters.resolving.session_streamlink import (
    LIBRARY,
    headers_of,
    renditions_of,
    session_over,
    streams_of,
)
from tldr_ingest.adapters.resolving.validity import expiry
from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.domain.resolving.pages import Page, PageKind, Site
from tldr_ingest.domain.resolving.renditions import choose

_GQL, _USHER = "gql.twitch.tv", "usher.ttvnw.net"
# Why there is no playlist, as its server says it.
_NOT_FOR_US = (b"entitlement", b"restricted", b"geoblock")
_NOT_THERE = 404
_PLUGINS: dict[Site, type[Plugin]] = {Site.TWITCH: Twitch, Site.KICK: Kick, Site.YOUTUBE: YouTube}
_NAMES = {Site.TWITCH: "Twitch", Site.KICK: "Kick", Site.YOUTUBE: "YouTube"}


def resolve(page: Page, outside: Outside, *, max_height: int, now_s: int) -> Found:
    """Ask the plugin of the page's site, no other. Raises PageFailed, and whatever the plugin raises."""
    session = session_over(outside)
    plugin = _PLUGINS[page.site](session, page.url)
    try:
        streams = streams_of(plugin)
    except NoStreamsError:
        streams = {}
    except PluginError as error:
        raise _failed(page, outside, str(error)) from error
    renditions, multivariant = renditions_of(streams)
    if not renditions:
        # Streams that are no HLS: a file in parts, which is not read.
        raise broken(_NAMES[page.site], NO_RENDITION) if streams else _nothing(page, outside, plugin)
    chosen = choose(renditions, max_height)
    assert chosen is not None  # noqa: S101 - there is one at least
    live = page.kind is PageKind.CHANNEL if page.site is not Site.YOUTUBE else _youtube_is_live(plugin, streams)
    identity = plugin.get_id()
    url = multivariant if chosen.apart else chosen.url
    return Found(
        source=ResolvedSource(
            url=url,
            live=live,
            headers=headers_of(session),
            expires_at_s=expiry(page.site, url, now_s),
            broadcast=str(identity or (page.name if page.kind is PageKind.VIDEO else "")),
            title=plugin.get_title() or "",
            chat=_chat(page, str(identity or "")),
        ),
        library=LIBRARY,
        renditions=tuple(renditions),
        chosen=chosen,
        requests=len(outside.asked),
    )


def _chat(page: Page, identity: str) -> str:
    if page.site is Site.YOUTUBE:
        return identity
    return page.name if page.site is Site.TWITCH and page.kind is PageKind.CHANNEL else ""


def _youtube_is_live(plugin: Plugin, streams: Any) -> bool:
    # The plugin gives files beside the playlist of what is over, and never of what is running.
    return all(getattr(stream, "shortname", lambda: "")() == "hls" for stream in streams.values())


def _failed(page: Page, outside: Outside, words: str) -> PageFailed:
    name = _NAMES[page.site]
    if "integrity" in words.lower():
        return refused_by_site(f"{name} does not answer this machine without a browser's proof.", words)
    if page.site is Site.KICK and 404 in outside.statuses("kick.com")[-1:]:
        return not_found("There is no such channel or recording on Kick. Check the address.")
    if page.site is Site.KICK and 403 in outside.statuses("kick.com"):
        return refused_by_site("Kick does not answer this machine without a browser's proof.", words)
    return broken(name, words)


def _nothing(page: Page, outside: Outside, plugin: Plugin) -> PageFailed:
    if page.site is Site.TWITCH:
        return _nothing_on_twitch(page, outside, plugin)
    if page.kind is PageKind.VIDEO and page.site is Site.KICK:
        return not_found("There is no such recording on Kick. Check the address.")
    if outside.failure is not None:
        return broken(_NAMES[page.site], str(outside.failure))
    return not_live(f"The channel {page.name} does not broadcast now.")


def _nothing_on_twitch(page: Page, outside: Outside, plugin: Plugin) -> PageFailed:
    refusals = outside.statuses(_USHER)
    # Of an offline channel they are not there, or empty; the plugin asks for each and says nothing of how it went.
    playlists = [asked.status for asked in outside.asked if asked.host not in (_GQL, _USHER)]
    video = page.kind is PageKind.VIDEO
    if not video:
        plugin.get_id()  # asks for what is known of the channel, once
    if not video and _unknown_on_twitch(outside):
        failed = not_found(f"There is no channel {page.name} on Twitch. Check the address.")
    elif any(word in said for said in outside.said(_USHER) for word in _NOT_FOR_US):
        failed = not_public("Twitch shows this to subscribers only, or not here.")
    elif outside.failure is not None or any(
        status != _NOT_THERE for status in (*refusals, *playlists) if status >= 400
    ):
        failed = broken("Twitch", f"playlists: {refusals}, {playlists}; {outside.failure}")
    elif video:
        failed = not_found("There is no such recording on Twitch. Check the address.")
    else:
        failed = not_live(f"The channel {page.name} does not broadcast now.")
    return failed


def _unknown_on_twitch(outside: Outside) -> bool:
    """Whether Twitch said of a channel that there is none: the plugin takes this for a channel of which nothing is known."""
    for body in outside.said(_GQL):
        try:
            answers = json.loads(body)
        except ValueError:
            continue
        for answer in answers if isinstance(answers, list) else [answers]:
            data = answer.get("data") if isinstance(answer, dict) else None
            shell = data.get("userOrError") if isinstance(data, dict) else None
            if isinstance(shell, dict) and (
                shell.get("__typename") == "UserDoesNotExist" or "userDoesNotExist" in shell
            ):
                return True
    return False
