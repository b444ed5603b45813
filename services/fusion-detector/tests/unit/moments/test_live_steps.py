"""Live detection in steps gives what detection of the whole gives, bit for bit."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tldr_fusion_detector.domain.learning.training import LabelledStream
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import Highlight, detect
from tldr_fusion_detector.domain.moments.live_detection import LiveDetection, detect_further, reads_from_s
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.profile.profile import FusionMode, HighlightType, Profile
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline
from tldr_fusion_detector.domain.signals.vocabulary import Vocabulary
from tldr_fusion_detector.domain.signals.words import WordCounts

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]
Talks = Callable[..., list[LabelledStream]]

TAUGHT = Vocabulary(3, {"zorp": 0.5, "well": -0.05})


def _steps(by: ScoredBy, stream: Timeline, until_s: Iterator[int], rng: random.Random) -> Iterator[LiveDetection]:
    """Looks at a stream where it is complete up to some second; most see a little more, of picture alone."""
    state, last_s = LiveState(), 0
    for known_s in [*until_s, stream.length_s]:
        ended = known_s == stream.length_s
        seen_s = known_s if ended else min(known_s + rng.randint(0, 25), stream.length_s)
        start_s = reads_from_s(by, state, known_s, ended=ended)
        part = _without_late(stream.until(seen_s), known_s).since(start_s)
        found = detect_further(by, state, part, known_s, ended=ended)
        yield found
        state, last_s = found.state, known_s
    assert last_s == stream.length_s


def _without_late(stream: Timeline, known_s: int) -> Timeline:
    """Chat and sound are known up to a second only."""
    series = {name: values.copy() for name, values in stream.series.items()}
    for name, values in series.items():
        if not name.startswith("video"):
            values[known_s:] = np.nan
    return replace(stream, series=series, words=stream.words.until(known_s))


def _points(rng: random.Random, length_s: int, most_s: int) -> Iterator[int]:
    at = 0
    while (at := at + rng.randint(1, most_s)) < length_s:
        yield at


def _check(by: ScoredBy, stream: Timeline, rng: random.Random, most_s: int = 90) -> tuple[list[Highlight], int]:
    whole = detect(
        stream, by.profile, mode=Mode.LIVE, vocabulary=by.vocabulary, scorer=by.scorer, calibration=by.calibration
    )
    final: list[Highlight] = []
    early, scores = 0, []
    for found in _steps(by, stream, _points(rng, stream.length_s, most_s), rng):
        early = len(final)
        final += found.final
        scores.append(found.settled)
    np.testing.assert_array_equal(np.concatenate([*scores, found.tail]), whole.scores)
    assert tuple(final) == whole.highlights
    assert found.lag == whole.lag
    assert not found.provisional
    return final, early


def _chatty(broadcast: Broadcast, seed: int, length_s: int, **more: object) -> Timeline:
    """A broadcast with words, pauses and holes, one of them longer than a baseline's window."""
    whole, _ = broadcast(seed, length_s=length_s, moments=length_s // 60, **more)
    rng = np.random.default_rng(seed)
    hyped = np.nan_to_num(whole.series["chat.hype"]) * whole.series["chat.rate"]
    said = rng.poisson([np.full(length_s, 0.3), 0.5 * hyped])
    seconds, indexes = np.nonzero(said.T)
    words = WordCounts(("well", "zorp"), seconds, indexes, said.T[seconds, indexes])
    pauses = tuple((1000 * at + 200, 1000 * at + 900) for at in range(3, length_s, 7))
    holes = (
        Gap(Modality.AUDIO, 126_000, 147_000),
        Gap(Modality.CHAT, 700_400, 1_130_000),
        Gap(Modality.VIDEO, 1_500_000, 1_500_700),
        Gap(Modality.AUDIO, 2_000_000, 4_400_000),
    )
    gaps = tuple(gap for gap in holes if gap.end_ms < 1000 * length_s)
    left_out = ("chat.laughter", "chat.tokens", "audio.onsets")[: seed % 4]  # which no stream needs to have
    series = {name: values for name, values in whole.series.items() if name not in left_out}
    return Timeline(length_s, series, gaps, whole.cuts_ms, pauses, words)


@pytest.mark.parametrize("seed", [1, 3])
def test_steps_settle_what_the_whole_gives(broadcast: Broadcast, gaming: Profile, seed: int) -> None:
    rng = random.Random(seed)
    stream = _chatty(broadcast, seed, 2_400, lag_s=6 + 8 * seed)
    final, early = _check(ScoredBy(gaming, vocabulary=TAUGHT), stream, rng)
    assert early > len(final) / 2 > 5


def test_steps_settle_what_grows_together_what_is_counted_and_what_cools_down(
    broadcast: Broadcast, gaming: Profile
) -> None:
    processing = replace(gaming.processing, merge_gap_ms=20_000, max_length_ms=45_000, max_highlights=12, min_score=0.1)
    types = (HighlightType("first", "First", priority=1000, min_total=0.1, cooldown_ms=150_000), *gaming.types)
    by = ScoredBy(replace(gaming, processing=processing, types=types))
    stream = _chatty(broadcast, 2, 2_400)
    final, early = _check(by, stream, random.Random(2))
    assert early > 5
    assert len(final) == 12
    apart = detect(stream, replace(by.profile, processing=replace(processing, merge_gap_ms=0)), mode=Mode.LIVE)
    assert [one.end_ms - one.start_ms for one in apart.highlights] != [one.end_ms - one.start_ms for one in final]
    first = [one.peak_ms for one in final if "first" in one.types]
    assert min(later - earlier for earlier, later in pairwise(first)) >= 150_000


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_many_long_streams_in_steps_settle_what_the_whole_gives(
    broadcast: Broadcast, gaming: Profile, seed: int
) -> None:
    rng = random.Random(seed)
    stream = _chatty(broadcast, seed, rng.randint(300, 6_000), lag_s=rng.randint(0, 30))
    processing = replace(
        gaming.processing,
        fusion=rng.choice(list(FusionMode)),
        max_per_hour=rng.choice([0, 5, 20]),
        max_length_ms=rng.choice([8_000, 45_000, 200_000]),
        min_spacing_ms=rng.choice([0, 1_000, 30_000]),
        min_score=rng.choice([0.05, 0.2, 0.5]),
        chat_lag_ms=rng.choice([None, None, None, 0, 9_500]),
        merge_gap_ms=rng.choice([0, 2_000, 20_000]),
        max_highlights=rng.choice([0, 0, 10]),
    )
    by = ScoredBy(replace(gaming, processing=processing), vocabulary=rng.choice([None, TAUGHT]))
    _check(by, stream, rng, rng.choice([5, 40, 400]))


@pytest.mark.parametrize("orders", [range(1), pytest.param(range(1, 6), marks=pytest.mark.long)], ids=len)
def test_steps_by_a_trained_scorer_settle_what_the_whole_gives(
    talks: Talks, gaming: Profile, scorer: Scorer, orders: range
) -> None:
    for order in orders:
        rng = random.Random(order)
        (talk,) = talks(40 + order, 1, length_s=900)
        longest_ms = rng.choice([8_000, 12_000, 60_000])
        profile = replace(gaming, processing=replace(gaming.processing, min_score=0.05, max_length_ms=longest_ms))
        rule = replace(scorer.segments, merge_s=rng.choice([0, 3, 9]))
        by = ScoredBy(profile, scorer=replace(scorer, segments=rule))
        _, early = _check(by, talk.timeline, rng, 90)
        assert early > 0
