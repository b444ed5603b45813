"""Something came of a stream's chat."""

from dataclasses import dataclass

from tldr_chat_sentiment.application.ports import Work
from tldr_chat_sentiment.domain.arrivals.arrival import Arrival
from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class RecordChat:
    """Keep what came in its order, and ask that it is measured."""

    work: Work

    async def __call__(self, wanted: StreamId, arrival: Arrival, lost: Failure | None = None) -> None:
        """Record one arrival; what came before or too late changes nothing. `lost`: see `ChatStream.admit`."""
        stream, added = (await self.work.streams.lock(wanted)).admit(arrival, lost)
        if not added:
            return
        await self.work.streams.put(stream)
        await self.work.arrivals.append(wanted, added)
        if stream.active:
            await self.work.measuring.ask(stream)
