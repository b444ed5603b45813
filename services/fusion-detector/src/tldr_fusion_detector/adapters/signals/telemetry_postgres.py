"""Telemetry in PostgreSQL: what waits for a clock, and counts of what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_fusion_detector.adapters.tables import dropped_samples, held_samples
from tldr_fusion_detector.application.signals.push_signals import Dropped, Sample

_HOLD = """
INSERT INTO held_samples (organization_id, stream_id, name, wall_ms, value)
SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::double precision[])
ON CONFLICT (stream_id, name, wall_ms) DO UPDATE SET value = excluded.value
"""
# The names in order, each found by the one before: a stream has a figure of each for every second.
_NAMES = """
WITH RECURSIVE found AS (
    (SELECT name FROM signals WHERE stream_id = $1 AND name >= 'external.' ORDER BY name LIMIT 1)
    UNION ALL
    SELECT (SELECT name FROM signals WHERE stream_id = $1 AND name > found.name ORDER BY name LIMIT 1)
    FROM found WHERE found.name IS NOT NULL
)
SELECT name FROM found WHERE name LIKE 'external.%'
"""


@dataclass(frozen=True, slots=True)
class PostgresTelemetry:
    """Telemetry of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def hold(self, stream: StreamId, samples: Sequence[Sample], at_most: int) -> int:
        """Keep the first of them, as many as there is room for."""
        count = sa.select(sa.func.count()).where(held_samples.c.stream_id == stream)
        room = max(at_most - ((await self.transaction.execute(count)).scalar() or 0), 0)
        kept = {(sample.signal, sample.at_ms): sample.value for sample in samples[:room]}
        if kept:
            names, times = zip(*kept, strict=True)
            connection = await driver(self.transaction)
            await connection.execute(_HOLD, self.organization, stream, names, times, list(kept.values()))
        return max(len(samples) - room, 0)

    async def take(self, stream: StreamId) -> Sequence[Sample]:
        """Delete and return them."""
        taken = sa.delete(held_samples).where(held_samples.c.stream_id == stream).returning(held_samples)
        rows = sorted((row.wall_ms, row.name, row.value) for row in await self.transaction.execute(taken))
        return [Sample(name, wall_ms, value, wall=True) for wall_ms, name, value in rows]

    async def names(self, stream: StreamId) -> set[str]:
        """By skipping from one name to the next."""
        return {row["name"] for row in await (await driver(self.transaction)).fetch(_NAMES, stream)}

    async def drop(self, stream: StreamId, samples: Mapping[Dropped, int]) -> None:
        """Add to the counts."""
        for reason, count in samples.items():
            if count:
                row = {"organization_id": self.organization, "stream_id": stream, "reason": reason, "samples": count}
                new = insert(dropped_samples).values(row)
                more = {"samples": dropped_samples.c.samples + new.excluded.samples}
                keys = ["stream_id", "reason"]
                await self.transaction.execute(new.on_conflict_do_update(index_elements=keys, set_=more))

    async def dropped(self, stream: StreamId) -> Mapping[Dropped, int]:
        """The counts."""
        rows = await self.transaction.execute(sa.select(dropped_samples).where(dropped_samples.c.stream_id == stream))
        return {Dropped(row.reason): row.samples for row in rows}
