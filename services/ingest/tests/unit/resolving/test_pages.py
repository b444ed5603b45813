"""Which addresses are pages of known sites."""

import pytest

from tldr_ingest.domain.resolving.pages import PageKind, PageNotKnown, Site, page_of

VIDEO = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("address", "site", "kind", "url"),
    [
        ("https://www.twitch.tv/Alice_1", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice_1"),
        ("http://m.twitch.tv/alice?x=1#y", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice"),
        ("https://user:secret@twitch.tv/alice/", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice"),
        ("https://twitch.tv:8443/alice", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice"),
        ("https://TWITCH.TV./alice", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice"),
        ("https://player.twitch.tv/?channel=alice", Site.TWITCH, PageKind.CHANNEL, "https://www.twitch.tv/alice"),
        ("https://player.twitch.tv/?video=v123", Site.TWITCH, PageKind.VIDEO, "https://www.twitch.tv/videos/123"),
        ("https://www.twitch.tv/videos/123?t=1h", Site.TWITCH, PageKind.VIDEO, "https://www.twitch.tv/videos/123"),
        ("https://www.twitch.tv/alice/v/123", Site.TWITCH, PageKind.VIDEO, "https://www.twitch.tv/videos/123"),
        (
            f"https://youtube.com/watch?list=x&v={VIDEO}",
            Site.YOUTUBE,
            PageKind.VIDEO,
            f"https://www.youtube.com/watch?v={VIDEO}",
        ),
        (f"https://youtu.be/{VIDEO}?t=3", Site.YOUTUBE, PageKind.VIDEO, f"https://www.youtube.com/watch?v={VIDEO}"),
        (
            f"https://m.youtube.com/live/{VIDEO}",
            Site.YOUTUBE,
            PageKind.VIDEO,
            f"https://www.youtube.com/watch?v={VIDEO}",
        ),
        ("https://www.youtube.com/@alice", Site.YOUTUBE, PageKind.CHANNEL, "https://www.youtube.com/@alice/live"),
        ("https://www.youtube.com/@alice/live", Site.YOUTUBE, PageKind.CHANNEL, "https://www.youtube.com/@alice/live"),
        (
            "https://www.youtube.com/channel/UC0123456789012345678901",
            Site.YOUTUBE,
            PageKind.CHANNEL,
            "https://www.youtube.com/channel/UC0123456789012345678901/live",
        ),
        ("https://www.youtube.com/c/alice", Site.YOUTUBE, PageKind.CHANNEL, "https://www.youtube.com/c/alice/live"),
        ("https://kick.com/alice", Site.KICK, PageKind.CHANNEL, "https://kick.com/alice"),
        ("https://kick.com/alice/videos/a-1", Site.KICK, PageKind.VIDEO, "https://kick.com/alice/videos/a-1"),
    ],
)
def test_a_page_is_known_by_an_address_of_our_own_making(address: str, site: Site, kind: PageKind, url: str) -> None:
    page = page_of(address)
    assert page is not None
    assert (page.site, page.kind, page.url) == (site, kind, url)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/live.m3u8",
        "https://twitch.tv.example.com/alice",
        "https://nottwitch.tv/alice",
        "https://example.com/https://www.twitch.tv/alice",
        "hls://http://10.0.0.1/live.m3u8",
        "hls://https://www.twitch.tv/alice",
        "hls://www.twitch.tv/alice",
        "httpstream://https://www.twitch.tv/alice",
        "file:///etc/passwd",
        "www.twitch.tv/alice",
        "https://[www.twitch.tv/alice",
        "",
    ],
)
def test_no_other_address_is_a_page(address: str) -> None:
    assert page_of(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.twitch.tv/",
        "https://www.twitch.tv/directory",
        "https://www.twitch.tv/alice/clip/abc",
        "https://www.twitch.tv/a..b",
        "https://www.twitch.tv/videos/abc",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/playlist?list=PL1",
        "https://www.youtube.com/results?search_query=x",
        "https://www.youtube.com/redirect?q=http://10.0.0.1/",
        "https://kick.com/",
        "https://kick.com/a/b/c",
    ],
)
def test_an_address_of_a_site_that_shows_no_stream_says_what_would(address: str) -> None:
    with pytest.raises(PageNotKnown, match="Give the address of"):
        page_of(address)
