"""Which rendition of a stream is read, and how long its address holds."""

from dataclasses import replace

import pytest

from tldr_ingest.adapters.resolving.validity import expiry
from tldr_ingest.domain.resolving.pages import Site
from tldr_ingest.domain.resolving.renditions import Rendition, choose

AVC = ("avc1.64001F", "mp4a.40.2")
FULL = Rendition("full", 1920, 1080, 60, AVC, 6_000_000)
HIGH = Rendition("high", 1280, 720, 60, AVC, 3_000_000)
SLOW = Rendition("slow", 1280, 720, 30, AVC, 4_000_000)
LOW = Rendition("low", 852, 480, 30, AVC, 1_000_000)
UPRIGHT = Rendition("upright", 720, 1280, 60, AVC, 3_500_000)
SOUND = Rendition("sound", codecs=("mp4a.40.2",), video=False)
BARE = Rendition("bare", 1280, 720)


@pytest.mark.parametrize(
    ("offered", "max_height", "expected"),
    [
        ([FULL, HIGH, LOW], 720, HIGH),
        ([FULL, HIGH, LOW], 0, FULL),
        ([FULL, HIGH, LOW], 719, LOW),
        ([FULL, HIGH], 480, HIGH),
        ([SLOW, HIGH, LOW], 720, HIGH),
        ([replace(HIGH, codecs=("hvc1.1.6.L93", "mp4a.40.2")), LOW], 720, LOW),
        ([replace(HIGH, codecs=("av01.0.05M.08", "opus"))], 720, replace(HIGH, codecs=("av01.0.05M.08", "opus"))),
        ([replace(HIGH, url="apart", apart=True, bandwidth=9_000_000), HIGH], 720, HIGH),
        ([replace(FULL, apart=True), LOW], 1080, replace(FULL, apart=True)),
        ([replace(HIGH, url="opus", codecs=("avc1.64001F", "opus")), SLOW], 720, SLOW),
        ([UPRIGHT, LOW], 720, LOW),
        ([UPRIGHT], 720, UPRIGHT),
        ([SOUND, LOW], 720, LOW),
        ([SOUND], 720, SOUND),
        ([BARE, LOW], 720, BARE),
        ([], 720, None),
    ],
)
def test_the_highest_that_may_be_is_read(offered: list[Rendition], max_height: int, expected: Rendition | None) -> None:
    assert choose(offered, max_height) == expected
    assert choose(offered[::-1], max_height) == expected


@pytest.mark.parametrize(
    ("site", "url", "expected"),
    [
        (Site.TWITCH, "https://video-weaver.example/v1/playlist/abc.m3u8", 1_000_000 + 72_000),
        (Site.YOUTUBE, "https://manifest.example/hls_playlist/expire/1700021600/ei/x/index.m3u8", 1_700_021_000),
        (Site.YOUTUBE, "https://r1.example/videoplayback?ei=x&expire=1700021600&ip=1", 1_700_021_000),
        (Site.YOUTUBE, "https://manifest.example/hls_playlist/index.m3u8", 0),
        (Site.KICK, "https://playback.example/a.m3u8?token=x", 0),
    ],
)
def test_an_address_is_found_anew_before_it_ends(site: Site, url: str, expected: int) -> None:
    assert expiry(site, url, 1_000_000) == expected
