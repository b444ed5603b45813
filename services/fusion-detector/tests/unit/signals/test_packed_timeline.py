"""Packed timelines come back as they were, in a third of the memory."""

import pickle

import numpy as np
import pytest

from tldr_fusion_detector.domain.learning.training import LabelledStream, fingerprint
from tldr_fusion_detector.domain.signals.packed_timeline import packed
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline
from tldr_fusion_detector.domain.signals.words import WordCounts


def timeline(counts: tuple[int, ...] = (1, 255, 70_000)) -> Timeline:
    rng = np.random.default_rng(1)
    series = {
        name: rng.normal(size=3600).astype(np.float32).astype(np.float64) for name in ("chat.rate", "audio.crowd")
    }
    series["chat.rate"][7] = np.nan
    words = WordCounts(("a", "b"), np.array([0, 0, 3599]), np.array([0, 1, 1]), np.array(counts))
    return Timeline(3600, series, (Gap(Modality.AUDIO, 4_000, 9_000),), (500,), ((100, 300),), words)


@pytest.mark.parametrize("counts", [(1, 1, 1), (1, 255, 256), (1, 65_536, 2**40)])
def test_every_figure_comes_back(counts: tuple[int, ...]) -> None:
    whole, back = timeline(counts), packed(timeline(counts)).unpacked()
    assert (back.length_s, back.gaps, back.words.words) == (whole.length_s, whole.gaps, whole.words.words)
    for name in whole.series:
        np.testing.assert_array_equal(back.values(name), whole.values(name))
    for part in ("seconds", "indexes", "counts"):
        assert getattr(back.words, part).dtype == np.int64
        np.testing.assert_array_equal(getattr(back.words, part), getattr(whole.words, part))


def test_a_packed_stream_is_the_same_to_learn_from() -> None:
    whole, small = (LabelledStream("str_1", kept, 3600, ()) for kept in (timeline(), packed(timeline())))
    assert fingerprint([small]) == fingerprint([whole])


def test_it_takes_less_than_half_of_the_bytes() -> None:
    assert 2 * len(pickle.dumps(packed(timeline()))) < len(pickle.dumps(timeline()))


def test_a_stream_without_words_or_signals_can_be_packed() -> None:
    back = packed(Timeline(0, {})).unpacked()
    assert (back.series, back.words.words, len(back.words.seconds)) == ({}, (), 0)
