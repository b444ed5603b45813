"""What a live source leaves out is a gap of its true length, and other clocks and codings are gone on with."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.live_pieces import (
    END,
    WALL,
    ListFeed,
    cut,
    cut_without_end,
    decoded,
    gaps_of,
    hls_pieces,
    later,
    now,
    packets_in,
    segments_of,
)

from tldr_ingest.adapters.live.following_pyav import cut_live
from tldr_ingest.domain.errors import AddressExpired
from tldr_ingest.domain.live.cursor import Going, LiveCursor
from tldr_ingest.domain.live.events import LiveEvent, SourceInterruption, SourceResumption, TimePassed
from tldr_ingest.domain.live.feed import FeedEvent, Interrupted, Missing, Piece
from tldr_ingest.domain.media.source import Modality, SourceEnded

BOTH = (Modality.VIDEO, Modality.AUDIO)


@pytest.fixture(scope="module")
def source(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    record = recorder_in(tmp_path_factory.mktemp("live"))
    path: Path = record("a.mp4", record.Picture(frames=300), record.Sound(seconds=10))
    return path


@pytest.fixture(scope="module", params=["mpegts", "fmp4"])
def pieces(request: pytest.FixtureRequest, source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """Five of two seconds."""
    return hls_pieces(source, tmp_path_factory.mktemp("hls") / "pieces", fmp4=request.param == "fmp4")


@pytest.fixture(scope="module")
def larger(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    """Four seconds of an advertisement: another size, another rate of sound."""
    record = recorder_in(tmp_path_factory.mktemp("larger"))
    path = record("b.mp4", record.Picture(frames=120, width=320, height=240), record.Sound(rate=44100, seconds=4))
    return later(hls_pieces(path, tmp_path_factory.mktemp("hls") / "pieces"), clock="ad")


def missing(start_ms: int, end_ms: int, code: str = "segment_missing") -> Missing:
    return Missing(WALL + start_ms, WALL + end_ms, code, "Gone.")


def told(events: Sequence[LiveEvent]) -> list[tuple[int, int, str]]:
    """What covers stream time, in the order it was said: segments, and gaps of all modalities."""
    said = [("segment", one.start_ms, one.end_ms) for one in segments_of(events)]
    said += [(one.gaps[0].code, one.gaps[0].start_ms, one.until_ms) for one in events if isinstance(one, TimePassed)]
    covered = sorted((start, end, what) for what, start, end in said)
    assert [end for _, end, _ in covered[:-1]] == [start for start, _, _ in covered[1:]], "each ms is told of once"
    return covered


def lengths(events: Sequence[LiveEvent]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start, end, what in told(events):
        found[what] = found.get(what, 0) + end - start
    return found


def check_lost(pieces: Sequence[Piece], without: Sequence[Piece], events: Sequence[LiveEvent]) -> None:
    """All packets are there but those of the pieces that did not come."""
    everything = packets_in(segments_of(cut([*pieces, END])))
    count = sum(packets_in(segments_of(events)).values())
    assert count == sum(everything.values()) - sum(
        sum(packets_in(segments_of(cut([piece, END]))).values()) for piece in without
    )


def test_a_piece_that_is_missing_is_a_gap_of_both_of_its_length(pieces: list[Piece]) -> None:
    events = cut([*pieces[:2], missing(4000, 6000), *pieces[3:], END])
    assert lengths(events)["segment_missing"] == pytest.approx(2000, abs=60)
    assert {gap.modality for gap in gaps_of(events)} == set(BOTH)
    check_lost(pieces, [pieces[2]], events)
    assert events[-1] == SourceEnded(told(events)[-1][1], len(segments_of(events)), END.code, END.reason)
    assert told(events)[-1][1] == 10_000


def test_a_silence_is_told_of_while_it_lasts_and_ends_where_the_source_goes_on(pieces: list[Piece]) -> None:
    outage = [missing(4000 + 10_000 * part, 14_000 + 10_000 * part, "source_stalled") for part in range(3)]
    interrupted = Interrupted(WALL + 4000, "source_stalled", "Nothing new.")
    back = later(pieces[2:], clock="0", wall_ms=30_000)
    before = cut_without_end([*pieces[:2], interrupted, *outage])
    assert [type(one) for one in before[-4:]] == [SourceInterruption, *[TimePassed] * 3]
    assert [one.until_ms for one in before if isinstance(one, TimePassed)] == [13_500, 23_500, 33_500]
    events = cut([*pieces[:2], interrupted, *outage, *back, END])
    (interruption,) = [one for one in events if isinstance(one, SourceInterruption)]
    (resumption,) = [one for one in events if isinstance(one, SourceResumption)]
    assert interruption.at_ms == pytest.approx(4000, abs=60)
    assert resumption.at_ms == 34_000
    assert lengths(events)["source_stalled"] == pytest.approx(30_000, abs=60)
    assert told(events)[-1][1] == 40_000
    check_lost(pieces, [], events)


def test_an_interruption_in_which_nothing_was_missed_loses_nothing(pieces: list[Piece]) -> None:
    events = cut([*pieces[:2], Interrupted(WALL + 4000, "source_stalled", "Nothing new."), *pieces[2:], END])
    assert gaps_of(events) == []
    assert packets_in(segments_of(events)) == packets_in(segments_of(cut([*pieces, END])))
    assert [type(one) for one in events if isinstance(one, SourceInterruption | SourceResumption)] == [
        SourceInterruption,
        SourceResumption,
    ]


def test_another_clock_goes_on_by_the_wall_clock(pieces: list[Piece]) -> None:
    """A publisher that comes back 7 s later counts from anew."""
    events = cut([*pieces[:2], *later(pieces[:2], clock="1", wall_ms=11_000, sequence=10), END])
    assert lengths(events)["source_jumped"] == pytest.approx(7000, abs=60)
    assert told(events)[-1][1] == 15_000
    assert all(one.decode_from == one.index for one in segments_of(events))


def test_another_clock_right_behind_leaves_no_gap(pieces: list[Piece]) -> None:
    behind = later(pieces[:2], clock="1", wall_ms=4000, sequence=10)
    events = cut([*pieces[:2], *behind, *later(behind, clock="2", wall_ms=4000), END])
    assert gaps_of(events) == []
    assert told(events)[-1][1] == pytest.approx(12_000, abs=120)


def test_what_is_coded_otherwise_begins_a_segment_of_its_own(pieces: list[Piece], larger: list[Piece]) -> None:
    advertisement = later(larger, clock="ad", wall_ms=4000, sequence=50)
    back = later(pieces[2:], clock="0", wall_ms=4000)
    events = cut([*pieces[:2], *advertisement, *back, END])
    segments = segments_of(events)
    assert told(events)[-1][1] == pytest.approx(14_000, abs=120)
    assert all(one.decode_from == one.index for one in segments)
    assert sum(decoded([one]) for one in segments) == 420
    assert len({one.cursor.coding for one in segments if isinstance(one.cursor, LiveCursor)}) == 2


def test_an_advertisement_that_is_left_out_is_a_gap_of_its_own_code(pieces: list[Piece]) -> None:
    away = [missing(4000, 7000, "advertisement"), missing(7000, 9000, "source_stalled")]
    events = cut([*pieces[:2], *away, *later(pieces[2:], clock="1", wall_ms=5000), END])
    assert lengths(events)["advertisement"] == pytest.approx(3000, abs=60)
    assert lengths(events)["source_stalled"] == pytest.approx(2000, abs=60)


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind" * 100])
def test_a_piece_that_cannot_be_read_is_a_gap(pieces: list[Piece], damage: bytes) -> None:
    events = cut([*pieces[:2], replace(pieces[2], data=damage), *pieces[3:], END])
    assert lengths(events)["piece_damaged"] == pytest.approx(2000, abs=60)
    check_lost(pieces, [pieces[2]], events)


def test_what_comes_of_time_that_was_given_up_stays_a_gap(pieces: list[Piece]) -> None:
    """Its seconds were told of as missing; nobody waits for them any more."""
    events = cut([*pieces[:2], missing(4000, 8000), *pieces[2:], END])
    assert lengths(events)["segment_missing"] == pytest.approx(4000, abs=60)
    check_lost(pieces, pieces[2:4], events)
    assert told(events)[-1][1] == 10_000


def test_a_track_that_is_away_is_a_gap_of_its_own(record: Any, pieces: list[Piece], tmp_path: Path) -> None:
    path = record("silent.mp4", record.Picture(frames=360))
    silent = later(hls_pieces(path, tmp_path / "silent"), clock="mute", wall_ms=4000, sequence=70)
    back = later(pieces[:2], clock="2", wall_ms=16_000, sequence=90)
    events = cut([*pieces[:2], *silent, *back, END])
    away = [gap for gap in gaps_of(events) if gap.modality is Modality.AUDIO]
    assert sum(gap.end_ms - gap.start_ms for gap in away) == pytest.approx(12_000, abs=100)
    assert [gap for gap in gaps_of(events) if gap.modality is Modality.VIDEO] == []
    assert segments_of(events)[-1].has_audio


def test_a_source_that_leaves_nothing_to_go_on_with_begins_where_it_is_now(pieces: list[Piece]) -> None:
    """A crash and an outage longer than the window: one gap, and no second twice."""
    segments = segments_of(cut([*pieces[:2], END]))
    cursor = segments[-1].cursor
    assert isinstance(cursor, LiveCursor)
    back = later(pieces[3:], clock="0", wall_ms=20_000, sequence=10)
    feed = ListFeed([*pieces[:2], missing(4000, 26_000, "window_passed"), *back, END])
    events = list(cut_live(feed, Going(cursor, cursor.end_ms, BOTH), now))
    assert feed.asked == [pieces[1].mark]
    assert lengths([*segments, *events])["window_passed"] == pytest.approx(22_000, abs=60)
    assert told(events)[-1][1] == 30_000


def test_a_gap_that_was_told_of_before_a_crash_is_not_told_of_again(pieces: list[Piece]) -> None:
    segments = segments_of(cut([*pieces[:2], END]))
    cursor = segments[-1].cursor
    assert isinstance(cursor, LiveCursor)
    back = later(pieces[2:], clock="1", wall_ms=20_000, sequence=10)
    feed = ListFeed([*pieces[:2], missing(4000, 24_000), *back, END])
    events = list(cut_live(feed, Going(cursor, 18_000, BOTH), now))
    assert told(events)[0][0] == 18_000
    assert lengths(events)["segment_missing"] == 6_000


def test_what_was_given_up_before_a_crash_is_not_read_after_it(pieces: list[Piece]) -> None:
    """The source still has it, but its seconds were told of as missing."""
    segments = segments_of(cut([*pieces[:2], END]))
    cursor = segments[-1].cursor
    assert isinstance(cursor, LiveCursor)
    events = cut([*pieces, END], Going(cursor, 8000, BOTH))
    assert told(events) == [(8000, 10_000, "segment")]
    check_lost(pieces, pieces[2:4], [*segments, *events])


def test_an_address_that_expires_loses_nothing(pieces: list[Piece]) -> None:
    expired = cut_until_raised([*pieces[:3], AddressExpired("Find it out anew.")])
    cursor = segments_of(expired)[-1].cursor
    assert isinstance(cursor, LiveCursor)
    assert cursor.mark == pieces[2].mark
    rest = cut([*pieces, END], Going(cursor, cursor.end_ms, BOTH))
    whole = packets_in(segments_of(cut([*pieces, END])))
    assert packets_in([*segments_of(expired), *segments_of(rest)]) == whole


def test_an_address_is_found_out_anew_before_it_expires(pieces: list[Piece]) -> None:
    events = cut_until_raised([*pieces, END], renew_at_ms=now())
    cursor = segments_of(events)[-1].cursor
    assert isinstance(cursor, LiveCursor)
    assert cursor.mark == pieces[0].mark


def cut_until_raised(given: Sequence[FeedEvent | Exception], renew_at_ms: int = 0) -> list[LiveEvent]:
    reading, found = cut_live(ListFeed(given), Going(), now, renew_at_ms=renew_at_ms), list[LiveEvent]()
    with pytest.raises(AddressExpired):
        found.extend(iter(reading))
    return found


def test_pictures_behind_a_hole_are_not_decoded_from_before_it(source: Path, tmp_path: Path) -> None:
    """The piece behind it begins in the middle of a group of pictures."""
    pieces = hls_pieces(source, tmp_path / "anywhere", seconds=1.3, anywhere=True)
    events = cut([*pieces[:2], missing(2600, 3900), *pieces[3:], END])
    behind = [one for one in segments_of(events) if one.start_ms >= 3800]
    assert behind[0].decode_from == behind[0].index
    assert behind[0].keyframes_ms[0] > behind[0].start_ms
