"""Put the chat that a customer pushes into windows."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.live_chat.announce_chat import announce_chat
from tldr_ingest.application.live_chat.ports import PushedMessage
from tldr_ingest.application.live_chat.read_live_chat import NO_CLOCK, LivePace
from tldr_ingest.application.live_chat.take_in_chat import plus
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ChatFact, Shelf, Work
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.chat.message import ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts, ChatReport
from tldr_ingest.domain.chat.windows import MOST_MESSAGES, ChatWindow
from tldr_ingest.domain.media.source import Modality, ReadGap
from tldr_streams.transactions import Transactions

_LONGEST_MS = 10_000


@dataclass(frozen=True, slots=True)
class ReadPushedChat:
    """Announce window by window as the clock goes, up to where picture and sound end; a quiet chat is quiet, not a gap.

    Messages are in the database until the transaction that publishes their window deletes them: a restart loses none.
    """

    shelf: Shelf
    pack: Callable[[ChatWindow], PackedWindow]
    now_ms: Callable[[], int]
    pace: LivePace

    async def __call__(self, reading: Reading, transactions: Transactions[Work]) -> None:
        """To the end of the stream."""
        while True:
            async with transactions.progress() as work:
                record = await work.streams.lock(reading.stream)
                if not record.reads_live_chat(reading.attempt):
                    return
                end = self._due(record)
                messages: Sequence[PushedMessage] = ()
                if end is not None:
                    messages = await work.pushed.until(
                        reading.stream, record.media.wall_zero_ms, end, MOST_MESSAGES + 1
                    )
            if end is None:
                await asyncio.sleep(self._rest_ms(record) / 1000)
            elif await self._publish(reading, record, end, messages, transactions):
                return

    def _rest_ms(self, record: StreamRecord) -> int:
        """How long until the next window may be over: a look costs a transaction."""
        if not record.media.wall_zero_ms:
            return self.pace.window_ms
        over = record.media.wall_zero_ms + record.chat.read_until_ms + self.pace.window_ms + self.pace.grace_ms
        return min(max(over - self.now_ms(), self.pace.tick_ms), self.pace.window_ms)

    def _due(self, record: StreamRecord) -> int | None:
        """Where the next window ends; None where it is not over yet."""
        zero, until = record.media.wall_zero_ms, record.chat.read_until_ms
        stream_end = -(-record.media.read_until_ms // 1000) * 1000
        if not zero:
            return stream_end if record.media_ended else None
        passed = (self.now_ms() - zero - self.pace.grace_ms) // 1000 * 1000
        if record.media_ended and passed >= stream_end:
            return max(min(stream_end, until + _LONGEST_MS), until)
        return min(passed, until + _LONGEST_MS) if passed - until >= self.pace.window_ms else None

    async def _publish(
        self,
        reading: Reading,
        record: StreamRecord,
        end: int,
        messages: Sequence[PushedMessage],
        transactions: Transactions[Work],
    ) -> bool:
        """Whether it was the last one. Nothing is published where a message came or went meanwhile."""
        zero, until = record.media.wall_zero_ms, record.chat.read_until_ms
        window, counts = _window(record, end, messages)
        fact: ChatFact = await self.shelf.put_window(reading.stream, self.pack(window), reading.token)
        if not zero:
            fact = ReadGap(Modality.CHAT, until, end, *NO_CLOCK)
        last = record.media_ended and end >= record.media.read_until_ms
        read = frozenset(message.id for message in messages)
        try:
            async with (transactions.finish if last else transactions.progress)() as work:
                current = await work.streams.lock(reading.stream)
                if not current.reads_live_chat(reading.attempt):
                    return True
                taken = await work.pushed.take(reading.stream, zero, end)
                counts["crowded"] = max(len(taken) - MOST_MESSAGES, 0)
                if taken != read and not counts["crowded"]:
                    raise _Changed
                counts["after_end"] = await work.pushed.drop(reading.stream) if last else 0
                known = plus(current.chat.report.counts if current.chat.report else ChatCounts(), counts)
                current = replace(current, chat=replace(current.chat, report=ChatReport(known)))
                if end > until:
                    current = await announce_chat(work, current, [fact], known)
                if last:
                    await EndReading(work).live_chat(current)
        except _Changed:
            return False
        return last


class _Changed(Exception):
    """What is kept is not what was put into the window."""


def _window(record: StreamRecord, end: int, messages: Sequence[PushedMessage]) -> tuple[ChatWindow, dict[str, int]]:
    zero, until = record.media.wall_zero_ms, record.chat.read_until_ms
    timed = [(message.at_ms(zero), message) for message in messages]
    inside = [
        ChatMessage(at_ms, one.author, one.text, one.emotes) for at_ms, one in timed[:MOST_MESSAGES] if at_ms >= until
    ]
    counts = {
        "messages": len(inside),
        "before_start": sum(at_ms < 0 for at_ms, _ in timed),
        "late": sum(0 <= at_ms < until for at_ms, _ in timed),
    }
    return ChatWindow(record.chat.windows, until, end, tuple(inside)), counts
