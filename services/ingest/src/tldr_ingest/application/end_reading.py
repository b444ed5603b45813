"""Picture and sound, or chat, were read to an end: say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_ingest.application.packed_window import quiet_windows
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.chat.report import ChatReport
from tldr_ingest.domain.media.source import ReadGap
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class EndReading:
    """Each method takes a held record that has not ended in its attempt, puts it and gives it back as it is now.

    A chat replay is read when picture and sound have ended: only then is it known which of its messages lie within the
    stream, and what its times mean. A live chat is being read then, and ends by itself.
    """

    work: Work

    async def media(
        self,
        record: StreamRecord,
        failure: Failure | None = None,
        *,
        duration_ms: int = 0,
        gaps: Sequence[ReadGap] = (),
    ) -> StreamRecord:
        """Nothing more of picture and sound. `duration_ms` where the source said it, `gaps` at its end."""
        media = replace(
            record.media,
            read_until_ms=max(record.media.read_until_ms, duration_ms),
            ended_attempt=record.attempt,
            complete=failure is None,
            failure=failure,
        )
        ended = replace(record, media=media)
        await self.work.keys.refuse(record.id)
        await self.work.gaps.add(record.id, gaps)
        await self.work.announcements.media(ended, gaps)
        await self.work.announcements.media_ended(ended)
        if not ended.chat_waits:
            return await self._put(ended)
        if failure is not None and not media.read_until_ms:
            return await self.chat(ended, failure)
        if ended.live_chat is None:
            await self.work.readings.ask_chat(ended)
        return await self._put(ended)

    async def chat(
        self, record: StreamRecord, failure: Failure | None = None, report: ChatReport | None = None
    ) -> StreamRecord:
        """Nothing more of chat is to be read; with a failure it ends at once."""
        known = report or record.chat.report
        chat = replace(record.chat, complete=failure is None, failure=failure, report=known)
        if failure is None:
            return await self._put(replace(record, chat=chat))
        ended = replace(record, chat=replace(chat, ended_attempt=record.attempt))
        await self.work.announcements.chat_ended(ended)
        await self.work.streams.put(ended)
        return ended

    async def live_chat(self, record: StreamRecord, failure: Failure | None = None) -> StreamRecord:
        """Nothing more of a live chat in this attempt. It is complete where picture and sound are: of what a later attempt
        reads of them, there is chat too.
        """
        complete = failure is None and record.media_ended and record.media.complete
        chat = replace(record.chat, complete=complete, failure=failure, ended_attempt=record.attempt)
        ended = replace(record, chat=chat)
        await self.work.announcements.chat_ended(ended)
        await self.work.streams.put(ended)
        return ended

    async def _put(self, record: StreamRecord) -> StreamRecord:
        chat = record.chat
        if chat.complete and record.media_ended and not record.chat_ended:
            quiet = quiet_windows(chat.windows, chat.read_until_ms, record.media.read_until_ms)
            until_ms = quiet[-1].end_ms if quiet else chat.read_until_ms
            chat = replace(
                chat, windows=chat.windows + len(quiet), read_until_ms=until_ms, ended_attempt=record.attempt
            )
            record = replace(record, chat=chat)
            await self.work.announcements.chat(record, quiet)
            await self.work.announcements.chat_ended(record)
        await self.work.streams.put(record)
        return record
