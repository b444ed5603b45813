"""Chat that cannot be measured, however often it is tried."""

from dataclasses import dataclass

from tldr_chat_sentiment.application.measure_chat import conclude
from tldr_chat_sentiment.application.ports import Work
from tldr_chat_sentiment.domain.arrivals.arrival import Window
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Outcome
from tldr_contracts.ids import StreamId

_CODE = "chat_not_measured"
_REASON = "A part of the chat could not be measured. What was written in it is not counted."


@dataclass(frozen=True, slots=True)
class GiveUpChat:
    """Announce a gap for the window at the head, and go on behind it."""

    work: Work

    async def __call__(self, wanted: StreamId) -> None:
        """Give the head up; the last attempts tried nothing else."""
        stream = await self.work.streams.lock(wanted)
        head = await self.work.arrivals.head(wanted, 1) if stream.active else ()
        if not head:
            return
        arrival = head[0].arrival
        outcome: Outcome = arrival.gap(_CODE, _REASON) if isinstance(arrival, Window) else arrival
        await conclude(self.work, wanted, head[0], (outcome,), None)
        await self.work.measuring.ask(stream)
