"""The service takes in what an encoder pushes, for as long as the stream's key opens it."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tldr.streams.v1 import streams_pb2
from tldr_testing import eventually
from tldr_testing.rtmp_publisher import publishing
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
