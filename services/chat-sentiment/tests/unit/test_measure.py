"""Windows of chat become series."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.domain.measuring.measure import measure
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_contracts.signals import published_by

NAMES = [signal.field for signal in published_by("chat-sentiment")]
PASTED = "join the great giveaway of the year at our place today"
TEXTS = ["LUL", "PogChamp PogChamp", "nice one", "what a save!", "??", PASTED, "gg", "@viewer_3 12 times", "OH MY GOD"]


def one_window(chat: Sequence[Message], seconds: int, read: TextReader) -> dict[str, np.ndarray]:
    return measure(chat, 0, seconds, ChatMemory(), read)[0].series()


def random_chat(seed: int, messages: int, seconds: int) -> list[Message]:
    rng = random.Random(seed)
    return [
        Message(rng.randrange(seconds * 1000), rng.choice(["", "", *(f"v{n}" for n in range(8))]), rng.choice(TEXTS))
        for _ in range(messages)
    ]


def windows(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    return pairwise(edges)


def test_every_published_series_is_there_for_every_second(read: TextReader) -> None:
    series = one_window([Message(1500, "a", "hello")], 4, read)
    assert set(series) == {signal.name for signal in published_by("chat-sentiment")}
    assert all(values.shape == (4,) and values.dtype == np.float64 for values in series.values())


def test_a_quiet_second_has_no_messages_and_says_nothing_else(read: TextReader) -> None:
    series = one_window([], 3, read)
    assert series["chat.rate"].tolist() == series["chat.voices"].tolist() == [0, 0, 0]
    assert all(np.isnan(series[f"chat.{name}"]).all() for name in NAMES[2:])


def test_shares_are_of_the_messages_of_their_second(read: TextReader) -> None:
    chat = [
        Message(0, "a", "POGGERS"),
        Message(10, "b", "haha nice one"),
        Message(20, "c", "@a 12"),
        Message(999, "d", "OMG WHAT IS THAT"),
        Message(1000, "a", "hello"),
    ]
    series = one_window(chat, 2, read)
    first = {name: series[f"chat.{name}"][0] for name in NAMES}
    assert first["rate"] == first["voices"] == 4
    assert first["hype"] == 0.5
    assert first["laughter"] == first["surprise"] == first["digits"] == first["mentions"] == first["shouting"] == 0.25
    assert first["emotes"] == 0.1
    assert first["tokens"] == 2.5
    assert first["repetition"] == 0
    assert first["triumph"] == 0
    assert first["brevity"] == 0.5
    assert series["chat.rate"][1] == 1


def test_sentiment_is_the_mean_of_the_messages(read: TextReader) -> None:
    series = one_window([Message(0, "a", "good"), Message(1, "b", "terrible"), Message(2, "c", "map")], 1, read)
    expected = (read("good").sentiment + read("terrible").sentiment) / 3
    assert series["chat.sentiment"][0] == pytest.approx(expected, abs=1e-12)


def test_one_voice_with_many_messages_is_one_voice(read: TextReader) -> None:
    chat = [Message(0, "a", "gg"), Message(10, "a", "nice"), Message(20, "", "gg"), Message(30, "", "gg")]
    assert one_window(chat, 1, read)["chat.voices"][0] == 3


def test_a_crowd_repeating_itself_is_agreement(read: TextReader) -> None:
    series = one_window([Message(at, f"v{at}", "LUL") for at in range(10)], 1, read)
    assert series["chat.rate"][0] == 10
    assert series["chat.repetition"][0] == 0.9


@pytest.mark.parametrize("spammers", [3, 4, 5])
@pytest.mark.parametrize("pasted", [PASTED, "BUY GOLD NOW", "FREE SKINS free-skins.shop {n}"])
def test_a_spam_wave_of_few_hardly_moves_rate_and_voices(spammers: int, pasted: str, read: TextReader) -> None:
    quiet = [Message(at * 700, f"v{at % 40}", f"{TEXTS[at % 3]} {'abcdefghij'[at % 10] * 2}") for at in range(85)]
    wave = [Message(20_000 + n * 50, f"s{n % spammers}", pasted.format(n=n)) for n in range(300)]
    before, after = one_window(quiet, 60, read), one_window(quiet + wave, 60, read)
    added = after["chat.rate"] - before["chat.rate"]
    assert added.sum() <= spammers
    assert (after["chat.voices"] - before["chat.voices"]).sum() <= spammers


def test_a_spam_wave_of_ever_new_texts_counts_three_times_for_each_voice_and_then_rarely(read: TextReader) -> None:
    words = ["".join(random.Random(n).sample("abcdefghijklmnop", 9)) for n in range(300)]
    wave = [Message(n * 50, f"s{n % 4}", words[n]) for n in range(300)]
    rate = one_window(wave, 15, read)["chat.rate"]
    assert rate.sum() <= 4 * 4
    assert rate[2:10].sum() == 0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), inner=st.sets(st.integers(1, 69), max_size=12), messages=st.integers(0, 400))
def test_windows_may_begin_and_end_anywhere(seed: int, inner: set[int], messages: int) -> None:
    read, chat = text_reader(), random_chat(seed, messages, 70)
    whole, whole_memory = measure(chat, 0, 70, ChatMemory(), read)
    memory, parts = ChatMemory(), []
    for first, end in windows([0, *sorted(inner), 70]):
        part, memory = measure([m for m in chat if first <= m.at_ms // 1000 < end], first, end, memory, read)
        memory = ChatMemory.from_bytes(memory.to_bytes())
        parts.append(part.series())
    for name, values in whole.series().items():
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), values)
    assert memory == whole_memory


def test_windows_may_begin_anywhere_in_a_flood_that_memory_cannot_hold(read: TextReader) -> None:
    chat = random_chat(5, 12_000, 30)
    whole, _ = measure(chat, 0, 30, ChatMemory(), read)
    memory, rates = ChatMemory(), []
    for second in range(30):
        part, memory = measure([m for m in chat if m.at_ms // 1000 == second], second, second + 1, memory, read)
        rates.append(part.rate[0])
    assert rates == whole.rate.tolist()


def test_the_order_of_arrival_does_not_matter(read: TextReader) -> None:
    chat = random_chat(3, 300, 20)
    shuffled = random.Random(4).sample(chat, len(chat))
    expected = one_window(chat, 20, read)
    for name, values in one_window(shuffled, 20, read).items():
        np.testing.assert_array_equal(values, expected[name])


def test_what_lies_outside_the_window_and_what_has_no_text_is_left_out(read: TextReader) -> None:
    chat = [Message(4999, "a", "gg"), Message(5000, "b", "gg"), Message(7000, "c", "gg"), Message(6000, "d", "  ")]
    figures, _ = measure(chat, 5, 7, ChatMemory(), read)
    assert figures.rate.tolist() == [1, 0]


def test_an_empty_range_is_refused(read: TextReader) -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        measure([], 5, 5, ChatMemory(), read)
