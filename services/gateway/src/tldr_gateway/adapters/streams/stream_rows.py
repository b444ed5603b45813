"""A stream as a row, and back."""

from datetime import datetime
from typing import Any

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.domain.streams.live import LiveState, SourceState
from tldr_gateway.domain.streams.source import (
    Address,
    Chat,
    ChatFormat,
    ChatSource,
    LiveChat,
    LiveChatKind,
    LiveSettings,
    Push,
    Source,
    SourceKind,
    UploadedObject,
)
from tldr_gateway.domain.streams.stream import Failure, State
from tldr_gateway.domain.streams.submission import Profile, Stream
from tldr_secrets import redacted


def changing(stream: Stream) -> dict[str, Any]:
    """The columns that change with a stream's state."""
    return {
        "state": stream.state,
        "attempt": stream.attempt,
        "stop_asked": stream.stop_asked,
        "failure_code": stream.failure.code if stream.failure else None,
        "failure_reason": stream.failure.reason if stream.failure else None,
        "duration_ms": stream.duration_ms,
        "highlights": stream.highlights,
        "gaps": list(stream.gaps),
        "updated_at": stream.updated_at,
        "started_at": stream.started_at,
        "ended_at": stream.ended_at,
    }


def live_row(live: LiveState) -> dict[str, Any]:
    """What is known of a live source, as a document; until when it may be quiet has a column of its own."""
    return {
        "state": live.state,
        "since": live.since.isoformat(),
        "reason": {"code": live.reason.code, "reason": live.reason.reason} if live.reason else None,
        "wall_zero_ms": live.wall_zero_ms,
        "wall_uncertainty_ms": live.wall_uncertainty_ms,
    }


def stream_of(row: Any) -> Stream:
    """The stream of a row."""
    return Stream(
        id=StreamId(row.stream_id),
        organization=OrganizationId(row.organization_id),
        title=row.title,
        source=_source(row.source),
        chat=_chat(row.chat),
        profile=Profile(**row.profile),
        lane=row.lane,
        priority=row.priority,
        state=State(row.state),
        attempt=row.attempt,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        stop_asked=row.stop_asked,
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code else None,
        duration_ms=row.duration_ms,
        highlights=row.highlights,
        gaps=tuple(row.gaps),
        metadata=row.metadata,
        channel=row.channel,
        signals=tuple(row.signals),
        live=_live(row.live, row.quiet_until) if row.live else None,
        told=row.feed_number,
        created_by=row.created_by,
        live_source=row.live_source,
    )


def _source(values: dict[str, Any]) -> Source:
    push, live = values.get("push"), values.get("live")
    return Source(
        SourceKind(values["kind"]),
        _uploaded(values["upload"]),
        _address(values),
        Push(**push) if push else None,
        LiveSettings(**live) if live else None,
    )


def _chat(values: dict[str, Any] | None) -> Chat | None:
    if values is None:
        return None
    if "kind" in values:
        return LiveChat(LiveChatKind(values["kind"]), values["place"])
    upload = _uploaded(values["upload"])
    started_at = values.get("media_started_at_ms")
    return ChatSource(ChatFormat(values["format"]), values["offset_ms"], upload, _address(values), started_at)


def _live(values: dict[str, Any], quiet_until: datetime | None) -> LiveState:
    return LiveState(
        SourceState(values["state"]),
        datetime.fromisoformat(values["since"]),
        Failure(**values["reason"]) if values["reason"] else None,
        values["wall_zero_ms"],
        values["wall_uncertainty_ms"],
        quiet_until,
    )


def _address(values: dict[str, Any]) -> Address | None:
    """Rows of earlier versions hold a plain `url`."""
    if values.get("url"):
        return Address("", redacted(values["url"]))
    return Address(**values["address"]) if values.get("address") else None


def _uploaded(values: dict[str, Any] | None) -> UploadedObject | None:
    return UploadedObject(**values) if values else None
