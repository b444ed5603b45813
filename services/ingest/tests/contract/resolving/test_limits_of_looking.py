"""A look at a page has its time and its memory, and a process that nobody else uses."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.adapters.resolving.resolver_process import ProcessSourceResolver
from tldr_ingest.application.ports import ReadingFailed
from tldr_processes import WorkerProcesses
from tldr_testing import eventually, gone, workers
from tldr_testing.twitch_web import Channel
from tldr_testing.youtube_web import YoutubeVideo

Look = Callable[..., Awaitable[Found]]


@pytest.fixture(autouse=True)
def shown(sites: Any) -> None:
    sites.twitch.add(Channel("alice"), Channel("bob"))
    sites.youtube.add(YoutubeVideo("live_______"))


async def test_a_site_that_hangs_ends_with_its_process(
    resolver: ProcessSourceResolver, processes: WorkerProcesses, sites: Any
) -> None:
    await resolver.resolve("https://youtu.be/live_______", max_height=720)  # the libraries are loaded by now
    sites.youtube.hangs.add("/youtubei/v1/player")
    looking = asyncio.create_task(
        replace(resolver, limit_s=2.0).resolve("https://youtu.be/live_______", max_height=720)
    )
    await eventually(lambda: _asked(sites.youtube, "/youtubei/v1/player", 2))
    (pid,) = processes.pids
    with pytest.raises(ReadingFailed) as caught:
        async with asyncio.timeout(20):
            await looking
    assert (caught.value.failure.code, caught.value.passing) == ("resolver_timed_out", True)
    await gone(pid)


async def test_a_page_that_swells_in_memory_ends_its_process_only(look: Look, sites: Any) -> None:
    # Eight megabytes of a page, some 170 in memory.
    sites.youtube.page_extra = f'<script>var ytInitialData = {{"a": [{"[]," * 2_600_000}0]}};</script>'
    with pytest.raises(ReadingFailed) as caught:
        await look("https://youtu.be/live_______")
    assert (caught.value.failure.code, caught.value.passing) == ("resolver_broken", True)
    assert "memory" in caught.value.failure.reason
    sites.youtube.page_extra = ""
    assert (await look("https://youtu.be/live_______")).source.live


async def test_two_pages_are_looked_at_side_by_side_each_in_a_process_of_its_own(
    look: Look, processes: WorkerProcesses, sites: Any
) -> None:
    sites.twitch.hangs.add("/api/v2/channel/hls/bob.m3u8")
    slow = asyncio.ensure_future(look("https://www.twitch.tv/bob"))
    await eventually(lambda: _asked(sites.twitch, "/api/v2/channel/hls/bob.m3u8", 1))
    (held,) = processes.pids
    found = await look("https://www.twitch.tv/alice")
    assert found.source.chat == "alice"
    assert not slow.done()
    assert processes.pids == [held]  # the other one ended with its answer
    slow.cancel()
    await gone(held)


async def test_no_process_sees_two_pages(look: Look, sites: Any) -> None:
    before = {worker.pid for worker in workers()}
    await look("https://www.twitch.tv/alice")
    await look("https://www.twitch.tv/alice")
    await eventually(lambda: _none_left(before))


async def test_the_service_itself_loads_none_of_the_libraries(look: Look) -> None:
    await look("https://www.twitch.tv/alice")
    await look("https://youtu.be/live_______")
    loaded = {name.partition(".")[0] for name in sys.modules}
    assert "tldr_ingest" in loaded
    assert not loaded & {"streamlink", "yt_dlp"}


async def _asked(site: Any, path: str, times: int) -> bool:
    return bool(site.paths().count(path) >= times)


async def _none_left(before: set[int]) -> bool:
    return {worker.pid for worker in workers()} <= before


@pytest.mark.parametrize("address", ["https://www.twitch.tv/alice", "https://youtu.be/live_______"])
async def test_a_network_that_is_away_is_not_taken_for_a_library_that_broke(
    resolver: ProcessSourceResolver, sites: Any, address: str
) -> None:
    nowhere = dict.fromkeys(sites.addresses, "http://127.0.0.1:1")
    with pytest.raises(ReadingFailed) as caught:
        await replace(resolver, sites=nowhere).resolve(address, max_height=720)
    assert (caught.value.failure.code, caught.value.passing) == ("source_unavailable", True)


@pytest.mark.parametrize("named", [True, False])
async def test_a_javascript_runtime_is_started_where_it_is_named(
    resolver: ProcessSourceResolver, tmp_path: Path, named: bool
) -> None:
    runtime = tmp_path / "node"
    runtime.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\necho v22.12.0\n")
    runtime.chmod(0o755)
    found = await replace(resolver, runtime={"node": str(runtime)} if named else {}).resolve(
        "https://youtu.be/live_______", max_height=720
    )
    assert found.live
    assert (tmp_path / "started").exists() is named
