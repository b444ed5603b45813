"""A two-hour stream detected on again, in recorded mode, against one plain pass of numpy over the same series.

The stream is made up: some twenty series of picture, sound and chat with 120 moments that chat answers late. The clock
runs from the assembled arrays to the highlights with all their figures; loading them from the database is not part of it.
Run: .venv/bin/python tests/bench/bench_rescore.py [HOURS]
"""

import json
import sys
from importlib.resources import files
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.moments.detection import detect
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.timeline import Timeline

Floats = NDArray[np.float64]
SEED, MOMENT_EVERY_S, LAG_S, ROUNDS = 5, 60, 14, 5
REACH_S = 2.0
# Ordinary level, noise, and what a moment adds.
MEDIA = {
    "video.motion": (4.0, 1.0, 12.0),
    "video.activity": (2500.0, 250.0, 1800.0),
    "video.flashes": (0.05, 0.1, 0.3),
    "video.cuts": (0.05, 0.1, 0.1),
    "audio.crowd": (-48.0, 1.5, 12.0),
    "audio.loudness": (-28.0, 1.5, 7.0),
    "audio.onsets": (1.0, 0.25, 0.5),
    "audio.speech": (0.6, 0.25, 0.0),
}
CHAT = {
    "chat.hype": (0.06, 0.05, 0.6),
    "chat.laughter": (0.05, 0.04, 0.1),
    "chat.surprise": (0.04, 0.04, 0.25),
    "chat.emotes": (0.1, 0.05, 0.35),
    "chat.shouting": (0.04, 0.04, 0.3),
    "chat.repetition": (0.02, 0.03, 0.4),
    "chat.mentions": (0.12, 0.05, -0.1),
    "chat.digits": (0.1, 0.05, -0.06),
    "chat.sentiment": (0.1, 0.2, 0.3),
    "chat.tokens": (6.0, 1.0, -4.0),
}


def made_up_stream(length_s: int) -> Timeline:
    """A moment of ten seconds about every minute; every series as precise as it travels."""
    rng = np.random.default_rng(SEED)
    action = np.zeros(length_s)
    for start in range(30, length_s - 60, MOMENT_EVERY_S):
        at = start + int(rng.integers(0, 30))
        action[at : at + 10] = rng.uniform(0.5, 1.0)
    reaction = np.roll(action, LAG_S)
    series = {
        name: level + noise * rng.normal(size=length_s) + more * action for name, (level, noise, more) in MEDIA.items()
    }
    rate = rng.poisson(1.5 + 6 * reaction).astype(np.float64)
    for name, (level, noise, more) in CHAT.items():
        series[name] = np.where(rate > 0, level + noise * rng.normal(size=length_s) + more * reaction, np.nan)
    series |= {"chat.rate": rate, "chat.voices": rate}
    cuts = np.sort(rng.integers(0, 1000 * length_s, length_s // 12)).tolist()
    pauses = [(cut + 200, cut + 700) for cut in cuts[::2]]
    travelled = {name: values.astype(np.float32).astype(np.float64) for name, values in series.items()}
    return Timeline(length_s, travelled, cuts_ms=tuple(cuts), pauses=tuple(pauses))


def plain_pass(series: dict[str, Floats]) -> float:
    """The least that anybody does: each series centred, scaled and summed."""
    summed = np.zeros(len(next(iter(series.values()))))
    for values in series.values():
        summed += np.nan_to_num((values - np.nanmean(values)) / np.nanstd(values))
    return float(summed.max())


def main(hours: float) -> None:
    timeline = made_up_stream(int(3600 * hours))
    preset = files("tldr_gateway.presets").joinpath("gaming.json").read_text(encoding="utf-8")
    profile = read_profile(json.loads(preset))
    detection = detect(timeline, profile, mode=Mode.RECORDED)
    took, plain = [], []
    for _ in range(ROUNDS):
        began = perf_counter()
        detect(timeline, profile, mode=Mode.RECORDED)
        switched = perf_counter()
        plain_pass(dict(timeline.series))
        plain.append(perf_counter() - switched)
        took.append(switched - began)
    print(
        f"{hours:g} h, {len(timeline.series)} series, {len(detection.highlights)} highlights, lag {detection.lag.seconds:.1f} s"
    )
    print(f"detect: {min(took):.3f} s (slowest of {ROUNDS}: {max(took):.3f} s)")
    print(f"plain pass of numpy: {1000 * min(plain):.1f} ms, ratio {min(took) / min(plain):.0f}")
    print(f"reach {REACH_S:g} s")
    print(f"ratio: {min(took) / REACH_S:.2f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
