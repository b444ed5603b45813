"""Messages and their delivery log in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import attempts, messages
from tldr_webhook_dispatcher.domain.messages.message import ORDERED_ATTEMPTS, Attempt, DeliveryState, Message


@dataclass(frozen=True, slots=True)
class PostgresMessages:
    """Messages of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, message: Message) -> None:
        """Add one."""
        await self.transaction.execute(
            sa.insert(messages).values(
                message_id=message.id,
                organization_id=self.organization,
                endpoint_id=message.endpoint,
                type=message.type,
                stream_id=message.stream,
                lane=message.lane,
                highlight_id=message.highlight,
                revision=message.revision,
                body=message.body,
                created_at=message.created_at,
                state=message.state,
                attempts=message.attempts,
                next_attempt_at=message.next_attempt_at,
            )
        )

    async def get(self, message: str) -> Message | None:
        """One of them."""
        found = await self.transaction.execute(sa.select(messages).where(messages.c.message_id == message))
        row = found.one_or_none()
        return _message(row) if row else None

    async def due(self, endpoint: str, now: datetime) -> Message | None:
        """The message to an endpoint that has been due for longest."""
        query = self._pending(endpoint).where(messages.c.next_attempt_at <= now)
        row = (await self.transaction.execute(query)).one_or_none()
        return _message(row) if row else None

    async def next_due(self, endpoint: str) -> datetime | None:
        """When the next one is due."""
        row = (await self.transaction.execute(self._pending(endpoint))).one_or_none()
        return row.next_attempt_at if row else None

    async def notified(self, highlight: str) -> Mapping[str, int]:
        """The endpoints that a message about this highlight was made for."""
        query = sa.select(messages.c.endpoint_id, sa.func.max(messages.c.revision)).where(
            messages.c.highlight_id == highlight
        )
        rows = await self.transaction.execute(query.group_by(messages.c.endpoint_id))
        return {endpoint: revision for endpoint, revision in rows}  # noqa: C416 - rows are no pairs to the type checker

    async def save(self, message: Message) -> None:
        """Write what became of it."""
        await self.transaction.execute(
            sa.update(messages)
            .where(messages.c.message_id == message.id)
            .values(state=message.state, attempts=message.attempts, next_attempt_at=message.next_attempt_at)
        )

    async def record(self, message: str, attempt: Attempt) -> None:
        """Append to its delivery log."""
        await self.transaction.execute(
            sa.insert(attempts).values(
                message_id=message,
                organization_id=self.organization,
                at=attempt.at,
                status=attempt.status,
                error=attempt.error,
                duration_ms=attempt.duration_ms,
            )
        )

    async def latest(self, endpoint: str, limit: int) -> Sequence[tuple[Message, Sequence[Attempt]]]:
        """The latest messages to an endpoint with their attempts, newest first."""
        query = sa.select(messages).where(messages.c.endpoint_id == endpoint)
        found = await self.transaction.execute(query.order_by(messages.c.message_id.desc()).limit(limit))
        log: dict[str, tuple[Message, list[Attempt]]] = {row.message_id: (_message(row), []) for row in found}
        tries = await self.transaction.execute(
            sa.select(attempts).where(attempts.c.message_id.in_(log)).order_by(attempts.c.number)
        )
        for row in tries:
            log[row.message_id][1].append(Attempt(row.at, row.status, row.error, row.duration_ms))
        return list(log.values())

    def _pending(self, endpoint: str) -> sa.Select[Any]:
        # As a literal, so that the indices of pending messages serve.
        pending: sa.ColumnClause[str] = sa.literal_column("'pending'")
        older = messages.alias("older")
        overtakes = sa.exists().where(
            older.c.endpoint_id == messages.c.endpoint_id,
            older.c.highlight_id == messages.c.highlight_id,
            older.c.message_id < messages.c.message_id,
            older.c.state == pending,
            older.c.attempts < ORDERED_ATTEMPTS,
        )
        waiting = sa.select(messages).where(messages.c.endpoint_id == endpoint, messages.c.state == pending, ~overtakes)
        return waiting.order_by(messages.c.next_attempt_at, messages.c.message_id).limit(1)


def _message(row: Any) -> Message:
    return Message(
        id=row.message_id,
        endpoint=row.endpoint_id,
        type=row.type,
        stream=row.stream_id,
        lane=row.lane,
        highlight=row.highlight_id,
        revision=row.revision,
        body=row.body,
        created_at=row.created_at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
    )
