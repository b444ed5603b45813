"""The service takes in what an encoder pushes, for as long as the stream's key opens it."""

import os
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tldr.streams.v1 import streams_pb2
from tldr_standins.rtmp_publisher import publishing
from tldr_testing import eventually
from tldr_testing.rtmp_raw import raw_publisher


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


async def pushed(submitted: Any, key: str) -> None:
    """Submit a stream that an encoder pushes, and wait until its key is known."""
    source = streams_pb2.Source(kind=streams_pb2.SOURCE_KIND_LIVE)
    source.push.key_digest = digest(key)
    requested = streams_pb2.StreamRequested(stream_id=submitted.stream, lane=5, priority=3, attempt=1, source=source)
    await submitted.say(requested=requested)
    await known(submitted, key)


async def known(submitted: Any, key: str) -> None:
    async def look() -> bool:
        async with submitted.service.database.system() as transaction:
            rows = await transaction.exec_driver_sql("SELECT digest FROM stream_keys")
            return digest(key) in {bytes(row[0]) for row in rows}

    await eventually(look)


def port() -> int:
    return int(os.environ["TLDR_INGEST_RTMP_LISTEN"].rpartition(":")[2])


@pytest.mark.long
async def test_an_encoder_publishes_a_requested_stream_until_its_key_is_replaced(submitted: Any, record: Any) -> None:
    key, new = f"live_{submitted.stream}", f"live_new_{submitted.stream}"
    film = record("a.mp4", record.Picture(frames=300, options={"g": "30", "preset": "ultrafast"}))
    folder = Path(os.environ["TLDR_INGEST_PUSH_FOLDER"]) / submitted.stream
    await pushed(submitted, key)
    async with publishing(f"rtmp://127.0.0.1:{port()}/live/{key}", film) as encoder:

        async def pieces() -> bool:
            return folder.exists() and any(folder.glob("*.flv"))

        await eventually(pieces)
        await submitted.say(key_rotated={"stream_id": submitted.stream, "key_digest": digest(new)})
        assert (await encoder.ended(20))[0] != 0
    await answered(key, "No stream has this key")
    await answered(new, "Go ahead")
    await submitted.say(cancelled={"stream_id": submitted.stream})

    async def refused() -> bool:
        return await said(new) == "No stream has this key"

    await eventually(refused, every_s=1)


async def test_what_an_encoder_sends_is_stored_frame_by_frame(
    submitted: Any, record: Any, frame_times: Any, stored_frames: Any
) -> None:
    key = f"live_{submitted.stream}"
    options = {"g": "30", "bf": "2", "preset": "ultrafast"}
    film = record("a.mp4", record.Picture(frames=120, options=options), record.Sound(seconds=4))
    await pushed(submitted, key)
    async with publishing(f"rtmp://127.0.0.1:{port()}/live/{key}", film) as encoder:
        assert await encoder.ended() == (0, "")
    recorded = await submitted.ended()
    (started,), (ended,) = recorded.of_kind("started"), recorded.of_kind("ended")
    assert (started.live, list(started.modalities)) == (True, [1, 2])
    assert abs(started.wall_zero_ms - time.time() * 1000) < 60_000
    assert not ended.HasField("failure")
    assert recorded.of_kind("gap_found") == []
    frames = await stored_frames(recorded.of_kind("segment_stored"))
    assert [at - frames[0] for at in frames] == [at - frame_times(film)[0] for at in frame_times(film)]
    await answered(key, "No stream has this key")


@pytest.mark.long
async def test_an_encoder_that_is_killed_and_comes_back_otherwise_leaves_a_gap_of_its_true_length(
    submitted: Any, record: Any, frame_times: Any, stored_frames: Any
) -> None:
    key = f"live_{submitted.stream}"
    first = record("a.mp4", record.Picture(frames=300, options={"g": "30"}), record.Sound(seconds=10))
    wide = record(
        "b.mp4", record.Picture(frames=90, width=320, height=240, options={"g": "30"}), record.Sound(seconds=3)
    )
    address = f"rtmp://127.0.0.1:{port()}/live/{key}"
    await pushed(submitted, key)
    async with publishing(address, first) as encoder:
        await submitted.ingestions.until(submitted.stream, "segment_stored")
        encoder.drop()
    async with publishing(address, wide) as encoder:
        assert (await encoder.ended())[0] == 0
    recorded = await submitted.ended()
    video = [one.gap for one in recorded.of_kind("gap_found") if one.gap.modality == 1]
    assert {gap.code for gap in video} == {"publisher_away"}
    missing_ms = sum(gap.range.end_ms - gap.range.start_ms for gap in video)
    segments = recorded.of_kind("segment_stored")
    frames = await stored_frames(segments)
    before = [at for at in frames if at < video[0].range.start_ms]
    after = [at for at in frames if at >= video[-1].range.end_ms]
    assert len(before) + len(after) == len(frames)
    assert len(after) == len(frame_times(wide))
    assert missing_ms > 0
    assert abs(recorded.of_kind("ended")[0].duration_ms - (len(frames) * 1000 / 30 + missing_ms)) < 150
    behind = [one for one in segments if one.range.start_ms >= video[-1].range.end_ms]
    assert all(one.wall_clock_ms - one.range.start_ms == recorded.of_kind("started")[0].wall_zero_ms for one in behind)


async def said(key: str) -> str:
    """What somebody with the key is told."""
    async with raw_publisher(port()) as raw:
        await raw.as_obs(key)
        words = await raw.until("onStatus")
        return "No stream has this key" if b"No stream has this key" in words else "Go ahead"


async def answered(key: str, words: str) -> None:
    assert await said(key) == words


@pytest.mark.usefixtures("ingest")
async def test_a_key_that_nobody_was_given_opens_nothing(stream: str) -> None:
    await answered(f"live_{stream}", "No stream has this key")
