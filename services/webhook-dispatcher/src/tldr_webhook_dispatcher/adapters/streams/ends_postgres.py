"""Ends of streams in PostgreSQL: one row a stream, filled from two sides."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import stream_ends


@dataclass(frozen=True, slots=True)
class PostgresEnds:
    """Ends of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def settled(self, stream: str) -> None:
        """Each highlight is ready or failed."""
        await self._write(stream, settled=True)

    async def completed(self, stream: str, *, duration_ms: int, highlights: int) -> None:
        """The gateway completed the stream."""
        await self._write(stream, duration_ms=duration_ms, highlights=highlights)

    async def claim(self, stream: str) -> tuple[int, int] | None:
        """Duration and number of highlights, once, when both are known."""
        claimed = await self.transaction.execute(
            sa.update(stream_ends)
            .where(
                stream_ends.c.stream_id == stream,
                stream_ends.c.announced.is_(False),
                stream_ends.c.dropped.is_(False),
                stream_ends.c.settled,
                stream_ends.c.duration_ms.is_not(None),
            )
            .values(announced=True)
            .returning(stream_ends.c.duration_ms, stream_ends.c.highlights)
        )
        row = claimed.one_or_none()
        return (row.duration_ms, row.highlights) if row else None

    async def dropped(self, stream: str) -> bool:
        """Whether the stream was cancelled or deleted."""
        query = sa.select(stream_ends.c.dropped).where(stream_ends.c.stream_id == stream)
        return bool((await self.transaction.execute(query)).scalar_one_or_none())

    async def drop(self, stream: str) -> None:
        """No further message about its highlights."""
        await self._write(stream, dropped=True)

    async def delete_all(self) -> None:
        """Forget the ends of all its streams."""
        await self.transaction.execute(sa.delete(stream_ends))

    async def _write(self, stream: str, **values: int | bool) -> None:
        new = insert(stream_ends).values(stream_id=stream, organization_id=self.organization, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))
