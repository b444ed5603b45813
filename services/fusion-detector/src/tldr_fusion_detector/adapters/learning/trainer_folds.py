"""Streams as they are learned from, and scores of each by scorers that have not seen it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import add
from typing import Final

import numpy as np

from tldr_fusion_detector.adapters.learning.trainer_trees import grow_trees
from tldr_fusion_detector.adapters.learning.trainer_words import NO_WEIGHTS, Normal, common_words, normal_equations
from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress
from tldr_fusion_detector.domain.moments.agreement import Inside
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.reading import Column, ScorerReader
from tldr_fusion_detector.domain.scoring.scorer.trees import Trees
from tldr_fusion_detector.domain.scoring.scorer.words import WORD, WORDS, WordWeights
from tldr_fusion_detector.domain.scoring.scoring import score_timeline
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.reaction_lag import LagPath
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of

MOST_FOLDS: Final = 5
SEED: Final = 20_260_101
MODES: Final = (Mode.RECORDED, Mode.LIVE)
# 40,000 rows say what more of them would: neighbouring seconds are nearly alike.
MOST_ROWS: Final = 40_000
# Of columns at a time: those of two days would take a gigabyte.
SECONDS_AT_ONCE: Final = 8_192

# Places are seconds after the moment, for chat after its reaction. With the prior's lag and what smoothing reaches,
# the latest figure lies 29 s behind the moment; live, what lies later than 30 s once scores are smoothed is missing.
CHAT_SIGMA_S: Final = 4.0
CHAT_PLACES_S: Final = tuple(range(-36, 9, 4))
WORD_PLACES_S: Final = (-4, 4)
MOST_OWN_WORDS: Final = 250
LEARNED_PLACES_S: Final = (-24, -18, -12, -6, 0)
MEDIA_SIGMA_S: Final = 2.0
MEDIA_PLACES_S: Final = tuple(range(-20, 21, 4))
MOST_OTHER_SIGNALS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A stream with what the default makes of it, by mode."""

    stream: LabelledStream
    inside: Inside
    lags: dict[Mode, LagPath]
    default: dict[Mode, Floats]

    def reader(self, mode: Mode) -> SignalReader:
        """A new one each time: what a reader keeps is several times as large as the stream."""
        timeline = self.stream.timeline
        over = windows(timeline.length_s, mode, DEFAULT_CALIBRATION)
        return SignalReader(timeline, over, DEFAULT_CALIBRATION, whole=mode is Mode.RECORDED)

    def columns(
        self, columns: Sequence[Column], words: WordWeights, mode: Mode, at_once: int = SECONDS_AT_ONCE
    ) -> Iterator[Floats]:
        """Of the labelled seconds, (at_once, f) at a time."""
        read = ScorerReader(self.reader(mode), self.lags[mode], words)
        for first in range(0, len(self.inside), at_once):
            yield read.columns(columns, first, min(first + at_once, len(self.inside)))

    def rows(self, columns: Sequence[Column], words: WordWeights, step: int) -> Floats:
        """Of every `step`-th labelled second, alternately as a recording has it and as it looked live."""
        rows = np.empty((-(-len(self.inside) // step), len(columns)))
        stride = len(MODES) * step
        at_once = max(SECONDS_AT_ONCE // stride, 1) * stride
        for place, mode in enumerate(MODES):
            parts = [part[place * step :: stride].copy() for part in self.columns(columns, words, mode, at_once)]
            rows[place :: len(MODES)] = np.concatenate(parts)
        return rows

    def margin(self, trees: Trees, columns: Sequence[Column], words: WordWeights, mode: Mode) -> Floats:
        """Log-odds of the labelled seconds."""
        return np.concatenate([trees.margin(part) for part in self.columns(columns, words, mode)])


def study(stream: LabelledStream, profile: Profile) -> Studied:
    """Score a stream by the default, as a recording and live."""
    timeline = stream.timeline
    lags: dict[Mode, LagPath] = {}
    default: dict[Mode, Floats] = {}
    for mode in MODES:
        sheet = score_timeline(timeline, profile, mode, DEFAULT_CALIBRATION)
        lags[mode], default[mode] = sheet.lags, sheet.total[: stream.length_s]
    return Studied(stream, stream.inside(), lags, default)


class Folds:
    """Streams in at most five parts; each part is scored by what was learned from the others.

    The learned words are a column of the trees. So that trees do not trust words more than they deserve, the words of a
    row are always weighed by what was learned without the row's own part.
    """

    def __init__(
        self, studied: Sequence[Studied], own: Sequence[Column], learned: Sequence[Column], progress: Progress
    ) -> None:
        self.studied = studied
        self.own = own
        self.learned = learned
        self.count = min(MOST_FOLDS, len(studied))
        self.part = np.random.default_rng(SEED).permutation(len(studied)) % self.count
        self.step = -(-sum(len(one.inside) for one in studied) // MOST_ROWS)
        self._weights = self._weigh(progress)
        self._inside = [one.inside[:: self.step] for one in studied]
        ends = np.cumsum([len(inside) for inside in self._inside]).tolist()
        self._places = [slice(end - len(inside), end) for end, inside in zip(ends, self._inside, strict=True)]
        self._rows = np.empty((ends[-1], len(own) + len(learned)))
        for index, one in enumerate(studied):
            progress("learning words", 0.5 + 0.5 * index / len(studied))
            self._rows[self._places[index], : len(own)] = one.rows(own, NO_WEIGHTS, self.step)

    def without(self, *parts: int) -> WordWeights:
        """Weights of words, learned from all parts but these, at most two."""
        return self._weights[frozenset(parts)]

    def grow(self, *left_out: int) -> Trees:
        """Trees from all parts but these."""
        kept = [index for index in range(len(self.studied)) if self.part[index] not in left_out]
        for index in kept:
            self._rows[self._places[index], len(self.own) :] = self._said(index, left_out)
        rows = np.concatenate([self._rows[self._places[index]] for index in kept]) if left_out else self._rows
        return grow_trees(rows, np.concatenate([self._inside[index] for index in kept]))

    def margins(self, progress: Progress) -> list[dict[Mode, Floats]]:
        """Log-odds of each stream's labelled seconds, by mode, from trees that have not seen the stream."""
        found: list[dict[Mode, Floats]] = [{} for _ in self.studied]
        columns = (*self.own, *self.learned)
        for part in range(self.count):
            progress("cross-validation", part / self.count)
            trees, words = self.grow(part), self.without(part)
            own = np.flatnonzero(self.part == part).tolist()
            for place, index in enumerate(own):
                progress("cross-validation", (part + 0.5 + 0.5 * place / len(own)) / self.count)
                found[index] = {mode: self.studied[index].margin(trees, columns, words, mode) for mode in MODES}
        return found

    def _said(self, index: int, left_out: tuple[int, ...]) -> Floats:
        words = self.without(int(self.part[index]), *left_out)
        return self.studied[index].rows(self.learned, words, self.step)

    def _weigh(self, progress: Progress) -> dict[frozenset[int], WordWeights]:
        """Without every part and every two, so that the normal equations, 80 MB each, can go."""
        words = common_words(one.stream.timeline for one in self.studied)
        normals = [self._normal(words, part, progress) for part in range(self.count)]
        weights: dict[frozenset[int], WordWeights] = {}
        for left_out in (pair for size in range(3) for pair in combinations(range(self.count), size)):
            kept = [normal for part, normal in enumerate(normals) if part not in left_out]
            weights[frozenset(left_out)] = reduce(add, kept).weights(words) if kept else NO_WEIGHTS
        return weights

    def _normal(self, words: tuple[str, ...], part: int, progress: Progress) -> Normal:
        progress("learning words", 0.5 * part / self.count)
        return reduce(
            add,
            (
                normal_equations(words, one.reader(mode), one.lags[mode], one.inside, 2 * self.step)
                for index, one in enumerate(self.studied)
                if self.part[index] == part
                for mode in MODES
            ),
        )


def own_columns(studied: Sequence[Studied]) -> tuple[Column, ...]:
    """Of every signal that at least half of the streams have, and of the commonest words."""
    names = [name for one in studied for name in one.stream.timeline.series if modality_of(name) is not Modality.MODEL]
    known = sorted({name for name in names if 2 * names.count(name) >= len(studied)})
    chat = [name for name in known if modality_of(name) is Modality.CHAT]
    other = [name for name in known if modality_of(name) is not Modality.CHAT]
    words = common_words((one.stream.timeline for one in studied), MOST_OWN_WORDS)
    return (
        *(Column(name, CHAT_SIGMA_S, at_s) for name in chat for at_s in CHAT_PLACES_S),
        *(Column(name, MEDIA_SIGMA_S, at_s) for name in other[:MOST_OTHER_SIGNALS] for at_s in MEDIA_PLACES_S),
        *(Column(WORD + word, CHAT_SIGMA_S, at_s) for word in words for at_s in WORD_PLACES_S),
    )


def learned_columns() -> tuple[Column, ...]:
    """Of all learned words together."""
    return tuple(Column(WORDS, 0.0, at_s) for at_s in LEARNED_PLACES_S)
