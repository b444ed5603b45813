"""How signals are read: their modality, the scale on which their noise is even, and the least spread that counts as one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np
from numpy.typing import NDArray

from tldr_contracts import signals as registry

Floats = NDArray[np.float64]


class Modality(StrEnum):
    VIDEO = "video"
    AUDIO = "audio"
    CHAT = "chat"
    MODEL = "model"
    EXTERNAL = "external"


class Scale(Enum):
    """The scale on which a signal's noise is even, whatever its level (Bartlett 1936; Anscombe 1948).

    Counts and luma changes spread with their level: square root. Shares do most around a half: arcsine of the root.
    """

    LINEAR = "linear"
    ROOT = "root"
    ARCSINE = "arcsine"

    def of(self, values: Floats) -> Floats:
        """Figures on this scale."""
        if self is Scale.LINEAR:
            return values
        root: Floats = np.sqrt(np.maximum(values, 0.0))
        return root if self is Scale.ROOT else np.arcsin(np.minimum(root, 1.0))

    def back(self, values: Floats) -> Floats:
        """The reverse."""
        if self is Scale.LINEAR:
            return values
        root = values if self is Scale.ROOT else np.sin(values)
        return root * root


@dataclass(frozen=True, slots=True)
class SignalTraits:
    """How a signal is read.

    `floor`: the least robust standard deviation, on the signal's scale, so that a flat series does not explode.
    `relative_floor`: the same as a share of the baseline, for signals whose unit depends on the source.
    `message_deviation`: of a mean over the messages of a second, how much single messages differ on the signal's scale,
    given their ordinary mean. Such a signal is weighed by `chat.rate` when smoothed, and NaN means that nobody wrote,
    which is no gap.
    `silent_at`: a value at or below it is dead air and tells nothing about the ordinary level.
    """

    floor: float
    relative_floor: float = 0.0
    scale: Scale = Scale.LINEAR
    message_deviation: Callable[[Floats], Floats] | None = None
    silent_at: float | None = None


def _yes_or_no(share: Floats) -> Floats:
    """Binomial: half a unit on the arcsine scale, whatever the share."""
    return np.full_like(share, 0.5)


def _as_its_mean(mean: Floats) -> Floats:
    """Lengths of messages are about geometric, which spreads as far as its mean."""
    return np.maximum(mean, 1.0)


def _sentiment(mean: Floats) -> Floats:
    """Most messages are neutral and the rest strong: compound scores spread by about 0.4 in any chat."""
    return np.full_like(mean, 0.4)


# Floors are about what a listener or viewer would notice: 1.5 dB, a twentieth of the messages, one cut in some
# seconds; the root of a count smoothed over ten seconds spreads by 0.1 to 0.15 by chance alone.
_SHARE_OF_CHAT = SignalTraits(0.05, scale=Scale.ARCSINE, message_deviation=_yes_or_no)
_COUNT_OF_CHAT = SignalTraits(0.15, scale=Scale.ROOT)
_OWN = {
    registry.MOTION: SignalTraits(0.25, relative_floor=0.1, scale=Scale.ROOT),
    registry.ACTIVITY: SignalTraits(0.5, relative_floor=0.08, scale=Scale.ROOT),
    registry.CUTS: SignalTraits(0.15),
    registry.FLASHES: SignalTraits(0.15),
    registry.LOUDNESS: SignalTraits(1.5, silent_at=-69.5),
    registry.ONSETS: SignalTraits(1e-3, relative_floor=0.15),
    registry.CROWD: SignalTraits(1.5, silent_at=-69.5),
    registry.SPEECH: SignalTraits(0.15),
    registry.SENTIMENT: SignalTraits(0.08, message_deviation=_sentiment),
    registry.LEARNED: SignalTraits(0.005),
    registry.TOKENS: SignalTraits(0.3, message_deviation=_as_its_mean),
}
_OF_SCALE = {
    (Modality.CHAT, registry.Scale.SHARE): _SHARE_OF_CHAT,
    (Modality.CHAT, registry.Scale.COUNT): _COUNT_OF_CHAT,
}
_BY_LEVEL = SignalTraits(1e-6, relative_floor=0.1)


def traits_of(signal: str) -> SignalTraits:
    """Traits by name: the signal's own, else those of its scale; telemetry is read with a floor of a tenth of its level."""
    known = registry.signal_named(signal)
    if known is None:
        return _BY_LEVEL
    return _OWN.get(known) or _OF_SCALE.get((Modality(known.modality), known.scale), _BY_LEVEL)


def modality_of(signal: str) -> Modality:
    """The modality a signal's name begins with. Raises ValueError for a name that begins with none."""
    return Modality(signal.partition(".")[0])
