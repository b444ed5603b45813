"""Runs one service in this process until it is told to stop, or its migrations alone."""

import asyncio
import signal
import sys

from pydantic import ValidationError

from tldr_database import upgrade
from tldr_service.host import ServiceHost
from tldr_service.service import Definition
from tldr_service.settings import MigrationSettings, Settings
from tldr_service.settings_sentence import settings_sentence
from tldr_telemetry import configure_logs


def run(definition: Definition) -> None:
    """The main function of a service's container: settings, host, wait for SIGTERM or SIGINT, stop.

    With the argument `migrate` it brings the tables up to date instead; only that needs the owner's address.
    """
    try:
        asyncio.run(_migrate(definition) if sys.argv[1:] == ["migrate"] else _serve(definition))
    except ValidationError as error:
        sentence = settings_sentence(error)
        if sentence is None:
            raise
        sys.exit(f"{definition.name}: {sentence}")


async def _migrate(definition: Definition) -> None:
    settings = MigrationSettings()  # type: ignore[call-arg]  # read from the environment
    configure_logs(level=settings.log_level)
    await upgrade(settings.database_owner_url.get_secret_value(), definition.migrations)


async def _serve(definition: Definition) -> None:
    settings = Settings()  # type: ignore[call-arg]  # read from the environment
    configure_logs(level=settings.log_level)
    host = ServiceHost(definition, settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(host.start())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            await stopping
    finally:
        starting.cancel()
        stopping.cancel()
        await asyncio.gather(starting, stopping, return_exceptions=True)
        await host.stop()
