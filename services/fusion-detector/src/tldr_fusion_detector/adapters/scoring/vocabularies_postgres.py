"""Vocabularies of channels in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import vocabularies
from tldr_fusion_detector.application.scoring.kept_vocabulary import KeptVocabulary

_KEY = ["organization_id", "channel"]
_NOW = sa.func.clock_timestamp()


@dataclass(frozen=True, slots=True)
class PostgresVocabularies:
    """Vocabularies of the organization that the transaction is bound to; beyond `at_most` the one unused longest goes."""

    transaction: Transaction
    organization: str
    at_most: int = 1000

    async def of(self, channel: str) -> KeptVocabulary | None:
        """What is kept of a channel, which is used by that."""
        used = sa.update(vocabularies).where(vocabularies.c.channel == channel).values(updated_at=_NOW)
        row = (await self.transaction.execute(used.returning(vocabularies))).one_or_none()
        return KeptVocabulary(row.version, row.learned, row.seconds_learned) if row else None

    async def keep(self, channel: str, learned: Mapping[str, Any], *, seconds: int) -> None:
        """Replace it, then make room."""
        new = insert(vocabularies).values(
            organization_id=self.organization,
            channel=channel,
            version=1,
            learned=dict(learned),
            seconds_learned=seconds,
            updated_at=_NOW,
        )
        changed = {
            "version": vocabularies.c.version + 1,
            "learned": new.excluded.learned,
            "seconds_learned": vocabularies.c.seconds_learned + new.excluded.seconds_learned,
            "updated_at": new.excluded.updated_at,
        }
        await self.transaction.execute(new.on_conflict_do_update(index_elements=_KEY, set_=changed))
        old = sa.select(vocabularies.c.channel).order_by(vocabularies.c.updated_at.desc()).offset(self.at_most)
        await self.transaction.execute(sa.delete(vocabularies).where(vocabularies.c.channel.in_(old)))
