"""Questions about what was read, from the gateway."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_ingest.adapters.streams.gaps_postgres import PostgresGaps
from tldr_ingest.adapters.streams.streams_postgres import PostgresStreams
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.media.source import ReadGap
from tldr_web import InternalAccess, Problem

_ANY_LANE = 0  # reading needs none


def router(database: Database, access: InternalAccess) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal/streams/{stream}", tags=["ingestion"])

    @routes.get("/progress")
    async def progress(organization: Annotated[str, Depends(access)], stream: str) -> dict[str, Any]:
        async with database.tenant(organization) as transaction:
            record = await PostgresStreams(transaction, organization, _ANY_LANE).find(StreamId(stream))
        if record is None:
            raise Problem(404, "stream_not_known", "Nothing was heard of this stream here yet. Ask again later.")
        return render_progress(record)

    @routes.get("/gaps")
    async def gaps(organization: Annotated[str, Depends(access)], stream: str) -> dict[str, Any]:
        async with database.tenant(organization) as transaction:
            found = await PostgresGaps(transaction, organization).of(StreamId(stream))
        return {"gaps": render_gaps(found)}

    return routes


def render_progress(record: StreamRecord) -> dict[str, Any]:
    """How far picture and sound were read, as JSON. The claimed length is 0 where the source claims none."""
    media = record.media
    return {
        "read_until_ms": media.read_until_ms,
        "ended": record.media_ended,
        "claimed_duration_ms": media.info.claimed_duration_ms if media.info else 0,
        "segments": media.segments,
        "bytes": media.size_bytes,
        "chat": render_chat(record),
        "live": render_live(record),
    }


def render_live(record: StreamRecord) -> dict[str, Any] | None:
    """How a live source stands, as JSON; None for a recording. `state`: waiting, live, interrupted or ended; times since 1970,
    0 where there was none. `lag_s`: how far behind what happened the last segment was stored.
    """
    if record.live is None:
        return None
    live, media = record.media.live, record.media
    return {
        "state": "ended" if record.media_ended else live.state,
        "waits_until_ms": live.waits_until_ms,
        "wall_zero_ms": media.wall_zero_ms,
        "offset_ms": live.offset_ms,
        "uncertainty_ms": live.uncertainty_ms or media.wall_uncertainty_ms,
        "odd_walls": live.odd_walls,
        "lag_s": live.lag_ms / 1000,
        "last_segment_at_ms": live.segment_at_ms,
        "reconnects": max(0, live.connections - 1),
    }


def render_chat(record: StreamRecord) -> dict[str, Any] | None:
    """What became of the chat, as JSON; None where there is none, `rows` is null before it was read."""
    if record.request is None or record.request.chat is None:
        return None
    chat = record.chat
    return {
        "ended": record.chat_ended,
        "format": chat.report.format.replace("_", "-") if chat.report and chat.report.format else None,
        "rows": asdict(chat.report.counts) if chat.report else None,
        "notes": [asdict(note) for note in chat.report.notes] if chat.report else [],
        "failure": asdict(chat.failure) if chat.failure else None,
    }


def render_gaps(gaps: Sequence[ReadGap]) -> list[dict[str, Any]]:
    """Gaps in the published language's JSON form, with the names of its fields and numbers as numbers. What was told of in
    parts, while it lasted, is one.
    """
    return [
        {
            "modality": f"MODALITY_{gap.modality.upper()}",
            "range": {"start_ms": gap.start_ms, "end_ms": gap.end_ms},
            "code": gap.code,
            "reason": gap.reason,
        }
        for gap in _joined(gaps)
    ]


def _joined(gaps: Sequence[ReadGap]) -> list[ReadGap]:
    found: list[ReadGap] = []
    last: dict[tuple[str, str], int] = {}
    for gap in gaps:
        kind = gap.modality, gap.code
        at = last.get(kind)
        if at is not None and found[at].end_ms == gap.start_ms:
            found[at] = replace(found[at], end_ms=gap.end_ms)
        else:
            last[kind] = len(found)
            found.append(gap)
    return found
