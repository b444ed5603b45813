"""The embedded servers when processes are killed: nothing is orphaned, nothing foreign is touched, everything comes back."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from tldr_embedded import shut_down, start
from tldr_embedded.keeper_messages import KeeperRecord, records
from tldr_embedded.private_files import read_private, write_private

HOST = """
import asyncio, json, sys
from pathlib import Path
from tldr_embedded import start

async def main():
    servers = await start(Path(sys.argv[1]), progress=lambda sentence: None, grace_seconds=float(sys.argv[2]))
    print(json.dumps({name: state.pid for name, state in servers.states.items()}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def silent(_sentence: str) -> None:
    """Nobody watches the progress."""


class Host:
    """A host in a process of its own, which can be killed."""

    def __init__(self, folder: Path, grace_seconds: float) -> None:
        words = [sys.executable, "-c", HOST, str(folder), str(grace_seconds)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    async def pids(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line: dict[str, int] = json.loads(await asyncio.to_thread(self.process.stdout.readline))
        return line

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def running(pid: int | None) -> bool:
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def until(holds: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.02)


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Path]:
    yield tmp_path
    await shut_down(tmp_path)


async def test_a_killed_host_leaves_servers_that_the_next_one_adopts(folder: Path) -> None:
    host = Host(folder, grace_seconds=30)
    before = await host.pids()
    host.kill()

    servers = await start(folder, progress=silent)
    assert {name: state.pid for name, state in servers.states.items()} == before
    await servers.stop()
    assert not any(running(pid) for pid in before.values())


async def test_the_keeper_stops_everything_when_no_host_comes_in_time(folder: Path) -> None:
    host = Host(folder, grace_seconds=0.5)
    pids = await host.pids()
    keeper = KeeperRecord.read(folder)
    assert keeper is not None
    host.kill()

    await until(lambda: not any(running(pid) for pid in [keeper.pid, *pids.values()]))
    assert "database system is shut down" in (folder / "logs" / "postgres.log").read_text()


async def test_a_pid_that_belongs_to_another_process_by_now_is_left_alone(folder: Path) -> None:
    await (await start(folder, progress=silent)).stop()
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    recycled = {"pid": stranger.pid, "created": psutil.Process(stranger.pid).create_time() - 3600}
    kept = read_private(records(folder) / "postgres.json") or {}
    write_private(records(folder) / "postgres.json", {**kept, **recycled})
    KeeperRecord(**recycled, port=1, token="old").write(folder)
    (folder / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{folder / 'postgres'}\n")

    servers = await start(folder, progress=silent)
    assert servers.states["postgres"].pid != stranger.pid
    await servers.stop()
    assert stranger.returncode is None
    stranger.kill()
    await stranger.wait()


async def test_killing_host_and_keeper_together_orphans_nothing(folder: Path) -> None:
    host = Host(folder, grace_seconds=30)
    pids = await host.pids()
    keeper = KeeperRecord.read(folder)
    assert keeper is not None
    psutil.Process(keeper.pid).kill()
    host.kill()

    if sys.platform == "linux":
        await until(lambda: not any(running(pid) for pid in pids.values()))
    servers = await start(folder, progress=silent)
    assert not any(running(pid) for pid in pids.values())
    await servers.stop()


async def test_a_host_whose_keeper_was_killed_gets_another_and_its_servers_back(folder: Path) -> None:
    servers = await start(folder, progress=silent)
    known, before = servers.addresses, servers.states
    keeper = KeeperRecord.read(folder)
    assert keeper is not None
    psutil.Process(keeper.pid).kill()

    async with asyncio.timeout(30):
        changed = await servers.wait_changed(known)
    assert changed.postgres == known.postgres
    connection = await asyncpg.connect(changed.postgres)
    await connection.close()
    assert not any(running(state.pid) for state in before.values())
    await servers.stop()


async def test_a_broker_that_died_comes_back_elsewhere_and_the_host_is_told(folder: Path) -> None:
    servers = await start(folder, progress=silent)
    known, before = servers.addresses, servers.states
    psutil.Process(before["kafka"].pid).kill()

    async with asyncio.timeout(10):
        changed = await servers.wait_changed(known)
    assert changed.kafka != known.kafka
    assert servers.states["postgres"] == before["postgres"]
    await servers.stop()


async def test_a_database_that_died_comes_back_at_its_address(folder: Path) -> None:
    servers = await start(folder, progress=silent)
    known, before = servers.addresses, servers.states
    psutil.Process(before["postgres"].pid).kill()

    await until(lambda: servers.states["postgres"].pid != before["postgres"].pid)
    assert servers.addresses == known
    connection = await asyncpg.connect(known.postgres)
    await connection.close()
    await servers.stop()


async def test_shutting_down_stops_what_a_killed_host_left(folder: Path) -> None:
    host = Host(folder, grace_seconds=30)
    pids = await host.pids()
    host.kill()

    assert await shut_down(folder) is True
    assert not any(running(pid) for pid in pids.values())
    assert await shut_down(folder) is False


async def test_of_two_hosts_that_start_at_once_one_is_refused(folder: Path) -> None:
    outcomes = await asyncio.gather(
        start(folder, progress=silent), start(folder, progress=silent), return_exceptions=True
    )
    (servers,) = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert "Another mesh runs on" in str(refusal)
    connection = await asyncpg.connect(servers.addresses.postgres)
    await connection.close()
    await servers.stop()
