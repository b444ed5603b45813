"""Messages and their delivery log in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import earliest_id
from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import attempts, messages
from tldr_webhook_dispatcher.domain.messages.message import (
    ORDERED_ATTEMPTS,
    Attempt,
    Deliveries,
    DeliveryState,
    Message,
)
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery


@dataclass(frozen=True, slots=True)
class PostgresMessages:
    """Messages of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, message: Message) -> None:
        """Add one."""
        await self.transaction.execute(
            sa.insert(messages).values(
                message_id=message.key,
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

    async def get(self, endpoint: str, message: str) -> Message | None:
        """A message to an endpoint."""
        found = await self.transaction.execute(sa.select(messages).where(_is(endpoint, message)))
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
            .where(_is(message.endpoint, message.id))
            .values(state=message.state, attempts=message.attempts, next_attempt_at=message.next_attempt_at)
        )

    async def record(self, message: Message, attempt: Attempt) -> None:
        """Append to its delivery log."""
        values = (attempt.at, attempt.status, attempt.error, attempt.duration_ms)
        columns = ("at", "status", "error", "duration_ms")
        said = [sa.literal(value, attempts.c[name].type) for name, value in zip(columns, values, strict=True)]
        tried = sa.select(messages.c.message_id, messages.c.organization_id, *said)
        await self.transaction.execute(
            sa.insert(attempts).from_select(
                ["message_id", "organization_id", *columns], tried.where(_is(message.endpoint, message.id))
            )
        )

    async def page(
        self, endpoint: str, wanted: Deliveries, *, before: str | None, limit: int
    ) -> Sequence[tuple[Message, Sequence[Attempt]]]:
        """Messages to an endpoint with their attempts, newest first. A range of time is one of ids, which the index has."""
        query = sa.select(messages).where(messages.c.endpoint_id == endpoint)
        for known, condition in (
            (wanted.state, lambda state: messages.c.state == state),
            (wanted.type, lambda kind: messages.c.type == kind),
            (wanted.since, lambda since: messages.c.message_id >= earliest_id("msg", since)),
            (wanted.until, lambda until: messages.c.message_id < earliest_id("msg", until)),
            (before, lambda id: messages.c.message_id < id),
        ):
            query = query if known is None else query.where(condition(known))
        found = await self.transaction.execute(query.order_by(messages.c.message_id.desc()).limit(limit))
        log: dict[str, tuple[Message, list[Attempt]]] = {row.message_id: (_message(row), []) for row in found}
        tries = await self.transaction.execute(
            sa.select(attempts).where(attempts.c.message_id.in_(log)).order_by(attempts.c.number)
        )
        for row in tries:
            log[row.message_id][1].append(_attempt(row))
        return list(log.values())

    async def log(self, message: Message) -> Sequence[Attempt]:
        """Its attempts, oldest first."""
        keys = [message.key, message.id]
        query = sa.select(attempts).where(attempts.c.message_id.in_(keys)).order_by(attempts.c.number)
        return [_attempt(row) for row in await self.transaction.execute(query)]

    async def abandoned(self, recovery: Recovery) -> int:
        """How many messages a recovery is about."""
        query = sa.select(sa.func.count()).select_from(messages).where(_left_of(recovery))
        return int((await self.transaction.execute(query)).scalar_one())

    async def revive(self, recovery: Recovery, limit: int) -> Sequence[str]:
        """Make the first of them due."""
        first = sa.select(messages.c.message_id).where(_left_of(recovery)).order_by(messages.c.message_id).limit(limit)
        due = {"state": DeliveryState.PENDING, "attempts": 0, "next_attempt_at": recovery.asked_at}
        revived = sa.update(messages).where(messages.c.message_id.in_(first)).values(due)
        return sorted((await self.transaction.execute(revived.returning(messages.c.message_id))).scalars())

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


def _left_of(recovery: Recovery) -> sa.ColumnElement[bool]:
    return sa.and_(
        messages.c.endpoint_id == recovery.endpoint,
        messages.c.state == DeliveryState.ABANDONED,
        messages.c.message_id >= earliest_id("msg", recovery.since),
        messages.c.message_id < earliest_id("msg", recovery.asked_at),
        messages.c.message_id > recovery.after,
    )


def _is(endpoint: str, message: str) -> sa.ColumnElement[bool]:
    # A version before kept a message under its id alone: it was for one endpoint.
    return sa.and_(messages.c.message_id.in_([f"{message}.{endpoint}", message]), messages.c.endpoint_id == endpoint)


def _attempt(row: Any) -> Attempt:
    return Attempt(row.at, row.status, row.error, row.duration_ms)


def _message(row: Any) -> Message:
    return Message(
        id=row.message_id.partition(".")[0],
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
