"""Whoever sends garbage, nothing or too much is sent away, and nobody else notices."""

import asyncio
import os
import random
import struct
import threading
from contextlib import suppress
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import pytest

from tldr_ingest.adapters.push import connection, server_rtmp
from tldr_ingest.adapters.push.publishers import Publishers
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.pieces import PieceLimits
from tldr_testing import eventually
from tldr_testing.rtmp_raw import AGGREGATE, AUDIO, DATA, VIDEO, RawPublisher, amf, chunks, raw_publisher

SETUP, KEY, FRAME = b"\x17\x00\x00\x00\x00avcC", b"\x17\x01\x00\x00\x00k", b"\x27\x01\x00\x00\x00f"
SOON = RtmpLimits(setup_s=0.5, silence_s=0.5, message_bytes=100_000, waiting_bytes=200_000)
BAD_NAME = "NetStream.Publish.BadName"


async def nobody(receiving: Any) -> None:
    """Wait until nobody is connected."""

    async def look() -> bool:
        return not receiving.server._tasks

    await eventually(look)


async def welcomed(raw: RawPublisher, key: str, **how: Any) -> None:
    """Publish, as OBS would, and be let in."""
    await raw.as_obs(key, **how)
    assert BAD_NAME.encode() not in await raw.until("onStatus")


async def published(raw: RawPublisher, count: int = 40, step_ms: int = 100, **how: Any) -> None:
    """Pictures, a keyframe each two seconds."""
    await raw.message(VIDEO, 0, SETUP)
    for number in range(count):
        await raw.message(VIDEO, number * step_ms, KEY if number * step_ms % 2000 == 0 else FRAME, **how)


async def garbage_at_once(raw: RawPublisher, key: str) -> None:
    await raw.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(3000))


async def garbage_behind_the_greeting(raw: RawPublisher, key: str) -> None:
    await raw.greet()
    await raw.send(bytes(range(256)) * 20)


async def garbage_behind_publish(raw: RawPublisher, key: str) -> None:
    await welcomed(raw, key)
    await raw.send(b"\xff" * 5000)


async def a_message_that_is_too_large(raw: RawPublisher, key: str) -> None:
    await welcomed(raw, key)
    await raw.message(VIDEO, 0, bytes(200_000))


async def a_command_that_is_too_deep(raw: RawPublisher, key: str) -> None:
    await raw.greet()
    about: Any = None
    for _ in range(20):
        about = {"a": about}
    await raw.command("connect", about)


async def nothing(raw: RawPublisher, key: str) -> None:
    """A slow loris, before the greeting."""


async def a_byte_now_and_then(raw: RawPublisher, key: str) -> None:
    await welcomed(raw, key)
    data = chunks(VIDEO, 0, 1, bytes(5000), chunk=4096)
    for at in range(10):
        await raw.send(data[at : at + 1])
        await asyncio.sleep(0.1)


async def greeted_and_silent(raw: RawPublisher, key: str) -> None:
    await raw.greet()


async def much_before_publish(raw: RawPublisher, key: str) -> None:
    await raw.greet()
    for _ in range(80):
        await raw.send(chunks(VIDEO, 0, 1, bytes(1000)))


async def a_player(raw: RawPublisher, key: str) -> None:
    await raw.greet()
    await raw.command("connect", {"app": "live"})
    await raw.command("createStream", None)
    await raw.command("play", None, key, stream=1)
    await raw.until("NetStream.Play.Failed")


async def another_application(raw: RawPublisher, key: str) -> None:
    await raw.greet()
    await raw.command("connect", {"app": "vod"})
    await raw.until("NetConnection.Connect.InvalidApp")


@pytest.mark.parametrize(
    "attack",
    [
        garbage_at_once,
        garbage_behind_the_greeting,
        garbage_behind_publish,
        a_message_that_is_too_large,
        a_command_that_is_too_deep,
        nothing,
        a_byte_now_and_then,
        greeted_and_silent,
        much_before_publish,
        a_player,
        another_application,
    ],
)
async def test_who_breaks_the_rules_is_cut_off_and_the_next_one_is_served(receive: Any, key: str, attack: Any) -> None:
    receiving = await receive(SOON)
    async with raw_publisher(receiving.port) as raw:
        with suppress(ConnectionError):  # cut off while it was still sending
            await attack(raw, key)
        assert await raw.closed() < 3
    await nobody(receiving)
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the server logs, whatever other tests have configured."""
    lines: list[str] = []

    class Logger:
        def __getattr__(self, level: str) -> Any:
            return lambda event, **words: lines.append(f"{event} {words}")

    for module in (connection, server_rtmp):
        monkeypatch.setattr(module, "_log", Logger())
    return lines


async def test_whatever_is_sent_the_server_knows_what_to_do(receive: Any, key: str, log: list[str]) -> None:
    """What a publisher sends, with some of its bytes changed, left out or sent again."""
    receiving, chance = await receive(SOON, Publishers(of_one_address=256), wrong_keys=10**6), random.Random(7)
    about = {"app": "live", "tcUrl": "rtmp://x/live", "fourCcList": {"0": "hvc1"}}
    commands = [amf("connect", 1, about), amf("createStream", 2, None), amf("publish", 3, None, key, "live")]
    sent = b"".join(chunks(20, 0, number // 2, payload, number=3) for number, payload in enumerate(commands))
    media = [(DATA, amf("@setDataFrame", "onMetaData", {})), (VIDEO, SETUP), (VIDEO, KEY), (AUDIO, b"\xaf\x01s")]
    sent += b"".join(chunks(type, 20 * at, 1, payload) for at, (type, payload) in enumerate([*media, *media[1:] * 3]))
    sent += chunks(20, 0, 1, amf("FCUnpublish", 4, None, key), number=3)
    for _ in range(150):
        data = bytearray(sent)
        for _ in range(chance.randint(0, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        async with raw_publisher(receiving.port) as raw:
            await raw.greet()
            with suppress(ConnectionError):
                await raw.send(bytes(data))
                raw.writer.write_eof()
                await raw.closed(5)
        await nobody(receiving)
    said = "\n".join(log)
    assert "a connection failed" not in said
    assert said.count("a publisher went") > 10
    assert said.count("a connection was refused") > 10


async def test_little_is_read_of_somebody_who_has_shown_no_key(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits())
    async with raw_publisher(receiving.port) as raw:
        with suppress(ConnectionError):
            await much_before_publish(raw, key)
        assert await raw.closed() < 5  # half of the time that there would be


@pytest.mark.parametrize("chunk", [1, 2, 128, 65536])
@pytest.mark.parametrize("start", [0, 0xFFFF00])
async def test_any_size_of_chunks_and_any_time_is_read(receive: Any, key: str, chunk: int, start: int) -> None:
    receiving = await receive()
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key)
        await raw.set_chunk(chunk)
        await raw.message(DATA, 0, amf("@setDataFrame", "onMetaData", {"width": 160}))
        await raw.message(VIDEO, start, SETUP)
        for number in range(50):
            timestamp = (start + number * 100) % 2**32
            await raw.message(VIDEO, timestamp, (KEY if number % 20 == 0 else FRAME) + bytes(300))
        await raw.command("FCUnpublish", None, key)
        await raw.command("deleteStream", None, 1)
        listing = await receiving.until(lambda found: found.latest and found.latest.left)
    assert [(piece.epoch, piece.duration_ms) for piece in listing.pieces] == [(0, 2000), (0, 2000), (0, 1000)]
    assert listing.latest.left.how == "asked"


async def test_commands_in_amf3_and_messages_in_aggregates_are_understood(receive: Any, key: str) -> None:
    receiving = await receive()

    def part(type: int, at: int, payload: bytes) -> bytes:
        head = bytes([type]) + len(payload).to_bytes(3, "big") + at.to_bytes(3, "big") + bytes(4)
        return head + payload + struct.pack(">I", 11 + len(payload))

    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key, amf3=True)
        await raw.message(VIDEO, 0, SETUP)
        for second in range(5):
            parts = [
                part(VIDEO, 0, KEY if second % 2 == 0 else FRAME),
                part(AUDIO, 10, b"\xaf\x01s"),
                part(VIDEO, 500, FRAME),
            ]
            await raw.message(AGGREGATE, second * 1000, b"".join(parts))
        listing = await receiving.until(lambda found: len(found.pieces) == 2)
    assert [piece.duration_ms for piece in listing.pieces] == [2000, 2000]


async def test_connections_are_bounded_for_an_address_and_in_all(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits(), Publishers(connections=3, of_one_address=2))
    async with (
        raw_publisher(receiving.port) as a,
        raw_publisher(receiving.port) as b,
        raw_publisher(receiving.port) as c,
        raw_publisher(receiving.port, local="127.0.0.2") as d,
        raw_publisher(receiving.port, local="127.0.0.3") as e,
    ):
        for welcome in (a, b, d):
            await welcome.greet()
        await c.closed(2)
        await e.closed(2)
    await nobody(receiving)
    async with raw_publisher(receiving.port) as again:
        await again.greet()


async def test_what_was_sent_before_a_reset_is_read(receive: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    receiving, held, written, real = await receive(RtmpLimits()), threading.Event(), threading.Event(), os.fsync

    def slow(descriptor: int) -> None:
        held.set()
        written.wait(20)
        real(descriptor)

    async def waits() -> bool:
        return held.is_set()

    monkeypatch.setattr(os, "fsync", slow)
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key)
        await published(raw, 1)
        await eventually(waits)
        await published(raw, 10)
        await raw.command("FCUnpublish", None, key)
        (task,) = receiving.server._tasks
        raw.writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    await asyncio.to_thread(written.wait, 0.2)  # the reset arrives meanwhile
    written.set()
    listing = await receiving.until(lambda found: found.latest.left)
    assert listing.latest.left.how == "asked"
    await asyncio.wait([task], timeout=5)


async def test_what_is_held_of_a_publisher_is_bounded(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits(), pieces=PieceLimits(bytes=50_000))
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key)
        await raw.set_chunk(65536)
        await raw.message(VIDEO, 0, SETUP)
        for _ in range(40):
            await raw.message(VIDEO, 5, FRAME + bytes(10_000))  # time stands still
        listing = await receiving.until(lambda found: len(found.pieces) >= 9)
    folder = receiving.spool.folder("str_1")
    assert all((folder / piece.name).stat().st_size < 52_000 for piece in listing.pieces)


async def test_a_key_is_in_no_log(receive: Any, key: str, log: list[str]) -> None:
    receiving = await receive(SOON)
    async with raw_publisher(receiving.port) as raw:
        await raw.as_obs("live_guess")
        await raw.until(BAD_NAME)
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, key)
        await raw.send(b"\xff" * 5000)
        await raw.closed()
    await nobody(receiving)
    said = "\n".join(log)
    assert "a publisher is connected" in said
    assert "live_" not in said
