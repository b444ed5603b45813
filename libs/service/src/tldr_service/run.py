"""Runs one service in this process until it is told to stop."""

import asyncio
import signal

from tldr_service.host import ServiceHost
from tldr_service.service import Definition
from tldr_service.settings import Settings
from tldr_telemetry import configure_logs


def run(definition: Definition) -> None:
    """The main function of a service's container: settings, host, wait for SIGTERM or SIGINT, stop."""
    settings = Settings()  # type: ignore[call-arg]  # read from the environment
    configure_logs(level=settings.log_level)
    asyncio.run(_serve(ServiceHost(definition, settings)))


async def _serve(host: ServiceHost) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await host.start()
    try:
        await stop.wait()
    finally:
        await host.stop()
