"""Rows of a replay on this machine's disk: put in any order, counted and given back in order of stream time."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import islice

from tldr_ingest.domain.chat.clock import Clock
from tldr_ingest.domain.chat.message import ChatMessage
from tldr_ingest.domain.chat.report import ChatCounts
from tldr_ingest.domain.chat.rows import ChatRow
from tldr_ingest.domain.chat.times import TimeKind

# No platform keeps a stream longer than two days; a time beyond is not a time in the stream.
LATEST_MS = 48 * 3_600_000
_BATCH = 5_000
_NAMES = "\x1f"
# Ties stay in the file's order.
_TABLE = "CREATE TABLE said (number INTEGER PRIMARY KEY, kind INTEGER, value REAL, author TEXT, text TEXT, emotes TEXT)"


class ChatSpool:
    """A table without a name: it is gone with the process. Memory does not grow with the number of rows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA cache_size = -16000")
        database.execute("PRAGMA temp_store = FILE")
        database.execute(_TABLE)

    def put(self, rows: Iterable[ChatRow]) -> None:
        """Keep all of them."""
        waiting = iter(rows)
        while batch := [_values(row) for row in islice(waiting, _BATCH)]:
            self._database.executemany("INSERT INTO said (kind, value, author, text, emotes) VALUES (?,?,?,?,?)", batch)

    def counts(self, clock: Clock, end_ms: int, known: ChatCounts) -> ChatCounts:
        """What lies where, besides what is known of other rows."""
        found = self._database.execute(
            f"""SELECT count(*) FILTER (WHERE at >= 0 AND at < ?), count(*) FILTER (WHERE at IS NULL OR at > {LATEST_MS}),
                count(*) FILTER (WHERE at < 0), count(*) FILTER (WHERE at >= ? AND at <= {LATEST_MS})
                FROM (SELECT {_at(clock)} AS at FROM said)""",  # noqa: S608 - numbers of our own
            (end_ms, end_ms),
        ).fetchone()
        inside, impossible, before, after = found
        return replace(known, messages=inside, impossible=impossible, before_start=before, after_end=after)

    def last_ms(self, clock: Clock, end_ms: int) -> int:
        """The last message inside of the media; -1 without one."""
        query = f"SELECT max(at) FROM (SELECT {_at(clock)} AS at FROM said) WHERE at >= 0 AND at < ?"  # noqa: S608
        (last,) = self._database.execute(query, (end_ms,)).fetchone()
        return -1 if last is None else int(last)

    def messages(self, clock: Clock, end_ms: int) -> Iterator[ChatMessage]:
        """Those inside of the media, in order of time."""
        query = f"""SELECT at, author, text, emotes FROM (SELECT {_at(clock)} AS at, * FROM said)
            WHERE at >= 0 AND at < ? ORDER BY at, number"""  # noqa: S608 - numbers of our own
        for at, author, text, emotes in self._database.execute(query, (end_ms,)):
            yield ChatMessage(at, author, text, tuple(emotes.split(_NAMES)) if emotes else ())


@contextmanager
def chat_spool() -> Iterator[ChatSpool]:
    """An empty one."""
    with closing(sqlite3.connect("")) as database:
        yield ChatSpool(database)


def _values(row: ChatRow) -> tuple[int, float | None, str, str, str]:
    time = row.time
    value = time.value if math.isfinite(time.value) else None
    return time.kind, value, row.author, row.text, _NAMES.join(name.replace(_NAMES, "") for name in row.emotes)


def _at(clock: Clock) -> str:
    cases = " ".join(
        f"WHEN {int(kind)} THEN CAST(round(value * {scale.factor!r} + {scale.shift_ms!r}) AS INTEGER)"
        for kind, scale in clock.scales.items()
        if math.isfinite(scale.shift_ms) and kind in TimeKind
    )
    return f"CASE kind {cases} END" if cases else "NULL"
