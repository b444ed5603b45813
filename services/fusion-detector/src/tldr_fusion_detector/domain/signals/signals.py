"""The signals that detection knows: their modality, their scale, and the least spread that counts as one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np
from numpy.typing import NDArray

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


_SHARE = SignalTraits(0.05, scale=Scale.ARCSINE, message_deviation=_yes_or_no)

# Floors are about what a listener or viewer would notice: 1.5 dB, a twentieth of the messages, one cut in some
# seconds; the root of a count smoothed over ten seconds spreads by 0.1 to 0.15 by chance alone.
_TRAITS = {
    "video.motion": SignalTraits(0.25, relative_floor=0.1, scale=Scale.ROOT),
    "video.activity": SignalTraits(0.5, relative_floor=0.08, scale=Scale.ROOT),
    "video.cuts": SignalTraits(0.15),
    "video.flashes": SignalTraits(0.15),
    "audio.loudness": SignalTraits(1.5, silent_at=-69.5),
    "audio.onsets": SignalTraits(1e-3, relative_floor=0.15),
    "audio.crowd": SignalTraits(1.5, silent_at=-69.5),
    "audio.speech": SignalTraits(0.15),
    "chat.rate": SignalTraits(0.15, scale=Scale.ROOT),
    "chat.voices": SignalTraits(0.15, scale=Scale.ROOT),
    "chat.sentiment": SignalTraits(0.08, message_deviation=_sentiment),
    "chat.hype": _SHARE,
    "chat.triumph": _SHARE,
    "chat.brevity": _SHARE,
    "chat.learned": SignalTraits(0.005),
    "chat.laughter": _SHARE,
    "chat.surprise": _SHARE,
    "chat.emotes": _SHARE,
    "chat.shouting": _SHARE,
    "chat.tokens": SignalTraits(0.3, message_deviation=_as_its_mean),
    "chat.digits": _SHARE,
    "chat.mentions": _SHARE,
    "chat.repetition": _SHARE,
}
_MODALITIES = {modality.value: modality for modality in Modality}
_UNKNOWN = SignalTraits(1e-6, relative_floor=0.1)


def traits_of(signal: str) -> SignalTraits:
    """Traits by name; a signal not known here is read on its own scale with a floor of a tenth of its level."""
    return _TRAITS.get(signal, _UNKNOWN)


def modality_of(signal: str) -> Modality:
    """The modality a signal's name begins with; names without a known one are telemetry from outside."""
    prefix = signal.partition(".")[0]
    return _MODALITIES.get(prefix, Modality.EXTERNAL)
