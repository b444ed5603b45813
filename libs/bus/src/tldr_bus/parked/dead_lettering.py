"""Makes a record a dead letter: onto the dead-letter topic, through the outbox, and into the table that redriving reads."""

import asyncpg

from tldr_bus.events.record import COLUMNS, Record
from tldr_bus.schema import NOTIFICATIONS
from tldr_bus.sending.postgres_outbox import PAYLOAD_LIMIT
from tldr_contracts.topics import Topic

NO_ORGANIZATION = "-"
"""Whose dead letter it is when the record does not tell; no organization has this name."""

_KEEP = f"""
    INSERT INTO dead_letters (reader_group, organization_id, subject, ce_id, {COLUMNS}, attempts, error)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (reader_group, ce_id) DO NOTHING
"""  # noqa: S608  constants only
_PUBLISH = f"""
    WITH published AS (
        INSERT INTO outbox (
            ce_id, topic, partition, organization_id, subject, lane, type, header_names, header_values, payload, keep
        )
        VALUES ($1, $2, 0, $3, $4, 0, 'dead letter', $5, $6, $7, 'sent')
    )
    SELECT pg_notify('{NOTIFICATIONS}', '')
"""  # noqa: S608


async def dead_letter(
    connection: asyncpg.Connection,
    topic: Topic,
    reader: str,
    record: Record,
    *,
    ce_id: str,
    organization: str,
    subject: str,
    attempts: int,
    error: str,
) -> None:
    """Write both. The caller is bound to the organization, holds the subject's lock and sets the inbox row to `dead`.

    The record keeps its own headers on the dead-letter topic; error, attempts and origin are added as `tldr-dlq-…`.
    """
    place = (topic.group(reader), organization, subject)
    await connection.execute(_KEEP, *place, ce_id, *record.columns(), attempts, error)
    added = {
        "tldr-dlq-group": topic.group(reader),
        "tldr-dlq-error": error,
        "tldr-dlq-attempts": str(attempts),
        "tldr-dlq-topic": record.topic,
        "tldr-dlq-partition": str(record.partition),
        "tldr-dlq-offset": str(record.offset),
    }
    value = record.value
    if value is not None and len(value) > PAYLOAD_LIMIT:
        # It would not fit into a batch; the table has it whole.
        added["tldr-dlq-omitted"] = f"value of {len(value)} bytes"
        value = None
    headers: list[tuple[str, bytes | None]] = [
        *record.headers,
        *((name, text.encode()) for name, text in added.items()),
    ]
    names, contents = [name.encode() for name, _ in headers], [content for _, content in headers]
    there = topic.dead_letters(reader)
    await connection.execute(_PUBLISH, ce_id, there, organization, subject, names, contents, value)
