"""Synthetic signals of a broadcast with planted moments and distractors, by seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.timeline import Timeline

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Planted:
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Broadcast:
    timeline: Timeline
    moments: tuple[Planted, ...]
    lag_s: float


def render(
    seed: int,
    *,
    length_s: int = 180,
    moments: int = 5,
    lag_s: float = 12.0,
    distractors: bool = True,
    messages_per_s: float = 1.5,
) -> Broadcast:
    """Signals as the analysers would measure them: action, crowd and a late chat at each moment.

    Distractors: 15 s of loud music, 12 s of copied messages by few authors, a cut without meaning.
    """
    rng = np.random.default_rng(seed)
    slots = _slots(rng, length_s, moments + (3 if distractors else 0))
    order = rng.permutation(len(slots))
    planted = tuple(sorted((slots[i] for i in order[:moments]), key=lambda p: p.start_s))
    video = _video(rng, length_s, planted)
    audio = _audio(rng, length_s, planted)
    chat = _chat(rng, length_s, planted, lag_s, messages_per_s)
    cuts = [int(1000 * t) for t in rng.uniform(0, length_s, length_s // 30)]
    if distractors:
        music, spam, cut = (slots[i].start_s for i in order[moments:])
        audio["audio.loudness"][music : music + 15] += 9.0
        audio["audio.crowd"][music : music + 15] += 5.0
        audio["audio.onsets"][music : music + 15] += 0.8
        chat["chat.repetition"][spam : spam + 12] = np.clip(chat["chat.repetition"][spam : spam + 12] + 0.3, 0, 1)
        chat["chat.rate"][spam : spam + 12] += rng.poisson(0.5, len(chat["chat.rate"][spam : spam + 12]))
        video["video.motion"][cut] += 60.0
        video["video.cuts"][cut] = 1.0
        cuts.append(1000 * cut)
    series = {name: values.astype(np.float32).astype(np.float64) for name, values in {**video, **audio, **chat}.items()}
    return Broadcast(Timeline(length_s, series, cuts_ms=tuple(sorted(cuts))), planted, lag_s)


def only(broadcast: Broadcast, *modalities: str) -> Timeline:
    """The same broadcast as it would be known from some modalities."""
    kept = {name: v for name, v in broadcast.timeline.series.items() if name.partition(".")[0] in modalities}
    return Timeline(broadcast.timeline.length_s, kept, cuts_ms=broadcast.timeline.cuts_ms)


def found_and_false(planted: tuple[Planted, ...], found: list[tuple[float, float]], least: float) -> tuple[int, int]:
    """How many planted moments are met one to one with an IoU of at least `least`, and how many found ones meet none."""
    pairs = sorted(
        (-_iou((p.start_s, p.end_s), interval), i, j)
        for i, p in enumerate(planted)
        for j, interval in enumerate(found)
        if _iou((p.start_s, p.end_s), interval) >= least
    )
    left: set[int] = set()
    right: set[int] = set()
    for _, i, j in pairs:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left), len(found) - len(right)


def _iou(a: tuple[float, float], b: tuple[float, float]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(shared, 0.0) / (max(a[1], b[1]) - min(a[0], b[0]))


def _slots(rng: np.random.Generator, length_s: int, count: int) -> list[Planted]:
    """Moments of 8 to 12 s in order of time, at random places of equal parts of the stream."""
    part = (length_s - 30) / max(count, 1)
    slots = []
    for i in range(count):
        length = int(rng.integers(8, 13))
        start = int(8 + i * part + rng.uniform(0, max(part - length - 4, 0.5)))
        slots.append(Planted(start, start + length))
    return slots


def _bump(length_s: int, planted: tuple[Planted, ...]) -> Floats:
    """1 inside moments, with a second of ramp at either end."""
    at = np.zeros(length_s)
    for moment in planted:
        at[moment.start_s : moment.end_s] = 1.0
        at[moment.start_s] = at[moment.end_s - 1] = 0.6
    return at


def _walk(rng: np.random.Generator, length_s: int, size: float) -> Floats:
    """Slow wandering of about `size`."""
    steps = rng.normal(0, 1, length_s + 20)
    slow = np.convolve(steps, np.ones(20) / 20, mode="valid")[:length_s]
    return size * slow * np.sqrt(20)


def _video(rng: np.random.Generator, length_s: int, planted: tuple[Planted, ...]) -> dict[str, Floats]:
    bump = _bump(length_s, planted)
    motion = np.clip(4 + _walk(rng, length_s, 0.6) + rng.gamma(2, 0.5, length_s) + bump * rng.uniform(8, 16), 0, 255)
    activity = 2500 + 250 * rng.normal(size=length_s) + 1800 * bump + 400 * (np.arange(length_s) % 2)
    flashes = (rng.uniform(size=length_s) < 0.02 + 0.3 * bump).astype(np.float64)
    cuts = (rng.uniform(size=length_s) < 0.03).astype(np.float64)
    return {"video.motion": motion, "video.activity": activity, "video.flashes": flashes, "video.cuts": cuts}


def _audio(rng: np.random.Generator, length_s: int, planted: tuple[Planted, ...]) -> dict[str, Floats]:
    bump = _bump(length_s, planted)
    crowd = -48 + _walk(rng, length_s, 0.8) + rng.normal(0, 1.2, length_s) + bump * rng.uniform(9, 15)
    loudness = -28 + _walk(rng, length_s, 0.8) + rng.normal(0, 1.5, length_s) + bump * rng.uniform(5, 9)
    onsets = np.clip(1 + 0.25 * rng.normal(size=length_s) + 0.5 * bump, 0, None)
    speech = np.clip(0.6 + 0.25 * rng.normal(size=length_s), 0, 1)
    return {"audio.crowd": crowd, "audio.loudness": loudness, "audio.onsets": onsets, "audio.speech": speech}


def _chat(
    rng: np.random.Generator, length_s: int, planted: tuple[Planted, ...], lag_s: float, rate: float
) -> dict[str, Floats]:
    """Messages arrive by chance; a moment's reaction begins `lag_s` after it and dies away."""
    seconds = np.arange(length_s)
    reaction = np.zeros(length_s)
    for moment in planted:
        since = seconds + 0.5 - moment.start_s - lag_s
        reaction += np.where((since > 0) & (since < moment.end_s - moment.start_s), 1.0, 0.0)
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
    }
