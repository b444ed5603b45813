"""Windows in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_video_analysis.adapters.streams.tables import windows
from tldr_video_analysis.domain.figures.figures import Modality, Span
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import Gap
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis

_TOGETHER_S = 600
_ADD = """
INSERT INTO windows (organization_id, stream_id, first_second, end_second)
SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[])
"""
_FLOAT = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class PostgresWindows:
    """Windows of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, added: Sequence[Window]) -> None:
        """Make windows that wait."""
        firsts, ends = [window.first_second for window in added], [window.end_second for window in added]
        await (await driver(self.transaction)).execute(_ADD, self.organization, stream, firsts, ends)

    async def waiting(self, stream: StreamId) -> Sequence[Window]:
        """Those that wait, in order."""
        query = sa.select(windows.c.first_second, windows.c.end_second).where(
            windows.c.stream_id == stream, windows.c.analysed.is_(False)
        )
        rows = await self.transaction.execute(query.order_by(windows.c.first_second))
        return [Window(*row) for row in rows]

    async def waiting_from(
        self, stream: StreamId, window: Window, seconds: int
    ) -> tuple[tuple[Window, ...], frozenset[Modality]]:
        """A window that waits and those that meet behind it in the same case."""
        last = window.first_second + seconds
        query = sa.select(windows.c.first_second, windows.c.end_second, windows.c.measured).where(
            windows.c.stream_id == stream,
            windows.c.first_second.between(window.first_second, last),
            windows.c.analysed.is_(False),
        )
        found: list[Window] = []
        case: list[str] = []
        for row in await self.transaction.execute(query.order_by(windows.c.first_second)):
            here = Window(row.first_second, row.end_second)
            if not found and here.first_second == window.first_second:
                case = row.measured
            elif (
                not found or found[-1].end_second != here.first_second or row.measured != case or here.end_second > last
            ):
                break
            found.append(here)
        return tuple(found), frozenset(map(Modality, case))

    async def partly(self, stream: StreamId, window: Window) -> WindowAnalysis | None:
        """What is kept of a window of which one modality is measured."""
        query = sa.select(windows).where(
            windows.c.stream_id == stream,
            windows.c.first_second == window.first_second,
            windows.c.analysed.is_(False),
            sa.func.cardinality(windows.c.measured) > 0,
        )
        row = (await self.transaction.execute(query)).one_or_none()
        return _analysis(row) if row else None

    async def put(self, stream: StreamId, analysis: WindowAnalysis) -> None:
        """Keep what came of a window."""
        values = {
            "end_second": analysis.window.end_second,
            "analysed": analysis.whole,
            "measured": sorted(analysis.measured),
            "names": list(analysis.series),
            "figures": b"".join(values.astype(_FLOAT).tobytes() for values in analysis.series.values()),
            "cuts_ms": list(analysis.cuts_ms),
            "pauses_ms": [edge for pause in analysis.pauses for edge in (pause.start_ms, pause.end_ms)],
            "gaps": [asdict(gap) for gap in analysis.gaps],
            "level_change": analysis.level_change,
        }
        place = {"stream_id": stream, "first_second": analysis.window.first_second}
        new = insert(windows).values(organization_id=self.organization, **place, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=list(place), set_=values))

    async def ready(self, stream: StreamId, from_seconds: Collection[int]) -> Sequence[WindowAnalysis]:
        """Windows of which something is measured."""
        near = (windows.c.first_second.between(first, first + _TOGETHER_S - 1) for first in from_seconds)
        query = sa.select(windows).where(
            windows.c.stream_id == stream, sa.or_(*near), sa.func.cardinality(windows.c.measured) > 0
        )
        return [_analysis(row) for row in await self.transaction.execute(query.order_by(windows.c.first_second))]


def _analysis(row: Any) -> WindowAnalysis:
    window = Window(row.first_second, row.end_second)
    seconds = window.end_second - window.first_second
    values = np.frombuffer(row.figures, dtype=_FLOAT).reshape(len(row.names), seconds)
    edges = iter(row.pauses_ms)
    return WindowAnalysis(
        window=window,
        series=dict(zip(row.names, values, strict=True)),
        cuts_ms=tuple(row.cuts_ms),
        pauses=tuple(Span(start_ms, end_ms) for start_ms, end_ms in zip(edges, edges, strict=True)),
        gaps=tuple(Gap(**{**gap, "modality": Modality(gap["modality"])}) for gap in row.gaps),
        level_change=row.level_change,
        measured=frozenset(map(Modality, row.measured)),
    )
