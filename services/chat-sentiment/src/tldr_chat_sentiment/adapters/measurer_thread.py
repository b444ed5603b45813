"""Measures in a thread: the event loop goes on while messages are read, and no process is needed for so little work."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tldr_chat_sentiment.adapters.chat_protobuf import messages_of
from tldr_chat_sentiment.application.ports import ContentLost
from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, ObjectPlace, Window
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Item, Outcome, ReadWindow, measure_in_order
from tldr_chat_sentiment.domain.measuring.measure import Read
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory


class MeasuringFailed(Exception):
    """Something unexpected, told by its kind and place alone: what an error says may quote a message."""


@dataclass(frozen=True, slots=True)
class ThreadMeasurer:
    """60,000 to 180,000 messages a second. `reader` is called in the thread, when there is something to read."""

    reader: Callable[[], Read]

    async def measure(self, arrivals: Sequence[Arrival], memory: ChatMemory) -> tuple[Sequence[Outcome], ChatMemory]:
        """See `Measurer.measure`."""
        return await asyncio.to_thread(self._measure, arrivals, memory)

    def _measure(self, arrivals: Sequence[Arrival], memory: ChatMemory) -> tuple[Sequence[Outcome], ChatMemory]:
        try:
            return measure_in_order([_item(arrival) for arrival in arrivals], memory, self.reader())
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            raise MeasuringFailed(f"{type(error).__name__} in {place.name}, line {place.lineno}") from None


def _item(arrival: Arrival) -> Item:
    if not isinstance(arrival, Window):
        return arrival
    if not arrival.measurable:
        return arrival.gap("chat_window_invalid", "A part of the chat has an impossible time.")
    if isinstance(arrival.content, ObjectPlace):
        raise TypeError("a window is measured with its messages, not with their place")
    try:
        messages = tuple(messages_of(arrival.content))
    except ContentLost as lost:
        return arrival.gap(lost.code, lost.reason)
    return ReadWindow(arrival.start_ms, arrival.end_ms, arrival.complete_until_ms, messages)
