"""Idempotency records in PostgreSQL: one row for each key, written in the transaction it protects."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_gateway.adapters.tables import idempotency
from tldr_secrets import Sealer
from tldr_web import Problem

_SEED = 53
"""Keeps these locks apart from those of subjects, which are hashed without one."""


@dataclass(frozen=True, slots=True)
class PostgresIdempotency:
    """The records of one organization. Answers are sealed: some hold a secret of which only a digest is kept elsewhere."""

    transaction: Transaction
    organization: str
    sealer: Sealer

    async def answered(self, key: str) -> bool:
        """Whether a request of this key was answered before."""
        query = sa.select(idempotency.c.key).where(idempotency.c.key == key, idempotency.c.response.is_not(None))
        return (await self.transaction.execute(query)).one_or_none() is not None

    async def propose(self, key: str, asked: bytes, fresh: str) -> str:
        """The id for what another service is to make: `fresh`, or what was proposed when this request came before and has no
        answer yet. Commit it before that service is asked. Problem 409 while another request of this key is at work.
        """
        await self._lock(key)
        values = {"fingerprint": asked, "proposed_id": fresh}
        new = insert(idempotency).values(organization_id=self.organization, key=key, **values)
        changed = idempotency.c.response.is_(None) & (idempotency.c.fingerprint != asked)
        place = (idempotency.c.organization_id, idempotency.c.key)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=place, set_=values, where=changed))
        query = sa.select(idempotency.c.proposed_id).where(idempotency.c.key == key)
        return (await self.transaction.execute(query)).scalar_one() or fresh

    async def claim(self, key: str, asked: bytes) -> dict[str, Any] | None:
        """None for a request that has no answer yet, else its answer. The key is claimed until the transaction ends.

        Problem 409 while another request of this key is at work, 422 when the key was used for another request, 410 when
        the answer was sealed with a key that is not in use any more.
        """
        await self._lock(key)
        new = insert(idempotency).values(organization_id=self.organization, key=key, fingerprint=asked)
        made = await self.transaction.execute(new.on_conflict_do_nothing().returning(idempotency.c.key))
        if made.one_or_none() is not None:
            return None
        row = (await self.transaction.execute(sa.select(idempotency).where(idempotency.c.key == key))).one()
        if row.response is None:
            if row.fingerprint != asked:
                raise in_use()
            return None
        if row.fingerprint != asked:
            detail = "This Idempotency-Key was used for another request. Use a new key for a new request."
            raise Problem(422, "idempotency_key_reused", detail)
        return self._opened(row.response)

    async def answer(self, key: str, response: str) -> None:
        """Keep the answer, a JSON object."""
        await self.transaction.execute(
            sa.update(idempotency).where(idempotency.c.key == key).values(response=self.sealer.seal(response))
        )

    async def _lock(self, key: str) -> None:
        lock = sa.func.hashtextextended(f"{self.organization}\n{key}", _SEED)
        if not (await self.transaction.execute(sa.select(sa.func.pg_try_advisory_xact_lock(lock)))).scalar_one():
            raise in_use()

    def _opened(self, kept: Any) -> dict[str, Any]:
        if isinstance(kept, dict):  # by a gateway of the version before, for a day
            return kept
        try:
            found: dict[str, Any] = json.loads(self.sealer.open(kept))
        except ValueError:
            raise gone() from None
        return found


def in_use() -> Problem:
    """The problem of a request whose key another one is at work with."""
    detail = "A request with this Idempotency-Key is at work. Send it again in a moment for the answer of that one."
    return Problem(409, "idempotency_key_in_use", detail, headers={"retry-after": "1"})


def gone() -> Problem:
    """The problem of an answer that names what there is no longer."""
    detail = "What was made with this Idempotency-Key, or its secret, is gone. Use a new key for a new request."
    return Problem(410, "idempotent_answer_gone", detail)


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).digest()
