"""Two that publish one stream, keys that are replaced, and keys that are guessed."""

import asyncio
from typing import Any

import pytest

from tldr_ingest.adapters.push.publishers import Publishers
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_testing.rtmp_raw import VIDEO, RawPublisher, raw_publisher

SETUP, KEY, FRAME = b"\x17\x00\x00\x00\x00avcC", b"\x17\x01\x00\x00\x00k", b"\x27\x01\x00\x00\x00f"
BAD_NAME = "NetStream.Publish.BadName"


async def welcomed(raw: RawPublisher, key: str, **how: Any) -> None:
    """Publish, as OBS would, and be let in."""
    await raw.as_obs(key, **how)
    assert BAD_NAME.encode() not in await raw.until("onStatus")


async def published(raw: RawPublisher, count: int = 40, step_ms: int = 100, **how: Any) -> None:
    """Pictures, a keyframe each two seconds."""
    await raw.message(VIDEO, 0, SETUP)
    for number in range(count):
        await raw.message(VIDEO, number * step_ms, KEY if number * step_ms % 2000 == 0 else FRAME, **how)


async def test_a_second_publisher_is_refused_and_the_first_one_goes_on(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits())
    async with raw_publisher(receiving.port) as first, raw_publisher(receiving.port) as second:
        await welcomed(first, key)
        await published(first, 25)
        await second.as_obs(key)
        assert b"being published already" in await second.until(BAD_NAME)
        await second.closed()
        await published(first, 60)
        listing = await receiving.until(lambda found: len(found.pieces) >= 2)
    assert len(listing.sessions) == 1


@pytest.mark.parametrize(("local", "taken"), [("127.0.0.1", True), ("127.0.0.2", False)])
async def test_an_encoder_replaces_its_own_dead_connection_and_nobody_else_s(
    receive: Any, key: str, local: str, taken: bool
) -> None:
    receiving = await receive(RtmpLimits(), Publishers(silent_s=0.0))
    async with raw_publisher(receiving.port) as first, raw_publisher(receiving.port, local=local) as second:
        await welcomed(first, key)
        await published(first, 25)
        await receiving.until(lambda found: found.pieces)
        await second.as_obs(key)
        assert (BAD_NAME.encode() not in await second.until("onStatus")) is taken
        if taken:
            await first.closed()
            await published(second, 25)
            listing = await receiving.until(lambda found: len(found.sessions) == 2)
            assert listing.sessions[0].left.how == "lost"
            assert listing.sessions[1].left is None


async def test_a_new_key_cuts_off_the_old_one_s_publisher(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits())
    async with raw_publisher(receiving.port) as old, raw_publisher(receiving.port) as new:
        await welcomed(old, key)
        await receiving.server.cut_off_others()
        await published(old, 25)  # its key is valid still
        receiving.keys.by_key = {"live_new": receiving.keys.by_key[key]}
        await receiving.server.cut_off_others()
        await old.closed()
        await welcomed(new, "live_new")
    async with raw_publisher(receiving.port) as old:
        await old.as_obs(key)
        assert b"No stream has this key" in await old.until(BAD_NAME)


async def test_who_holds_the_new_key_need_not_wait_for_the_old_one_to_be_cut_off(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits())
    async with raw_publisher(receiving.port) as old, raw_publisher(receiving.port, local="127.0.0.2") as new:
        await welcomed(old, key)
        receiving.keys.by_key = {"live_new": receiving.keys.by_key[key]}
        await welcomed(new, "live_new")
        await old.closed()


async def test_a_thousand_wrong_keys_are_ten_look_ups(receive: Any, key: str) -> None:
    receiving = await receive(RtmpLimits(), Publishers(connections=2000, of_one_address=2000))
    refused = 0

    async def guess(number: int) -> None:
        nonlocal refused
        async with raw_publisher(receiving.port) as raw:
            try:
                await raw.as_obs(f"live_guess{number}")
                await raw.until(BAD_NAME)
            except (EOFError, ConnectionError):
                pass
            refused += 1

    for first in range(0, 1000, 50):
        await asyncio.gather(*(guess(first + number) for number in range(50)))
    assert (refused, receiving.spool.streams()) == (1000, [])
    assert 10 <= receiving.keys.asked <= 60  # those of the first fifty that were under way, and no more
    async with raw_publisher(receiving.port, local="127.0.0.2") as other:
        await welcomed(other, key)


@pytest.mark.parametrize("name", ["{key}?bandwidth=1", "str_1?key={key}"])
async def test_a_key_may_have_a_query_or_be_in_one(receive: Any, key: str, name: str) -> None:
    receiving = await receive()
    async with raw_publisher(receiving.port) as raw:
        await welcomed(raw, name.format(key=key))
