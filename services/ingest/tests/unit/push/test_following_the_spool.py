"""A reader of the spool is given each piece once and told of each hole, whenever it looks."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.live.feed import FeedEnded, Interrupted, Missing, PieceMark, WallSource
from tldr_ingest.domain.push.following import Following, PushSettings
from tldr_ingest.domain.push.spool_bound import SpoolBound
from tldr_ingest.domain.push.spool_names import (
    Leaving,
    Left,
    Listing,
    SpooledPiece,
    began_name,
    piece_of,
    session_name,
)

T = 1_795_435_200_000
A, B, C = (session_name(T + at, "0a1b2c3d") for at in (0, 100_000, 200_000))
SETTINGS = PushSettings(never_came_ms=50_000, ends_after_silence_ms=120_000)


def piece(session: str, sequence: int, at_ms: int, *, epoch: int = 0, duration_ms: int = 2000) -> SpooledPiece:
    return SpooledPiece(session, epoch, sequence, T + at_ms, duration_ms)


def left(session: str, at_ms: int, how: Leaving = Leaving.LOST) -> str:
    return Left(T + at_ms, how).name(session)


def names(*files: SpooledPiece | str) -> list[str]:
    return [file if isinstance(file, str) else file.name for file in files]


def told(following: Following, files: Iterable[str], at_ms: int) -> list[Any]:
    """What there is to say, in short: times count from T."""
    said: list[Any] = []
    for step in following.steps(Listing.of(files), T + at_ms):
        match step:
            case SpooledPiece():
                said.append(step.sequence)
            case Missing():
                said.append((step.start_ms - T, step.end_ms - T, step.code))
            case Interrupted():
                said.append((step.wall_ms - T, step.code))
            case FeedEnded():
                said.append(step.code)
    return said


def new() -> Following:
    return Following.after(SETTINGS, T, None)


def test_what_is_known_of_a_piece_stands_in_its_name() -> None:
    one = piece(A, 12, 24_000, epoch=1)
    assert piece_of(one.name) == one
    found = Listing.of([one.name, began_name(A, T + 5), left(A, 9, Leaving.ASKED), "x.flv.part", "notes.txt"])
    (session,) = found.sessions
    assert (found.pieces, session.began_ms, session.left) == ([one], T + 5, Left(T + 9, Leaving.ASKED))


def test_each_piece_is_given_once_in_order() -> None:
    following, files = new(), names(began_name(A, T), piece(A, 1, 2000), piece(A, 0, 0))
    assert told(following, files, 4100) == [0, 1]
    assert told(following, [*files, piece(A, 2, 4000).name], 6100) == [2]
    assert told(following, files, 6200) == []


def test_nothing_is_said_before_the_first_piece_and_who_never_comes_has_failed() -> None:
    following = new()
    assert told(following, [], 49_999) == []
    assert told(following, [], 50_000) == ["publisher_never_came"]


def test_who_is_connected_has_come() -> None:
    assert told(new(), [began_name(A, T + 49_000)], 50_000) == []
    assert told(new(), names(piece(A, 0, 0)), 50_000)[0] == 0


def test_an_absence_is_a_gap_of_its_true_length() -> None:
    files = names(piece(A, 0, 0), left(A, 2500), piece(B, 0, 31_000))
    assert told(new(), files, 33_100) == [0, (2000, 31_000, "publisher_away"), 0]


def test_an_absence_is_said_in_parts_while_it_lasts() -> None:
    following, files = new(), names(piece(A, 0, 0), left(A, 2500))
    assert told(following, files, 3000) == [0, (2000, "publisher_away")]
    assert told(following, files, 14_999) == []
    assert told(following, files, 15_000) == [(2000, 12_000, "publisher_away")]
    assert told(following, files, 26_000) == [(12_000, 23_000, "publisher_away")]
    back = [*files, *names(began_name(B, T + 30_500))]
    assert told(following, back, 60_000) == []
    assert told(following, [*back, piece(B, 0, 30_500).name], 33_000) == [(23_000, 30_500, "publisher_away"), 0]


def test_of_a_publisher_that_is_connected_what_is_late_may_still_come() -> None:
    following, files = new(), names(began_name(A, T), piece(A, 0, 0))
    assert told(following, files, 2100) == [0]
    assert told(following, files, 12_000) == [(2000, "source_stalled")]
    assert told(following, files, 19_000) == []
    assert told(following, [*files, *names(piece(A, 1, 2000), piece(A, 2, 4000))], 19_500) == [
        1,
        2,
        (6000, "source_stalled"),
    ]


@pytest.mark.parametrize(
    ("how", "limit_ms", "code"),
    [(Leaving.ASKED, 62_500, "publisher_ended"), (Leaving.LOST, 122_000, "source_silent")],
)
def test_a_publisher_that_does_not_come_back_has_ended(how: Leaving, limit_ms: int, code: str) -> None:
    following, files = new(), names(piece(A, 0, 0), left(A, 2500, how))
    assert code not in told(following, files, limit_ms - 1)
    assert told(following, files, limit_ms)[-1] == code


def test_one_that_ended_the_stream_may_come_back_within_the_grace() -> None:
    following, files = new(), names(piece(A, 0, 0), left(A, 2500, Leaving.ASKED))
    told(following, files, 3000)
    assert told(following, files, 50_000) == []  # its absence is no gap before it is back
    back = names(piece(B, 0, 55_000))
    assert told(following, [*files, *back], 57_000) == [(2000, 55_000, "publisher_away"), 0]
    assert told(following, [*files, *back], 63_000) == []


def test_a_start_of_our_own_server_is_told_apart() -> None:
    files = names(piece(A, 0, 0), left(A, 5000, Leaving.RESTARTED), piece(B, 0, 9000))
    assert told(new(), files, 11_000) == [0, (2000, 9000, "receiver_restarted"), 0]


@pytest.mark.parametrize(
    ("files", "gap"),
    [
        ([piece(A, 0, 0), piece(A, 3, 6000)], (2000, 6000, "window_passed")),
        ([piece(A, 0, 0), piece(B, 4, 110_000)], (2000, 110_000, "window_passed")),
        ([piece(A, 0, 0), piece(A, 1, 9000, epoch=1)], (2000, 9000, "source_stalled")),
    ],
)
def test_what_cannot_be_read_any_more_is_said(files: list[SpooledPiece], gap: Any) -> None:
    assert told(new(), names(*files), 112_000)[:2] == [0, gap]


def test_a_new_epoch_whose_time_goes_on_is_no_hole() -> None:
    assert told(new(), names(piece(A, 0, 0), piece(A, 1, 2000, epoch=1)), 4000) == [0, 1]


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ([piece(A, 1, 2000), piece(A, 2, 4000)], [2]),
        ([piece(A, 2, 4000)], [2]),
        ([piece(A, 5, 10_000)], [(4000, 10_000, "window_passed"), 5]),
        ([piece(B, 0, 100_000)], [(4000, 100_000, "publisher_away"), 0]),
    ],
)
def test_a_reader_goes_on_behind_a_mark(rest: list[SpooledPiece], said: list[Any]) -> None:
    one = piece(A, 1, 2000)
    mark = PieceMark(one.clock, 1, one.name, one.wall_ms, WallSource.ARRIVAL, one.duration_ms)
    following = Following.after(SETTINGS, T + 100_000, mark)
    assert told(following, names(*rest), 101_000)[: len(said)] == said


def test_while_nobody_looked_nobody_was_silent() -> None:
    one = piece(A, 1, 2000)
    mark = PieceMark(one.clock, 1, one.name, one.wall_ms, WallSource.ARRIVAL, one.duration_ms)
    following = Following.after(SETTINGS, T + 600_000, mark)
    files = names(one, left(A, 5000, Leaving.RESTARTED))
    assert "source_silent" not in told(following, files, 700_000)
    assert told(following, files, 720_000)[-1] == "source_silent"


def test_a_mark_of_another_source_is_refused() -> None:
    with pytest.raises(ValueError, match="names no piece"):
        Following.after(SETTINGS, T, PieceMark("x", 1, "seg1.ts", T, WallSource.SOURCE, 2000))


def test_the_spool_keeps_some_minutes_and_some_bytes() -> None:
    sizes = {piece(A, n, n * 2000).name: 100 for n in range(10)} | {began_name(A, T): 0, left(A, 21_000): 0}
    sizes |= {piece(B, 0, 100_000).name: 100, began_name(B, T + 100_000): 0}
    aged = SpoolBound(age_ms=90_000).outlived(sizes, T + 102_000)
    assert aged == [piece(A, n, n * 2000).name for n in range(5)]
    large = SpoolBound(bytes=250).outlived(sizes, T + 102_000)
    assert large == [piece(A, n, n * 2000).name for n in range(9)]
    gone = SpoolBound(age_ms=1000).outlived(sizes, T + 200_000)
    assert set(sizes) - set(gone) == {began_name(B, T + 100_000)}  # the last session is remembered


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 40_000), st.booleans()), min_size=1, max_size=6), st.data())
def test_whenever_it_looks_each_moment_is_given_or_missing_once(
    sessions: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    """Sessions of some pieces with pauses: what is given and what is missing meet, from the first frame to the last."""
    events: list[tuple[int, str]] = []
    at = 0
    for number, (count, pause_ms, asked) in enumerate(sessions):
        session = session_name(T + at, f"{number:08x}")
        events.append((at, began_name(session, T + at)))
        for sequence in range(count):
            events.append((at + 2100, piece(session, sequence, at).name))
            at += 2000
        events.append((at + 200, left(session, at + 200, Leaving.ASKED if asked else Leaving.LOST)))
        at += 300 + pause_ms
    following, covered_ms = new(), 0
    now_ms = 0
    while now_ms < at + 2000:
        now_ms += data.draw(st.integers(100, 9000))
        for step in following.steps(Listing.of(name for when, name in events if when <= now_ms), T + now_ms):
            if isinstance(step, SpooledPiece):
                assert step.wall_ms - T == covered_ms
                covered_ms = step.end_ms - T
            elif isinstance(step, Missing):
                assert step.start_ms - T == covered_ms < step.end_ms - T
                covered_ms = step.end_ms - T
    assert covered_ms >= max(piece_of(name).end_ms for _, name in events if piece_of(name)) - T  # type: ignore[union-attr]
