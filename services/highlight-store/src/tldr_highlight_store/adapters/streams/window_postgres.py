"""Which live streams' segments have left the window that their organization's plan keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tldr_bus import lock_subjects
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_highlight_store.adapters.tables import highlights, organizations, segments, streams
from tldr_highlight_store.domain.highlights.highlight import ClipState, HighlightState
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.window import GRACE_MS, MARGIN_MS, USUAL_MINUTES, expendable
from tldr_streams.state import StreamState

_STREAMS = 500
_LOOKED_AT = 2000
_LAST = 2**62


def window_ms() -> sa.ColumnElement[int]:
    """The window of a stream's organization in milliseconds, in a query of streams."""
    said = (
        sa.select(organizations.c.dvr_minutes)
        .where(organizations.c.organization_id == streams.c.organization_id)
        .correlate(streams)  # by itself it would only reach to the query next to it
        .scalar_subquery()
    )
    minutes = sa.func.coalesce(sa.func.nullif(said, 0), USUAL_MINUTES, type_=sa.BigInteger)
    return sa.type_coerce(minutes * 60_000, sa.BigInteger)


@dataclass(frozen=True, slots=True)
class Overfull:
    """A live stream of which more is kept than its window."""

    organization: str
    stream: StreamId
    edge_ms: int
    window_ms: int


@dataclass(frozen=True, slots=True)
class PostgresWindows:
    """The windows of all organizations' live streams."""

    database: Database

    async def overfull(self, after: str = "") -> Sequence[Overfull]:
        """Some streams, in order of id, whose oldest segments have left their windows."""
        window = window_ms()
        older = sa.exists().where(
            segments.c.stream_id == streams.c.stream_id,
            segments.c.end_ms <= streams.c.read_until_ms - window - GRACE_MS,
        )
        query = (
            sa.select(
                streams.c.organization_id, streams.c.stream_id, streams.c.read_until_ms, window.label("window_ms")
            )
            .where(streams.c.state == StreamState.ACTIVE, streams.c.live, streams.c.stream_id > after, older)
            .order_by(streams.c.stream_id)
            .limit(_STREAMS)
        )
        async with self.database.system() as transaction:
            rows = await transaction.execute(query)
            return [Overfull(row[0], StreamId(row[1]), row[2], row[3]) for row in rows]

    async def expendable(self, full: Overfull, after: int) -> tuple[Sequence[Segment], int | None]:
        """What may go of some of a stream's oldest segments behind an index, and the last index looked at, if there are
        more.
        """
        before_ms = full.edge_ms - full.window_ms - GRACE_MS
        of_stream, left = segments.c.stream_id == full.stream, segments.c.end_ms <= before_ms
        oldest = (
            sa.select(*(segments.c[name] for name in Segment.__slots__))
            .where(of_stream, left, segments.c.index > after)
            .order_by(segments.c.index)
            .limit(_LOOKED_AT)
        )
        uncut = sa.select(highlights.c.start_ms - MARGIN_MS, highlights.c.end_ms + MARGIN_MS).where(
            highlights.c.stream_id == full.stream,
            highlights.c.cut == sa.literal_column(f"'{ClipState.WAITING}'"),
            highlights.c.state != HighlightState.RETRACTED,
        )
        async with self.database.system() as transaction:
            found = [Segment(*row) for row in await transaction.execute(oldest)]
            if not found:
                return (), None
            behind = sa.select(sa.func.min(segments.c.decode_from)).where(of_stream, segments.c.index > found[-1].index)
            kept_from = (await transaction.execute(behind)).scalar_one()
            needed = [(row[0], row[1]) for row in await transaction.execute(uncut)]
        gone = expendable(
            found,
            edge_ms=full.edge_ms,
            window_ms=full.window_ms,
            needed=needed,
            kept_from=_LAST if kept_from is None else kept_from,
        )
        return gone, found[-1].index if len(found) == _LOOKED_AT else None

    async def deleted(self, stream: StreamId, gone: Sequence[Segment]) -> None:
        """Write down that these segments are gone."""
        until_ms = max(segment.end_ms for segment in gone)
        async with self.database.system() as transaction:
            await lock_subjects(transaction, stream)  # whoever handles an event of the stream writes its row as a whole
            await transaction.execute(
                sa.update(streams)
                .where(streams.c.stream_id == stream)
                .values(trimmed_until_ms=sa.func.greatest(streams.c.trimmed_until_ms, until_ms))
            )
            indices = [segment.index for segment in gone]
            await transaction.execute(
                sa.delete(segments).where(segments.c.stream_id == stream, segments.c.index.in_(indices))
            )
