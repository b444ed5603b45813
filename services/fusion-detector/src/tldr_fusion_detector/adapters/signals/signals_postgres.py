"""Signals in PostgreSQL: series as they were received, one row for each piece."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_fusion_detector.adapters.signals.words_postgres import PostgresWords
from tldr_fusion_detector.application.signals.measurement import LONGEST_PIECE_S, Measurement
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Gap, Piece, Timeline, assemble

SAMPLE = np.dtype("<f4")
_ANY = -(1 << 40)

_ADD = """
INSERT INTO signals (organization_id, stream_id, name, start_s, samples)
SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::bytea[])
ON CONFLICT (stream_id, name, start_s) DO UPDATE SET samples = excluded.samples
"""
_MARK = """
INSERT INTO marks (organization_id, stream_id, kind, start_ms, end_ms)
SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::bigint[])
ON CONFLICT DO NOTHING
"""
# One row for each series: twelve hours are 100,000 pieces, and as many rows would cost a second in Python.
_ALL = """
SELECT name, array_agg(start_s ORDER BY start_s) AS starts,
       array_agg(octet_length(samples) ORDER BY start_s) AS sizes, string_agg(samples, ''::bytea ORDER BY start_s) AS samples
FROM signals WHERE stream_id = $1 AND start_s < $2 AND start_s > $3 GROUP BY name
"""
# A part's own, and the last pause that begins before it.
_MARKS = """
SELECT kind, start_ms, end_ms FROM marks WHERE stream_id = $1 AND kind IN ('cut', 'pause')
AND start_ms >= $2 AND start_ms < $3
UNION ALL (
    SELECT kind, start_ms, end_ms FROM marks WHERE stream_id = $1 AND kind = 'pause' AND start_ms < $2
    ORDER BY start_ms DESC, end_ms DESC LIMIT 1
)
"""


@dataclass(frozen=True, slots=True)
class PostgresSignals:
    """Signals of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, measurement: Measurement) -> None:
        """Upsert the series and add the marks, in one statement each."""
        connection = await driver(self.transaction)
        pieces = {(piece.signal, piece.start_s): pack(piece.values) for piece in measurement.pieces}
        if pieces:
            names, starts = zip(*pieces, strict=True)
            await connection.execute(_ADD, self.organization, stream, names, starts, list(pieces.values()))
        found = [("cut", at, at) for at in measurement.cuts_ms]
        found += [("pause", start, end) for start, end in measurement.pauses]
        if found:
            kinds, firsts, lasts = zip(*found, strict=True)
            await connection.execute(_MARK, self.organization, stream, kinds, firsts, lasts)
        if measurement.words is not None:
            await self._words.add(stream, measurement.words)

    async def timeline(
        self, stream: StreamId, length_s: int, gaps: Iterable[ReportedGap], start_s: int = 0
    ) -> Timeline:
        """The series put together."""
        connection = await driver(self.transaction)
        end_s, end_ms = start_s + length_s, (start_s + length_s) * 1000
        after_s = start_s - LONGEST_PIECE_S if start_s else _ANY
        rows = await connection.fetch(_ALL, stream, end_s, after_s)
        found = await connection.fetch(_MARKS, stream, start_s * 1000 if start_s else _ANY, end_ms)
        return assemble(
            length_s,
            [piece for row in rows for piece in _pieces(row)],
            [Gap(gap.modality, gap.start_ms, gap.end_ms) for gap in gaps],
            [row["start_ms"] for row in found if row["kind"] == "cut"],
            [(row["start_ms"], min(row["end_ms"], end_ms)) for row in found if row["kind"] == "pause"],
            await self._words.of(stream, length_s, start_s),
            start_s,
        )

    @property
    def _words(self) -> PostgresWords:
        return PostgresWords(self.transaction, self.organization)


def pack(values: Floats) -> bytes:
    """A series as it is stored."""
    return np.asarray(values, dtype=SAMPLE).tobytes()


def unpack(samples: bytes) -> Floats:
    """A series as it was stored."""
    return np.frombuffer(samples, dtype=SAMPLE).astype(np.float64)


def _pieces(row: Any) -> Iterator[Piece]:
    """The pieces of one series; what joins without a hole or an overlap is one piece."""
    whole, begin, start, expected = unpack(row["samples"]), 0, None, None
    at = 0
    for first, size in zip(row["starts"], row["sizes"], strict=True):
        if first != expected:
            if start is not None:
                yield Piece(row["name"], start, whole[begin:at])
            begin, start = at, first
        at += size // SAMPLE.itemsize
        expected = first + size // SAMPLE.itemsize
    if start is not None:
        yield Piece(row["name"], start, whole[begin:at])
