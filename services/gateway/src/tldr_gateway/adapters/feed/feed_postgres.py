"""What feeds tell, in PostgreSQL: written in the transaction of what it tells, read by one reader for all streams."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_database import Database, Transaction, driver
from tldr_gateway.application.feed.ports import Tailed
from tldr_gateway.domain.feed.news import News, Told

CHANNEL = "tldr_feed"
MOST_KEPT = 10_000
"""As much is kept of one stream: the rest of a viewer's past is said to be missed."""

_TELL = f"""
    WITH next AS (
        UPDATE streams SET feed_number = feed_number + 1 WHERE stream_id = $1 RETURNING feed_number, organization_id
    ), told AS (
        INSERT INTO feed_events (stream_id, number, organization_id, at, kind, data)
        SELECT $1, feed_number, organization_id, $2, $3, $4::jsonb FROM next
        RETURNING number
    ), trimmed AS (
        DELETE FROM feed_events USING next WHERE stream_id = $1 AND number <= feed_number - {MOST_KEPT}
    )
    SELECT pg_notify('{CHANNEL}', $1) FROM told
"""  # noqa: S608  constants only
_AFTER = """
    SELECT mark.stream_id, streams.feed_number, told.number, told.at, told.kind, told.data
    FROM unnest($1::text[], $2::bigint[]) AS mark (stream_id, number)
    JOIN streams ON streams.stream_id = mark.stream_id
    LEFT JOIN LATERAL (
        SELECT number, at, kind, data::text FROM feed_events
        WHERE feed_events.stream_id = mark.stream_id AND feed_events.number > mark.number
        ORDER BY number LIMIT $3
    ) AS told ON true
    ORDER BY told.number
"""


@dataclass(frozen=True, slots=True)
class PostgresFeedLog:
    """The feeds of the organization that the transaction is bound to."""

    transaction: Transaction

    async def tell(self, stream: StreamId, news: News) -> None:
        """Give it the stream's next number and keep it."""
        await (await driver(self.transaction)).execute(_TELL, stream, news.at, news.kind, json.dumps(news.data))

    async def gone(self, stream: StreamId) -> None:
        """Its viewers look and do not find it."""
        await (await driver(self.transaction)).execute(f"SELECT pg_notify('{CHANNEL}', $1)", stream)


@dataclass(frozen=True, slots=True)
class PostgresFeedReader:
    """Under the system role: one question for streams of several organizations, whose viewers were let in one by one."""

    database: Database

    async def after(self, marks: Mapping[StreamId, int], *, limit: int) -> Mapping[StreamId, Tailed]:
        """What was told of each stream after its mark."""
        found: dict[StreamId, tuple[list[Told], int]] = {}
        async with self.database.system() as transaction:
            rows = await (await driver(transaction)).fetch(_AFTER, list(marks), list(marks.values()), limit)
        for row in rows:
            told, _ = found.setdefault(StreamId(row["stream_id"]), ([], row["feed_number"]))
            if row["number"] is not None:
                told.append(_told(row))
        return {stream: Tailed(told, last) for stream, (told, last) in found.items()}


def _told(row: Any) -> Told:
    return Told(row["number"], News(row["kind"], row["at"], json.loads(row["data"])))
