"""Pages of YouTube, by yt-dlp's real extractor against a YouTube on loopback, and by streamlink's where that fails."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_testing.youtube_web import Offer, VideoState, YoutubeVideo

Look = Callable[..., Awaitable[Found]]
Fetch = Callable[[str], Awaitable[str]]


@pytest.fixture(autouse=True)
def shown(sites: Any) -> None:
    sites.youtube.add(*(YoutubeVideo(f"{state.value:_<11}", state) for state in VideoState))
    sites.youtube.channels |= {"@alice": "live_______", "channel/UC0123456789012345678901": "live_______", "@bob": ""}


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=live_______",
        "https://youtu.be/live_______",
        "https://www.youtube.com/@alice",
        "https://www.youtube.com/channel/UC0123456789012345678901/live",
    ],
)
async def test_what_is_live_leads_to_the_playlist_of_the_rendition_wanted(
    look: Look, fetch: Fetch, sites: Any, address: str
) -> None:
    found = await look(address, max_height=720)
    source = found.source
    assert (source.live, source.broadcast, source.title, source.chat) == (True, "live_______", "A match", "live_______")
    assert (found.chosen and found.chosen.lines, found.library.startswith("yt-dlp ")) == (720, True)
    assert found.requests == sites.asked
    assert "#EXT-X-ENDLIST" not in await fetch(source.url)


async def test_the_fields_that_are_read_of_what_yt_dlp_says(look: Look, sites: Any) -> None:
    found = await look("https://youtu.be/live_______", max_height=500)
    chosen = found.chosen
    assert chosen is not None
    assert (chosen.width, chosen.height, chosen.fps, chosen.apart, chosen.video) == (853, 480, 30, False, True)
    assert {codec.partition(".")[0] for codec in chosen.codecs} == {"avc1", "mp4a"}
    assert chosen.bandwidth == 1_440_000
    assert [name for name, _ in found.source.headers] == ["user-agent"]
    expires = int(chosen.url.partition("/expire/")[2].partition("/")[0])
    assert found.source.expires_at_s == expires - 600
    assert sorted(rendition.lines for rendition in found.renditions) == [480, 720, 1080]


@pytest.mark.parametrize("library", ["yt-dlp", "streamlink"])
async def test_where_sound_lies_apart_the_reader_gets_both(look: Look, fetch: Fetch, sites: Any, library: str) -> None:
    sites.youtube.add(YoutubeVideo("live_______", offer=Offer.APART))
    sites.youtube.clients_without_playlists = {"VISIONOS"} if library == "streamlink" else set()
    found = await look("https://youtu.be/live_______", max_height=720)
    assert found.library.startswith(library)
    assert (found.chosen and found.chosen.lines, found.chosen and found.chosen.apart) == (720, True)
    assert "#EXT-X-MEDIA" in await fetch(found.source.url)
    assert found.source.expires_at_s > 0


async def test_a_file_with_picture_and_sound_is_read_where_there_is_no_playlist(
    look: Look, fetch: Fetch, sites: Any
) -> None:
    sites.youtube.add(YoutubeVideo("uploaded___", VideoState.UPLOADED, offer=Offer.FILE))
    found = await look("https://youtu.be/uploaded___")
    assert (found.source.live, found.chosen and found.chosen.lines) == (False, 360)
    assert await fetch(found.source.url) == "segment"
    assert found.source.expires_at_s == int(found.source.url.partition("expire=")[2].partition("&")[0]) - 600


async def test_files_of_picture_and_of_sound_alone_are_not_read_as_a_whole(look: Look, sites: Any) -> None:
    sites.youtube.add(YoutubeVideo("uploaded___", VideoState.UPLOADED, offer=Offer.TRACKS))
    with pytest.raises(ReadingFailed) as caught:
        await look("https://youtu.be/uploaded___")
    assert (caught.value.failure.code, caught.value.passing) == ("resolver_broken", True)


@pytest.mark.parametrize("video", ["recorded___", "uploaded___"])
async def test_a_recording_is_found_and_is_not_live(look: Look, fetch: Fetch, video: str) -> None:
    found = await look(f"https://youtu.be/{video}")
    assert (found.source.live, found.source.broadcast) == (False, video)
    assert "#EXT-X-ENDLIST" in await fetch(found.source.url)


@pytest.mark.parametrize(
    "address", ["https://www.youtube.com/@bob/live", "https://youtu.be/upcoming___", "https://youtu.be/ended______"]
)
async def test_what_is_not_live_may_be_later(look: Look, address: str) -> None:
    with pytest.raises(NotLive) as caught:
        await look(address)
    assert caught.value.failure.code == "source_not_live"


@pytest.mark.parametrize(
    ("address", "code", "passing"),
    [
        ("https://youtu.be/gone_______", "source_not_found", False),
        ("https://www.youtube.com/@nobody", "source_not_found", False),
        ("https://youtu.be/private____", "source_not_public", False),
        ("https://youtu.be/members____", "source_not_public", False),
        ("https://www.youtube.com/feed/trending", "page_not_supported", False),
    ],
)
async def test_what_cannot_be_seen_has_a_code(look: Look, address: str, code: str, passing: bool) -> None:
    with pytest.raises(ReadingFailed) as caught:
        await look(address)
    assert (caught.value.failure.code, caught.value.passing) == (code, passing)


async def test_a_check_for_robots_passes(look: Look, sites: Any) -> None:
    sites.youtube.robots_refused = True
    with pytest.raises(ReadingFailed) as caught:
        await look("https://youtu.be/live_______")
    assert (caught.value.failure.code, caught.value.passing) == ("site_refused", True)


async def test_where_yt_dlp_finds_nothing_to_read_streamlink_is_asked(look: Look, sites: Any) -> None:
    sites.youtube.clients_without_playlists = {"VISIONOS"}
    found = await look("https://youtu.be/live_______")
    assert found.library.startswith("streamlink ")
    assert (found.source.live, found.source.broadcast, found.source.chat) == (True, "live_______", "live_______")
    assert found.chosen is not None
    assert found.chosen.lines == 720


async def test_a_site_that_changed_is_said_with_both_libraries_versions(
    look: Look, sites: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sites.youtube.player_changed = True
    with pytest.raises(ReadingFailed) as caught:
        await look("https://youtu.be/live_______")
    assert (caught.value.failure.code, caught.value.passing) == ("resolver_broken", True)
    assert "yt-dlp 202" in caplog.text
    assert "streamlink 8." in caplog.text
