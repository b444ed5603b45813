"""Publish: append to the outbox in the same transaction as the effect; the relay does the rest."""

from typing import Protocol

from tldr_bus.event import Publication
from tldr_database import Transaction


class Outbox(Protocol):
    """The only way to publish.

    Promised: an event is published if and only if the transaction that appended it committed, at least once, under the same `ce_id` each
    time; events of one subject appear on a topic in the order their transactions committed. The order holds because `append` takes a
    transaction lock on each subject before it takes an id. Not promised: exactly one appearance on Kafka (readers have an inbox), an
    order between subjects, an order across topics.
    """

    async def append(self, transaction: Transaction, *publications: Publication) -> None:
        """Publish when the transaction commits. Locks the subjects, in sorted order, until then."""

    async def close(self, transaction: Transaction, subject: str) -> None:
        """Say that nothing more will be published about a stream: its rows may go after the retention."""
