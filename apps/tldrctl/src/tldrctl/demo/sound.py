"""The sound of a demo broadcast: ambience, a commentator, crowds that swell, and music in the breaks."""

import numpy as np

from tldrctl.demo.envelope import Curve, swell, wander
from tldrctl.demo.plan import Plan
from tldrctl.demo.voice import CALM, EXCITED, RATE, Samples, speak, syllables

# Peak levels of what is mixed, 1 being full scale.
AMBIENCE, ROAR, MURMUR, SHOUT, MUSIC = 0.04, 0.66, 0.11, 0.38, 0.85
NOISE_S, MUSIC_LOOP_S = 20, 8
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
ENVELOPE_HZ = 50
# A crowd goes on for a while when the moment is over.
AFTERMATH_S = 2.0


class Soundtrack:
    """Stereo samples at 48 kHz of any stretch of the broadcast; memory does not grow with its length."""

    def __init__(self, plan: Plan) -> None:
        random = np.random.default_rng([plan.seed, 3])
        self._noise = (_crowd_noise(random), _crowd_noise(random))
        self._music = _music(random)
        self._times = np.arange(0, plan.duration_ms / 1000 + 1, 1 / ENVELOPE_HZ, dtype=np.float32)
        breaks = [(one.start_ms / 1000, one.end_ms / 1000) for one in plan.distractors if one.kind == "dull"]
        self._play = 1 - _over(self._times, breaks, 0.15, 0.15)
        self._break = _over(self._times, breaks, 0.1, 0.4)
        moments = [(one.start_ms / 1000, one.end_ms / 1000 + AFTERMATH_S) for one in plan.planted]
        roar = _over(self._times, moments, 1.2, 3.0) * (0.85 + 0.15 * wander(random, self._times, 0.6))
        calm = 1 + 0.3 * wander(random, self._times, 4.0)
        self._crowd = (AMBIENCE * calm + ROAR * roar) * self._play
        self._said = _commentary(random, plan, breaks)

    def between(self, start: int, end: int) -> Samples:
        """Samples `[start, end)` as float32 (2, samples), within -1..1."""
        at = np.arange(start, end)
        seconds = at / RATE
        crowd = np.interp(seconds, self._times, self._crowd).astype(np.float32)
        voice = np.zeros(end - start, np.float32)
        for begin, syllable in self._said:
            if begin < end and begin + len(syllable) > start:
                first, last = max(begin, start), min(begin + len(syllable), end)
                voice[first - start : last - start] += syllable[first - begin : last - begin]
        pause = np.interp(seconds, self._times, self._break).astype(np.float32)
        centre = voice + MUSIC * pause * self._music[at % len(self._music)]
        # The crowd repeats after 20 s; the ears of the two channels are half of that apart.
        mixed = [centre + crowd * side[at % len(side)] for side in self._noise]
        samples: Samples = np.tanh(np.stack(mixed)).astype(np.float32)
        return samples


def _over(times: Curve, stretches: list[tuple[float, float]], rise_s: float, fall_s: float) -> Curve:
    curve = np.zeros_like(times)
    for start, end in stretches:
        curve = np.maximum(curve, swell(times, start, end, rise_s, fall_s))
    return curve


def _commentary(
    random: np.random.Generator, plan: Plan, breaks: list[tuple[float, float]]
) -> list[tuple[int, Samples]]:
    calm, excited = syllables(random, CALM), syllables(random, EXCITED)
    silent = breaks + [(one.start_ms / 1000, one.end_ms / 1000) for one in plan.planted]
    said: list[tuple[int, Samples]] = []
    at = 0.5
    for start, end in [*sorted(silent), (plan.duration_ms / 1000, 0.0)]:
        said += [(begin, MURMUR * sound) for begin, sound in speak(random, calm, CALM, at, start - 0.3)]
        at = end + 0.4
    for moment in plan.planted:
        start, end = moment.start_ms / 1000 + 0.3, moment.end_ms / 1000
        said += [(begin, SHOUT * sound) for begin, sound in speak(random, excited, EXCITED, start, end)]
    return said


def _crowd_noise(random: np.random.Generator) -> Samples:
    """Many voices at once: noise between 250 Hz and 5 kHz, strongest near 900 Hz, flickering, with peaks of about 1."""
    count = NOISE_S * RATE
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    shape = 1 / (1 + (np.log2(np.maximum(frequencies, 1) / 900) / 1.4) ** 4)
    spectrum = np.fft.rfft(random.standard_normal(count)) * shape
    noise = np.fft.irfft(spectrum, count)
    # The flicker has whole periods, so that the loop has no seam.
    times = np.arange(count) / RATE
    turns = [round(rate * NOISE_S) / NOISE_S for rate in (2.3, 3.7, 5.9)]
    flicker = sum(np.sin(2 * np.pi * (turn * times + random.random())) for turn in turns)
    noise *= 1 + 0.12 * flicker
    samples: Samples = (noise / (3.2 * noise.std())).astype(np.float32)
    return samples


def _music(random: np.random.Generator) -> Samples:
    """A loop of four chords with bass and drums, peaks of about 1."""
    times = np.arange(MUSIC_LOOP_S * RATE) / RATE
    beat = 0.5
    sound = np.zeros_like(times)
    for place, chord in enumerate(CHORDS):
        here = (times >= place * 2) & (times < place * 2 + 2)
        for note in (*chord, chord[0] - 24):
            frequency = 440 * 2 ** ((note - 69) / 12)
            for harmonic in range(1, 7):
                sound[here] += np.sin(2 * np.pi * frequency * harmonic * times[here]) / harmonic / 5
    since_beat = times % beat
    kick = np.sin(2 * np.pi * 60 * since_beat + 14 * np.exp(-since_beat * 30)) * np.exp(-since_beat * 14)
    hat = random.normal(0, 0.3, len(times)) * np.exp(-((times + beat / 2) % beat) * 60)
    sound = 0.6 * sound + 1.3 * kick + hat
    samples: Samples = (sound / np.abs(sound).max()).astype(np.float32)
    return samples
