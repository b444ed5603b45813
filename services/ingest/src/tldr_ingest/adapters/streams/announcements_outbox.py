"""Announcements over the service's outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from tldr_bus import Outbox, Publication
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import CHAT, INGESTIONS, Topic
from tldr_database import Transaction
from tldr_ingest.adapters.streams.messages_protobuf import chat_end, chat_event, media_end, media_event
from tldr_ingest.application.ports import ChatFact, MediaFact
from tldr_ingest.application.stream_record import StreamRecord


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes in the transaction at hand, in the lane of the stream being handled."""

    outbox: Outbox
    transaction: Transaction
    organization: str
    lane: int

    async def media(self, record: StreamRecord, facts: Sequence[MediaFact]) -> None:
        """Publish IngestionStarted, SegmentStored, IngestionGapFound."""
        await self._publish(INGESTIONS, record.id, [media_event(record, fact) for fact in facts])

    async def media_ended(self, record: StreamRecord) -> None:
        """Publish IngestionEnded."""
        await self._publish(INGESTIONS, record.id, [media_end(record)])

    async def chat(self, record: StreamRecord, facts: Sequence[ChatFact]) -> None:
        """Publish ChatWindowRead, ChatGapFound."""
        await self._publish(CHAT, record.id, [chat_event(record, fact) for fact in facts])

    async def chat_ended(self, record: StreamRecord) -> None:
        """Publish ChatEnded."""
        await self._publish(CHAT, record.id, [chat_end(record)])

    async def close(self, stream: StreamId) -> None:
        """Let the stream's outbox rows go after the retention."""
        await self.outbox.close(self.transaction, stream)

    async def _publish(self, topic: Topic, stream: StreamId, messages: Sequence[Message]) -> None:
        if messages:
            publications = [Publication(topic, message, self.organization, stream, self.lane) for message in messages]
            await self.outbox.append(self.transaction, *publications)
