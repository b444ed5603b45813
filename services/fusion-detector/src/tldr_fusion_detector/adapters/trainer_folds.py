"""Streams as they are learned from, and scores of each by scorers that have not seen it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

import numpy as np

from tldr_fusion_detector.adapters.trainer_trees import grow_trees
from tldr_fusion_detector.adapters.trainer_words import NO_WEIGHTS, Normal, common_words, normal_equations
from tldr_fusion_detector.domain.baseline import Mode, windows
from tldr_fusion_detector.domain.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile import Profile
from tldr_fusion_detector.domain.reaction_lag import LagPath
from tldr_fusion_detector.domain.reading import SignalReader
from tldr_fusion_detector.domain.scorer_reading import Column, ScorerReader
from tldr_fusion_detector.domain.scorer_trees import Trees
from tldr_fusion_detector.domain.scorer_words import WORD, WORDS, WordWeights
from tldr_fusion_detector.domain.scoring import score_timeline
from tldr_fusion_detector.domain.signals import Floats, Modality, modality_of
from tldr_fusion_detector.domain.training import Inside, LabelledStream, Progress

MOST_FOLDS: Final = 5
SEED: Final = 20_260_101
MODES: Final = (Mode.RECORDED, Mode.LIVE)
# 40,000 rows say what more of them would: neighbouring seconds are nearly alike.
MOST_ROWS: Final = 40_000

# Places are seconds after the moment, for chat after its reaction. With the prior's lag and what smoothing reaches,
# the latest figure lies 32 s behind the moment; live, what has not come is missing, which trees can take.
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
    readers: dict[Mode, SignalReader]
    lags: dict[Mode, LagPath]
    default: dict[Mode, Floats]

    def columns(self, columns: Sequence[Column], words: WordWeights, mode: Mode) -> Floats:
        """Of the labelled seconds, (n, f)."""
        return ScorerReader(self.readers[mode], self.lags[mode], words).columns(columns)[: len(self.inside)]

    def rows(self, columns: Sequence[Column], words: WordWeights, step: int) -> Floats:
        """Of every `step`-th labelled second: by turns as a recording has it, and as it looked live."""
        recorded, live = (self.columns(columns, words, mode)[::step] for mode in MODES)
        odd = np.arange(len(recorded)) % 2 == 1
        return np.where(odd[:, None], live, recorded)


def study(stream: LabelledStream, profile: Profile) -> Studied:
    """Score a stream by the default, as a recording and live."""
    readers = {
        mode: SignalReader(
            stream.timeline, windows(stream.timeline.length_s, mode, DEFAULT_CALIBRATION), DEFAULT_CALIBRATION
        )
        for mode in MODES
    }
    sheets = {mode: score_timeline(stream.timeline, profile, mode, DEFAULT_CALIBRATION) for mode in MODES}
    default = {mode: sheet.total[: stream.length_s] for mode, sheet in sheets.items()}
    return Studied(stream, stream.inside(), readers, {mode: sheet.lags for mode, sheet in sheets.items()}, default)


class Folds:
    """Streams in at most five parts; each part is scored by what was learned from the others.

    The learned words are a column of the trees. So that trees do not trust words more than they deserve, the words of a
    row are always weighed by what was learned without the row's own part.
    """

    def __init__(self, studied: Sequence[Studied], own: Sequence[Column], learned: Sequence[Column]) -> None:
        self.studied = studied
        self.own = own
        self.learned = learned
        self.count = min(MOST_FOLDS, len(studied))
        self.part = np.random.default_rng(SEED).permutation(len(studied)) % self.count
        self.step = -(-sum(len(one.inside) for one in studied) // MOST_ROWS)
        self._words = common_words([one.stream.timeline for one in studied])
        self._normals = [self._normal(part) for part in range(self.count)]
        self._weights: dict[frozenset[int], WordWeights] = {}
        self._rows = [one.rows(own, NO_WEIGHTS, self.step) for one in studied]
        self._inside = [one.inside[:: self.step] for one in studied]

    def without(self, *parts: int) -> WordWeights:
        """Weights of words, learned from all parts but these."""
        left_out = frozenset(parts)
        if left_out not in self._weights:
            kept = [normal for part, normal in enumerate(self._normals) if part not in left_out]
            self._weights[left_out] = reduce(add, kept).weights(self._words) if kept else NO_WEIGHTS
        return self._weights[left_out]

    def grow(self, *left_out: int) -> Trees:
        """Trees from all parts but these."""
        kept = [index for index in range(len(self.studied)) if self.part[index] not in left_out]
        rows = [np.hstack((self._rows[index], self._said(index, left_out))) for index in kept]
        return grow_trees(np.concatenate(rows), np.concatenate([self._inside[index] for index in kept]))

    def margins(self, progress: Progress) -> list[dict[Mode, Floats]]:
        """Log-odds of each stream's labelled seconds, by mode, from trees that have not seen the stream."""
        found: list[dict[Mode, Floats]] = [{} for _ in self.studied]
        for part in range(self.count):
            progress("cross-validation", part / self.count)
            trees, words = self.grow(part), self.without(part)
            for index in np.flatnonzero(self.part == part).tolist():
                one = self.studied[index]
                found[index] = {
                    mode: trees.margin(one.columns((*self.own, *self.learned), words, mode)) for mode in MODES
                }
        return found

    def _said(self, index: int, left_out: tuple[int, ...]) -> Floats:
        words = self.without(int(self.part[index]), *left_out)
        return self.studied[index].rows(self.learned, words, self.step)

    def _normal(self, part: int) -> Normal:
        return reduce(
            add,
            (
                normal_equations(self._words, one.readers[mode], one.lags[mode], one.inside, 2 * self.step)
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
    words = common_words([one.stream.timeline for one in studied], MOST_OWN_WORDS)
    return (
        *(Column(name, CHAT_SIGMA_S, at_s) for name in chat for at_s in CHAT_PLACES_S),
        *(Column(name, MEDIA_SIGMA_S, at_s) for name in other[:MOST_OTHER_SIGNALS] for at_s in MEDIA_PLACES_S),
        *(Column(WORD + word, CHAT_SIGMA_S, at_s) for word in words for at_s in WORD_PLACES_S),
    )


def learned_columns() -> tuple[Column, ...]:
    """Of all learned words together."""
    return tuple(Column(WORDS, 0.0, at_s) for at_s in LEARNED_PLACES_S)
