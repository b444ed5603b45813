"""A service that is stopped in the middle of a reading. In a file of its own: joining its groups again takes its time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.doubles.played_feed import Broadcast
from tests.doubles.told import PICTURES, check_pictures, covered

from tldr_contracts.ids import new_id
from tldr_ingest.domain.live.feed import FeedEnded, Piece

END = FeedEnded("source_ended", "Over.")


async def test_a_service_that_was_stopped_goes_on_behind_the_last_segment(
    submitted: Any,
    halfway: int,
    web: Any,
    recording: Path,
    stored_frames: Any,
    frame_times: Any,
    tmp_path: Path,
    pieces: list[Piece],
) -> None:
    kept, passed = (replace(submitted, stream=new_id("str")) for _ in range(2))
    window, no_window = Broadcast(tmp_path / "kept"), Broadcast(tmp_path / "passed")
    for live, source in ((kept, window), (passed, no_window)):
        source.give(pieces[:4])
        await live.request(source.url, live=True)
        await live.ingestions.until(live.stream, "segment_stored", count=2)

    await submitted.service.stop()
    window.give([*pieces[4:6], END])
    no_window.forget()
    no_window.give([*pieces[7:9], END])
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

    # Of a live source that still has all of it nothing is lost and nothing double; else there is one gap, as long as it was.
    recorded = await kept.ended()
    check_pictures(recorded, 6)
    assert (recorded.of_kind("gap_found"), covered(recorded)[-1][1]) == ([], 12_000)
    recorded = await passed.ended()
    stored = sum(one.video_packets for one in recorded.of_kind("segment_stored")) // PICTURES
    check_pictures(recorded, stored)
    assert {one.gap.code for one in recorded.of_kind("gap_found")} == {"window_passed"}
    assert covered(recorded)[-1][1] == 18_000
    lost_ms = sum(one.gap.range.end_ms - one.gap.range.start_ms for one in recorded.of_kind("gap_found")) // 2
    assert lost_ms == 18_000 - 2000 * stored
