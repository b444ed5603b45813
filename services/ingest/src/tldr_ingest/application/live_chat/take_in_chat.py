"""Take in chat that a customer pushes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_ingest.application.live_chat.ports import PushedMessage
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import LiveChatKind, StreamRecord
from tldr_ingest.domain.chat.report import ChatCounts, ChatReport

MOST_WAITING = 100_000
"""Of one stream; what is beyond is left out and counted."""
# No stream is longer; a time beyond is none in the stream.
_LATEST_MS = 48 * 3_600_000
# Clocks differ, and a figure that lies ahead is held until its time: not for hours.
_AHEAD_MS = 120_000


@dataclass(frozen=True, slots=True)
class TakeInChat:
    """Keep messages until their window is published, each id once. In the transaction of the handler, under the stream's lock.

    Those of a stream that was not heard of yet are kept: the word of it may come later.
    """

    work: Work
    most: int = MOST_WAITING

    async def __call__(
        self, stream: StreamId, messages: Sequence[PushedMessage], deleted: Sequence[str], received_ms: int
    ) -> None:
        """`messages` before `deleted`: ids that are taken back, also of messages that come later. `received_ms`: when they
        were sent to us.
        """
        record = await self.work.streams.lock(stream)
        if not _takes(record):
            return
        counted: Counter[str] = Counter()
        pushed = self.work.pushed
        ids = dict.fromkeys(message.id for message in messages)
        fresh = await pushed.fresh(stream, [*ids, *(one for one in deleted if one not in ids)])
        by_id = {message.id: message for message in reversed(messages)}
        gone = frozenset(deleted)
        room = self.most - await pushed.waiting(stream, self.most)
        kept: list[PushedMessage] = []
        for id in ids:
            if id not in fresh:
                continue
            reason = "taken_back" if id in gone else _left_out(by_id[id], record, received_ms)
            if reason is None and len(kept) >= room:
                reason = "crowded"
            if reason is None:
                kept.append(by_id[id])
            else:
                counted[reason] += 1
        await pushed.keep(stream, kept)
        counted["taken_back"] += await pushed.take_back(stream, [one for one in gone if one not in fresh])
        await self._count(record, counted)

    async def lost(self, stream: StreamId, number: int) -> None:
        """Messages that could not be kept: they are counted as such."""
        record = await self.work.streams.lock(stream)
        if _takes(record):
            await self._count(record, Counter(unreadable=number))

    async def _count(self, record: StreamRecord, counted: Counter[str]) -> None:
        more = {name: number for name, number in counted.items() if number}
        if more and record.request is not None:
            report = record.chat.report or ChatReport()
            await self.work.streams.put(
                replace(record, chat=replace(record.chat, report=replace(report, counts=plus(report.counts, more))))
            )


def plus(counts: ChatCounts, more: dict[str, int]) -> ChatCounts:
    """Counts with some of them larger."""
    return replace(counts, **{name: getattr(counts, name) + number for name, number in more.items()})


def _takes(record: StreamRecord) -> bool:
    if record.over or record.chat.complete:
        return False
    return record.request is None or (record.live_chat is not None and record.live_chat.kind is LiveChatKind.PUSH)


def _left_out(message: PushedMessage, record: StreamRecord, received_ms: int) -> str | None:
    """The count that a message belongs to which is in no window."""
    zero = record.media.wall_zero_ms
    if not message.text.strip():
        return "other"
    if message.stream_ms is None and message.wall_ms is None:
        return "unreadable"
    if message.stream_ms is None and not zero:
        return "impossible" if abs((message.wall_ms or 0) - received_ms) > _LATEST_MS else None
    return _out_of_place(message.at_ms(zero), record, received_ms - zero + _AHEAD_MS if zero else _LATEST_MS)


def _out_of_place(at_ms: int, record: StreamRecord, latest_ms: int) -> str | None:
    if at_ms < 0:
        return "before_start"
    if at_ms < record.chat.read_until_ms:
        return "late"
    return "impossible" if at_ms > min(latest_ms, _LATEST_MS) else None
