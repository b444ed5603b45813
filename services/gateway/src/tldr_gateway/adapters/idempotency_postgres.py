"""Idempotency records in PostgreSQL: one row for each key, written in the transaction it protects."""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_gateway.adapters.tables import idempotency
from tldr_web import Problem


@dataclass(frozen=True, slots=True)
class PostgresIdempotency:
    """The records of one organization."""

    transaction: Transaction
    organization: str

    async def answered(self, key: str) -> bool:
        """Whether a request of this key was answered before."""
        query = sa.select(idempotency.c.key).where(idempotency.c.key == key, idempotency.c.response.is_not(None))
        return (await self.transaction.execute(query)).one_or_none() is not None

    async def claim(self, key: str, asked: bytes) -> dict[str, Any] | None:
        """None for the first request of a key, else its answer; a second one at the same time waits for the first.

        Problem 422 when the key was used for another request.
        """
        new = insert(idempotency).values(organization_id=self.organization, key=key, fingerprint=asked)
        made = await self.transaction.execute(new.on_conflict_do_nothing().returning(idempotency.c.key))
        if made.one_or_none() is not None:
            return None
        row = (await self.transaction.execute(sa.select(idempotency).where(idempotency.c.key == key))).one()
        if row.fingerprint != asked:
            detail = "This Idempotency-Key was used for another request. Use a new key for a new request."
            raise Problem(422, "idempotency_key_reused", detail)
        answer: dict[str, Any] = row.response
        return answer

    async def answer(self, key: str, response: dict[str, Any]) -> None:
        """Keep the answer."""
        await self.transaction.execute(sa.update(idempotency).where(idempotency.c.key == key).values(response=response))


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).digest()
