"""Words are counted by message and second, the same however chat arrives."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.domain.measuring.measure import measure
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_chat_sentiment.domain.measuring.word_counts import MOST_WORDS, WordCounts, count_words
from tldr_chat_sentiment.domain.sentiment.reading import TextReader

LETTERS = "abcdefghij"
Said = list[tuple[int, tuple[str, ...]]]
words_of_a_message = st.sets(st.sampled_from([a + b for a in LETTERS for b in LETTERS]), max_size=24).map(tuple)
said_in_a_minute = st.lists(st.tuples(st.integers(0, 5), words_of_a_message), max_size=60)


def counted(said: Said) -> WordCounts:
    return count_words(np.array([second for second, _ in said], np.int64), [words for _, words in said])


def rows(found: WordCounts) -> list[tuple[int, str, int]]:
    parts = zip(found.seconds, found.indexes, found.counts, strict=True)
    return [(int(second), found.words[index], int(count)) for second, index, count in parts]


def random_chat(seed: int, messages: int, seconds: int) -> list[Message]:
    rng = random.Random(seed)
    texts = ["gg", "what a save", "PogChamp PogChamp", *(f"{a}{b} {b}{a}" for a in LETTERS for b in LETTERS)]
    return [Message(rng.randrange(seconds * 1000), f"v{rng.randrange(40)}", rng.choice(texts)) for _ in range(messages)]


def words_of(chat: Sequence[Message], first: int, end: int, read: TextReader) -> WordCounts:
    return measure(chat, first, end, ChatMemory(), read)[0].words


@given(said_in_a_minute)
def test_a_second_keeps_what_most_messages_say_and_of_equals_the_first_in_the_alphabet(said: Said) -> None:
    expected = []
    for second in range(6):
        counts = Counter(word for at, words in said if at == second for word in words)
        most = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
        expected += [(second, word, counts[word]) for word in sorted(most)]
    found = counted(said)
    assert rows(found) == expected
    assert found.words == tuple(sorted({word for _, word, _ in expected}))


def test_of_a_hundred_words_in_a_second_those_said_most_are_kept() -> None:
    names = [a + b for a in LETTERS for b in LETTERS]
    said: Said = [(3, (name,)) for name in [*names, *names[90:]]]
    expected = [(3, name, 1) for name in names[: MOST_WORDS - 10]] + [(3, name, 2) for name in names[90:]]
    assert rows(counted(said)) == expected


@given(said_in_a_minute, st.randoms(use_true_random=False))
def test_the_order_of_messages_does_not_matter(said: Said, rng: random.Random) -> None:
    assert rows(counted(rng.sample(said, len(said)))) == rows(counted(said))


@given(said_in_a_minute, st.integers(0, 6))
def test_a_part_is_what_was_said_in_it(said: Said, edge: int) -> None:
    part = counted(said).part(edge, 6)
    alone = counted([(second, words) for second, words in said if second >= edge])
    assert (rows(part), part.words) == (rows(alone), alone.words)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), inner=st.sets(st.integers(1, 19), max_size=6))
def test_windows_may_begin_and_end_anywhere(seed: int, inner: set[int]) -> None:
    read, chat = text_reader(), random_chat(seed, 600, 20)
    memory, parts = ChatMemory(), []
    for first, end in pairwise([0, *sorted(inner), 20]):
        figures, memory = measure([m for m in chat if first <= m.at_ms // 1000 < end], first, end, memory, read)
        parts += rows(figures.words)
    assert parts == rows(words_of(chat, 0, 20, read))


def test_a_message_says_a_word_once_and_a_message_that_does_not_count_says_nothing(read: TextReader) -> None:
    chat = [Message(5000, "a", "gg gg"), Message(5100, "b", "GG"), Message(6900, "c", "GGGG wp")]
    assert rows(words_of(chat, 5, 7, read)) == [(5, "g", 2), (6, "g", 1), (6, "wp", 1)]
    copies = [Message(7000 + n, "spammer", "join the giveaway") for n in range(50)]
    assert max(count for _, _, count in rows(words_of(copies, 7, 8, read))) == 1


def test_silence_says_nothing(read: TextReader) -> None:
    assert rows(words_of([], 0, 9, read)) == []
