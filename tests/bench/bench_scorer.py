"""Microseconds that a trained scorer needs per second of stream, reading its columns included, and the default score.

The chat is made up: two hours, ten series, 64 words a second. The scorer is as large as training makes one: 200 trees over
all columns, 800 words. Run: .venv/bin/python tests/bench/bench_scorer.py [HOURS]
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from time import process_time

import numpy as np

from tldr_fusion_detector.adapters.learning.trainer_folds import (
    CHAT_PLACES_S,
    CHAT_SIGMA_S,
    MOST_OWN_WORDS,
    WORD_PLACES_S,
    learned_columns,
)
from tldr_fusion_detector.adapters.learning.trainer_trees import grow_trees
from tldr_fusion_detector.adapters.learning.trainer_words import MOST_WORDS, NO_WEIGHTS, PLACES_S
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.scoring.scorer.document import write_scorer
from tldr_fusion_detector.domain.scoring.scorer.reading import Column
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance, Scorer
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule
from tldr_fusion_detector.domain.scoring.scorer.words import WORD
from tldr_fusion_detector.domain.scoring.scoring import score_timeline
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.reaction_lag import constant_path, prior_lag
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.words import WordCounts
from tldrctl.evaluation.predict import profile_named

SEED = 11
RUNS = 5
SHARES = ("hype", "laughter", "surprise", "emotes", "shouting", "digits", "mentions", "repetition")
SIGNALS = ("chat.rate", "chat.voices", *(f"chat.{name}" for name in SHARES))
WORDS = tuple(f"w{number:04}" for number in range(MOST_WORDS))


def made_up_stream(length_s: int) -> Timeline:
    """Busy chat without moments."""
    rng = np.random.default_rng(SEED)
    rate = rng.poisson(20, length_s).astype(np.float64)
    series = {name: rng.uniform(size=length_s) for name in SIGNALS} | {"chat.rate": rate, "chat.voices": rate}
    said = np.sort(rng.integers(0, MOST_WORDS, (length_s, 64)), axis=1)
    seconds = np.repeat(np.arange(length_s), 64)
    counts = WordCounts(WORDS, seconds, said.ravel(), rng.integers(1, 5, seconds.size))
    return Timeline(length_s, series, words=counts)


def made_up_scorer() -> Scorer:
    """Trees of the usual size, taught by chance."""
    rng = np.random.default_rng(SEED)
    columns = (
        *(Column(name, CHAT_SIGMA_S, at_s) for name in SIGNALS for at_s in CHAT_PLACES_S),
        *(Column(WORD + word, CHAT_SIGMA_S, at_s) for word in WORDS[:MOST_OWN_WORDS] for at_s in WORD_PLACES_S),
        *learned_columns(),
    )
    rows = rng.normal(size=(5_000, len(columns)))
    trees = grow_trees(rows, rows[:, :20].sum(axis=1) + rng.normal(size=5_000) > 2.0)
    words = replace(NO_WEIGHTS, words=WORDS, weights=rng.normal(size=(len(PLACES_S), MOST_WORDS)))
    made = Provenance("made up", 0, 0, 0, "now", {}, {}, {})
    return Scorer(columns, words, trees, 3.0, 1.0, 0.0, SegmentRule(0.4, 0.3, 2, 8), made)


def main(hours: float) -> None:
    """Print both, and the ratio."""
    timeline, scorer = made_up_stream(int(3600 * hours)), made_up_scorer()
    lags = constant_path(prior_lag(DEFAULT_CALIBRATION), timeline.length_s, DEFAULT_CALIBRATION)
    over = windows(timeline.length_s, Mode.RECORDED, DEFAULT_CALIBRATION)
    print(f"{len(scorer.columns)} columns, {len(scorer.trees.trees)} trees, {len(write_scorer(scorer)) / 1e3:.0f} kB")
    trained = seconds_of(lambda: scorer.score(SignalReader(timeline, over, DEFAULT_CALIBRATION), lags))
    default = seconds_of(lambda: score_timeline(timeline, profile_named("gaming"), Mode.RECORDED, DEFAULT_CALIBRATION))
    for name, took in (("trained", trained), ("default", default)):
        print(
            f"{name}: {hours:g} h of stream in {took:.2f} s, {1e6 * took / timeline.length_s:.1f} us per second of stream"
        )
    print(f"trained / default: {trained / default:.1f}")


def seconds_of(work: Callable[[], object]) -> float:
    """Median CPU time of some runs."""
    took = []
    for _ in range(RUNS):
        start = process_time()
        work()
        took.append(process_time() - start)
    return float(np.median(took))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
