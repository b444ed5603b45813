"""Publish: append to the outbox in the same transaction as the effect; the relay does the rest."""

from typing import Protocol

from tldr_bus.events.event import Publication
from tldr_database import Transaction


class Outbox(Protocol):
    """The only way to publish.

    Promised: an event is published if and only if the transaction that appended it committed, at least once, under the same
    `ce_id` each time; events of one subject first appear on a topic in the order their transactions committed. The order holds
    because `append` takes a transaction lock on each subject before it takes an id. Not promised: exactly one appearance on
    Kafka (readers have an inbox; repeated events may come late), an order between subjects, an order across topics.
    """

    async def append(self, transaction: Transaction, *publications: Publication) -> None:
        """Publish when the transaction commits. Locks the subjects, in sorted order, until then.

        The transaction must be bound to the publications' organization, or the database refuses the rows. Raises ValueError,
        before anything is written, for a topic of another writer, the wrong message, one without a fact or a too large one.
        """

    async def close(self, transaction: Transaction, subject: str) -> None:
        """Say that a stream has reached its end: its outbox and inbox rows may go after the retention.

        Publishing about it later is allowed (a rescore). A stream nobody closed counts as closed after a longer time.
        """
