"""A process that is nothing but the bus of `gateway`, started when told so on its standard input."""

import asyncio
import sys

from tldr_bus import Broker, Bus
from tldr_database import Database, DatabaseAddress


async def main(owner: str, service: str, system: str, bootstrap: str, idempotent: str) -> None:
    """Relay until killed."""
    broker = Broker(bootstrap, idempotent == "True")
    bus = Bus("gateway", Database.connect(DatabaseAddress(owner, service, system)), lambda: broker, [])
    await asyncio.to_thread(sys.stdin.readline)
    await bus.start()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:6]))
