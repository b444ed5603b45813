"""Live sources as they are: a playlist that moves, and an encoder that publishes, read by the real service to a stop."""

import os
from hashlib import sha256
from typing import Any

from tests.doubles.told import covered

from tldr.streams.v1 import streams_pb2
from tldr_standins.hls_origin import HlsOrigin
from tldr_standins.rtmp_publisher import publishing
from tldr_testing import eventually


async def stopped(submitted: Any) -> Any:
    """What was said when the stream had been stopped."""
    await submitted.say(stopped=streams_pb2.StreamStopped(stream_id=submitted.stream))
    recorded = await submitted.ended()
    (ended,) = recorded.of_kind("ended")
    assert not ended.HasField("failure")
    assert covered(recorded)[-1][1] == ended.duration_ms
    return recorded


async def test_a_playlist_is_followed_past_an_advertisement(submitted: Any) -> None:
    with HlsOrigin(segment_s=0.5, ahead=6) as origin:
        await submitted.request(origin.url, live=True, settings={"from_start": True})
        await submitted.ingestions.until(submitted.stream, "segment_stored")
        origin.advertise(origin.next + 2, 2)
        await submitted.ingestions.until(submitted.stream, "gap_found", count=2)

        so_far = (await submitted.ask("progress"))["read_until_ms"]

        async def goes_on() -> bool:
            return bool((await submitted.ask("progress"))["read_until_ms"] >= so_far + 1000)

        await eventually(goes_on)
        live = (await submitted.ask("progress"))["live"]
        recorded = await stopped(submitted)
        published = origin.published
    (started,) = recorded.of_kind("started")
    assert live["state"] == "live"
    assert live["lag_s"] < 15
    gaps = [one.gap for one in recorded.of_kind("gap_found") if one.gap.modality == 1]
    assert {gap.code for gap in gaps} == {"advertisement"}
    assert sum(gap.range.end_ms - gap.range.start_ms for gap in gaps) == 1000
    segments = recorded.of_kind("segment_stored")
    end_ms = started.wall_zero_ms + covered(recorded)[-1][1]
    seen = [one for one in published if not one.advertisement and started.wall_zero_ms <= one.wall_ms < end_ms]
    assert sum(one.video_packets for one in segments) == sum(len(one.pictures) for one in seen)


async def test_what_an_encoder_publishes_is_read_as_it_comes(submitted: Any, record: Any) -> None:
    key = f"live_{submitted.stream}"
    source = streams_pb2.Source(kind=streams_pb2.SOURCE_KIND_LIVE)
    source.push.key_digest = sha256(key.encode()).digest()
    requested = streams_pb2.StreamRequested(stream_id=submitted.stream, lane=5, attempt=1, source=source)
    await submitted.say(requested=requested)
    await submitted.ingestions.until(submitted.stream, "waiting")
    options = {"g": "30", "bf": "2", "preset": "ultrafast"}
    film = record("a.mp4", record.Picture(frames=300, options=options), record.Sound(seconds=10))
    address = f"rtmp://{os.environ['TLDR_INGEST_RTMP_LISTEN']}/live/{key}"
    async with publishing(address, film, pace=2):
        await submitted.ingestions.until(submitted.stream, "segment_stored", count=3)
    recorded = await stopped(submitted)
    (started,) = recorded.of_kind("started")
    assert (started.live, started.wall_uncertainty_ms) == (True, 1000)
    assert list(started.modalities) == [1, 2]
    segments = recorded.of_kind("segment_stored")
    assert all(one.decode_from == one.index for one in segments)
    assert {one.offset_ms for one in segments} == {-10_000}
