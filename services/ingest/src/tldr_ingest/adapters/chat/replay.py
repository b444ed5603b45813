"""A whole chat replay: what became of its rows, and its messages in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from tldr_ingest.adapters.chat.replay_rows import ReplayRows
from tldr_ingest.adapters.chat.spool import LATEST_MS, ChatSpool
from tldr_ingest.domain.chat.clock import Clock, TimeEvidence
from tldr_ingest.domain.chat.message import ChatFormat, ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts, ChatNote
from tldr_ingest.domain.chat.rows import ChatRow, NoRow
from tldr_ingest.domain.errors import ChatTimesImpossible, ChatTimesUnreadable, ChatTooLarge

# The busiest broadcast of two days; ten times as many are no chat.
_MOST_ROWS = 20_000_000


@dataclass(frozen=True, slots=True)
class ChatReplay:
    """A replay that was read. Without a known length of the media `end_ms` is two days."""

    spool: ChatSpool
    format: ChatFormat | None
    clock: Clock
    end_ms: int
    counts: ChatCounts
    truncated: bool

    @property
    def notes(self) -> tuple[ChatNote, ...]:
        """Which reading was chosen where several were possible."""
        return self.clock.notes

    @property
    def last_ms(self) -> int:
        """The last message; -1 without one."""
        return self.spool.last_ms(self.clock, self.end_ms)

    def __iter__(self) -> Iterator[ChatMessage]:
        """Messages inside of the media, in order of time."""
        return self.spool.messages(self.clock, self.end_ms)


def read_replay(
    file: BinaryIO,
    spool: ChatSpool,
    *,
    format: ChatFormat | None = None,
    offset_ms: int = 0,
    media_started_at_ms: int | None = None,
    media_ms: int = 0,
) -> ChatReplay:
    """Read a seekable file once, to its end. Raises NotAChatReplay."""
    rows, end_ms = ReplayRows(file, format), min(media_ms, LATEST_MS) or LATEST_MS
    evidence = TimeEvidence(end_ms, offset_ms, media_started_at_ms)
    refused: dict[NoRow, int] = dict.fromkeys(NoRow, 0)
    spool.put(_noted(rows, evidence, refused))
    evidence.trim = rows.trim
    clock = evidence.clock()
    known = ChatCounts(unreadable=refused[NoRow.MALFORMED] + refused[NoRow.NO_TIME], other=refused[NoRow.NO_MESSAGE])
    replay = ChatReplay(spool, rows.format, clock, end_ms, spool.counts(clock, end_ms, known), rows.truncated)
    _judge(replay.counts, refused[NoRow.NO_TIME])
    return replace(replay, counts=replay.counts)


def _noted(rows: ReplayRows, evidence: TimeEvidence, refused: dict[NoRow, int]) -> Iterator[ChatRow]:
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise ChatTooLarge(f"The file has more than {_MOST_ROWS:,} rows; no chat replay of one stream has.")
        if isinstance(row, NoRow):
            refused[row] += 1
        else:
            evidence.add(row.time)
            yield row


def _judge(counts: ChatCounts, without_time: int) -> None:
    if counts.messages + counts.before_start + counts.after_end:
        return
    if counts.impossible:
        raise ChatTimesImpossible(
            f"None of the {counts.impossible} messages has a time between the stream's start and 48 hours; "
            "times must be seconds since the start, or dates, and offset_ms and media_started_at must fit."
        )
    if without_time:
        raise ChatTimesUnreadable(
            f"The times of the {without_time} messages could not be read. Write them as seconds (62.5), as h:mm:ss or as "
            "2026-01-31T20:15:00Z."
        )
