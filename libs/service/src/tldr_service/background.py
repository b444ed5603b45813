"""Runs a service's background tasks at their intervals until it stops."""

import asyncio
from collections.abc import Sequence

from tldr_service.service import BackgroundTask
from tldr_telemetry import logger

_log = logger(__name__)


class BackgroundTasks:
    """The running background tasks of one service."""

    def __init__(self, service: str, tasks: Sequence[BackgroundTask]) -> None:
        self._service = service
        self._tasks = tasks
        self._running: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start each of them."""
        self._running = [
            asyncio.create_task(self._repeat(task), name=f"{self._service}: {task.name}") for task in self._tasks
        ]

    async def stop(self) -> None:
        """Cancel each of them and wait until it ended."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _repeat(self, task: BackgroundTask) -> None:
        while True:
            try:
                await task.run()
            except Exception as error:
                _log.warning("background task failed", service=self._service, task=task.name, error=repr(error))
            await asyncio.sleep(task.interval_s)
