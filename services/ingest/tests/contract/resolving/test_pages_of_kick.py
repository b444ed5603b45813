"""Pages of Kick, by streamlink's real plugin, which brings a transport of its own that must not be used."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_testing.kick_web import KickChannel

Look = Callable[..., Awaitable[Found]]
Fetch = Callable[[str], Awaitable[str]]


@pytest.fixture(autouse=True)
def shown(sites: Any) -> None:
    sites.kick.add(KickChannel("alice", videos=("a-1",)), KickChannel("bob", live=False))


async def test_a_live_channel_is_found_through_the_guard_alone(look: Look, fetch: Fetch, sites: Any) -> None:
    found = await look("https://kick.com/alice")
    assert (found.source.live, found.source.broadcast, found.source.title, found.source.chat) == (
        True,
        "77",
        "A match",
        "",
    )
    assert "#EXT-X-ENDLIST" not in await fetch(found.source.url)
    assert found.source.url.endswith("/live/alice/720p60/index.m3u8")
    assert found.requests == len([path for path in sites.kick.paths() if not path.endswith("index.m3u8")]) == 2


async def test_a_recording_is_found(look: Look, fetch: Fetch) -> None:
    found = await look("https://kick.com/alice/videos/a-1")
    assert (found.source.live, found.source.broadcast) == (False, "a-1")
    assert "#EXT-X-ENDLIST" in await fetch(found.source.url)


async def test_a_channel_that_is_offline_may_be_live_later(look: Look) -> None:
    with pytest.raises(NotLive):
        await look("https://kick.com/bob")


@pytest.mark.parametrize(
    ("address", "browser_wanted", "code", "passing"),
    [
        ("https://kick.com/nobody", False, "source_not_found", False),
        ("https://kick.com/alice/videos/b-2", False, "source_not_found", False),
        ("https://kick.com/alice", True, "site_refused", True),
    ],
)
async def test_what_is_wrong_has_a_code(
    look: Look, sites: Any, address: str, browser_wanted: bool, code: str, passing: bool
) -> None:
    sites.kick.browser_wanted = browser_wanted
    with pytest.raises(ReadingFailed) as caught:
        await look(address)
    assert (caught.value.failure.code, caught.value.passing) == (code, passing)
