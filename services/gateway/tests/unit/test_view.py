"""How far a stream is: figures where they are known, null where nobody answered."""

from datetime import timedelta
from typing import Any

import pytest

from tldr_gateway.application.streams.progress import Progress, SourceProgress
from tldr_gateway.application.streams.view_stream import glimpse, view
from tldr_gateway.domain.streams.live import LiveState, SourceState
from tldr_gateway.domain.streams.stream import Failure, State
from tldr_testing import NOW


def test_share_and_time_left_come_from_what_was_analysed(memory: Any) -> None:
    now = memory.clock.now()
    stream = memory.stream(state=State.PROCESSING, started_at=now - timedelta(seconds=30))
    seen = view(stream, Progress(180_000, True, 170_000, 60_000), now)
    assert (seen.stage, seen.seconds_processed) == ("analysing", 60)
    assert seen.share_done == pytest.approx(1 / 3)
    assert seen.seconds_left == pytest.approx(60)


@pytest.mark.parametrize(
    ("progress", "stage", "share"),
    [
        (Progress(None, None, None, None), "processing", None),
        (Progress(0, False, None, 0), "reading", None),
        (Progress(60_000, False, 240_000, 30_000), "reading", 0.125),
        (Progress(60_000, False, 0, 30_000), "reading", 0.5),
        (Progress(180_000, True, 240_000, 180_000), "cutting", 1.0),
        (Progress(180_000, True, 240_000, 200_000), "cutting", 1.0),
        (Progress(None, None, None, 10_000), "processing", None),
    ],
)
def test_a_stage_is_what_is_known(memory: Any, progress: Progress, stage: str, share: float | None) -> None:
    seen = view(memory.stream(state=State.PROCESSING), progress, memory.clock.now())
    assert (seen.stage, seen.share_done) == (stage, share)


def test_what_is_not_at_work_is_known_without_asking(memory: Any) -> None:
    assert glimpse(memory.stream()).stage == "queued"
    done = glimpse(memory.stream(state=State.COMPLETED, duration_ms=90_000))
    assert (done.share_done, done.seconds_processed, done.seconds_left) == (1.0, 90, 0.0)
    assert glimpse(memory.stream(state=State.CANCELLED)).share_done is None


LIVE = LiveState(SourceState.LIVE, NOW, wall_zero_ms=1_769_889_600_000, wall_uncertainty_ms=500)


def test_a_live_source_has_no_share_that_is_done_until_it_ended(memory: Any) -> None:
    stream = memory.stream(state=State.PROCESSING, live=LIVE, started_at=NOW)
    figures = SourceProgress(4.5, 2, 1_769_889_601_000, 250)
    seen = view(stream, Progress(60_000, False, None, 50_000, figures), NOW)
    assert (seen.stage, seen.share_done, seen.seconds_processed, seen.seconds_left) == ("live", None, 50, None)
    assert seen.live
    assert (seen.live.state, seen.live.source) == (SourceState.LIVE, figures)
    ended = view(stream, Progress(60_000, True, None, 30_000, figures), NOW)
    assert (ended.stage, ended.share_done) == ("analysing", 0.5)


def test_a_live_source_that_nobody_answers_for_is_as_it_was_last_heard_of(memory: Any) -> None:
    seen = view(memory.stream(state=State.PROCESSING, live=LIVE), Progress(None, None, None, None), NOW)
    assert seen.live
    assert seen.live.source == SourceProgress(None, None, 1_769_889_600_000, 500)
    waiting = LiveState(SourceState.WAITING, NOW, Failure("source_not_live", "It is not live."))
    assert glimpse(memory.stream(live=waiting)).stage == "waiting"


def test_the_source_of_a_stream_that_is_over_has_ended(memory: Any) -> None:
    later = NOW + timedelta(hours=1)
    seen = glimpse(memory.stream(state=State.CANCELLED, live=LIVE, ended_at=later)).live
    assert seen
    assert (seen.state, seen.since) == (SourceState.ENDED, later)
