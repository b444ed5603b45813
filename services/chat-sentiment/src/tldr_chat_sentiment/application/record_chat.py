"""Something came of a stream's chat."""

from dataclasses import dataclass

from tldr_chat_sentiment.application.ports import Work
from tldr_chat_sentiment.domain.arrival import Arrival
from tldr_contracts.ids import StreamId


@dataclass(frozen=True, slots=True)
class RecordChat:
    """Keep what came in its order, and ask that it is measured."""

    work: Work

    async def __call__(self, wanted: StreamId, arrival: Arrival) -> None:
        """Record one arrival; what came before or too late changes nothing."""
        stream, added = (await self.work.streams.take(wanted)).admit(arrival)
        if not added:
            return
        await self.work.streams.put(stream)
        await self.work.arrivals.append(wanted, added)
        if stream.works:
            await self.work.measuring.ask(stream)

    async def in_place_of(self, wanted: StreamId, lost: Arrival, code: str, reason: str) -> None:
        """The same for an arrival that could not be kept: a window is a gap then, and an end is a bad one."""
        stream = await self.work.streams.take(wanted)
        replacement = stream.give_up(lost, code, reason)
        index = getattr(lost, "index", None)
        if index is not None and index <= stream.last_index:
            return
        await self(wanted, replacement)
