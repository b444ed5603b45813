"""A mesh that is killed in the middle of a stream and started again: nothing is missing, nothing double."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tldr_client import Client
from tldr_testing import eventually
from tldrctl.demo.broadcast import Broadcast
from tldrctl.recording import Request, follow, submit

_LIMIT_S = 90

KAFKA = [pytest.param("tansu"), pytest.param("apache", marks=pytest.mark.delivery)]


async def _progressed(client: Client, stream: str) -> bool:
    """Whether some of the stream was read, but not all of it done."""
    now = await client.stream(stream)
    assert now["state"] in {"pending", "processing"}, "the stream ended before it could be interrupted"
    return bool(now["state"] == "processing")


def _moments(highlights: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(found["start_ms"], found["end_ms"], found["title"], found["clip_state"]) for found in highlights]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kafka", KAFKA)
async def test_the_whole_mesh_is_killed_in_the_middle_of_a_stream(
    tmp_path: Path, kafka: str, broadcast: Broadcast, mesh_process: Any, customer_at: Any
) -> None:
    async with mesh_process(tmp_path / "mesh", kafka, "one") as mesh:
        url = await mesh.start()
        async with await customer_at(url) as client:
            undisturbed = await submit(client, Request(broadcast.video, broadcast.chat))
            expected = await follow(client, undisturbed, lambda _: None)
            assert expected.stream["state"] == "completed"
            stream = await submit(client, Request(broadcast.video, broadcast.chat))
            await eventually(lambda: _progressed(client, stream), limit_s=30, every_s=0.02)
            await mesh.kill()
            assert await mesh.start() == url
            outcome = await asyncio.wait_for(follow(client, stream, lambda _: None), _LIMIT_S)
            assert outcome.stream["state"] == "completed"
            assert _moments(outcome.highlights) == _moments(expected.highlights)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kafka", KAFKA)
async def test_single_services_are_killed_in_the_middle_of_a_stream(
    tmp_path: Path, kafka: str, broadcast: Broadcast, mesh_process: Any, customer_at: Any
) -> None:
    async with mesh_process(tmp_path / "mesh", kafka, "seven") as mesh:
        url = await mesh.start()
        async with await customer_at(url) as client:
            undisturbed = await submit(client, Request(broadcast.video, broadcast.chat))
            expected = await follow(client, undisturbed, lambda _: None)
            stream = await submit(client, Request(broadcast.video, broadcast.chat))
            await eventually(lambda: _progressed(client, stream), limit_s=30, every_s=0.02)
            for service in ("ingest", "video-analysis", "fusion-detector", "chat-sentiment", "highlight-store"):
                await mesh.kill_service(service)
            outcome = await asyncio.wait_for(follow(client, stream, lambda _: None), _LIMIT_S)
            assert outcome.stream["state"] == "completed"
            assert _moments(outcome.highlights) == _moments(expected.highlights)
