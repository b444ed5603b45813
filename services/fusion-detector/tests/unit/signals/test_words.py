"""Words of chat in the timeline: pieces in any order, gaps, and what breaks the rules."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr_fusion_detector.adapters.signals.words_protobuf import packed, unpacked, word_piece
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline, assemble
from tldr_fusion_detector.domain.signals.words import MOST_WORDS, WordCounts, WordPiece, cut_down, merge

Row = tuple[int, str, int]


def said(*rows: Row) -> WordCounts:
    words = sorted({word for _, word, _ in rows})
    columns = np.array(sorted((second, words.index(word), count) for second, word, count in rows), np.int64)
    return WordCounts(tuple(words), *columns.reshape(-1, 3).T)


def rows(counts: WordCounts) -> list[Row]:
    assert list(counts.words) == sorted({counts.words[index] for index in counts.indexes}), "sorted, and all in use"
    parts = zip(counts.seconds, counts.indexes, counts.counts, strict=True)
    return [(int(second), counts.words[index], int(count)) for second, index, count in parts]


def message(words: list[str], seconds: list[int], indexes: list[int], counts: list[int], start_s: int = 0) -> WordPiece:
    found = word_piece(
        chat_signals_pb2.WordCounts(start_s=start_s, words=words, seconds=seconds, word_indexes=indexes, counts=counts)
    )
    assert found is not None
    return found


pieces_of_a_stream = st.lists(
    st.builds(
        lambda start, counts: WordPiece(start, said(*((start + at, word, n) for (at, word), n in counts.items()))),
        st.integers(0, 8),
        st.dictionaries(st.tuples(st.integers(0, 4), st.sampled_from("abcd")), st.integers(1, 9), max_size=8),
    ),
    max_size=6,
)


@given(pieces_of_a_stream, st.randoms(use_true_random=False))
def test_pieces_give_the_same_words_in_any_order_and_when_repeated(pieces: list[WordPiece], rng: random.Random) -> None:
    expected = rows(merge(pieces, 10))
    assert rows(merge([*rng.sample(pieces, len(pieces)), *pieces], 10)) == expected
    assert all(0 <= second < 10 for second, _, _ in expected)


def test_a_second_that_came_twice_is_the_later_piece_s_as_a_whole() -> None:
    early = WordPiece(0, said((0, "gg", 1), (1, "gg", 2), (1, "wp", 3)))
    late = WordPiece(1, said((1, "lol", 4), (2, "gg", 5)))
    assert rows(merge([late, early], 3)) == [(0, "gg", 1), (1, "lol", 4), (2, "gg", 5)]


def test_a_second_in_which_a_later_piece_heard_nothing_stays() -> None:
    pieces = [WordPiece(0, said((0, "gg", 1), (1, "gg", 2))), WordPiece(0, said((0, "wp", 7)))]
    assert rows(merge(pieces, 2)) == [(0, "wp", 7), (1, "gg", 2)]


def test_words_beyond_the_stream_are_dropped_with_their_seconds() -> None:
    whole = merge([WordPiece(0, said((0, "gg", 1), (5, "late", 1)))], 5)
    assert rows(whole) == [(0, "gg", 1)]
    assert rows(whole.until(0)) == rows(merge([], 5)) == []


def test_a_timeline_as_it_was_known_earlier_says_what_had_been_said() -> None:
    timeline = assemble(6, [], words=said((1, "gg", 1), (3, "later", 1)))
    assert rows(timeline.until(3).words) == [(1, "gg", 1)]


def test_words_in_a_gap_of_chat_do_not_count_and_gaps_of_others_hide_none() -> None:
    words = said((0, "a", 1), (1, "b", 1), (2, "c", 1), (3, "d", 1))
    timeline = Timeline(4, {}, (Gap(Modality.CHAT, 1500, 3400), Gap(Modality.AUDIO, 0, 4000)), words=words)
    assert rows(timeline.words) == [(0, "a", 1), (3, "d", 1)]
    assert rows(timeline.until(2).words) == [(0, "a", 1)]


def test_words_outside_the_timeline_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        Timeline(5, {}, words=said((5, "a", 1)))


def test_what_keeps_the_rules_comes_through_and_is_stored_as_it_is() -> None:
    piece = message(["gg", "wp"], [0, 0, 2], [0, 1, 1], [3, 1, 2], start_s=40)
    assert (piece.start_s, rows(piece.said)) == (40, [(40, "gg", 3), (40, "wp", 1), (42, "wp", 2)])
    again = unpacked(packed(piece))
    assert (again.start_s, rows(again.said)) == (piece.start_s, rows(piece.said))


def test_what_breaks_a_rule_is_left_out_and_the_rest_stays() -> None:
    words = ["zz", "x" * 25, "", "gg", "gg"]
    assert rows(
        message(words, [0, 1, 2, 3, 4, 5, -1, 6, 7], [0, 1, 2, 3, 9, -1, 0, 0], [1, 1, 1, 1, 1, 1, 1, 0]).said
    ) == [
        (0, "zz", 1),
        (3, "gg", 1),
    ]
    assert rows(message(["b", "a", "b"], [1, 0, 1, 1], [0, 1, 2, 0], [2, 1, 5, 3]).said) == [(0, "a", 1), (1, "b", 5)]


def test_a_second_has_at_most_so_many_words() -> None:
    names = [f"{first}{second}" for first in "abcdefghij" for second in "abcdefghij"]
    piece = message(names, [0] * 100, list(range(100)), [2 if index >= 90 else 1 for index in range(100)])
    assert [word for _, word, _ in rows(piece.said)] == [*names[: MOST_WORDS - 10], *names[90:]]


@pytest.mark.parametrize("start_s", [-1, 2**31, 2**62])
def test_words_of_an_impossible_time_are_no_words(start_s: int) -> None:
    assert word_piece(chat_signals_pb2.WordCounts(start_s=start_s, words=["a"], seconds=[0], counts=[1])) is None


numbers = st.lists(st.integers(-(2**31), 2**31 - 1) | st.integers(-1, 4), max_size=12)


@given(st.lists(st.text(max_size=30), max_size=4), numbers, numbers, numbers)
def test_nothing_that_is_cut_down_breaks_a_rule(words: list[str], a: list[int], b: list[int], c: list[int]) -> None:
    found = cut_down(words, *(np.array(column, np.int64) for column in (a, b, c)))
    kept = rows(found)
    assert [(second, word) for second, word, _ in kept] == sorted({(second, word) for second, word, _ in kept})
    assert all(count > 0 and second >= 0 and 0 < len(word) <= 24 for second, word, count in kept)
    assert max(Counter(second for second, _, _ in kept).values(), default=0) <= MOST_WORDS
