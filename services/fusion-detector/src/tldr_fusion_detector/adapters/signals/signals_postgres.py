"""Signals in PostgreSQL: series as they were received, one row for each piece."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_fusion_detector.adapters.signals.words_postgres import PostgresWords
from tldr_fusion_detector.adapters.tables import marks
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Gap, Piece, Timeline, assemble

SAMPLE = np.dtype("<f4")

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
FROM signals WHERE stream_id = $1 AND start_s < $2 GROUP BY name
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

    async def timeline(self, stream: StreamId, length_s: int, gaps: Iterable[ReportedGap]) -> Timeline:
        """The series of the first `length_s` seconds, put together."""
        rows = await (await driver(self.transaction)).fetch(_ALL, stream, length_s)
        found = (await self.transaction.execute(sa.select(marks).where(marks.c.stream_id == stream))).all()
        end_ms = length_s * 1000
        return assemble(
            length_s,
            [piece for row in rows for piece in _pieces(row)],
            [Gap(gap.modality, gap.start_ms, gap.end_ms) for gap in gaps],
            [row.start_ms for row in found if row.kind == "cut" and row.start_ms < end_ms],
            [(row.start_ms, min(row.end_ms, end_ms)) for row in found if row.kind == "pause" and row.start_ms < end_ms],
            await self._words.of(stream, length_s),
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
