"""A mesh that is killed in the middle of a live stream: it goes on, no second is there twice, and every hole is said."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tldr_mesh.databases import database_of
from tldr_standins.hls_origin import HlsOrigin
from tldr_standins.rtmp_publisher import publishing
from tldr_testing import eventually
from tldrctl.demo.broadcast import Broadcast

_LIMIT_S = 90
_MEDIA = ("video", "audio")

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class ReadStream:
    """What ingest kept: segments as (start, end, pictures), holes by modality as (start, end, code), and stream time 0."""

    segments: list[tuple[int, int, int]]
    holes: dict[str, list[tuple[int, int, str]]]
    wall_zero_ms: int

    def covers(self, modality: str) -> list[tuple[int, int]]:
        """Segments and holes in order; each ends where the next one begins, where nothing is twice and nothing unsaid."""
        spans = [(start, end) for start, end, _ in self.segments]
        return sorted([*spans, *((start, end) for start, end, _ in self.holes.get(modality, []))])


async def read_of(folder: Path, stream: str) -> ReadStream:
    async with database_of(folder, "ingest").system() as transaction:
        values = {"stream": stream}
        kept = "SELECT start_ms, end_ms, video_packets FROM segments WHERE stream_id = :stream ORDER BY index"
        lost = "SELECT modality, start_ms, end_ms, code FROM gaps WHERE stream_id = :stream ORDER BY start_ms"
        zero = "SELECT wall_zero_ms FROM streams WHERE stream_id = :stream"
        segments = [tuple(row) for row in await transaction.execute(sa.text(kept), values)]
        holes: dict[str, list[tuple[int, int, str]]] = {}
        for row in await transaction.execute(sa.text(lost), values):
            holes.setdefault(row.modality, []).append((row.start_ms, row.end_ms, row.code))
        return ReadStream(segments, holes, await transaction.scalar(sa.text(zero), values) or 0)


async def read_until(folder: Path, stream: str, milliseconds: int) -> None:
    async def far_enough() -> bool:
        read = await read_of(folder, stream)
        return bool(read.segments) and read.segments[-1][1] >= milliseconds

    await eventually(far_enough, limit_s=_LIMIT_S)


async def finished(client: Any, stream: str) -> dict[str, Any]:
    await client.call("POST", f"/v1/streams/{stream}/stop")
    done: dict[str, Any] = await client.wait(stream, limit_s=_LIMIT_S)
    return done


@pytest.mark.parametrize("window", [90, 4], ids=["the window holds the absence", "the window passes by"])
async def test_a_playlist_is_read_on_after_the_whole_mesh_was_killed(
    tmp_path: Path, window: int, mesh_process: Any, customer_at: Any
) -> None:
    folder = tmp_path / "mesh"
    async with mesh_process(folder, "tansu", "one") as mesh:
        url = await mesh.start()
        with HlsOrigin(segment_s=1, ahead=4, window=window) as origin:
            async with await customer_at(url) as client:
                source = {"kind": "live", "url": origin.url, "from_start": True}
                stream = (await client.submit({"source": source}))["id"]
                await read_until(folder, stream, 6000)
                await mesh.kill()
                before = origin.next

                async def passed() -> bool:
                    return origin.next >= before + 8

                await eventually(passed)
                assert await mesh.start() == url
                back = (await read_of(folder, stream)).segments[-1][1]
                await read_until(folder, stream, back + 6000)
                done = await finished(client, stream)
                published = origin.published
    assert done["state"] == "completed"
    read = await _after(folder, stream)
    for modality in _MEDIA:
        spans = read.covers(modality)
        assert spans[0][0] == 0
        assert [one[1] for one in spans[:-1]] == [one[0] for one in spans[1:]]
        assert {code for _, _, code in read.holes.get(modality, [])} == (set() if window == 90 else {"window_passed"})
    inside = [
        one
        for one in published
        if any(start <= one.wall_ms - read.wall_zero_ms + 20 < end for start, end, _ in read.segments)
    ]
    assert sum(count for _, _, count in read.segments) == sum(len(one.pictures) for one in inside)


async def test_an_encoder_comes_back_after_its_server_was_killed(
    tmp_path: Path, broadcast: Broadcast, mesh_process: Any, customer_at: Any
) -> None:
    folder = tmp_path / "mesh"
    async with mesh_process(folder, "tansu", "seven") as mesh:
        url = await mesh.start()
        async with await customer_at(url) as client:
            made = await client.submit({"source": {"kind": "rtmp"}, "chat": {"kind": "none"}})
            stream, place = made["id"], made["ingest"]
            address = f"{place['url'].rstrip('/')}/{place['stream_key']}"
            publishing_on = asyncio.create_task(_keep_publishing(address, broadcast.video))
            try:
                await read_until(folder, stream, 6000)
                await mesh.kill_service("ingest")
                back = (await read_of(folder, stream)).segments[-1][1]
                await read_until(folder, stream, back + 10_000)
                done = await finished(client, stream)
            finally:
                publishing_on.cancel()
                await asyncio.gather(publishing_on, return_exceptions=True)
    assert done["state"] == "completed"
    read = await _after(folder, stream)
    for modality in _MEDIA:
        spans = read.covers(modality)
        assert [one[1] for one in spans[:-1]] == [one[0] for one in spans[1:]]
        assert {code for _, _, code in read.holes[modality]} == {"receiver_restarted"}


async def _keep_publishing(address: str, film: Path) -> None:
    """As encoders do: who is cut off connects again."""
    while True:
        async with publishing(address, film) as encoder:
            await encoder.ended(limit_s=200)
        await asyncio.sleep(0.5)


async def _after(folder: Path, stream: str) -> ReadStream:
    """What was kept, on servers of the folder that are started for the look."""
    from tldr_embedded import start

    servers = await start(folder, "tansu", progress=lambda _: None)
    try:
        return await read_of(folder, stream)
    finally:
        await servers.stop()
