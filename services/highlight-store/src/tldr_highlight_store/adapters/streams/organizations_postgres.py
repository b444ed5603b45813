"""What this service keeps of organizations: how long they keep things."""

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import organizations


@dataclass(frozen=True, slots=True)
class PostgresOrganizations:
    """The organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def put(self, version: int, *, segment_days: int, highlight_days: int, dvr_minutes: int = 0) -> None:
        """Keep a snapshot; an older version changes nothing."""
        values = {
            "version": version,
            "segment_retention_days": segment_days,
            "highlight_retention_days": highlight_days,
            "dvr_minutes": dvr_minutes,
        }
        new = insert(organizations).values(organization_id=self.organization, **values)
        await self.transaction.execute(
            new.on_conflict_do_update(
                index_elements=["organization_id"], set_=values, where=organizations.c.version < new.excluded.version
            )
        )

    async def delete(self, version: int) -> None:
        """Keep nothing of it any longer: the next sweep deletes all it has."""
        await self.put(version, segment_days=0, highlight_days=0)
