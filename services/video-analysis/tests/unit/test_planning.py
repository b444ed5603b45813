from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_video_analysis.domain.segments.segment import Segment, Window, needed
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request, WindowLengths

STREAM = AnalysedStream(StreamId("str_1"), request=Request(priority=0, thorough=False, live=False))
LENGTHS = WindowLengths(recording_s=32, live_s=4)


def segment(index: int, start_ms: int, end_ms: int, decode_from: int | None = None) -> Segment:
    begins = index if decode_from is None else decode_from
    return Segment(index, start_ms, end_ms, "bucket", f"{index}.mp4", 0, begins, True, True)


@given(some.lists(some.integers(min_value=1, max_value=90_000), max_size=12), some.booleans())
def test_windows_meet_and_cover_the_source_however_it_is_read(steps: list[int], live: bool) -> None:
    stream = replace(STREAM, request=Request(0, False, live))
    planned: list[Window] = []
    for step in steps:
        stream, windows = stream.read(stream.read_until_ms + step).plan(LENGTHS)
        planned += windows
        assert all(window.end_ms + 2000 <= stream.read_until_ms for window in windows), "each has its edge"
    stream, windows = stream.ended(1, stream.read_until_ms, None).plan(LENGTHS)
    planned += windows
    edges = [0, *(window.end_second for window in planned)]
    assert [window.first_second for window in planned] == edges[:-1]
    assert edges[-1] == -(-stream.read_until_ms // 1000)
    length = 4 if live else 32
    assert all(window.end_second - window.first_second <= 1.5 * length for window in planned)
    assert all(window.end_second - window.first_second >= 0.5 * length for window in planned[1:])


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
