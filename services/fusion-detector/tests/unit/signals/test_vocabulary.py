"""A channel's vocabulary as a value: what two streams taught together, its document, and its series."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.signals.smoothing import gaussian
from tldr_fusion_detector.domain.signals.vocabulary import (
    MOST_STREAMS,
    MOST_WORDS,
    InvalidVocabulary,
    Vocabulary,
    joined,
    read_vocabulary,
)
from tldr_fusion_detector.domain.signals.words import WordCounts

KERNEL = gaussian(4.0, 2.0)

vocabularies = st.builds(
    Vocabulary,
    st.integers(1, MOST_STREAMS),
    st.dictionaries(st.text(min_size=1, max_size=24), st.floats(-9, 9), max_size=8),
)


def _said(length_s: int, *words: str) -> WordCounts:
    """Each word some times a second, by chance."""
    counts = np.random.default_rng(1).poisson(0.5, (length_s, len(words)))
    seconds, indexes = np.nonzero(counts)
    return WordCounts(words, seconds, indexes, counts[seconds, indexes])


def test_what_two_taught_is_the_mean_over_their_streams() -> None:
    both = Vocabulary(1, {"zorp": 0.4, "gone": 0.2}).joined(Vocabulary(3, {"zorp": 0.8, "blick": -0.4}))
    assert both.streams == 4
    assert both.weights == pytest.approx({"blick": -0.3, "gone": 0.05, "zorp": 0.7})
    assert list(both.weights) == ["blick", "gone", "zorp"]


def test_where_one_taught_nothing_the_other_stands() -> None:
    one = Vocabulary(2, {"zorp": 0.4})
    assert joined(one, None) == joined(None, one) == one
    assert joined(None, None) is None


def test_the_words_that_weigh_most_are_kept() -> None:
    light = Vocabulary(1, {f"w{number}": 0.001 * number for number in range(MOST_WORDS)})
    kept = light.joined(Vocabulary(1, {"zorp": -5.0, "blick": 5.0})).weights
    assert len(kept) == MOST_WORDS
    assert {"zorp", "blick"} < set(kept)
    assert not {"w0", "w1"} & set(kept)


def test_old_habits_fade() -> None:
    vocabulary = Vocabulary(MOST_STREAMS, {"old": 1.0})
    for _ in range(2 * MOST_STREAMS):
        vocabulary = vocabulary.joined(Vocabulary(1, {"new": 1.0}))
    assert vocabulary.streams == MOST_STREAMS
    assert vocabulary.weights["old"] < 0.15
    assert vocabulary.weights["new"] > 0.85


def test_it_is_trusted_more_with_every_stream_and_never_wholly() -> None:
    trusts = [Vocabulary(streams, {}).trust for streams in range(1, MOST_STREAMS + 1)]
    assert (trusts[0], trusts[7]) == pytest.approx((1 / 3, 0.8))
    assert trusts == sorted(trusts)
    assert trusts[-1] < 1


@given(vocabularies)
def test_its_document_says_all(vocabulary: Vocabulary) -> None:
    assert read_vocabulary(json.loads(json.dumps(vocabulary.document()))) == vocabulary


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"streams": 1},
        {"weights": {}},
        {"streams": 0, "weights": {}},
        {"streams": MOST_STREAMS + 1, "weights": {}},
        {"streams": 1.5, "weights": {}},
        {"streams": "1", "weights": {}},
        {"streams": 1, "weights": [["zorp", 1.0]]},
        {"streams": 1, "weights": {f"w{number}": 1.0 for number in range(MOST_WORDS + 1)}},
        {"streams": 1, "weights": {"": 1.0}},
        {"streams": 1, "weights": {"z" * 25: 1.0}},
        {"streams": 1, "weights": {"zorp": None}},
        {"streams": 1, "weights": {"zorp": "1"}},
        {"streams": 1, "weights": {"zorp": float("nan")}},
        {"streams": 1, "weights": {"zorp": float("inf")}},
    ],
)
def test_what_is_no_vocabulary_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidVocabulary):
        read_vocabulary(document)


def test_its_series_is_the_weighted_sum_of_root_rates() -> None:
    said = WordCounts(("blick", "zorp"), np.array([50, 50]), np.array([0, 1]), np.array([4, 9]))
    series = Vocabulary(1, {"zorp": 2.0, "blick": -1.0}).series(said, np.array([1.0]), 100)
    assert np.flatnonzero(series).tolist() == [50]
    assert series[50] == pytest.approx(2.0 * 3 - 1.0 * 2)


def test_words_it_does_not_know_say_nothing() -> None:
    assert not Vocabulary(1, {"zorp": 2.0}).series(_said(60, "the", "well"), KERNEL, 60).any()


def test_its_series_does_not_change_when_the_stream_grows() -> None:
    words = tuple(f"w{number:03}" for number in range(150))
    vocabulary = Vocabulary(1, {word: float(np.sin(number)) for number, word in enumerate(words)})
    said, radius = _said(900, *words), len(KERNEL) // 2
    whole = vocabulary.series(said, KERNEL, 900)
    for length_s in (61, 317, 640):
        part = vocabulary.series(said.until(length_s), KERNEL, length_s)
        np.testing.assert_array_equal(part[:-radius], whole[: length_s - radius])
