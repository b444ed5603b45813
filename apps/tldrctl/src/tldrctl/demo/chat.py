"""The chat of a demo broadcast, as a chat replay in the JSON that chat-downloader writes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tldrctl.demo.chat_lines import EMOTES, PLACES, REACTIONS, SMALL_TALK, SPAM
from tldrctl.demo.envelope import swell
from tldrctl.demo.plan import Plan

VIEWERS = 420
SPAMMERS = (3, 6)
# Messages a second: small talk on average, a reaction at its height, and each of the spammers.
SMALL_TALK_RATE, REACTION_RATE, SPAM_RATE = 0.8, 9.0, 2.5
# The broadcast began at a made-up time, microseconds since 1970.
BEGAN_US = 1_790_000_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A message: when, by whom, what."""

    at_ms: int
    author: str
    text: str


def write_chat(plan: Plan, teams: tuple[str, str], path: Path) -> None:
    """Writes the replay; the same plan gives the same bytes."""
    lines = chat_lines(plan, teams)
    path.write_text(json.dumps([_entry(number, line) for number, line in enumerate(lines)], indent=1), encoding="utf-8")


def chat_lines(plan: Plan, teams: tuple[str, str]) -> list[Line]:
    """All messages in order of time: small talk, reactions that come late, spam, and silence in the breaks."""
    random = np.random.default_rng([plan.seed, 4])
    viewers = [f"viewer_{number}" for number in random.choice(np.arange(100, 10_000), VIEWERS, replace=False)]
    lines = _small_talk(random, plan, teams, viewers)
    for moment in plan.planted:
        lines += _reaction(random, *plan.reaction(moment), REACTIONS[moment.kind], teams, viewers)
    for spam in plan.distractors:
        if spam.kind == "spam":
            lines += _spam(random, spam.start_ms, spam.end_ms)
    quiet = [(one.start_ms, one.end_ms) for one in plan.distractors if one.kind == "dull"]
    kept = [line for line in lines if line.at_ms < plan.duration_ms and not any(a <= line.at_ms < b for a, b in quiet)]
    return sorted(kept, key=lambda line: (line.at_ms, line.author))


def _small_talk(random: np.random.Generator, plan: Plan, teams: tuple[str, str], viewers: list[str]) -> list[Line]:
    count = int(random.poisson(SMALL_TALK_RATE * plan.duration_ms / 1000))
    # A few talk much, most seldom: 1/rank.
    ranks = 1 / np.arange(1, len(viewers) + 1)
    authors = random.choice(len(viewers), count, p=ranks / ranks.sum())
    times = random.integers(0, plan.duration_ms, count)
    return [
        Line(int(at), viewers[author], _filled(random, str(random.choice(SMALL_TALK)), teams, viewers))
        for at, author in zip(times, authors, strict=True)
    ]


def _reaction(
    random: np.random.Generator,
    start_ms: int,
    end_ms: int,
    texts: tuple[str, ...],
    teams: tuple[str, str],
    viewers: list[str],
) -> list[Line]:
    """Many voices: they come within two seconds and go over five."""
    times = np.arange(start_ms, end_ms, 100, dtype=np.float32)
    rates = REACTION_RATE * swell(times / 1000, start_ms / 1000, end_ms / 1000, 2.0, 5.0)
    lines = []
    for at, count in zip(times, random.poisson(rates / 10), strict=True):
        for _ in range(int(count)):
            text = _filled(random, str(random.choice(texts)), teams, viewers)
            typed, author = int(at) + int(random.integers(100)), viewers[int(random.integers(len(viewers)))]
            lines.append(Line(typed, author, _loud(random, text)))
    return lines


def _spam(random: np.random.Generator, start_ms: int, end_ms: int) -> list[Line]:
    text = str(random.choice(SPAM))
    authors = [f"viewer_{number}" for number in random.integers(10_000, 99_999, random.integers(*SPAMMERS))]
    return [
        Line(int(at), author, text)
        for author in authors
        for at in random.integers(start_ms, end_ms, int(SPAM_RATE * (end_ms - start_ms) / 1000))
    ]


def _filled(random: np.random.Generator, template: str, teams: tuple[str, str], viewers: list[str]) -> str:
    return template.format(
        team=str(random.choice(teams)),
        number=int(random.integers(1, 15)),
        digit=int(random.integers(0, 4)),
        place=str(random.choice(PLACES)),
        viewer=str(random.choice(viewers)),
    )


def _loud(random: np.random.Generator, text: str) -> str:
    """The same words as another excited hand would type them."""
    if any(word in EMOTES for word in text.split()):
        return text
    style = random.random()
    if style < 0.25:
        return text.upper()
    return text + "!" * int(random.integers(1, 5)) if style < 0.5 else text


def _entry(number: int, line: Line) -> dict[str, object]:
    seconds = line.at_ms / 1000
    emotes = sorted({word for word in line.text.split() if word in EMOTES})
    entry: dict[str, object] = {
        "message_id": f"demo-{number}",
        "message_type": "text_message",
        "timestamp": BEGAN_US + line.at_ms * 1000,
        "time_in_seconds": seconds,
        "time_text": f"{int(seconds) // 60}:{int(seconds) % 60:02}",
        "author": {"id": line.author, "name": line.author, "display_name": line.author},
        "message": line.text,
    }
    if emotes:
        entry["emotes"] = [{"id": name, "name": name} for name in emotes]
    return entry
