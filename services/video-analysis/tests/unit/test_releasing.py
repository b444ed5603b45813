from dataclasses import replace

import numpy as np
import pytest

from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_video_analysis.domain.figures.figures import Modality, Span
from tldr_video_analysis.domain.segments.segment import Segment, Window
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request
from tldr_video_analysis.domain.streams.gap import Gap
from tldr_video_analysis.domain.streams.releasing import Ended, GapFound, Measured, end, never_came, release
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis

STREAM = AnalysedStream(
    StreamId("str_1"),
    request=Request(0, False, False),
    opened_attempt=1,
    modalities=(Modality.VIDEO,),
    read_until_ms=9500,
)


def gap(start_ms: int, end_ms: int, code: str = "decode_failed") -> Gap:
    return Gap(Modality.VIDEO, start_ms, end_ms, code, "A sentence.")


def analysis(first: int, last: int, names: tuple[str, ...] = ("video.motion",), **more: object) -> WindowAnalysis:
    values = np.arange(first, last, dtype=np.float32)
    return replace(WindowAnalysis(Window(first, last), dict.fromkeys(names, values)), **more)  # type: ignore[arg-type]


def test_windows_that_meet_are_one_message_with_nan_where_one_has_no_such_series() -> None:
    ready = [
        analysis(0, 4, pauses=(Span(3500, 4000),), cuts_ms=(100,)),
        analysis(4, 8, ("video.motion", "audio.loudness"), pauses=(Span(4000, 4200),), cuts_ms=(4100,)),
    ]
    stream, (measured,) = release(STREAM, ready, [])
    assert isinstance(measured, Measured)
    assert measured.series["video.motion"].tolist() == list(range(8))
    assert measured.series["audio.loudness"].tolist() == pytest.approx([*[np.nan] * 4, 4, 5, 6, 7], nan_ok=True)
    assert (measured.cuts_ms, measured.pauses) == ((100, 4100), (Span(3500, 4200),))
    assert (stream.released_until_s, stream.complete_until_ms, measured.complete_until_ms) == (8, 8000, 8000)


def test_activity_goes_on_at_its_level_in_this_release_and_the_next() -> None:
    names = ("video.activity", "video.motion")
    ready = [analysis(0, 2, names, level_change=0.5), analysis(2, 4, names)]
    stream, (measured,) = release(STREAM, ready, [])
    assert isinstance(measured, Measured)
    assert measured.series["video.activity"].tolist() == [0, 1, 1, 1.5]
    assert measured.series["video.motion"].tolist() == [0, 1, 2, 3]
    _, (later,) = release(stream, [analysis(4, 6, names)], [])
    assert isinstance(later, Measured)
    assert later.series["video.activity"].tolist() == [2, 2.5]


def test_gaps_go_ahead_of_the_seconds_that_pass_them() -> None:
    ready = [analysis(0, 4, gaps=(gap(3000, 4000),)), analysis(4, 8, gaps=(gap(4000, 5000),))]
    _, outcomes = release(STREAM, ready, [gap(1000, 20_000, "timestamp_jump")])
    assert outcomes[:2] == (GapFound(gap(1000, 20_000, "timestamp_jump"), 0), GapFound(gap(3000, 5000), 0))
    assert isinstance(outcomes[2], Measured)


def test_a_window_of_which_nothing_is_known_still_moves_the_watermark() -> None:
    stream, outcomes = release(STREAM, [WindowAnalysis(Window(0, 8), gaps=(gap(0, 8000),))], [])
    assert [type(outcome) for outcome in outcomes] == [GapFound, Measured]
    assert isinstance(outcomes[1], Measured)
    assert (outcomes[1].series, stream.complete_until_ms) == ({}, 8000)


def test_nothing_is_complete_beyond_what_was_read() -> None:
    assert release(STREAM, [analysis(0, 10)], [])[0].complete_until_ms == 9500


def test_the_end_tells_what_neither_came_nor_was_reported() -> None:
    ended = replace(STREAM, complete_until_ms=9500).ended(1, 20_000, None)
    known = gap(9000, 15_000, "source_truncated")
    stream, outcomes = end(ended, [known], [known])
    tail = gap(15_000, 20_000, "segment_missing")
    tail = replace(tail, reason="A part of the recording never came, so nothing is known of it.")
    assert outcomes == (
        GapFound(known, 9500),
        GapFound(tail, 20_000),
        Ended(1, (Modality.VIDEO,), 20_000, None),
    )
    assert (stream.announced_attempt, stream.complete_until_ms, stream.ends) == (1, 20_000, False)


def test_a_bad_end_leaves_what_never_came_to_its_failure() -> None:
    failure = Failure("source_lost", "A sentence.")
    stream, outcomes = end(replace(STREAM, complete_until_ms=9000).ended(1, 9500, failure), [], [])
    assert outcomes == (Ended(1, (Modality.VIDEO,), 9500, failure),)
    assert stream.complete_until_ms == 9000


def test_holes_between_segments_are_gaps_as_far_as_the_source_was_read() -> None:
    segments = [Segment(n, 4000 * n, 4000 * n + 4000, "b", "k", 0, n, True, True) for n in (0, 2)]
    stream = STREAM.read(14_000)
    found = never_came(stream, Window(0, 16), segments, [gap(5000, 6000, "timestamp_jump")])
    assert [(one.start_ms, one.end_ms) for one in found] == [(4000, 5000), (6000, 8000), (12_000, 14_000)]
    assert {one.code for one in found} == {"segment_missing"}
