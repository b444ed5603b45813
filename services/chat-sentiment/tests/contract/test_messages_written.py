"""The golden messages of `tldr.chat-signals.v1` are what this service makes of values of its domain."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tldr_chat_sentiment.adapters.announcements_outbox import OutboxAnnouncements
from tldr_chat_sentiment.domain.arrivals.arrival import End, Gap
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Measured, Outcome
from tldr_chat_sentiment.domain.measuring.figures import ChatFigures
from tldr_chat_sentiment.domain.measuring.word_counts import WordCounts
from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_testing import KeepingOutbox

STREAM = StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b")
NAN = float("nan")
FIGURES = ChatFigures(
    first_second=10,
    rate=np.array([2.0, 0.0, 5.0]),
    voices=np.array([2.0, 0.0, 4.0]),
    sentiment=np.array([0.25, NAN, -0.5]),
    hype=np.array([0.5, NAN, 0.75]),
    triumph=np.array([0.0, NAN, 0.125]),
    laughter=np.array([0.0, NAN, 0.25]),
    surprise=np.array([0.0, NAN, 0.5]),
    emotes=np.array([0.125, NAN, 0.375]),
    brevity=np.array([0.0, NAN, 0.625]),
    shouting=np.array([0.0, NAN, 0.25]),
    tokens=np.array([4.0, NAN, 2.5]),
    digits=np.array([0.5, NAN, 0.0]),
    mentions=np.array([0.0, NAN, 0.25]),
    repetition=np.array([0.0, NAN, 0.625]),
    words=WordCounts(
        ("clutch", "gg", "pogchamp"), np.array([10, 10, 12, 12]), np.array([0, 1, 1, 2]), np.array([1, 2, 1, 4])
    ),
)
SAID: dict[str, Outcome] = {
    "measured": Measured(FIGURES, 20_000),
    "gap_found": Gap(60_000, 70_000, "window_unreadable", "The chat of this range could not be read.", 70_000),
    "ended": End(1, 180_000),
}


@pytest.mark.parametrize("fact", SAID)
async def test_the_golden_message_is_produced(fact: str, sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await tell.publish(STREAM, [SAID[fact]])
    (publication,) = shelf.publications
    golden = sample("tldr.chat-signals.v1", fact)
    # Compared as bytes: no NaN equals another.
    assert publication.message.SerializeToString(deterministic=True) == golden.SerializeToString(deterministic=True)
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", STREAM, 37)


async def test_an_end_says_why_where_it_is_a_bad_one() -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    await tell.publish(STREAM, [End(2, 5_000, Failure("source_unreadable", "The chat stopped."))])
    ended = shelf.publications[0].message.ended  # type: ignore[attr-defined]
    assert (ended.attempt, ended.failure.code, ended.failure.reason) == (2, "source_unreadable", "The chat stopped.")
