"""What is understood of playlists, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest

from tldr_ingest.domain.errors import PlaylistUnreadable
from tldr_ingest.domain.hls.parsing import parse_playlist
from tldr_ingest.domain.hls.playlist import ByteRange, Key, MediaPlaylist, MultivariantPlaylist, PlaylistKind
from tldr_ingest.domain.hls.rendition import choose, same_rendition

URL = "https://edge.example/live/index.m3u8?token=abc"
T0 = 1_790_000_000_000


def media(*lines: str) -> MediaPlaylist:
    playlist = parse_playlist("\n".join(("#EXTM3U", "#EXT-X-TARGETDURATION:2", *lines)), URL)
    assert isinstance(playlist, MediaPlaylist)
    return playlist


def master(*lines: str) -> MultivariantPlaylist:
    playlist = parse_playlist("\n".join(("#EXTM3U", *lines)), URL)
    assert isinstance(playlist, MultivariantPlaylist)
    return playlist


def test_segments_are_numbered_dated_and_joined_to_the_final_address() -> None:
    playlist = media(
        "#EXT-X-MEDIA-SEQUENCE:100",
        "#EXT-X-DISCONTINUITY-SEQUENCE:7",
        "#EXTINF:2.0,",
        "a.ts?sig=1",
        "#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20.000Z",
        "#EXTINF:1.5,live",
        "/other/b.ts",
        "#EXT-X-DISCONTINUITY",
        "#EXTINF:2.0,",
        "https://cdn.example/c.ts",
    )
    assert [s.sequence for s in playlist.segments] == [100, 101, 102]
    assert [s.uri for s in playlist.segments] == [
        "https://edge.example/live/a.ts?sig=1",
        "https://edge.example/other/b.ts",
        "https://cdn.example/c.ts",
    ]
    assert [s.date_ms for s in playlist.segments] == [T0 - 2_000, T0, T0 + 1_500]
    assert [s.discontinuity for s in playlist.segments] == [7, 7, 8]
    assert [s.splice for s in playlist.segments] == [False, False, True]
    assert playlist.counts_splices
    assert playlist.target_ms == 2_000


def test_a_name_is_short_the_same_in_every_session_and_opens_nothing() -> None:
    one, two = media("#EXTINF:2,", "a.ts?sig=1").segments[0], media("#EXTINF:2,", "a.ts?sig=2").segments[0]
    assert one.name == two.name
    assert "sig" not in one.name
    assert one.name.startswith("a.ts#")
    signed = media("#EXTINF:2,", f"{'Cq8FA' * 80}.ts").segments[0]
    assert len(signed.name) < 30
    ranged = media("#EXTINF:2,", "#EXT-X-BYTERANGE:10@0", "a.ts", "#EXTINF:2,", "#EXT-X-BYTERANGE:10", "a.ts").segments
    assert ranged[0].name != ranged[1].name
    assert [s.range for s in ranged] == [ByteRange(0, 10), ByteRange(10, 10)]


def test_what_low_latency_adds_is_passed_over() -> None:
    playlist = media(
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0,CAN-SKIP-UNTIL=12",
        "#EXT-X-PART-INF:PART-TARGET=0.33",
        "#EXT-X-MEDIA-SEQUENCE:100",
        "#EXT-X-SKIP:SKIPPED-SEGMENTS=3",
        "#EXTINF:2.0,",
        "103.ts",
        '#EXT-X-PART:DURATION=0.33,URI="104.0.ts",INDEPENDENT=YES',
        "#EXTINF:2.0,",
        "104.ts",
        '#EXT-X-PART:DURATION=0.33,URI="105.0.ts"',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="105.1.ts"',
        "#EXT-X-TWITCH-PREFETCH:https://edge.example/106.ts",
        '#EXT-X-RENDITION-REPORT:URI="../1.m3u8",LAST-MSN=104',
    )
    assert [(s.sequence, s.uri.rsplit("/", 1)[1]) for s in playlist.segments] == [(103, "103.ts"), (104, "104.ts")]


def test_keys_rotate_and_what_only_a_player_opens_is_sealed() -> None:
    playlist = media(
        '#EXT-X-KEY:METHOD=AES-128,URI="k1"',
        "#EXTINF:2,",
        "a.ts",
        '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"',
        '#EXT-X-KEY:METHOD=AES-128,URI="k2",IV=0x000102030405060708090A0B0C0D0E0F,KEYFORMAT="identity"',
        "#EXTINF:2,",
        "b.ts",
        '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k3"',
        "#EXTINF:2,",
        "c.ts",
        "#EXT-X-KEY:METHOD=NONE",
        "#EXTINF:2,",
        "d.ts",
    )
    a, b, c, d = playlist.segments
    assert a.key == Key("https://edge.example/live/k1", None)
    assert b.key == Key("https://edge.example/live/k2", bytes(range(16)))
    assert [s.sealed for s in (a, b, c, d)] == [False, False, True, False]
    assert d.key is None


def test_initialization_sections_change() -> None:
    playlist = media(
        '#EXT-X-MAP:URI="i1.mp4"',
        "#EXTINF:2,",
        "a.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="all.mp4",BYTERANGE="720@16"',
        "#EXTINF:2,",
        "b.m4s",
    )
    first, second = (s.init for s in playlist.segments)
    assert first is not None
    assert first.uri == "https://edge.example/live/i1.mp4"
    assert second is not None
    assert second.range == ByteRange(16, 720)


_STITCHED = '#EXT-X-DATERANGE:ID="stitched-ad-1",CLASS="twitch-stitched-ad",X="b,c",START-DATE="2026-09-21T14:13:22Z",DURATION=4'
_OUT = '#EXT-X-DATERANGE:ID="7",START-DATE="2026-09-21T14:13:22Z",PLANNED-DURATION=4.0,SCTE35-OUT=0xFC00'
_IN = '#EXT-X-DATERANGE:ID="7",START-DATE="2026-09-21T14:13:22Z",DURATION=2.0,SCTE35-IN=0xFC00'


@pytest.mark.parametrize(
    ("lines", "advertised"),
    [
        pytest.param([_STITCHED], [1, 2], id="stitched"),
        pytest.param([_OUT], [1, 2], id="out, planned"),
        pytest.param([_OUT, _IN], [1], id="out and in"),
        pytest.param([_OUT.replace("PLANNED-DURATION=4.0,", "")], [1, 2, 3], id="an end that nobody says"),
        pytest.param(['#EXT-X-DATERANGE:ID="x",START-DATE="2026-09-21T14:13:22Z",DURATION=4'], [], id="another range"),
    ],
)
def test_date_ranges_say_what_is_an_advertisement_wherever_they_stand(lines: list[str], advertised: list[int]) -> None:
    segments = ["#EXT-X-PROGRAM-DATE-TIME:2026-09-21T14:13:20Z"]
    for name in "abcd":
        segments += ["#EXTINF:2,", f"{name}.ts"]
    for tags in ([*lines, *segments], [*segments, *lines]):
        found = [at for at, s in enumerate(media(*tags).segments) if s.advertisement]
        assert found == advertised


def test_a_title_says_it_until_the_next_splice() -> None:
    playlist = media(
        *("#EXTINF:2,live", "a.ts", "#EXT-X-DISCONTINUITY", "#EXTINF:2,Amazon|123", "b.ts", "#EXTINF:2,", "c.ts"),
        *("#EXT-X-DISCONTINUITY", "#EXTINF:2,", "d.ts", "#EXTINF:2,Loaded", "e.ts"),
    )
    assert [s.advertisement for s in playlist.segments] == [False, True, True, False, False]


def test_gaps_kinds_and_ends_are_read() -> None:
    playlist = media(
        "#EXT-X-PLAYLIST-TYPE:EVENT", "#EXTINF:2,", "#EXT-X-GAP", "a.ts", "#EXTINF:2,", "b.ts", "#EXT-X-ENDLIST"
    )
    assert [s.gap for s in playlist.segments] == [True, False]
    assert (playlist.kind, playlist.ended) == (PlaylistKind.EVENT, True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<html>", id="a page"),
        pytest.param("", id="nothing"),
        pytest.param("#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd", id="a file"),
        pytest.param("#EXTM3U\n#EXTINF:2,\nhttp://[::1/a.ts", id="no address"),
        pytest.param("#EXTM3U\n#EXTINF:nan,\na.ts", id="no duration"),
        pytest.param("#EXTM3U\n#EXTINF:1e308,\na.ts", id="a duration of years"),
        pytest.param("#EXTM3U\n#" + "x" * 2048, id="a long line"),
        pytest.param("#EXTM3U\n" + "#EXTINF:2,\na\n" * 20_001, id="too many segments"),
        pytest.param("#EXTM3U\n" + "#\n" * (1 << 19), id="too large"),
        pytest.param('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0xZZ\n#EXTINF:2,\na.ts', id="no vector"),
    ],
)
def test_what_is_no_playlist_is_refused(text: str) -> None:
    with pytest.raises(PlaylistUnreadable):
        parse_playlist(text, URL)


def _variant(height: int, codecs: str = "avc1.64001f,mp4a.40.2", **more: Any) -> list[str]:
    rest = "".join(f",{name}={value}" for name, value in more.items())
    return [
        f'#EXT-X-STREAM-INF:BANDWIDTH={height * 1000},RESOLUTION={height * 16 // 9}x{height},CODECS="{codecs}"{rest}',
        f"{height}.m3u8",
    ]


@pytest.mark.parametrize(
    ("variants", "max_height", "chosen"),
    [
        pytest.param([_variant(1080), _variant(720), _variant(480)], 720, "720.m3u8", id="not taller"),
        pytest.param([_variant(1080), _variant(720), _variant(480)], 1080, "1080.m3u8", id="source"),
        pytest.param([_variant(1080), _variant(900)], 720, "900.m3u8", id="all are taller"),
        pytest.param([_variant(720, "hvc1.1,mp4a.40.2"), _variant(720)], 720, "720.m3u8", id="H.264"),
        pytest.param([["#EXT-X-STREAM-INF:BANDWIDTH=1", "x.m3u8"], _variant(360)], 720, "360.m3u8", id="height known"),
        pytest.param(
            [['#EXT-X-STREAM-INF:BANDWIDTH=9000000,CODECS="mp4a.40.2"', "audio.m3u8"], _variant(160)],
            720,
            "160.m3u8",
            id="a picture rather than sound",
        ),
        pytest.param(
            [['#EXT-X-STREAM-INF:BANDWIDTH=9,CODECS="mp4a.40.2"', "audio.m3u8"]], 720, "audio.m3u8", id="sound"
        ),
    ],
)
def test_the_highest_rendition_that_is_allowed_is_chosen(
    variants: list[list[str]], max_height: int, chosen: str
) -> None:
    found = choose(master(*(line for variant in variants for line in variant)), max_height)
    assert found.variant.uri.endswith(f"/{chosen}")
    assert found.audio is None


def test_sound_in_the_variant_is_taken_before_sound_apart() -> None:
    group = ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="aac",NAME="en",DEFAULT=YES,URI="en.m3u8"']
    apart = [*group, *_variant(720, AUDIO='"aac"'), "#"]
    found = choose(master(*apart), 720)
    assert found.audio is not None
    assert found.audio.uri == "https://edge.example/live/en.m3u8"
    both = master(*apart, *_variant(720))
    assert choose(both, 720).audio is None
    assert choose(master(*(line.replace(',URI="en.m3u8"', "") for line in apart)), 720).audio is None


def test_a_rendition_is_found_again_in_another_session() -> None:
    before, after = master(*_variant(720), *_variant(480)), master(*_variant(480), *_variant(720))
    chosen = choose(before, 720).variant
    again = same_rendition(after, chosen)
    assert again is not None
    assert again.variant == chosen
    assert same_rendition(master(*_variant(480)), chosen) is None
