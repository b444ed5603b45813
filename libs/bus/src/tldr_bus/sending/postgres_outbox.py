"""The outbox in the service's own database."""

import hashlib
from collections.abc import Iterable
from typing import Any

import uuid_utils

from tldr_bus.effects.locks import lock_with
from tldr_bus.events.envelope import TEXT_LIMIT, fact_name
from tldr_bus.events.event import Publication
from tldr_bus.schema import NOTIFICATIONS
from tldr_contracts.topics import LANES
from tldr_database import Transaction, driver
from tldr_telemetry import next_traceparent

PAYLOAD_LIMIT = 900_000
"""Bytes of an event. Kafka refuses a batch of more than 1,048,588; what is larger goes by reference."""

# Ids are given in the order of n, so the events of one call are sent in the order they were passed in.
_INSERT = f"""
    WITH published AS (
        INSERT INTO outbox (ce_id, topic, partition, organization_id, subject, lane, type, traceparent, payload, keep)
        SELECT i, t, p, o, s, l, y, $8, b, k
        FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $7::text[], $9::bytea[], $10::text[])
             WITH ORDINALITY AS event (i, t, p, o, s, l, y, b, k, n)
        ORDER BY n
    )
    SELECT pg_notify('{NOTIFICATIONS}', '')
"""  # noqa: S608  constants only
_CLOSE = """
    INSERT INTO outbox_subjects (subject, organization_id, closed_at)
    VALUES ($1, current_setting('tldr.organization', true), now())
    ON CONFLICT (subject) DO UPDATE SET closed_at = excluded.closed_at
"""


class NotPublishable(ValueError):
    """The publication breaks the registry's rules or the bus's limits; nothing was written."""


class PostgresOutbox:
    """Implements `Outbox`: rows in the transaction's own database, which a relay sends when they are committed."""

    def __init__(self, service: str) -> None:
        self._service = service

    async def append(self, transaction: Transaction, *publications: Publication) -> None:
        """See `Outbox.append`. Raises NotPublishable before anything is written."""
        if not publications:
            return
        rows = [self._row(publication) for publication in publications]
        ids, topics, partitions, organizations, subjects, lanes, types, payloads, keeps = map(
            list, zip(*rows, strict=True)
        )
        connection = await driver(transaction)
        await lock_with(connection, subjects)
        await connection.execute(
            _INSERT, ids, topics, partitions, organizations, subjects, lanes, types, next_traceparent(), payloads, keeps
        )

    async def close(self, transaction: Transaction, subject: str) -> None:
        """See `Outbox.close`."""
        await (await driver(transaction)).execute(_CLOSE, subject)

    def _row(self, publication: Publication) -> tuple[Any, ...]:
        topic, message = publication.topic, publication.message
        if not isinstance(message, topic.message):
            raise NotPublishable(f"{topic.name} carries {topic.message.DESCRIPTOR.name}, not {message.DESCRIPTOR.name}")
        if topic.writer != self._service:
            raise NotPublishable(f"{topic.name} is written by {topic.writer} alone, not by {self._service}")
        kind = message.WhichOneof("event")
        if kind is None:
            raise NotPublishable(f"the {message.DESCRIPTOR.name} holds no fact")
        payload = message.SerializeToString()
        if len(payload) > PAYLOAD_LIMIT:
            raise NotPublishable(f"{len(payload)} bytes; more than {PAYLOAD_LIMIT} go by reference")
        _check_text((publication.organization, publication.subject))
        lane = lane_of_organization(publication.organization) if publication.lane is None else publication.lane
        return (
            str(uuid_utils.uuid7()),
            topic.name,
            topic.partition(lane),
            publication.organization,
            publication.subject,
            lane,
            fact_name(message, kind),
            payload,
            "latest" if topic.compacted else "sent" if publication.lane is None else "subject",
        )


def lane_of_organization(organization: str) -> int:
    """The lane of events that belong to an organization and to no stream."""
    return int.from_bytes(hashlib.sha256(organization.encode()).digest()[:4], "big") % LANES


def _check_text(texts: Iterable[str]) -> None:
    for text in texts:
        if not text or len(text) > TEXT_LIMIT or "\x00" in text:
            raise NotPublishable(f"an organization or subject has 1 to {TEXT_LIMIT} characters and no NUL: {text!r}")
