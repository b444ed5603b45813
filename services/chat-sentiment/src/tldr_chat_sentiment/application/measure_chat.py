"""Measure what came of a stream's chat, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tldr_chat_sentiment.application.ports import ContentLost, Contents, Measurer, Work
from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, Numbered, Window
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Outcome
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_contracts.ids import StreamId
from tldr_streams.transactions import Transactions

_BATCH_BYTES = 8 << 20
"""About 100,000 messages, a second of work. A batch ends with the window that exceeds it."""


@dataclass(frozen=True, slots=True)
class MeasureChat:
    """Take what is there, measure it, announce it and delete it, until nothing is left.

    Nothing is held open while a batch is being measured. The caller sees to it that one runs at a time for a stream.
    """

    contents: Contents
    measurer: Measurer

    async def __call__(self, wanted: StreamId, transactions: Transactions[Work], *, at_once: Callable[[], int]) -> None:
        """`at_once`: arrivals in a batch, which is a part of the work."""
        while True:
            async with transactions.look() as work:
                stream = await work.streams.lock(wanted)
                waiting = await work.arrivals.head(wanted, at_once()) if stream.active else ()
                memory = await work.streams.memory(wanted)
            if not waiting:
                return
            batch = await self._batch(waiting)
            outcomes, memory = await self.measurer.measure(batch, memory)
            async with transactions.progress() as work:
                await conclude(work, wanted, waiting[len(batch) - 1], outcomes, memory)

    async def _batch(self, waiting: Sequence[Numbered]) -> Sequence[Arrival]:
        batch: list[Arrival] = []
        size = 0
        for one in waiting:
            arrival = one.arrival
            if isinstance(arrival, Window):
                try:
                    content = await self.contents.read(arrival)
                except ContentLost as error:
                    arrival = arrival.gap(error.code, error.reason)
                else:
                    arrival = replace(arrival, content=content)
                    size += len(content)
            batch.append(arrival)
            if size > _BATCH_BYTES:
                break
        return batch


async def conclude(
    work: Work, wanted: StreamId, last: Numbered, outcomes: Sequence[Outcome], memory: ChatMemory | None
) -> None:
    """Announce what became of the arrivals up to `last`, and delete them; unless the stream's work was dropped meanwhile."""
    stream = await work.streams.lock(wanted)
    if not stream.active:
        return
    said: list[Outcome] = []
    for outcome in outcomes:
        stream, told = stream.announce(outcome)
        if told is not None:
            said.append(told)
    await work.announcements.publish(wanted, said)
    await work.streams.put(stream)
    if memory is not None:
        await work.streams.remember(wanted, memory)
    await work.arrivals.remove(wanted, last.number)
