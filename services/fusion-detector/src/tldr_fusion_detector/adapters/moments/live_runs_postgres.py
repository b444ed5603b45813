"""Live runs in PostgreSQL: a row for what is still looked at, one for each ten minutes of settled scores."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from tldr_contracts.ids import RunId
from tldr_database import Transaction, driver
from tldr_fusion_detector.adapters.moments.live_state_bytes import (
    cells_bytes,
    excitement_bytes,
    read_state,
    state_bytes,
)
from tldr_fusion_detector.adapters.signals.signals_postgres import pack, unpack
from tldr_fusion_detector.adapters.tables import live_runs, live_scores
from tldr_fusion_detector.application.moments.live_ports import LiveProgress
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.live_detection import LiveDetection
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.signals.signals import Floats

CHUNK_S = 600
_CLOSE = """
INSERT INTO live_runs (organization_id, run_id, stream_id, closed_s) VALUES ($1, $2, $3, $4)
ON CONFLICT (run_id) DO UPDATE SET closed_s = greatest(live_runs.closed_s, excluded.closed_s)
"""
_APPEND = """
INSERT INTO live_scores (organization_id, run_id, stream_id, start_s, samples) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (run_id, start_s) DO UPDATE SET samples = live_scores.samples || excluded.samples
"""


@dataclass(frozen=True, slots=True)
class PostgresLiveRuns:
    """Live runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def close(self, run: RunRecord, until_s: int) -> None:
        """Move the border; the row stays locked."""
        await (await driver(self.transaction)).execute(_CLOSE, self.organization, run.id, run.stream, until_s)

    async def closed_s(self, run: RunId) -> int:
        """The border, locked."""
        query = sa.select(live_runs.c.closed_s).where(live_runs.c.run_id == run).with_for_update()
        return (await self.transaction.execute(query)).scalar() or 0

    async def state(self, run: RunId) -> LiveState:
        """What is kept."""
        row = (await self.transaction.execute(sa.select(live_runs).where(live_runs.c.run_id == run))).one_or_none()
        if row is None or row.state is None:
            return LiveState()
        return read_state(row.state, row.cells, row.excitement)

    async def put(self, run: RunRecord, before: LiveState, found: LiveDetection, front_s: int) -> None:
        """Write the step. Cells and excitement are written where they changed, about once a minute."""
        state = found.state
        values: dict[str, Any] = {"front_s": front_s, "settled_s": state.settled_s, "tail": pack(found.tail)}
        if state is not before:
            values["state"] = state_bytes(state)
            if state.read.cells_end != before.read.cells_end:
                values["cells"] = cells_bytes(state.read.cells)
                values["excitement"] = excitement_bytes(state.read)
        await self.transaction.execute(sa.update(live_runs).where(live_runs.c.run_id == run.id).values(values))
        await self._append(run, before.settled_s, found.settled)

    async def _append(self, run: RunRecord, at_s: int, settled: Floats) -> None:
        while len(settled):
            start_s = at_s // CHUNK_S * CHUNK_S
            fits = start_s + CHUNK_S - at_s
            row = (self.organization, run.id, run.stream, start_s, pack(settled[:fits]))
            await (await driver(self.transaction)).execute(_APPEND, *row)
            at_s, settled = at_s + len(settled[:fits]), settled[fits:]

    async def progress(self, run: RunId) -> LiveProgress:
        """From the row."""
        query = sa.select(live_runs.c.settled_s, live_runs.c.front_s).where(live_runs.c.run_id == run)
        row = (await self.transaction.execute(query)).one_or_none()
        return LiveProgress(1000 * row.settled_s, 1000 * row.front_s) if row else LiveProgress()

    async def scores(self, run: RunId, from_s: int) -> tuple[int, Floats]:
        """The chunks from that of `from_s` on, and the tail."""
        first_s = from_s // CHUNK_S * CHUNK_S
        query = sa.select(live_runs.c.settled_s, live_runs.c.tail).where(live_runs.c.run_id == run)
        row = (await self.transaction.execute(query)).one_or_none()
        if row is None or row.tail is None:
            return from_s, np.empty(0)
        chunks = sa.select(live_scores.c.samples).where(live_scores.c.run_id == run, live_scores.c.start_s >= first_s)
        samples = (await self.transaction.execute(chunks.order_by(live_scores.c.start_s))).scalars().all()
        known = unpack(b"".join((*samples, row.tail)))
        start_s = row.settled_s - sum(map(len, samples)) // 4
        return from_s, known[max(from_s - start_s, 0) :]

    async def forget(self, run: RunId) -> None:
        """Delete all of it."""
        for table in (live_scores, live_runs):
            await self.transaction.execute(sa.delete(table).where(table.c.run_id == run))
