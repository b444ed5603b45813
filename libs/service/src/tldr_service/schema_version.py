"""The tables of a service before it starts: migrated by itself where it may, waited for where it may not."""

import asyncio

from tldr_database import outdated, upgrade
from tldr_service.service import Definition
from tldr_service.settings import Settings
from tldr_telemetry import logger

_log = logger(__name__)
_LOOK_EVERY_S = 1.0


async def bring_up_to_date(definition: Definition, settings: Settings) -> None:
    """Return when the tables are new enough for this version; without the owner's address that is the migration step's work."""
    owner = settings.database_owner_url.get_secret_value()
    if owner:
        await upgrade(owner, definition.migrations)
        return
    said = None
    while missing := await outdated(settings.database_system_url.get_secret_value(), definition.migrations):
        if missing != said:
            said = missing
            _log.warning(
                "the tables are older than this version; waiting for the migration step",
                service=definition.name,
                found=missing.found,
                needed=missing.needed,
            )
        await asyncio.sleep(_LOOK_EVERY_S)
