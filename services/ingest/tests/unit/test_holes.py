"""What is a hole in a recording, and what is only a picture that stays."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.holes import Holes
from tldr_ingest.domain.media.source import Modality

Found = list[tuple[str, int, int, str]]
TWICE = pytest.mark.parametrize("claims", [40, 0], ids=["as long as usual", "until the next"])


def _packets(video: bool, starts: Iterable[int], lasts: int) -> list[Timed]:
    """Packets at these times; where they last for 0, each until the next one, as in MP4."""
    times = list(starts)
    following = [*times[1:], *(at + 40 for at in times[-1:])]
    return [
        Timed(None, video, True, at, at, at, at, at + lasts if lasts else after, 1)
        for at, after in zip(times, following, strict=True)
    ]


def _found(
    pictures: Iterable[int] | None, sounds: Iterable[int] | None, lasts: int = 40, alone_ms: int = 10_000
) -> Found:
    holes = Holes(pictures is not None, sounds is not None, alone_ms)
    packets = _packets(True, pictures, lasts) if pictures is not None else []
    packets += _packets(False, sounds, lasts) if sounds is not None else []
    packets.sort(key=lambda packet: packet.start_ms)
    for packet in packets:
        holes.add(packet)
    holes.finish(max(packet.end_ms for packet in packets))
    return sorted((gap.modality, gap.start_ms, gap.end_ms, gap.code) for gap in holes.gaps)


def _steady(*ranges: tuple[int, int], step: int = 40) -> list[int]:
    return [at for start, end in ranges for at in range(start, end, step)]


@TWICE
def test_a_pause_of_picture_and_sound_is_a_hole_of_both(claims: int) -> None:
    there = _steady((0, 5000), (6000, 10_000))
    assert _found(there, there, claims) == [
        ("audio", 5000, 6000, "timestamp_jump"),
        ("video", 5000, 6000, "timestamp_jump"),
    ]


@TWICE
def test_a_picture_that_stays_while_sound_goes_on_is_no_hole(claims: int) -> None:
    changing = [*_steady((0, 5000)), 5400, 6100, 14_000, *_steady((15_000, 20_000))]
    assert _found(changing, _steady((0, 20_000)), claims) == []


def test_pictures_that_are_away_for_long_are_a_hole_also_beside_sound() -> None:
    there = _steady((0, 5000), (20_000, 25_000))
    assert _found(there, _steady((0, 25_000))) == [("video", 5000, 20_000, "timestamp_jump")]


def test_a_pause_of_sound_within_a_slide_is_none_of_the_picture() -> None:
    slides = range(0, 600_000, 30_000)
    sounds = _steady((0, 310_000), (311_000, 600_000))
    assert _found(slides, sounds, 0) == [("audio", 310_000, 311_000, "timestamp_jump")]


def test_a_pause_of_sound_in_which_pictures_come_is_none_of_the_picture() -> None:
    changing = [*_steady((0, 5000)), 6000, *_steady((8000, 20_000))]
    assert _found(changing, _steady((0, 5000), (9000, 20_000))) == [("audio", 5000, 9000, "timestamp_jump")]


@pytest.mark.parametrize("step", [400, 1000, 2000])
def test_sound_in_rare_packets_is_no_hole(step: int) -> None:
    assert _found(None, range(0, 60_000, step), 0) == []


@TWICE
def test_pictures_alone_have_a_hole_where_their_rate_was_steady(claims: int) -> None:
    there = _steady((0, 5000), (6000, 11_000), (13_000, 15_000))
    holes = [("video", 5000, 6000, "timestamp_jump"), ("video", 11_000, 13_000, "timestamp_jump")]
    assert _found(there, None, claims) == holes


@TWICE
def test_pictures_alone_that_come_when_something_changes_have_no_hole(claims: int) -> None:
    changing = [*_steady((0, 2000)), 2400, *_steady((2800, 9000)), 12_000, *_steady((15_000, 20_000))]
    assert _found(changing, None, claims) == []


def test_slides_alone_have_no_hole() -> None:
    assert _found(range(0, 1_200_000, 60_000), None) == []


@pytest.mark.parametrize("late", ["video", "audio"])
def test_a_track_that_begins_late_is_missing_from_the_start(late: str) -> None:
    tracks = {"video": _steady((0, 10_000)), "audio": _steady((0, 10_000))}
    tracks[late] = _steady((5000, 10_000))
    assert _found(tracks["video"], tracks["audio"]) == [(late, 0, 5000, "track_starts_late")]


def test_sound_that_ends_early_is_missing_to_the_end() -> None:
    assert _found(_steady((0, 10_000)), _steady((0, 6000))) == [("audio", 6000, 10_000, "track_ends_early")]


def test_a_picture_that_ends_long_before_the_sound_is_missing_to_the_end() -> None:
    assert _found(_steady((0, 6000)), _steady((0, 20_000))) == [("video", 6000, 20_000, "track_ends_early")]


def test_a_picture_that_stays_to_the_end_is_not_missing() -> None:
    assert _found([0], _steady((0, 60_000))) == []
    assert _found(range(0, 50_000, 10_000), _steady((0, 60_000))) == []


def test_a_last_picture_that_claims_to_stay_does_not_make_the_sound_end_early() -> None:
    assert _found(range(0, 30_000, 8000), _steady((0, 26_000)), 8000) == []


def test_a_track_without_packets_is_missing_from_start_to_end() -> None:
    assert _found(_steady((0, 6000)), ()) == [("audio", 0, 6000, "track_ends_early")]


def test_tracks_that_begin_and_end_a_little_apart_are_whole() -> None:
    assert _found(_steady((0, 10_000)), _steady((720, 9200))) == []


def test_why_a_track_was_cut_off_is_not_said_twice() -> None:
    holes = Holes(has_video=True, has_audio=True)
    for packet in (*_packets(True, range(0, 6000, 40), 40), *_packets(False, range(0, 3000, 40), 40)):
        holes.add(packet)
    holes.finish(6000, [Modality.AUDIO])
    assert holes.gaps == []


def test_sound_that_is_written_late_is_no_hole() -> None:
    holes = Holes(has_video=True, has_audio=True)
    for start in range(0, 30_000, 3000):
        for video in (True, False):
            for packet in _packets(video, range(start, start + 3000, 40), 40):
                holes.add(packet)
    holes.finish(30_000)
    assert holes.gaps == []


def test_reordered_pictures_have_a_hole_where_they_are_shown() -> None:
    shown = _steady((0, 4800), (6000, 10_800))
    holes = Holes(has_video=True, has_audio=True)
    for packet in _packets(False, shown, 40):
        holes.add(packet)
    for at in range(0, len(shown), 4):
        for place in (3, 1, 0, 2):  # none is shown before its DTS, which lies three pictures back
            start = shown[at + place]
            holes.add(Timed(None, True, False, start, None, shown[at] - 120, start, start + 40, 1))
    holes.finish(10_800)
    assert [(gap.modality, gap.start_ms, gap.end_ms) for gap in holes.gaps] == [
        (Modality.AUDIO, 4800, 6000),
        (Modality.VIDEO, 4800, 6000),
    ]
