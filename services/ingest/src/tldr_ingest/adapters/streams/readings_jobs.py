"""Readings over the service's jobs."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_ingest.application.stream_record import Address, LiveChatKind, StreamRecord
from tldr_jobs import Jobs, NewJob

# Uploads keep a processor busy, addresses mostly wait for somebody else's server: neither holds up the other.
READ_UPLOAD = "read-upload"
READ_ADDRESS = "read-address"
READ_CHAT = "read-chat"
READ_LIVE_CHAT = "read-live-chat"
READ_LIVE = "read-live"
END_LIVE = "end-live"
PURGE = "purge-stream"

SEGMENTS = "segments"
CHAT = "chat"

# A reader that lost its lease learns of it within a third of the lease, and may be storing a segment then.
_PURGE_DELAY = timedelta(seconds=60)


def folder_of(stream: StreamId, part: str) -> str:
    """Where a stream's objects lie: the start of their keys."""
    return f"streams/{stream}/{part}/"


@dataclass(frozen=True, slots=True)
class JobReadings:
    """Asks for readings in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def ask_media(self, record: StreamRecord, delay: timedelta = timedelta()) -> None:
        """One job for each attempt; those of a stream run one at a time. A live source that is waited for is a job that is
        armed again and again, and armed for now when it comes.
        """
        assert record.request  # noqa: S101 - asked for by a request
        if record.live is not None:
            payload = {"attempt": record.attempt, "lane": self.lane}
            key, priority = f"media {record.id}", record.request.priority
            job = NewJob(READ_LIVE, self.organization, record.id, payload, key, priority, delay)
            await self.jobs.arm(self.transaction, job)
            return
        kind = READ_ADDRESS if isinstance(record.request.place, Address) else READ_UPLOAD
        await self._ask(kind, record, f"media {record.id}", record.request.priority)

    async def ask_end(self, record: StreamRecord, delay: timedelta) -> None:
        """The subject is not the stream, since this drops the stream's work."""
        payload = {"stream": record.id, "lane": self.lane}
        job = NewJob(END_LIVE, self.organization, f"end of {record.id}", payload, delay=delay)
        await self.jobs.enqueue(self.transaction, job)

    async def ask_chat(self, record: StreamRecord) -> None:
        """The same for chat."""
        assert record.request  # noqa: S101 - asked for by a request
        await self._ask(READ_CHAT, record, f"chat {record.id}", record.request.priority)

    async def ask_live_chat(self, record: StreamRecord) -> None:
        """The subject is not the stream, so that what is taken back of it need not be this."""
        assert record.request  # noqa: S101 - asked for by a request
        assert record.live_chat  # noqa: S101 - likewise
        payload = {
            "attempt": record.attempt,
            "lane": self.lane,
            "stream": record.id,
            "pushed": record.live_chat.kind is LiveChatKind.PUSH,
        }
        await self.jobs.enqueue(
            self.transaction,
            NewJob(
                READ_LIVE_CHAT,
                self.organization,
                _live_chat_of(record.id),
                payload,
                key=f"chat {record.id}",
                priority=record.request.priority,
            ),
        )

    async def cancel(self, stream: StreamId, *, live_chat: bool = True) -> None:
        """Take back what was asked for a stream."""
        await self.jobs.cancel(self.transaction, stream)
        if live_chat:
            await self.jobs.cancel(self.transaction, _live_chat_of(stream))

    async def purge(self, stream: StreamId, *, chat_only: bool = False) -> None:
        """The subject is not the stream, so that dropping the stream's work does not drop this."""
        parts = [CHAT] if chat_only else [SEGMENTS, CHAT]
        payload = {"stream": stream, "parts": parts}
        await self.jobs.enqueue(
            self.transaction, NewJob(PURGE, self.organization, f"purge {stream}", payload, delay=_PURGE_DELAY)
        )

    async def _ask(self, kind: str, record: StreamRecord, key: str, priority: int) -> None:
        payload = {"attempt": record.attempt, "lane": self.lane}
        await self.jobs.enqueue(
            self.transaction, NewJob(kind, self.organization, record.id, payload, key=key, priority=priority)
        )


def _live_chat_of(stream: StreamId) -> str:
    return f"live chat of {stream}"
