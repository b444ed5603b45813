from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_video_analysis.domain.segments.segment import Segment, Window, needed
from tldr_video_analysis.domain.streams.analysed_stream import LIVE_EDGE_MS, AnalysedStream, Request, WindowLengths

STREAM = AnalysedStream(StreamId("str_1"), request=Request(priority=0, thorough=False, live=False))
LENGTHS = WindowLengths(recording_s=32, live_s=2)
LIVE = replace(STREAM, request=Request(priority=0, thorough=False, live=True))


def segment(index: int, start_ms: int, end_ms: int, decode_from: int | None = None) -> Segment:
    begins = index if decode_from is None else decode_from
    return Segment(index, start_ms, end_ms, "bucket", f"{index}.mp4", 0, begins, True, True)


@given(some.lists(some.integers(min_value=1, max_value=90_000), max_size=12), some.booleans())
def test_windows_meet_and_cover_the_source_however_it_is_read(steps: list[int], live: bool) -> None:
    stream = LIVE if live else STREAM
    least, edge_ms = (1, LIVE_EDGE_MS) if live else (16, 2000)
    planned: list[Window] = []
    for step in steps:
        stream, windows = stream.read(stream.read_until_ms + step).plan(LENGTHS)
        planned += windows
        assert all(window.end_ms + edge_ms <= stream.read_until_ms for window in windows), "each has its edge"
    stream, windows = stream.ended(1, stream.read_until_ms, None).plan(LENGTHS)
    planned += windows
    edges = [0, *(window.end_second for window in planned)]
    assert [window.first_second for window in planned] == edges[:-1]
    assert edges[-1] == -(-stream.read_until_ms // 1000)
    assert all(window.end_second - window.first_second <= (32 if live else 48) for window in planned)
    assert all(window.end_second - window.first_second >= least for window in planned[1:])


@pytest.mark.parametrize("length_ms", [2000, 1920, 2002, 2133])
def test_each_segment_of_a_live_stream_gives_the_seconds_that_have_their_edges(length_ms: int) -> None:
    stream = LIVE
    for index in range(1, 200):
        stream, _ = stream.read(index * length_ms).plan(LENGTHS)
        assert stream.planned_until_s == (index * length_ms - LIVE_EDGE_MS) // 1000


def test_windows_of_a_live_stream_that_is_behind_are_long() -> None:
    _, windows = LIVE.read(70_000).plan(LENGTHS)
    assert windows == (Window(0, 32), Window(32, 64), Window(64, 69))


def test_a_gap_lets_what_came_before_it_go_and_time_pass() -> None:
    stream, _ = LIVE.read(62_000).plan(LENGTHS)
    assert stream.planned_until_s == 61
    stream, windows = stream.passed(72_300).plan(LENGTHS)
    assert windows == (Window(61, 62), Window(62, 72))
    assert [stream.left_out(window) for window in windows] == [False, True]
    stream, windows = stream.read(74_300).plan(LENGTHS)
    assert windows == (Window(72, 73),)
    assert not stream.left_out(windows[0])


def test_a_second_in_which_a_gap_begins_waits_until_it_is_over() -> None:
    stream, windows = LIVE.read(62_300).passed(62_600).plan(LENGTHS)
    assert stream.planned_until_s == 62
    _, windows = stream.passed(65_000).plan(LENGTHS)
    assert windows == (Window(62, 63), Window(63, 65))


def test_nothing_is_planned_before_the_request_or_after_a_failure() -> None:
    read = STREAM.read(100_000)
    assert replace(read, request=None).plan(LENGTHS)[1] == ()
    assert read.failed(1).plan(LENGTHS)[1] == ()
    assert read.plan(LENGTHS)[1] == (Window(0, 32), Window(32, 64))


def test_a_second_in_which_the_source_broke_off_is_left_to_the_next_attempt() -> None:
    broken = STREAM.read(57_300).ended(1, 57_300, Failure("source_lost", "A sentence."))
    broken, windows = broken.plan(LENGTHS)
    assert windows[-1].end_second == 57
    again = broken.read(60_000).ended(2, 60_000, None)
    assert again.plan(LENGTHS)[1] == (Window(57, 60),)


def test_an_end_of_an_older_attempt_changes_nothing() -> None:
    second = STREAM.at_attempt(2)
    assert second.ended(1, 10, None) is second
    assert second.ended(2, 10, None).ended(2, 20, None).duration_ms == 10


def test_an_analysis_reads_what_it_touches_and_one_neighbour_on_each_side() -> None:
    segments = [segment(index, 4000 * index, 4000 * (index + 1)) for index in range(12)]
    assert [one.index for one in needed(segments, Window(12, 20))] == [2, 3, 4, 5]
    assert [one.index for one in needed(segments, Window(0, 8))] == [0, 1, 2]
    assert needed(segments, Window(60, 64)) == ()


def test_short_segments_are_read_as_far_as_the_edges_reach() -> None:
    segments = [segment(index, 500 * index, 500 * (index + 1)) for index in range(40)]
    assert [one.index for one in needed(segments, Window(8, 9))] == [13, 14, 15, 16, 17, 18, 19, 20]


def test_decoding_starts_where_the_first_segment_says_but_never_five_minutes_back() -> None:
    segments = [segment(index, 12_000 * index, 12_000 * (index + 1), decode_from=0) for index in range(60)]
    assert [one.index for one in needed(segments, Window(60, 72))] == [0, 1, 2, 3, 4, 5, 6]
    far = needed(segments, Window(600, 612))
    assert (far[0].index, far[-1].index) == (25, 51)
