"""Arrivals become series, gaps and an end, in order."""

from dataclasses import fields
from itertools import permutations

import numpy as np

from tldr_chat_sentiment.domain.arrivals.arrival import LONGEST_WINDOW_MS, End, Gap
from tldr_chat_sentiment.domain.arrivals.measure_in_order import (
    MOST_WORD_BYTES,
    Item,
    Measured,
    Outcome,
    ReadWindow,
    measure_in_order,
)
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_chat_sentiment.domain.sentiment.reading import TextReader

GAP = Gap(20_000, 30_000, "code", "reason", 30_000)


def window(start_s: int, end_s: int, *messages: Message) -> ReadWindow:
    return ReadWindow(1000 * start_s, 1000 * end_s, 1000 * end_s, messages)


def worked(read: TextReader, *items: Item) -> list[Outcome]:
    return list(measure_in_order(items, ChatMemory(), read)[0])


def spans(outcomes: list[Outcome]) -> list[tuple[int, int]]:
    figures = [outcome.figures for outcome in outcomes if isinstance(outcome, Measured)]
    return [(found.first_second, found.first_second + len(found.rate)) for found in figures]


def test_consecutive_windows_are_one_measurement(read: TextReader) -> None:
    (only,) = worked(read, *(window(start, start + 10) for start in range(0, 600, 10)))
    assert isinstance(only, Measured)
    assert spans([only]) == [(0, 600)]
    assert only.complete_until_ms == 600_000


def test_gaps_and_the_end_keep_their_place(read: TextReader) -> None:
    outcomes = worked(read, window(0, 10), window(10, 20), GAP, window(30, 40), End(1, 40_000))
    assert spans(outcomes) == [(0, 20), (30, 40)]
    assert outcomes[1] is GAP
    assert outcomes[3] == End(1, 40_000)


def test_windows_that_do_not_meet_are_measured_apart(read: TextReader) -> None:
    assert spans(worked(read, window(0, 10), window(20, 30))) == [(0, 10), (20, 30)]


def test_a_measurement_covers_no_more_than_an_hour(read: TextReader) -> None:
    half = LONGEST_WINDOW_MS // 2000
    outcomes = worked(read, *(window(start, start + half) for start in range(0, 3 * half, half)))
    assert spans(outcomes) == [(0, 2 * half), (2 * half, 3 * half)]


def test_words_that_are_too_many_for_one_event_are_measured_in_parts(read: TextReader) -> None:
    names = ("".join(letters) for letters in permutations("abcdefgh", 8))
    rush = [Message(1000 * at + n, f"v{at} {n}", next(names)) for at in range(1000) for n in range(40)]
    (whole,) = worked(read, window(0, 500, *rush[: 500 * 40]))
    outcomes = worked(read, window(0, 500, *rush[: 500 * 40]), window(500, 1000, *rush[500 * 40 :]))
    assert spans(outcomes) == [(0, 500), (500, 1000)]
    first, last = outcomes
    assert isinstance(whole, Measured)
    assert isinstance(first, Measured)
    assert isinstance(last, Measured)
    assert (first.complete_until_ms, last.complete_until_ms) == (500_000, 1_000_000)
    assert first.figures.words.words == whole.figures.words.words
    np.testing.assert_array_equal(first.figures.rate, whole.figures.rate)
    assert last.figures.words.seconds.tolist()[::40] == list(range(500, 1000))
    assert max(part.figures.words.size_bytes for part in (first, last)) <= MOST_WORD_BYTES


def test_a_message_outside_its_window_does_not_count_in_the_next_one(read: TextReader) -> None:
    early = Message(15_000, "a", "gg")
    (only,) = worked(read, window(0, 10, early), window(10, 20, Message(15_000, "b", "gg")))
    assert isinstance(only, Measured)
    assert only.figures.rate[15] == 1


def test_the_split_into_calls_does_not_matter(read: TextReader) -> None:
    chat = [Message(at * 700, f"v{at % 3}", ("gg", "LUL", "nice one")[at % 3]) for at in range(100)]
    items = [
        window(start, start + 10, *(m for m in chat if start <= m.at_ms // 1000 < start + 10))
        for start in range(0, 70, 10)
    ]
    (whole,) = worked(read, *items)
    memory, rates = ChatMemory(), []
    for item in items:
        (part,), memory = measure_in_order([item], memory, read)
        assert isinstance(part, Measured)
        rates.append(part.figures.rate)
    assert isinstance(whole, Measured)
    np.testing.assert_array_equal(np.concatenate(rates), whole.figures.rate)


def test_windows_of_two_seconds_measured_one_by_one_give_the_figures_of_long_ones(read: TextReader) -> None:
    says = ("gg", "LUL LUL", "nice one", "NOOOO", "what a goal @ada", "gg")
    chat = [Message(at * 130, f"v{at % 5}", says[at % 6]) for at in range(460)]

    def windows(seconds: int) -> list[Item]:
        return [
            window(start, start + seconds, *(m for m in chat if start <= m.at_ms // 1000 < start + seconds))
            for start in range(0, 60, seconds)
        ]

    (whole,) = worked(read, *windows(10))
    assert isinstance(whole, Measured)
    memory, parts = ChatMemory(), list[Measured]()
    for item in windows(2):
        (part,), memory = measure_in_order([item], memory, read)
        assert isinstance(part, Measured)
        parts.append(part)
    assert [part.complete_until_ms for part in parts] == list(range(2000, 62_000, 2000))
    for name in (field.name for field in fields(whole.figures)):
        together = getattr(whole.figures, name)
        if isinstance(together, np.ndarray):
            apart = np.concatenate([getattr(part.figures, name) for part in parts])
            np.testing.assert_array_equal(apart, together, err_msg=name)
    said = {(part.figures.words.words[word], second, count) for part in parts for second, word, count in _counts(part)}
    assert said == {(whole.figures.words.words[word], second, count) for second, word, count in _counts(whole)}


def _counts(part: Measured) -> list[tuple[int, int, int]]:
    words = part.figures.words
    return list(zip(words.seconds.tolist(), words.indexes.tolist(), words.counts.tolist(), strict=True))
