"""A host's hold on the keeper of a folder: found or started, told what to run, listened to."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tldr_embedded.errors import FolderInUse, ServerFailed
from tldr_embedded.keeper_messages import LINE_LIMIT, PROTOCOL, KeeperRecord, encode
from tldr_embedded.server_spec import ServerSpec, ServerState
from tldr_embedded.servers.command import tail_of
from tldr_embedded.servers.provider import log_path

ATTACH_SECONDS = 75.0  # the keeper before may be stopping its servers
STOP_SECONDS = 60.0
PAUSE = 0.02
FAILURES = 3


class Attachment:
    """While it is open the keeper keeps the servers; `lost` once the keeper is gone."""

    def __init__(self, record: KeeperRecord, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.started: subprocess.Popen[bytes] | None = None  # set when the keeper is our child, to be reaped by us
        self.servers: Mapping[str, ServerState] = {}
        self.lost = False
        self._record = record
        self._reader = reader
        self._writer = writer
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def run(self, spec: ServerSpec) -> None:
        """Starts the server, replaces it when its spec is another one by now, leaves it alone otherwise."""
        self._writer.write(encode({"run": spec.as_json()}))
        await self._writer.drain()

    async def news(self) -> None:
        """Returns when a server's state changed, or the keeper was lost, since the last call returned."""
        await self._news.wait()
        self._news.clear()

    async def stop(self) -> None:
        """Returns when the servers and the keeper are gone; as often as one likes."""
        if not self.lost:
            self._writer.write(encode({"stop": True}))
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.wait([self._listening])
                await asyncio.to_thread(self._record.identity.wait_gone, STOP_SECONDS)
        except TimeoutError:
            raise ServerFailed(f"The servers did not stop within {STOP_SECONDS:g} s.") from None
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Leaves the servers to the keeper, which stops them when no other host comes in time."""
        self._listening.cancel()
        self._writer.close()
        if self.started is not None:
            self.started.poll()

    async def _listen(self) -> None:
        try:
            while line := await self._reader.readline():
                states: dict[str, dict[str, object]] = json.loads(line).get("servers", {})
                self.servers = {name: ServerState.from_json(state) for name, state in states.items()}
                self._news.set()
        except (OSError, ValueError):
            pass
        self.lost = True
        self._news.set()


async def attach(folder: Path, *, grace_seconds: float) -> Attachment:
    """Raises FolderInUse when another host is connected, ServerFailed when there is no keeper to be had."""
    log = log_path(folder, "keeper")
    started: subprocess.Popen[bytes] | None = None
    failures = 0
    deadline = asyncio.get_running_loop().time() + ATTACH_SECONDS
    try:
        while asyncio.get_running_loop().time() < deadline and failures < FAILURES:
            record = KeeperRecord.read(folder)
            alive = record is not None and record.identity.alive
            if record and alive and record.protocol == PROTOCOL:
                if (attachment := await _greet(folder, record, grace_seconds)) is not None:
                    attachment.started = started if started and started.pid == record.pid else None
                    return attachment
            elif record and alive:
                record.identity.send(signal.SIGTERM)
            elif started is None or started.poll() is not None:
                failures += started is not None
                started = _start_keeper(folder, log)
            await asyncio.sleep(PAUSE)
    finally:
        if started is not None:
            await asyncio.to_thread(_dismiss_second, folder, started)
    raise ServerFailed(f"The keeper of the servers does not answer. The end of {log}:\n{tail_of(log)}")


def _start_keeper(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    with open(log, "wb") as output:
        return subprocess.Popen(  # noqa: S603
            # -P: no module from the working directory is taken for one of the keeper's.
            [sys.executable, "-P", "-m", "tldr_embedded.keeping.keeper", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
        )


def _dismiss_second(folder: Path, started: subprocess.Popen[bytes]) -> None:
    """Two hosts may start a keeper each at the same moment; the one that waits for the lock is of no use."""
    record = KeeperRecord.read(folder)
    if record is None or record.pid != started.pid:
        started.terminate()
        started.wait()


async def _greet(folder: Path, record: KeeperRecord, grace_seconds: float) -> Attachment | None:
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", record.port, limit=LINE_LIMIT)
            writer.write(encode({"hello": record.token, "pid": os.getpid(), "grace": grace_seconds}))
            answer = json.loads(await reader.readline() or b"{}")
    except (OSError, TimeoutError, ValueError):
        return None
    if "welcome" in answer:
        return Attachment(record, reader, writer)
    writer.close()
    if "busy" in answer:
        raise FolderInUse(str(folder), answer["busy"])
    return None
