"""All seven services in this process."""

import asyncio
import os
from collections.abc import Callable

from tldr_bus import Broker
from tldr_embedded import Addresses
from tldr_mesh.environment import Environment
from tldr_mesh.services import DEFINITIONS
from tldr_service import ServiceHost


class OneProcess:
    """Seven hosts on one event loop. `addresses` answers where the servers are now: the broker moves when it restarts."""

    def __init__(self, environment: Environment, addresses: Callable[[], Addresses]) -> None:
        def broker() -> Broker:
            now = addresses()
            return Broker(now.kafka, now.idempotent)

        # As with seven processes: the folder's keys open the folder's data, whatever the shell says.
        for own in environment.own.values():
            os.environ.update(own)
        self._hosts = [
            ServiceHost(definition, environment.settings(definition.name), broker) for definition in DEFINITIONS
        ]

    async def start(self) -> None:
        """Start all of them side by side; when this returns they answer."""
        try:
            async with asyncio.TaskGroup() as group:
                for host in self._hosts:
                    group.create_task(host.start())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def stop(self) -> None:
        """Stop all of them side by side."""
        await asyncio.gather(*(host.stop() for host in self._hosts), return_exceptions=True)
