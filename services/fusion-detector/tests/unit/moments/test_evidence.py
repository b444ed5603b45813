"""Fingerprints differ where what they stand for differs, and nowhere else."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.moments.evidence import Evidence, Tampering, of_document, of_figures, of_timeline
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline
from tldr_fusion_detector.domain.signals.words import cut_down

RATE = np.array([1.0, 2.0, np.nan, 4.0])
TIMELINE = Timeline(4, {"chat.rate": RATE, "audio.crowd": RATE}, (Gap(Modality.CHAT, 0, 1000),), (500,), ((0, 400),))
RUN = {"profile": {"weight": 1.0}, "lag": None}
FIGURES = Highlight(0, 2000, 1500, ("goal",), 0.5, 0.6, "A goal", "Chat.", (), (), ())


def _evidence() -> Evidence:
    return Evidence(of_timeline(TIMELINE, RUN), {"hl_1": of_figures(FIGURES)})


def _tampered(timeline: Timeline = TIMELINE, figures: Highlight = FIGURES) -> tuple[Tampering, ...]:
    return _evidence().against(of_timeline(timeline, RUN), "hl_1", figures)


def test_what_is_as_it_was_is_not_named() -> None:
    again = Timeline(4, {"audio.crowd": RATE.copy(), "chat.rate": RATE}, TIMELINE.gaps, (500,), ((0, 400),))
    assert _tampered(again) == ()


@pytest.mark.parametrize("second", range(4))
def test_the_least_change_of_a_stored_sample_is_named(second: int) -> None:
    changed = RATE.copy()
    changed[second] = np.nextafter(np.float32(np.nan_to_num(changed[second])), np.float32(9))
    assert _tampered(replace(TIMELINE, series={"chat.rate": changed, "audio.crowd": RATE})) == (
        Tampering("chat.rate", "was changed after the run"),
    )


def test_series_that_are_gone_or_new_are_named() -> None:
    timeline = replace(TIMELINE, series={"chat.rate": RATE, "chat.hype": RATE})
    assert _tampered(timeline) == (
        Tampering("audio.crowd", "is missing"),
        Tampering("chat.hype", "was added after the run"),
    )


def test_gaps_marks_words_and_figures_are_named() -> None:
    assert _tampered(replace(TIMELINE, gaps=()))[0] == Tampering("gaps", "is missing")
    assert _tampered(replace(TIMELINE, cuts_ms=(600,)))[0] == Tampering("marks", "was changed after the run")
    said = cut_down(("gg",), np.array([1]), np.array([0]), np.array([3]))
    assert _tampered(replace(TIMELINE, words=said)) == (Tampering("words", "was added after the run"),)
    changed = replace(FIGURES, confidence=0.61)
    assert _tampered(figures=changed) == (Tampering("highlight", "was changed after the run"),)
    stranger = _evidence().against(of_timeline(TIMELINE, RUN), "hl_2", FIGURES)
    assert stranger == (Tampering("highlight", "was added after the run"),)


def test_a_document_is_the_same_after_a_database_wrote_its_numbers_in_its_own_way() -> None:
    written = {"a": -0.0, "b": 1e22, "c": [0.1, 5], "d": None}
    read = json.loads('{"d": null, "c": [0.1, 5.0], "b": 10000000000000000000000, "a": 0.0}')
    assert of_document(written) == of_document(read)
    assert of_document({**written, "a": 1e-300}) != of_document(read)
    assert of_document({**written, "new": None}) == of_document(read)


def test_what_the_profile_does_not_ask_for_matters_only_where_the_lag_is_found_in_it(gaming: Profile) -> None:
    odd = Tampering("telemetry.kills", "was added after the run")
    assert not odd.matters(gaming, Mode.RECORDED)
    assert odd.matters(gaming, Mode.LIVE)
    for name in (gaming.signals[0], "chat.rate", "model.action", "gaps", "run", "highlight"):
        assert Tampering(name, "").matters(gaming, Mode.RECORDED), name
