"""What happens when in a demo broadcast: planted moments, distractors and how late the chat is."""

import math
from dataclasses import dataclass

import numpy as np

# What kinds of moments there are; the kind decides the banner, what the score does and how the chat reacts.
MOMENT_KINDS = ("goal", "save", "breakaway", "blooper", "long shot")
SHORTEST_MS, LONGEST_MS = 8_000, 14_000
LAG_MS = (8_000, 18_000)
CALM_BETWEEN_MS, CALM_AT_START_MS = 9_000, 12_000
# How long the chat goes on about a moment that is over, and how long it takes a viewer to type.
REACTION_TAIL_MS = 5_000
# Length of each kind of distractor; there is one of each for every three minutes.
DISTRACTORS = {"dull": (13_000, 16_000), "spam": (9_000, 12_000), "cut": (4_000, 6_000)}
DISTRACTORS_EVERY_MS = 180_000
AROUND_MOMENT_MS = 3_000
TRIES = 400


@dataclass(frozen=True, slots=True)
class Planted:
    """A moment worth finding: action on screen, a crowd, and a chat that reacts later."""

    start_ms: int
    end_ms: int
    kind: str


@dataclass(frozen=True, slots=True)
class Distractor:
    """Something that stands out and means nothing.

    `dull`: loud music over a still picture, nobody writes. `spam`: a few authors paste the same text at a high rate.
    `cut`: another camera for a while.
    """

    start_ms: int
    end_ms: int
    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a seed decides about when; in order of time."""

    seed: int
    duration_ms: int
    chat_lag_ms: int
    planted: tuple[Planted, ...]
    distractors: tuple[Distractor, ...]

    def reaction(self, moment: Planted) -> tuple[int, int]:
        """When the chat is about a moment."""
        return moment.start_ms + self.chat_lag_ms, moment.end_ms + self.chat_lag_ms + REACTION_TAIL_MS


def plan_broadcast(seed: int, duration_ms: int, moments: int) -> Plan:
    """The plan of a seed: of several tries the one with most distractors placed.

    Raises ValueError when so many moments do not fit.
    """
    random = np.random.default_rng([seed, 1])
    lag_ms = _between(random, *LAG_MS)
    needed_ms = CALM_AT_START_MS + moments * LONGEST_MS + (moments - 1) * CALM_BETWEEN_MS + lag_ms + REACTION_TAIL_MS
    if moments and needed_ms > duration_ms:
        raise ValueError(f"{moments} moments do not fit into {duration_ms / 1000:.0f} s; {needed_ms / 1000:.0f} s do.")
    best = Plan(seed, duration_ms, lag_ms, (), ())
    for attempt in range(TRIES):
        planted = _moments(random, duration_ms - lag_ms - REACTION_TAIL_MS, moments)
        plan = _with_distractors(Plan(seed, duration_ms, lag_ms, planted, ()), random)
        if attempt == 0 or len(plan.distractors) > len(best.distractors):
            best = plan
        if len(best.distractors) == len(_wanted(duration_ms)):
            break
    return best


def _moments(random: np.random.Generator, until_ms: int, count: int) -> tuple[Planted, ...]:
    lengths = [_between(random, SHORTEST_MS, LONGEST_MS) for _ in range(count)]
    free_ms = until_ms - CALM_AT_START_MS - sum(lengths) - CALM_BETWEEN_MS * max(0, count - 1)
    # Sorted points in the free time make gaps that are as random as they can be.
    shifts = sorted(_between(random, 0, free_ms) for _ in range(count))
    kinds = [MOMENT_KINDS[i % len(MOMENT_KINDS)] for i in range(count)]
    random.shuffle(kinds)
    at, planted = CALM_AT_START_MS, []
    for length, shift, kind in zip(lengths, shifts, kinds, strict=True):
        planted.append(Planted(at + shift, at + shift + length, kind))
        at += length + CALM_BETWEEN_MS
    return tuple(planted)


def _wanted(duration_ms: int) -> list[str]:
    return list(DISTRACTORS) * math.ceil(duration_ms / DISTRACTORS_EVERY_MS)


def _with_distractors(plan: Plan, random: np.random.Generator) -> Plan:
    taken = [(moment.start_ms - AROUND_MOMENT_MS, moment.end_ms + AROUND_MOMENT_MS) for moment in plan.planted]
    # With the chat in the middle of a reaction it would not be true that nothing else happens.
    taken += [plan.reaction(moment) for moment in plan.planted]
    placed: list[Distractor] = []
    for kind in _wanted(plan.duration_ms):
        length = _between(random, *DISTRACTORS[kind])
        starts = [at for at in range(2_000, plan.duration_ms - length, 100) if _is_free(at, at + length, taken)]
        if starts:
            start = starts[random.integers(len(starts))]
            placed.append(Distractor(start, start + length, kind))
            taken.append((start - AROUND_MOMENT_MS, start + length + AROUND_MOMENT_MS))
    return Plan(
        plan.seed,
        plan.duration_ms,
        plan.chat_lag_ms,
        plan.planted,
        tuple(sorted(placed, key=lambda distractor: distractor.start_ms)),
    )


def _is_free(start_ms: int, end_ms: int, taken: list[tuple[int, int]]) -> bool:
    return all(end_ms <= begin or start_ms >= end for begin, end in taken)


def _between(random: np.random.Generator, low_ms: int, high_ms: int) -> int:
    """A tenth of a second in the range, both ends included."""
    return int(random.integers(low_ms // 100, high_ms // 100 + 1)) * 100
