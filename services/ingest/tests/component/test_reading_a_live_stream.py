"""A live stream is read by the real service: what is announced, what can be asked, and what becomes of what breaks."""

import signal
import time
from collections.abc import Sequence
from typing import Any

import pytest
from tests.doubles.live_pieces import later
from tests.doubles.played_feed import Broadcast
from tests.doubles.told import PICTURES, check_pictures, covered

from tldr.streams.v1 import streams_pb2
from tldr_database import driver
from tldr_ingest.domain.errors import AddressExpired, SourceEncrypted
from tldr_ingest.domain.live.feed import FeedEnded, Interrupted, Missing, Piece
from tldr_testing import eventually
from tldr_testing.processes import workers

END = FeedEnded("source_ended", "Over.")


async def test_a_live_stream_is_announced_as_it_happens(
    submitted: Any, broadcast: Broadcast, pieces: list[Piece], stored_frames: Any
) -> None:
    broadcast.give(pieces[:3])
    await submitted.request(broadcast.url, live=True)
    first = await submitted.ingestions.until(submitted.stream, "segment_stored", count=2)
    (started,) = first.of_kind("started")
    assert (started.live, started.wall_zero_ms, started.wall_uncertainty_ms) == (True, pieces[0].mark.wall_ms, 250)
    assert list(started.modalities) == [1, 2]
    progress = (await submitted.ask("progress"))["live"]
    assert (progress["state"], progress["reconnects"], progress["wall_zero_ms"]) == ("live", 0, started.wall_zero_ms)
    assert 20 < progress["lag_s"] < 40
    assert abs(progress["last_segment_at_ms"] / 1000 - time.time()) < 10

    broadcast.give([*pieces[3:5], END])
    recorded = await submitted.ended()
    segments = recorded.of_kind("segment_stored")
    assert [one.wall_clock_ms - started.wall_zero_ms for one in segments] == [one.range.start_ms for one in segments]
    check_pictures(recorded, 5)
    assert len(await stored_frames(segments)) == 5 * PICTURES
    assert covered(recorded)[-1] == (8000, 10_000)
    (ended,) = recorded.of_kind("ended")
    assert (ended.duration_ms, ended.segments, ended.HasField("failure")) == (10_000, 5, False)
    assert (await submitted.ask("progress"))["live"]["state"] == "ended"


async def test_an_outage_is_told_of_while_it_lasts(submitted: Any, broadcast: Broadcast, pieces: list[Piece]) -> None:
    zero = pieces[0].mark.wall_ms
    broadcast.give(pieces[:2])
    broadcast.give([Interrupted(zero + 4000, "source_stalled", "Nothing new.")])
    broadcast.give([Missing(zero + 4000, zero + 9000, "source_stalled", "Nothing.")])
    await submitted.request(broadcast.url, live=True)
    during = await submitted.ingestions.until(submitted.stream, "gap_found", count=2)
    assert [event.kind for event in during.events][-3:] == ["interrupted", "gap_found", "gap_found"]
    assert during.of_kind("interrupted")[0].reason.code == "source_stalled"
    progress = await submitted.ask("progress")
    assert (progress["live"]["state"], progress["read_until_ms"]) == ("interrupted", 8500)

    broadcast.give([Missing(zero + 9000, zero + 12_000, "source_stalled", "Nothing."), *pieces[6:8], END])
    recorded = await submitted.ended()
    kinds = [event.kind for event in recorded.events]
    assert kinds.count("interrupted") == kinds.count("resumed") == 1
    assert recorded.of_kind("resumed")[0].at_ms == 12_000
    assert covered(recorded)[-1][1] == 16_000
    check_pictures(recorded, 4)
    gaps = [(one.gap.range.start_ms, one.gap.range.end_ms) for one in recorded.of_kind("gap_found")]
    assert sum(end - start for start, end in gaps) == 2 * 8000


async def test_a_reading_process_that_is_killed_loses_and_doubles_nothing(
    submitted: Any, broadcast: Broadcast, pieces: list[Piece]
) -> None:
    broadcast.give(pieces[:4])
    await submitted.request(broadcast.url, live=True)
    await submitted.ingestions.until(submitted.stream, "segment_stored", count=2)
    for worker in workers():
        worker.send_signal(signal.SIGKILL)
    broadcast.give([*pieces[4:], END])
    recorded = await submitted.ended()
    check_pictures(recorded, 10)
    assert recorded.of_kind("gap_found") == []
    assert covered(recorded)[-1][1] == 20_000
    assert len(recorded.of_kind("started")) == 1
    assert (await submitted.ask("progress"))["live"]["reconnects"] == 1


@pytest.mark.long
async def test_an_address_that_expires_is_found_out_anew(
    submitted: Any, broadcast: Broadcast, pieces: list[Piece]
) -> None:
    broadcast.give([*pieces[:2], AddressExpired, *pieces[2:4], END])
    await submitted.request(broadcast.url, live=True)
    recorded = await submitted.ended()
    check_pictures(recorded, 4)
    assert recorded.of_kind("gap_found") == []


async def test_a_stop_ends_with_what_was_seen(submitted: Any, broadcast: Broadcast, pieces: list[Piece]) -> None:
    broadcast.give(pieces[:3])
    await submitted.request(broadcast.url, live=True)
    await submitted.ingestions.until(submitted.stream, "segment_stored", count=2)
    await submitted.say(stopped=streams_pb2.StreamStopped(stream_id=submitted.stream))

    async def stopping() -> bool:
        jobs = await _fetch(submitted, "SELECT kind FROM jobs WHERE subject LIKE '%' || $1")
        return "end-live" in {row["kind"] for row in jobs}

    await eventually(stopping)
    broadcast.give(pieces[3:4])
    await submitted.ingestions.until(submitted.stream, "segment_stored", count=3)
    broadcast.give(pieces[4:])
    recorded = await submitted.ended()
    (ended,) = recorded.of_kind("ended")
    assert not ended.HasField("failure")
    assert ended.segments >= 4
    assert ended.duration_ms == 2000 * ended.segments
    check_pictures(recorded, ended.segments)


async def test_a_retry_goes_on_in_the_same_stream_time(
    submitted: Any, broadcast: Broadcast, pieces: list[Piece]
) -> None:
    broadcast.give([*pieces[:2], SourceEncrypted])
    await submitted.request(broadcast.url, live=True)
    first = await submitted.ended()
    assert first.of_kind("ended")[0].failure.code == "source_encrypted"
    await submitted.say(failed=streams_pb2.StreamFailed(stream_id=submitted.stream, attempt=1))
    broadcast.forget()
    broadcast.give([*later(pieces[6:8], clock="1"), END])
    await submitted.say(retried=streams_pb2.StreamRetried(stream_id=submitted.stream, attempt=2))
    recorded = await submitted.ended(count=2)
    assert [one.attempt for one in recorded.of_kind("started")] == [1, 2]
    assert {one.wall_zero_ms for one in recorded.of_kind("started")} == {pieces[0].mark.wall_ms}
    assert covered(recorded)[-1][1] == 16_000
    assert {one.gap.code for one in recorded.of_kind("gap_found")} == {"window_passed"}
    check_pictures(recorded, 4)


async def _fetch(submitted: Any, query: str) -> Sequence[Any]:
    async with submitted.service.database.system() as transaction:
        return list(await (await driver(transaction)).fetch(query, submitted.stream))
