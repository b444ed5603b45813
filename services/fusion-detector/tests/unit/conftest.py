"""Signals of a made-up broadcast by seed: planted moments, a late chat, and what should fool nobody."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_fusion_detector.adapters.learning.trainer_sklearn import SklearnTrainer
from tldr_fusion_detector.domain.learning.training import LabelledStream
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.words import WordCounts

Floats = NDArray[np.float64]
Broadcast = Callable[..., tuple[Timeline, list[Interval]]]
Talks = Callable[..., list[LabelledStream]]

PRESETS = Path(__file__).parents[3] / "gateway/src/tldr_gateway/presets"


@pytest.fixture
def gaming() -> Profile:
    return read_profile(json.loads((PRESETS / "gaming.json").read_text()))


@pytest.fixture(scope="session")
def talks() -> Talks:
    """`talks(seed, count, length_s=)` -> chats in which moments show by one word alone, 16 s late."""
    return lambda seed, count, length_s=700: [_talk(seed + number, length_s) for number in range(count)]


@pytest.fixture(scope="session")
def scorer(talks: Talks) -> Scorer:
    """Trained on six such chats."""
    profile = read_profile(json.loads((PRESETS / "gaming.json").read_text()))
    return SklearnTrainer()(
        talks(0, 6), profile, created="2026-01-01T00:00:00+00:00", progress=lambda step, share: None
    )


@pytest.fixture
def broadcast() -> Broadcast:
    """`broadcast(seed, length_s=, moments=, lag_s=, distractors=, modalities=)` -> timeline and planted moments."""
    return _render


def _render(
    seed: int,
    *,
    length_s: int = 180,
    moments: int = 5,
    lag_s: float = 12.0,
    distractors: bool = True,
    modalities: tuple[str, ...] = ("video", "audio", "chat"),
) -> tuple[Timeline, list[Interval]]:
    """Distractors: 15 s of loud music, 12 s of copied messages by few authors, a cut without meaning."""
    rng = np.random.default_rng(seed)
    slots = _slots(rng, length_s, moments + (3 if distractors else 0))
    order = rng.permutation(len(slots))
    planted = sorted(slots[i] for i in order[:moments])
    video, audio = _video(rng, length_s, planted), _audio(rng, length_s, planted)
    chat = _chat(rng, length_s, planted, lag_s)
    cuts = [int(1000 * t) for t in rng.uniform(0, length_s, length_s // 30)]
    if distractors:
        music, spam, cut = (slots[i][0] for i in order[moments:])
        audio["audio.loudness"][music : music + 15] += 9.0
        audio["audio.crowd"][music : music + 15] += 5.0
        audio["audio.onsets"][music : music + 15] += 0.8
        chat["chat.repetition"][spam : spam + 12] = np.clip(chat["chat.repetition"][spam : spam + 12] + 0.3, 0, 1)
        chat["chat.rate"][spam : spam + 12] += rng.poisson(0.5, 12)
        video["video.motion"][cut] += 60.0
        video["video.cuts"][cut] = 1.0
        cuts.append(1000 * cut)
    # Signals travel as single-precision floats.
    series = {name: values.astype(np.float32).astype(np.float64) for name, values in {**video, **audio, **chat}.items()}
    kept = {name: values for name, values in series.items() if name.partition(".")[0] in modalities}
    intervals = [Interval(1000 * start, 1000 * end) for start, end in planted]
    return Timeline(length_s, kept, cuts_ms=tuple(sorted(cuts))), intervals


def _slots(rng: np.random.Generator, length_s: int, count: int) -> list[tuple[int, int]]:
    """Moments of 8 to 12 s in order of time, at random places of equal parts of the stream."""
    part = (length_s - 30) / max(count, 1)
    slots: list[tuple[int, int]] = []
    for i in range(count):
        length = int(rng.integers(8, 13))
        start = int(8 + i * part + rng.uniform(0, max(part - length - 4, 0.5)))
        slots.append((start, start + length))
    return slots


def _bump(length_s: int, planted: list[tuple[int, int]]) -> Floats:
    """1 inside moments, with a second of ramp at either end."""
    at = np.zeros(length_s)
    for start, end in planted:
        at[start:end] = 1.0
        at[start] = at[end - 1] = 0.6
    return at


def _walk(rng: np.random.Generator, length_s: int, size: float) -> Floats:
    """Slow wandering of about `size`."""
    steps = rng.normal(0, 1, length_s + 20)
    slow = np.convolve(steps, np.ones(20) / 20, mode="valid")[:length_s]
    wandering: Floats = size * np.sqrt(20) * slow
    return wandering


def _video(rng: np.random.Generator, length_s: int, planted: list[tuple[int, int]]) -> dict[str, Floats]:
    bump = _bump(length_s, planted)
    motion = np.clip(4 + _walk(rng, length_s, 0.6) + rng.gamma(2, 0.5, length_s) + bump * rng.uniform(8, 16), 0, 255)
    activity = 2500 + 250 * rng.normal(size=length_s) + 1800 * bump + 400 * (np.arange(length_s) % 2)
    flashes = (rng.uniform(size=length_s) < 0.02 + 0.3 * bump).astype(np.float64)
    cuts = (rng.uniform(size=length_s) < 0.03).astype(np.float64)
    return {"video.motion": motion, "video.activity": activity, "video.flashes": flashes, "video.cuts": cuts}


def _audio(rng: np.random.Generator, length_s: int, planted: list[tuple[int, int]]) -> dict[str, Floats]:
    bump = _bump(length_s, planted)
    crowd = -48 + _walk(rng, length_s, 0.8) + rng.normal(0, 1.2, length_s) + bump * rng.uniform(9, 15)
    loudness = -28 + _walk(rng, length_s, 0.8) + rng.normal(0, 1.5, length_s) + bump * rng.uniform(5, 9)
    onsets = np.clip(1 + 0.25 * rng.normal(size=length_s) + 0.5 * bump, 0, None)
    speech = np.clip(0.6 + 0.25 * rng.normal(size=length_s), 0, 1)
    return {"audio.crowd": crowd, "audio.loudness": loudness, "audio.onsets": onsets, "audio.speech": speech}


def _chat(
    rng: np.random.Generator, length_s: int, planted: list[tuple[int, int]], lag_s: float, rate: float = 1.5
) -> dict[str, Floats]:
    """Messages arrive by chance; a moment's reaction is as long as the moment and `lag_s` late."""
    seconds = np.arange(length_s)
    reaction = np.zeros(length_s)
    for start, end in planted:
        since = seconds + 0.5 - start - lag_s
        reaction += np.where((since > 0) & (since < end - start), 1.0, 0.0)
    ordinary, excited = rng.poisson(rate, length_s), rng.poisson(4 * rate * reaction)
    messages = (ordinary + excited).astype(np.float64)
    wrote = messages > 0

    def share(calm: float, thrilled: float) -> Floats:
        hits = rng.binomial(ordinary, calm) + rng.binomial(excited, thrilled)
        return np.where(wrote, hits / np.maximum(messages, 1), np.nan)

    tokens = (ordinary * rng.normal(6, 1, length_s) + excited * rng.normal(2, 0.3, length_s)) / np.maximum(messages, 1)
    return {
        "chat.rate": messages,
        "chat.voices": messages.copy(),
        "chat.hype": share(0.06, 0.7),
        "chat.laughter": share(0.05, 0.1),
        "chat.surprise": share(0.04, 0.25),
        "chat.emotes": share(0.1, 0.45),
        "chat.shouting": share(0.04, 0.3),
        "chat.repetition": share(0.02, 0.4),
        "chat.mentions": share(0.12, 0.01),
        "chat.digits": share(0.1, 0.04),
        "chat.sentiment": np.where(wrote, np.clip(rng.normal(0.1, 0.2, length_s) + 0.3 * reaction, -1, 1), np.nan),
        "chat.tokens": np.where(wrote, tokens, np.nan),
        "chat.triumph": share(0.02, 0.15),
        "chat.brevity": share(0.3, 0.9),
    }


def _talk(seed: int, length_s: int) -> LabelledStream:
    """Chat as ever, but that `now` is said more often in reaction to moments; `then` and `so` mean nothing."""
    rng = np.random.default_rng(1_000 + seed)
    planted = _slots(rng, length_s, length_s // 70)
    reaction = np.roll(_bump(length_s, planted), 16)
    series = _chat(rng, length_s, [], 16.0, rate=4.0)
    messages = series["chat.rate"].astype(np.int64)
    said = np.array([rng.binomial(messages, share) for share in (0.05 + 0.5 * reaction, 0.2, 0.1)])
    seconds, words = np.nonzero(said.T)
    counts = WordCounts(("now", "so", "then"), seconds, words, said.T[seconds, words])
    moments = tuple(Interval(1000 * start, 1000 * end) for start, end in planted)
    return LabelledStream(f"talk-{seed}", Timeline(length_s, series, words=counts), length_s, moments)
