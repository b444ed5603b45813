"""The keys of pushed streams in PostgreSQL, by digest."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Database, Transaction
from tldr_ingest.adapters.streams.tables import stream_keys


@dataclass(frozen=True, slots=True)
class PostgresStreamKeys:
    """Keys of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def admit(self, stream: StreamId, key_digest: str) -> None:
        """From now on this key, and no other one, opens the stream."""
        digest = bytes.fromhex(key_digest)
        new = insert(stream_keys).values(organization_id=self.organization, stream_id=stream, digest=digest)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_={"digest": digest}))

    async def refuse(self, stream: StreamId) -> None:
        """No key opens the stream any more."""
        await self.transaction.execute(sa.delete(stream_keys).where(stream_keys.c.stream_id == stream))


@dataclass(frozen=True, slots=True)
class PostgresKeyLookup:
    """Looks keys up before their organization is known, under the system role: who publishes names nobody else."""

    database: Database

    async def stream_of(self, digest: bytes) -> StreamId | None:
        """The stream that a key opens, None for a key that opens nothing."""
        query = sa.select(stream_keys.c.stream_id).where(stream_keys.c.digest == digest)
        async with self.database.system() as transaction:
            found = (await transaction.execute(query)).scalar_one_or_none()
        return StreamId(found) if found is not None else None

    async def valid(self, digests: Collection[bytes]) -> Collection[bytes]:
        """Those that open a stream now."""
        query = sa.select(stream_keys.c.digest).where(stream_keys.c.digest.in_(digests))
        async with self.database.system() as transaction:
            return {bytes(found) for found in (await transaction.execute(query)).scalars()}

    async def open_streams(self, streams: Collection[StreamId]) -> Collection[StreamId]:
        """Those that some key opens."""
        query = sa.select(stream_keys.c.stream_id).where(stream_keys.c.stream_id.in_(streams))
        async with self.database.system() as transaction:
            return {StreamId(found) for found in (await transaction.execute(query)).scalars()}
