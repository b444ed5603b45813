"""Takes away what no broker will ask for again."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from tldr_bus.settings import BusSettings

_AT_ONCE = 5000
_TIMEOUT_S = 300.0

_OUTBOX = """
    DELETE FROM outbox WHERE id IN (
        SELECT o.id FROM outbox AS o LEFT JOIN outbox_subjects AS s ON s.subject = o.subject AND o.keep = 'subject'
        WHERE o.created_at < now() - $1::interval AND o.sent_at < now() - $1::interval AND CASE o.keep
            WHEN 'sent' THEN true
            WHEN 'subject' THEN s.closed_at < now() - $1::interval OR o.sent_at < now() - $2::interval
            ELSE EXISTS (
                SELECT FROM outbox AS later
                WHERE later.keep = 'latest' AND later.topic = o.topic AND later.organization_id = o.organization_id
                  AND later.id > o.id
            )
        END
        ORDER BY o.id LIMIT $3
    )
"""
_INBOX = """
    DELETE FROM inbox WHERE (reader_group, ce_id) IN (
        SELECT i.reader_group, i.ce_id FROM inbox AS i LEFT JOIN outbox_subjects AS s ON s.subject = i.subject
        WHERE i.at < now() - $1::interval AND i.reader_group <> ALL($3::text[])
          AND (s.closed_at < now() - $1::interval OR i.at < now() - $2::interval)
          AND (i.state = 'done' OR i.state = 'dead' AND NOT EXISTS (
              SELECT FROM dead_letters AS d WHERE d.reader_group = i.reader_group AND d.ce_id = i.ce_id
          ))
        LIMIT $4
    )
"""
_SUBJECTS = "DELETE FROM outbox_subjects WHERE closed_at < now() - $1::interval"
_DEAD_LETTERS = "DELETE FROM dead_letters WHERE died_at < now() - $1::interval"


@dataclass(frozen=True, slots=True)
class Retention:
    """One sweep takes rows until there is nothing more to take.

    Inbox rows outlive the outbox rows they answer: a row that is sent again always meets its inbox row. The groups that
    read compacted topics keep theirs for ever, since the latest snapshots are kept for ever.
    """

    settings: BusSettings
    compacted_groups: Sequence[str] = ()

    async def sweep(self, connection: asyncpg.Connection) -> int:
        """Run as the system role, on a connection of its own or the relay's. Returns how many rows went."""
        settings = self.settings
        kept, opened = settings.outbox_retention, settings.open_retention
        remembered, margin = kept + settings.inbox_margin, settings.inbox_margin
        gone = await _drain(connection, _OUTBOX, kept, opened, _AT_ONCE)
        gone += await _drain(connection, _DEAD_LETTERS, settings.dead_letter_retention)
        gone += await _drain(connection, _INBOX, remembered, opened + margin, list(self.compacted_groups), _AT_ONCE)
        return gone + await _drain(connection, _SUBJECTS, opened + margin)


async def _drain(connection: asyncpg.Connection, statement: str, *arguments: object) -> int:
    total = 0
    while True:
        status: str = await connection.execute(statement, *arguments, timeout=_TIMEOUT_S)
        count = int(status.rpartition(" ")[2])
        total += count
        if count < _AT_ONCE:
            return total
