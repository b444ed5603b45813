"""A live stream's window as a playlist, and links to it that need no API key."""

from datetime import timedelta
from typing import Any

import pytest

from tldr_gateway.domain.streams.playlist import PlaylistSegment, Window, render_playlist
from tldr_gateway.domain.streams.playlist_link import LONGEST, PlaylistLinks
from tldr_testing import NOW

LINKS = PlaylistLinks.of("new secret, old secret")


def test_a_link_opens_its_stream_for_its_organization_until_it_expires() -> None:
    token = LINKS.sign("org_1", "str_1", NOW + timedelta(hours=1))
    assert LINKS.organization(token, "str_1", NOW) == "org_1"
    assert LINKS.organization(token, "str_1", NOW + timedelta(minutes=59)) == "org_1"
    assert LINKS.organization(token, "str_1", NOW + timedelta(hours=1)) is None
    assert LINKS.organization(token, "str_2", NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace("org_1", "org_2"),
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace(".", ".9", 1),
        lambda token: token + "=",
        lambda _: "",
        lambda _: "org_1.9999999999." + "A" * 43,
    ],
)
def test_a_link_that_was_changed_opens_nothing(change: Any) -> None:
    token = LINKS.sign("org_1", "str_1", NOW + timedelta(hours=1))
    assert LINKS.organization(change(token), "str_1", NOW) is None


def test_a_link_of_the_key_before_still_opens_and_one_of_another_purpose_never() -> None:
    before = PlaylistLinks.of("old secret").sign("org_1", "str_1", NOW + timedelta(hours=1))
    assert LINKS.organization(before, "str_1", NOW) == "org_1"
    assert PlaylistLinks((b"new secret",)).organization(before, "str_1", NOW) is None
    assert "secret" not in repr(LINKS)


def test_no_link_lasts_longer_than_half_a_day() -> None:
    token = LINKS.sign("org_1", "str_1", NOW + LONGEST + timedelta(minutes=1))
    assert LINKS.organization(token, "str_1", NOW) is None


def test_a_window_is_a_playlist_that_says_where_time_breaks() -> None:
    segments = [
        PlaylistSegment("https://files/7.mp4?sig=a", 14_000, 16_000, init_range="9@0", media_range="91@9"),
        PlaylistSegment("https://files/8.mp4?sig=b", 60_000, 62_500, discontinuity=True),
    ]
    text = render_playlist(Window(segments, 2.0, 7, 3), wall_zero_ms=1_769_889_600_000)
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:3",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-DISCONTINUITY-SEQUENCE:3",
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-31T20:00:14.000+00:00",
        '#EXT-X-MAP:URI="https://files/7.mp4?sig=a",BYTERANGE="9@0"',
        "#EXTINF:2.000,",
        "#EXT-X-BYTERANGE:91@9",
        "https://files/7.mp4?sig=a",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-31T20:01:00.000+00:00",
        '#EXT-X-MAP:URI="https://files/8.mp4?sig=b"',
        "#EXTINF:2.500,",
        "https://files/8.mp4?sig=b",
    ]


def test_a_header_that_segments_share_is_named_once_and_an_end_is_said() -> None:
    segments = [
        PlaylistSegment(
            f"https://files/{n}.mp4", 2000 * n, 2000 * n + 2000, init_url="https://files/i", init_range="9@0"
        )
        for n in range(3)
    ]
    text = render_playlist(Window(segments, 2.0, 0, ended=True))
    assert text.count("#EXT-X-MAP") == 1
    assert '#EXT-X-MAP:URI="https://files/i",BYTERANGE="9@0"' in text
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert "PROGRAM-DATE-TIME" not in text


def test_transport_streams_bring_their_own_header_and_no_segment_is_longer_than_the_target() -> None:
    segments = [PlaylistSegment("https://files/0.ts", 0, 5600, container="mpegts")]
    text = render_playlist(Window(segments, 2.0, 0))
    assert "EXT-X-MAP" not in text
    assert "#EXT-X-TARGETDURATION:6\n" in text
