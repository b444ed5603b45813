"""How far a stream is: figures where they are known, null where nobody answered."""

from datetime import timedelta
from typing import Any

import pytest

from tldr_gateway.application.streams.progress import Progress
from tldr_gateway.application.streams.view_stream import glimpse, view
from tldr_gateway.domain.streams.stream import State


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
