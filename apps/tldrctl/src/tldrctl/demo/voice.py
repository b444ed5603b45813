"""Speech-like syllables, made of a buzzing source and the resonances of vowels; nothing is said."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 48_000
Samples = npt.NDArray[np.float32]
# Centre frequencies in Hz of the first three resonances of five vowels, a man's voice (Peterson and Barney, 1952).
VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
BANDWIDTHS = (90, 110, 170)
GRAINS = 48


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice speaks: pitch in Hz and its swing, syllable lengths and phrases in seconds."""

    pitch: float
    swing: float
    syllable_s: tuple[float, float]
    phrase_s: tuple[float, float]
    pause_s: tuple[float, float]


CALM = Manner(112, 0.12, (0.14, 0.26), (1.6, 4.0), (0.5, 1.8))
EXCITED = Manner(205, 0.28, (0.10, 0.20), (2.5, 5.0), (0.15, 0.35))


def syllables(random: np.random.Generator, manner: Manner) -> list[Samples]:
    """A stock of syllables, each with a peak of about 1."""
    return [_syllable(random, manner, float(random.uniform(*manner.syllable_s))) for _ in range(GRAINS)]


def _syllable(random: np.random.Generator, manner: Manner, length_s: float) -> Samples:
    times = np.arange(int(length_s * RATE), dtype=np.float32) / RATE
    glide = np.linspace(random.uniform(-1, 1), random.uniform(-1, 1), len(times), dtype=np.float32)
    pitch = manner.pitch * (1 + manner.swing * glide)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    resonances = VOWELS[int(random.integers(len(VOWELS)))]
    voiced = np.zeros_like(times)
    for harmonic in range(1, int(4_000 / manner.pitch)):
        frequency = harmonic * manner.pitch
        # Each resonance is a peak of its bandwidth; the source falls by 6 dB an octave as heard from a mouth.
        gain = sum(
            1 / (1 + ((frequency - centre) / width) ** 2) for centre, width in zip(resonances, BANDWIDTHS, strict=True)
        )
        voiced += (gain + 0.02) / harmonic**0.5 * np.sin(harmonic * phase)
    voiced *= np.sin(np.pi * np.clip(times / length_s, 0, 1)) ** 0.6
    onset = min(len(times), int(0.035 * RATE))
    if random.random() < 0.6:
        voiced[:onset] += np.diff(random.normal(0, 0.5, onset + 1)).astype(np.float32) * np.hanning(onset)
    syllable: Samples = (voiced / np.abs(voiced).max()).astype(np.float32)
    return syllable


def speak(
    random: np.random.Generator, stock: list[Samples], manner: Manner, start_s: float, end_s: float
) -> list[tuple[int, Samples]]:
    """Where in the sound which syllable is said between two times: phrases with pauses for breath."""
    said = []
    at = start_s
    while at < end_s:
        phrase_end = min(end_s, at + float(random.uniform(*manner.phrase_s)))
        while at < phrase_end:
            syllable = stock[int(random.integers(len(stock)))]
            said.append((int(at * RATE), syllable * np.float32(random.uniform(0.6, 1.0))))
            at += len(syllable) / RATE * float(random.uniform(0.8, 1.05))
        at += float(random.uniform(*manner.pause_s))
    return said
