"""Starts or adopts the servers of a folder, and keeps a host up to date about where they are."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from tldr_embedded.addresses import Addresses
from tldr_embedded.errors import FolderInUse, ServerFailed
from tldr_embedded.host.attachment import Attachment, attach
from tldr_embedded.host.readiness import until_ready
from tldr_embedded.keeper_messages import KeeperRecord
from tldr_embedded.private_files import write_private
from tldr_embedded.server_spec import ServerSpec, ServerState
from tldr_embedded.servers.provider import Provider
from tldr_embedded.servers.providers import Providers

Progress = Callable[[str], None]
GRACE_SECONDS = 30.0
SECOND_TRY_SECONDS = 1.0


class Servers:
    """The running servers. One that dies is started again by the keeper; `wait_changed` tells when it moved."""

    def __init__(self, providers: Providers, grace_seconds: float, progress: Progress) -> None:
        self._providers = providers
        self._grace_seconds = grace_seconds
        self._progress = progress
        self._attachment: Attachment | None = None
        self._specs: dict[str, tuple[Provider, ServerSpec]] = {}
        self._states: dict[str, ServerState] = {}
        self._addresses: Addresses | None = None
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    @property
    def addresses(self) -> Addresses:
        if self._addresses is None:
            raise ServerFailed("The servers have not been started.")
        return self._addresses

    @property
    def states(self) -> dict[str, ServerState]:
        """By name (kafka, postgres, redis, s3): process id, ports, and how often it died, when it last answered."""
        return dict(self._states)

    async def wait_changed(self, known: Addresses) -> Addresses:
        """Returns as soon as the addresses differ from the known ones and their servers answer; misses no change.

        Tansu is at another port whenever it was started again, and has forgotten everything then.
        """
        while self.addresses == known:
            await self._changed.wait()
        return self.addresses

    async def stop(self) -> None:
        """Stops the servers in order and the keeper with them. Does nothing the second time."""
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
        attachment, self._attachment = self._attachment, None
        if attachment is not None:
            await attachment.stop()

    async def _start(self) -> None:
        """Attaches to the keeper and brings all four up side by side; what is up already is adopted."""
        if self._attachment is not None:
            self._attachment.let_go()
        self._attachment = attachment = await attach(self._providers.folder, grace_seconds=self._grace_seconds)
        try:
            async with asyncio.TaskGroup() as group:
                for provider in self._providers.all:
                    group.create_task(self._bring_up(provider, attachment))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        self._publish()

    async def _bring_up(self, provider: Provider, attachment: Attachment) -> None:
        started = asyncio.get_running_loop().time()
        spec = await provider.prepare()
        self._specs[spec.name] = (provider, spec)
        await attachment.run(spec)
        self._states[spec.name] = await until_ready(provider, spec, attachment)
        self._progress(f"{provider.title} is ready ({asyncio.get_running_loop().time() - started:.1f} s)")

    def _publish(self) -> None:
        addresses = self._providers.addresses(self._states)
        if addresses != self._addresses:
            write_private(self._providers.folder / "addresses.json", asdict(addresses))
            self._addresses = addresses
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()

    async def _follow(self) -> None:
        """Until stopped: a server that died is waited for again, a keeper that died is replaced."""
        while True:
            try:
                if self._attachment is None or self._attachment.lost:
                    self._progress("The keeper of the servers was lost; starting another")
                    await self._start_again()
                else:
                    await self._catch_up(self._attachment)
                    await self._attachment.news()
            except (ServerFailed, FolderInUse, OSError) as error:
                self._progress(str(error))
                await asyncio.sleep(SECOND_TRY_SECONDS)

    async def _start_again(self) -> None:
        """Lets go when it fails, so that the next try begins from the beginning."""
        try:
            await self._start()
        except BaseException:
            if self._attachment is not None:
                self._attachment.let_go()
                self._attachment = None
            raise

    async def _catch_up(self, attachment: Attachment) -> None:
        for name, (provider, spec) in self._specs.items():
            if not attachment.lost and attachment.servers.get(name) != self._states[name]:
                self._progress(f"{provider.title} died and is started again")
                self._states[name] = await until_ready(provider, spec, attachment)
                self._progress(f"{provider.title} is ready again")
        self._publish()


async def start(
    folder: Path,
    kafka: Literal["tansu", "apache"] = "tansu",
    *,
    progress: Progress,
    grace_seconds: float = GRACE_SECONDS,
) -> Servers:
    """Starts the servers of this folder, or adopts those that run; returns when all of them answer.

    `grace_seconds` is how long they outlive a host that was killed. Raises FolderInUse when another host has them,
    ServerFailed when one cannot be had; then all are stopped again.
    """
    servers = Servers(Providers.of(_made(folder), kafka), grace_seconds, progress)
    try:
        await servers._start()
    except BaseException:
        await servers.stop()
        raise
    servers._following = asyncio.create_task(servers._follow())
    return servers


def _made(folder: Path) -> Path:
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in ("logs", "keeper"):
        (folder / part).mkdir(mode=0o700, exist_ok=True)
    return folder


async def shut_down(folder: Path) -> bool:
    """Stops what a killed host left running on this folder; False when nothing ran. Raises FolderInUse."""
    record = KeeperRecord.read(folder)
    if record is None or not record.identity.alive:
        return False
    await (await attach(folder, grace_seconds=GRACE_SECONDS)).stop()
    return True
