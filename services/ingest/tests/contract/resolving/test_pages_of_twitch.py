"""Pages of Twitch, by streamlink's real plugin against a Twitch on loopback."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_testing.twitch_web import Channel, Video

Look = Callable[..., Awaitable[Found]]
Fetch = Callable[[str], Awaitable[str]]


@pytest.fixture(autouse=True)
def shown(sites: Any) -> None:
    sites.twitch.add(Channel("alice"), Channel("bob", live=False), Channel("carol", subscribers_only=True))
    sites.twitch.add(Video("123"), Video("124", subscribers_only=True))


async def test_a_live_channel_leads_to_the_playlist_of_the_rendition_wanted(look: Look, sites: Any) -> None:
    found = await look("https://www.twitch.tv/Alice", max_height=720)
    source = found.source
    assert (source.live, source.broadcast, source.title, source.chat) == (True, "41375541868", "A match", "alice")
    assert source.url == f"{sites.twitch.base}/v1/playlist/s0/720p60.m3u8"
    assert source.expires_at_s == 1_795_980_000 + 20 * 3600
    assert dict(source.headers)["referer"] == "https://player.twitch.tv"
    assert {(rendition.lines, rendition.fps) for rendition in found.renditions} == {
        (1080, 60),
        (720, 60),
        (480, 30),
        (0, 0),
    }
    lower = await look("https://www.twitch.tv/alice", max_height=500)
    assert lower.source.url.endswith("/480p30.m3u8")


async def test_a_page_is_one_session_and_so_one_advertisement(look: Look, fetch: Fetch, sites: Any) -> None:
    found = await look("https://www.twitch.tv/alice")
    assert list(sites.twitch.sessions) == ["s0"]
    # The rendition that was looked at is the one that is read: asking the multivariant playlist anew would be session s1.
    playlist = await fetch(found.source.url)
    assert "twitch-stitched-ad" in playlist
    assert list(sites.twitch.sessions) == ["s0"]


async def test_each_session_has_its_advertisement_and_its_end(look: Look, fetch: Fetch, sites: Any) -> None:
    first, second = await look("https://www.twitch.tv/alice"), await look("https://www.twitch.tv/alice")
    assert first.source.url != second.source.url
    for found in (first, second):
        assert "twitch-stitched-ad" in await fetch(found.source.url)
    later = time.time() + sites.twitch.session_s + 1
    sites.twitch.clock = lambda: later
    assert await fetch(first.source.url) == ""  # 403
    assert first.source.expires_at_s - 1_795_980_000 < sites.twitch.session_s


async def test_the_guard_sees_every_request(look: Look, sites: Any) -> None:
    found = await look("https://www.twitch.tv/alice")
    assert found.requests == sites.asked == 7
    assert {request.host for request in sites.twitch.asked} <= set(sites.twitch.sites)
    assert all("cookie" not in request.headers for request in sites.twitch.asked)


async def test_a_recording_is_found_and_is_not_live(look: Look, fetch: Fetch, sites: Any) -> None:
    found = await look("https://www.twitch.tv/videos/123")
    assert (found.source.live, found.source.broadcast, found.source.title) == (False, "123", "A match, recorded")
    assert found.source.url == f"{sites.twitch.base}/vods/123/720p60/index.m3u8"
    assert "#EXT-X-ENDLIST" in await fetch(found.source.url)


@pytest.mark.parametrize("token_while_offline", [False, True])
async def test_a_channel_that_is_offline_may_be_live_later(look: Look, sites: Any, token_while_offline: bool) -> None:
    sites.twitch.token_while_offline = token_while_offline
    with pytest.raises(NotLive) as caught:
        await look("https://www.twitch.tv/bob")
    assert caught.value.failure.code == "source_not_live"


async def test_an_end_is_offline_and_a_return_is_another_session(look: Look, fetch: Fetch, sites: Any) -> None:
    channel = sites.twitch.channels["alice"]
    first = await look("https://www.twitch.tv/alice")
    channel.ends()
    assert "#EXT-X-ENDLIST" in await fetch(first.source.url)
    with pytest.raises(NotLive):
        await look("https://www.twitch.tv/alice")
    channel.returns("5")
    second = await look("https://www.twitch.tv/alice")
    assert (second.source.broadcast, second.source.url != first.source.url) == ("5", True)
    assert "#EXT-X-ENDLIST" in await fetch(first.source.url)
    assert "#EXT-X-ENDLIST" not in await fetch(second.source.url)


def _outdated(twitch: Any) -> None:
    twitch.queries_unknown = True


def _integrity(twitch: Any) -> None:
    twitch.integrity_wanted = True


def _down(twitch: Any) -> None:
    twitch.usher_status = 503


def _expired(twitch: Any) -> None:
    twitch.token_s = -1


def _playlists_refused(twitch: Any) -> None:
    twitch.session_s = -1


def _sound(_: Any) -> None:
    """Nothing is wrong with the site."""


@pytest.mark.parametrize(
    ("fault", "address", "code", "passing"),
    [
        (_sound, "https://www.twitch.tv/nobody", "source_not_found", False),
        (_sound, "https://www.twitch.tv/videos/999", "source_not_found", False),
        (_sound, "https://www.twitch.tv/carol", "source_not_public", False),
        (_sound, "https://www.twitch.tv/videos/124", "source_not_public", False),
        (_sound, "https://www.twitch.tv/directory", "page_not_supported", False),
        (_outdated, "https://www.twitch.tv/alice", "resolver_broken", True),
        (_outdated, "https://www.twitch.tv/videos/123", "resolver_broken", True),
        (_integrity, "https://www.twitch.tv/alice", "site_refused", True),
        (_down, "https://www.twitch.tv/alice", "resolver_broken", True),
        (_down, "https://www.twitch.tv/videos/123", "resolver_broken", True),
        (_playlists_refused, "https://www.twitch.tv/alice", "resolver_broken", True),
        (_expired, "https://www.twitch.tv/alice", "resolver_broken", True),
    ],
)
async def test_what_is_wrong_has_a_code(
    look: Look, sites: Any, fault: Callable[[Any], None], address: str, code: str, passing: bool
) -> None:
    fault(sites.twitch)
    with pytest.raises(ReadingFailed) as caught:
        await look(address)
    assert (caught.value.failure.code, caught.value.passing) == (code, passing)


async def test_a_broken_library_is_named_in_the_log_without_a_token(
    look: Look, sites: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # What the library then says quotes the address with its token.
    sites.twitch.redirects["/api/v2/channel/hls/alice.m3u8"] = "/api/v2/channel/hls/alice.m3u8"
    with pytest.raises(ReadingFailed):
        await look("https://www.twitch.tv/alice")
    assert "streamlink 8." in caplog.text
    assert "https://usher.ttvnw.net/api/v2/channel/hls/alice.m3u8?…" in caplog.text
    tokens = [request.query["token"] for request in sites.twitch.asked if "token" in request.query]
    signatures = [request.query["sig"] for request in sites.twitch.asked if "sig" in request.query]
    assert tokens
    assert not any(secret in caplog.text for secret in [*tokens, *signatures])
