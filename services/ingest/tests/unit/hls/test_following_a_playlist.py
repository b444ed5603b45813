"""What is taken of a playlist that moves, and what is missing: the cases one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tldr_ingest.domain.hls.following import Take, Trust, begin
from tldr_ingest.domain.hls.pacing import Patience, backoff_s, next_poll_s, silent_since
from tldr_ingest.domain.hls.playlist import PlaylistKind
from tldr_ingest.domain.hls.window import follow

Source = Any
Follower = Any
T0 = 1_790_000_000_000


def test_a_live_playlist_is_taken_from_three_before_its_end_and_then_one_by_one(
    source: Source, follower: Follower
) -> None:
    source.make(6)
    follower.poll()
    source.make()
    follower.poll()
    assert not follower.poll().news
    source.make(2)
    follower.poll()
    assert follower.taken == [103, 104, 105, 106, 107, 108]
    assert follower.missing == []
    assert follower.clocks == ["0:0"]
    assert [mark.wall_ms for mark in follower.marks[:2]] == [T0 + 6_000, T0 + 8_000]


@pytest.mark.parametrize("kind", [PlaylistKind.VOD, PlaylistKind.EVENT])
def test_a_playlist_from_its_start(source: Source, follower: Follower, kind: PlaylistKind) -> None:
    source.window, source.kind, source.ended = 99, kind, True
    source.make(9)
    assert follower.poll().ended
    assert follower.taken == list(range(100, 109))


def test_who_asked_for_the_start_gets_the_windows_start(source: Source, follower: Follower) -> None:
    source.make(9)
    follower.from_start = True
    follower.poll()
    assert follower.taken == list(range(103, 109))


@pytest.mark.parametrize("dated", [True, False])
def test_a_reader_slower_than_the_window_is_told_how_much_it_missed(
    source: Source, follower: Follower, dated: bool
) -> None:
    source.dated = dated
    source.make(6)
    follower.poll(late_ms=0)
    source.make(10)
    follower.poll(late_ms=0)
    assert follower.taken == [103, 104, 105, *range(110, 116)]
    assert follower.missing == [(12, 20, "window_passed")]
    # Nothing was spliced: the timestamps go on, and say how much is missing to the tick.
    assert follower.clocks == ["0:0"]


def test_after_a_loss_that_may_have_held_a_splice_the_clock_is_another(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    source.make(3)
    source.splice = True
    source.make(9)
    follower.poll()
    assert follower.clocks == ["0:0", "1:1"]


def test_a_splice_is_another_clock_and_no_hole(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    source.splice = True
    source.make(2)
    follower.poll()
    assert follower.missing == []
    assert follower.clocks == ["0:0", "1:1"]


def test_advertisements_are_missing_with_a_code_of_their_own(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    source.splice = True
    source.make(3, advertisement=True)
    source.splice = True
    source.make(1)
    follower.poll()
    assert follower.taken == [103, 104, 105, 109]
    assert follower.missing == [(12, 18, "advertisement")]


@pytest.mark.parametrize(("length", "back", "missing"), [(4_000, None, (12, 16)), (0, 3, (12, 18))])
def test_a_cue_begins_a_break_that_ends_by_its_length_or_by_a_cue(
    source: Source, follower: Follower, length: int, back: int | None, missing: tuple[int, int]
) -> None:
    source.make(6)
    follower.poll()
    source.make(1, cue_out_ms=length)
    follower.poll()
    source.make(2)
    follower.poll()
    source.make(1, cue_in=back is not None)
    follower.poll()
    assert follower.missing[0][0] == missing[0]
    assert follower.missing[-1][1] == missing[1]
    assert {code for _, _, code in follower.missing} == {"advertisement"}


def test_a_gap_of_the_source_is_one(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    source.make(1, gap=True)
    source.make(1)
    follower.poll()
    assert follower.missing == [(12, 14, "segment_missing")]
    assert follower.taken[-1] == 107


@pytest.mark.parametrize("dated", [True, False])
def test_an_encoder_that_hung_leaves_a_hole_of_its_true_length(source: Source, follower: Follower, dated: bool) -> None:
    source.dated = dated
    source.make(6)
    follower.poll(late_ms=0)
    source.hang(20_000)
    source.make(1)
    follower.poll(late_ms=0)
    assert follower.missing == [(12, 32, "source_stalled")]
    assert follower.taken[-1] == 106
    assert len(follower.clocks) == 2


def test_a_clock_that_was_set_while_segments_came_steadily_is_no_hole(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    for _ in range(4):
        source.make(1)
        follower.poll()
    for skew in (5_000, -3_000, 0):
        source.skew = skew
        source.make(2)
        follower.poll()
    assert follower.missing == []
    assert [mark.wall_ms - T0 for mark in follower.marks] == list(range(6_000, 32_000, 2_000))
    assert follower.clocks == ["0:0"]


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("reuses_names", [True, False])
def test_numbers_that_begin_anew_lose_nothing(
    source: Source, follower: Follower, dated: bool, reuses_names: bool
) -> None:
    source.dated, source.reuses_names = dated, reuses_names
    source.make(6)
    follower.poll()
    source.restart()
    source.make(2)
    follower.poll()
    source.make(1)
    follower.poll()
    assert follower.taken == [103, 104, 105, 0, 1, 2]
    assert follower.missing == []
    assert len(follower.clocks) == 2


@pytest.mark.parametrize("dated", [True, False])
def test_an_older_playlist_of_another_edge_gives_nothing_twice(source: Source, follower: Follower, dated: bool) -> None:
    source.dated = dated
    source.make(8)
    follower.poll()
    for back in (1, 2, 0, 1):
        assert follower.poll(back).older is (back > 0)
    source.make(1)
    follower.poll(1)
    follower.poll()
    assert follower.taken == [105, 106, 107, 108]


def test_a_restart_with_numbers_near_the_old_ones_is_found_out_with_time(source: Source, follower: Follower) -> None:
    source.dated, source.reuses_names, source.sequence = False, True, 4
    source.make(3)
    follower.poll()
    source.restart(3)
    for _ in range(12):
        source.make(1)
        follower.poll()
    assert follower.taken == [4, 5, 6, *range(3, 15)]
    assert len(follower.clocks) == 2


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("away", [0, 1, 3, 5, 9, 40])
def test_after_an_absence_it_goes_on_behind_the_mark(
    source: Source, follower: Follower, dated: bool, away: int
) -> None:
    source.dated = dated
    source.make(6)
    follower.poll(late_ms=0)
    source.make(away)
    follower.resume()
    follower.poll(late_ms=0)
    source.make(1)
    follower.poll(late_ms=0)
    lost = max(0, away - 6)
    assert follower.taken == [103, 104, 105, *range(106 + lost, 107 + away)]
    assert follower.missing == ([(12, 12 + 2 * lost, "window_passed")] if lost else [])


def test_what_was_stored_is_found_by_its_date_in_another_session(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    follower.resume()
    source.make(2)
    source.made = [replace(s, name=f"other-{s.name}", sequence=s.sequence - 90) for s in source.made]
    assert follower.poll().doubt is None
    assert follower.taken == [103, 104, 105, 16, 17]
    assert follower.missing == []


def test_a_stored_name_without_a_date_is_doubted_until_its_content_is_known(source: Source, follower: Follower) -> None:
    source.dated = False
    source.make(6)
    follower.poll()
    state = begin(follower.marks[-1])
    source.make(2)
    found = follow(state, source.playlist(), source.now)
    assert found.doubt is not None
    assert found.doubt.sequence == 105
    assert not found.steps
    same = follow(replace(state, trust=Trust.CONFIRMED), source.playlist(), source.now)
    assert [step.segment.sequence for step in same.steps if isinstance(step, Take)] == [106, 107]
    other = follow(replace(state, trust=Trust.DENIED), source.playlist(), source.now)
    assert other.elsewhere


def test_a_silent_source_is_said_to_miss_what_can_no_longer_come(source: Source, follower: Follower) -> None:
    source.make(6)
    follower.poll()
    playlist = source.playlist()
    state, early = silent_since(follower.state, playlist, 12_000, "r")
    assert early is None
    state, missing = silent_since(state, playlist, 20_000, "r")
    assert missing is not None
    assert (missing.start_ms - T0, missing.end_ms - T0) == (12_000, 20_000)
    # The whole window comes after all: only what was not said yet is taken, the rest of a segment is missing, too.
    source.hang(0)
    source.make(10)
    follower.state, follower.steps = state, [*follower.steps, missing]
    follower.poll()
    assert follower.missing == [(12, 20, "source_stalled")]
    assert follower.taken == [103, 104, 105, *range(110, 116)]


@pytest.mark.parametrize(("said_s", "missing", "first"), [(20, (12, 20), 110), (21, (12, 22), 111)])
def test_what_was_said_to_be_missing_is_not_taken_when_it_comes_after_all(
    source: Source, follower: Follower, said_s: int, missing: tuple[int, int], first: int
) -> None:
    source.window = 12
    source.make(6)
    follower.poll()
    follower.state = replace(follower.state, told_ms=T0 + said_s * 1_000)
    source.make(10)
    follower.poll()
    assert follower.taken == [103, 104, 105, *range(first, 116)]
    # What was said before is not said again.
    assert follower.missing == ([] if said_s == missing[1] else [(said_s, missing[1], "source_stalled")])


def test_polls_and_retries_keep_their_distance() -> None:
    assert [next_poll_s(4_000, changed, 0.5) for changed in (True, False)] == [4.0, 2.0]
    assert [next_poll_s(1_000, changed, 0.5) for changed in (True, False)] == [1.0, 0.5]
    assert next_poll_s(2_000, True, 0.0) == pytest.approx(1.8)
    assert next_poll_s(2_000, True, 1.0) == pytest.approx(2.2)
    assert [backoff_s(n, 2_000, 0.5) for n in (1, 2, 3, 4, 5, 6, 99)] == [0.5, 1, 2, 4, 8, 15, 15]
    assert backoff_s(1, 250, 0.5) == pytest.approx(0.0625)
    assert Patience().interrupted_after_ms(2_000) == 10_000
    assert Patience().interrupted_after_ms(6_000) == 18_000
