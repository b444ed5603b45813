"""Jobs: streams to read, objects to delete."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_ingest.adapters.streams.readings_jobs import (
    END_LIVE,
    PURGE,
    READ_ADDRESS,
    READ_CHAT,
    READ_LIVE,
    READ_LIVE_CHAT,
    READ_UPLOAD,
    folder_of,
)
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.give_up_reading import GiveUpReading
from tldr_ingest.application.live.read_live import ReadLive
from tldr_ingest.application.live.stopping import StopLive
from tldr_ingest.application.live_chat.read_live_chat import ReadLiveChat
from tldr_ingest.application.live_chat.read_pushed_chat import ReadPushedChat
from tldr_ingest.application.read_chat import ReadChat
from tldr_ingest.application.read_media import ReadMedia
from tldr_ingest.application.reading import Reading
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_storage import ObjectStore, bucket_of
from tldr_streams.transactions import Transactions

# A source that fails three times in a row without a segment in between has failed; trouble of our own is waited out longer.
_SOURCE_TRIES = 3
_TRIES = 8
_LEASE = timedelta(seconds=15)
# A live chat looks at its stream every few seconds.
_LIVE_LIMIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service. `limit`: the longest a reading may go on without a segment or a window."""

    work: WorkFactory
    media: Callable[[str], ReadMedia]
    live: Callable[[str], ReadLive]
    chat: Callable[[str], ReadChat]
    live_chat: Callable[[str], ReadLiveChat]
    pushed_chat: Callable[[str], ReadPushedChat]
    objects: ObjectStore
    live_chats_at_once: int
    uploads_at_once: int
    addresses_at_once: int
    live_at_once: int
    chats_at_once: int
    spare: int
    limit: timedelta

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        readers = (
            (READ_UPLOAD, self.read_media, self.media_failed, self.uploads_at_once),
            (READ_ADDRESS, self.read_media, self.media_failed, self.addresses_at_once),
            (READ_LIVE, self.read_live, self.media_failed, self.live_at_once),
            (READ_CHAT, self.read_chat, self.chat_failed, self.chats_at_once),
        )
        return (
            *(
                Worker(
                    kind,
                    handle,
                    failed,
                    concurrency=at_once,
                    spare=self.spare,
                    lease=_LEASE,
                    attempts=_TRIES,
                    limit=self.limit,
                )
                for kind, handle, failed, at_once in readers
            ),
            Worker(
                READ_LIVE_CHAT,
                self.read_live_chat,
                self.live_chat_failed,
                concurrency=self.live_chats_at_once,
                lease=_LEASE,
                attempts=_TRIES,
                limit=_LIVE_LIMIT,
            ),
            Worker(END_LIVE, self.end_live, self.end_live_failed, attempts=20),
            Worker(PURGE, self.purge, self.purge_failed, attempts=20),
        )

    async def read_media(self, job: RunningJob) -> None:
        """Read picture and sound."""
        await self.media(job.organization)(_reading(job), Transactions.of(job, self.work))

    async def read_live(self, job: RunningJob) -> None:
        """Read a live stream; whatever it gives, gaps too, is progress, so that it may go on for days."""
        await self.live(job.organization)(_reading(job), Transactions.of(job, self.work))

    async def end_live(self, job: RunningJob) -> None:
        """A live stream was stopped a while ago."""
        async with job.finish() as transaction:
            work = self.work(transaction, job.organization, job.payload["lane"])
            await StopLive(work).at_last(StreamId(job.payload["stream"]))

    async def end_live_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """Nothing is told: the reading goes on, or has ended."""

    async def read_chat(self, job: RunningJob) -> None:
        """Read chat."""
        await self.chat(job.organization)(_reading(job), Transactions.of(job, self.work))

    async def read_live_chat(self, job: RunningJob) -> None:
        """Read chat as it is written, or as it is pushed, for as long as the stream is live."""
        of = self.pushed_chat if job.payload["pushed"] else self.live_chat
        await of(job.organization)(_live_reading(job), Transactions.of(job, self.work))

    async def media_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """Say that it could not be read."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        await GiveUpReading(work).media(StreamId(job.subject), job.payload["attempt"])

    async def chat_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The same of chat."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        await GiveUpReading(work).chat(StreamId(job.subject), job.payload["attempt"])

    async def live_chat_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The same of live chat."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        await GiveUpReading(work).chat(StreamId(job.payload["stream"]), job.payload["attempt"])

    async def purge(self, job: RunningJob) -> None:
        """Delete objects made of a stream."""
        for part in job.payload["parts"]:
            await self.objects.delete(bucket_of(job.organization), folder_of(job.payload["stream"], part))

    async def purge_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """Nothing is told: the sweep of what was kept long enough deletes them as well."""


def _reading(job: RunningJob) -> Reading:
    # Tokens are counted for each job; another attempt of the stream is another job.
    token = f"{job.id}-{job.token}"
    return Reading(StreamId(job.subject), job.payload["attempt"], token, last_try=job.attempt >= _SOURCE_TRIES)


def _live_reading(job: RunningJob) -> Reading:
    token = f"{job.id}-{job.token}"
    return Reading(StreamId(job.payload["stream"]), job.payload["attempt"], token, last_try=job.attempt >= _TRIES)
