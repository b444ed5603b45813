"""Measures arrivals in order: consecutive windows become one set of series, gaps and the end pass on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tldr_chat_sentiment.domain.arrivals.arrival import LONGEST_WINDOW_MS, End, Gap
from tldr_chat_sentiment.domain.measuring.figures import ChatFigures
from tldr_chat_sentiment.domain.measuring.measure import Read, measure
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message

MOST_WORD_BYTES: Final = 600_000
"""Of the words of one measurement, which travels as one event of at most 900 kB; half an hour of the busiest chats."""


@dataclass(frozen=True, slots=True)
class ReadWindow:
    """The messages of [start_ms, end_ms); those outside of it are left out."""

    start_ms: int
    end_ms: int
    complete_until_ms: int
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Series of consecutive windows. Chat is complete up to `complete_until_ms`."""

    figures: ChatFigures
    complete_until_ms: int


Item = ReadWindow | Gap | End
Outcome = Measured | Gap | End


def measure_in_order(items: Iterable[Item], memory: ChatMemory, read: Read) -> tuple[Sequence[Outcome], ChatMemory]:
    """What is to be announced, in order, and the memory for what follows.

    How items are split into calls changes nothing but how many seconds one `Measured` covers: at most an hour, and less
    where so many different words are said that they would be too large.
    """
    outcomes: list[Outcome] = []
    for part in _parts(items):
        if isinstance(part, list):
            messages = [message for window in part for message in _inside(window)]
            first, end = part[0].start_ms // 1000, -(-part[-1].end_ms // 1000)
            figures, memory = measure(messages, first, end, memory, read)
            outcomes += _measured(figures, max(part[-1].end_ms, part[-1].complete_until_ms))
        else:
            outcomes.append(part)
    return outcomes, memory


def _measured(figures: ChatFigures, until_ms: int) -> Iterator[Measured]:
    first, seconds = figures.first_second, len(figures.rate)
    if figures.words.size_bytes <= MOST_WORD_BYTES or seconds == 1:
        yield Measured(figures, until_ms)
        return
    half = first + seconds // 2
    yield from _measured(figures.part(first, half), 1000 * half)
    yield from _measured(figures.part(half, first + seconds), until_ms)


def _parts(items: Iterable[Item]) -> Iterator[list[ReadWindow] | Gap | End]:
    run: list[ReadWindow] = []
    for item in items:
        if run and not (isinstance(item, ReadWindow) and _continues(run, item)):
            yield run
            run = []
        if isinstance(item, ReadWindow):
            run.append(item)
        else:
            yield item
    if run:
        yield run


def _continues(run: Sequence[ReadWindow], window: ReadWindow) -> bool:
    return window.start_ms == run[-1].end_ms and window.end_ms - run[0].start_ms <= LONGEST_WINDOW_MS


def _inside(window: ReadWindow) -> Iterator[Message]:
    return (message for message in window.messages if window.start_ms <= message.at_ms < window.end_ms)
