"""Looks a chat replay over before anything of it is published, and gives its messages back in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tldr_ingest.adapters.chat_replay_file import ChatReplay
from tldr_ingest.domain.chat import ChatMessage, ReplayCounts


@dataclass(frozen=True, slots=True)
class ReplaySurvey:
    """`disorder_ms` is the most a message lies before one that was read earlier; `last_ms` is -1 without messages."""

    counts: ReplayCounts
    last_ms: int
    disorder_ms: int


def survey(replay: ChatReplay) -> ReplaySurvey:
    """Read it once. Raises NotAChatReplay, so that nothing is published of a file that turns out to be none."""
    last = -1
    disorder = 0
    for message in replay:
        if message.at_ms >= last:
            last = message.at_ms
        else:
            disorder = max(disorder, last - message.at_ms)
    return ReplaySurvey(replay.counts, last, disorder)


def in_order(replay: ChatReplay, found: ReplaySurvey, slack_ms: int) -> Iterable[ChatMessage]:
    """The messages, at most `slack_ms` out of order; only a file that is in no order is held in memory."""
    if found.disorder_ms <= slack_ms:
        return replay
    return sorted(replay, key=lambda message: message.at_ms)
