"""Spans and shares from voiced frames."""

import numpy as np
import pytest

from tldr_video_analysis.domain.figures.figures import Span
from tldr_video_analysis.domain.sound.speech import pauses_and_speech, speech_share

# 30 ms a frame: 2.1 s of speech with a breath of 240 ms and a pause of 600 ms in it.
VOICED = np.array([True] * 20 + [False] * 8 + [True] * 12 + [False] * 20 + [True] * 10)


def test_a_breath_is_no_pause() -> None:
    pauses, speech = pauses_and_speech(VOICED, 0, 300, Span(0, 2100))
    assert pauses == (Span(1200, 1800),)
    assert speech == (Span(0, 1200), Span(1800, 2100))


def test_a_pause_across_the_edge_is_judged_whole_and_cut_off_at_the_edge() -> None:
    pauses, speech = pauses_and_speech(VOICED, 0, 300, Span(1700, 2000))
    assert pauses == (Span(1700, 1800),)
    assert speech == (Span(1800, 2000),)


def test_the_share_counts_the_frames_that_start_in_the_second() -> None:
    share = speech_share(VOICED, np.ones(70, dtype=np.bool_), 0, 0, 3)
    assert share == pytest.approx([26 / 34, 13 / 33, 1.0], abs=1e-6)


def test_frames_without_sound_do_not_count() -> None:
    heard = np.arange(70) < 34
    assert np.isnan(speech_share(VOICED, heard, 0, 0, 2)).tolist() == [False, True]
