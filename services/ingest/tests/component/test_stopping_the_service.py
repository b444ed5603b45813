"""A service that is stopped in the middle of a reading. In a file of its own: joining its groups again takes its time."""

from pathlib import Path
from typing import Any


async def test_a_service_that_was_stopped_goes_on_behind_the_last_segment(
    submitted: Any, halfway: int, web: Any, recording: Path, stored_frames: Any, frame_times: Any
) -> None:
    await submitted.service.stop()
    web.held_at.clear()
    web.released.set()
    await submitted.service.start()
    recorded = await submitted.ended()
    segments = recorded.of_kind("segment_stored")
    assert [event.kind for event in recorded.events] == ["started", *["segment_stored"] * len(segments), "ended"]
    assert [segment.index for segment in segments] == list(range(len(segments)))
    # The part of a key after the last dash counts the leases of the job.
    tokens = [segment.object.key.rpartition("-")[2] for segment in segments]
    assert (tokens[0], tokens[-1]) == ("1.mkv", "2.mkv")
    assert tokens.count("1.mkv") >= halfway
    assert await stored_frames(segments) == frame_times(recording)
