"""Statistics of deliveries, counted by PostgreSQL over an endpoint's range of the index of messages."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import earliest_id
from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import attempts, messages
from tldr_webhook_dispatcher.domain.messages.message import DeliveryState
from tldr_webhook_dispatcher.domain.messages.statistics import Failures, Statistics


@dataclass(frozen=True, slots=True)
class PostgresStatistics:
    """Statistics of the organization that the transaction is bound to."""

    transaction: Transaction

    async def since(self, endpoint: str, since: datetime) -> Statistics:
        """Of the messages to an endpoint that were made then or later."""
        asked = sa.and_(messages.c.endpoint_id == endpoint, messages.c.message_id >= earliest_id("msg", since))
        counted, p50, p95 = await self._durations(asked)
        return Statistics(await self._days(asked), counted, await self._failures(asked), p50, p95)

    async def _days(self, asked: sa.ColumnElement[bool]) -> dict[date, dict[DeliveryState, int]]:
        day = sa.cast(sa.func.timezone("UTC", messages.c.created_at), sa.Date)
        query = sa.select(day.label("day"), messages.c.state, sa.func.count().label("messages")).where(asked)
        days: dict[date, dict[DeliveryState, int]] = defaultdict(dict)
        for row in await self.transaction.execute(query.group_by(day, messages.c.state)):
            days[row.day][DeliveryState(row.state)] = row.messages
        return dict(days)

    async def _durations(self, asked: sa.ColumnElement[bool]) -> tuple[int, int | None, int | None]:
        shares = [sa.func.percentile_disc(share).within_group(attempts.c.duration_ms) for share in (0.5, 0.95)]
        counted = (await self.transaction.execute(_tried(asked, sa.func.count(), *shares))).one()
        return counted[0], counted[1], counted[2]

    async def _failures(self, asked: sa.ColumnElement[bool]) -> list[Failures]:
        how, count = (attempts.c.status, attempts.c.error), sa.func.count()
        failed = sa.or_(attempts.c.status.is_(None), ~attempts.c.status.between(200, 299))
        query = _tried(asked, *how, count).where(failed).group_by(*how).order_by(count.desc(), *how)
        return [Failures(row[0], row[1], row[2]) for row in await self.transaction.execute(query)]


def _tried(asked: sa.ColumnElement[bool], *what: Any) -> sa.Select[Any]:
    tried = messages.join(attempts, attempts.c.message_id == messages.c.message_id)
    return sa.select(*what).select_from(tried).where(asked)
