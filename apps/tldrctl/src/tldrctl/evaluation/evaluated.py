"""All predictions of a report beside what people kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tldr_fusion_detector.domain.signals.baseline import Mode
from tldrctl.evaluation.games import Game, Interval
from tldrctl.evaluation.metric import Figures, figures
from tldrctl.evaluation.predict import Variant
from tldrctl.evaluation.prediction import Prediction

MODES = (Mode.RECORDED, Mode.LIVE)


@dataclass(frozen=True, slots=True)
class Scorer:
    """A way to detect by the name it has in the report. `seen`: the split it was trained on, if it was."""

    name: str
    variant: Variant
    seen: str = ""

    def variants(self) -> tuple[Variant, ...]:
        """It in both modes."""
        return tuple(replace(self.variant, mode=mode) for mode in MODES)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Splits in order; the first scorer is the default one."""

    truth: Mapping[str, Sequence[Interval]]
    splits: Mapping[str, Sequence[Game]]
    scorers: Sequence[Scorer]
    predictions: Mapping[Variant, Mapping[str, Prediction]]

    def of(self, split: str, variant: Variant) -> tuple[list[Sequence[Interval]], list[Prediction]]:
        """What is true and what is predicted of the games of a split, in the same order."""
        names = [game.id for game in self.splits[split]]
        return [self.truth[name] for name in names], [self.predictions[variant][name] for name in names]

    def figures(self, split: str, variant: Variant) -> Figures:
        """How good the variant is on the split."""
        return figures(*self.of(split, variant))
