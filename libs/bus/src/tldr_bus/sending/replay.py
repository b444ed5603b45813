"""Send kept events again by hand, after a broker lost some of its log without telling."""

from datetime import datetime

from tldr_bus.sending.pending import replay
from tldr_database import Database, driver


async def replay_since(database: Database, since: datetime) -> int:
    """Make a service's kept outbox rows written since then pending again; its relay sends them within seconds.

    Returns how many. Readers drop what had its effect.
    """
    async with database.system() as transaction:
        return await replay(await driver(transaction), since)
