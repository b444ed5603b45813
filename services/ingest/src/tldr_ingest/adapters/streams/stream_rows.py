"""A stream's record as a row, and back."""

from dataclasses import asdict
from typing import Any

from tldr_ingest.application.stream_record import (
    Address,
    ChatProgress,
    ChatRequest,
    FilePlace,
    LiveChatKind,
    LiveChatRequest,
    LiveProgress,
    LiveSettings,
    LiveState,
    MediaProgress,
    Place,
    Push,
    Request,
    StreamRecord,
    Upload,
)
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_ingest.domain.chat.report import ChatCounts, ChatNote, ChatReport
from tldr_ingest.domain.media.source import AudioTrack, SourceInfo, VideoTrack
from tldr_streams.rows import stream_values
from tldr_streams.values import Failure


def values_of(record: StreamRecord) -> dict[str, Any]:
    """The columns of this service that the record fills."""
    media, chat = record.media, record.chat
    return {
        "attempt": record.attempt,
        "request": asdict(record.request) if record.request else None,
        "opened_attempt": media.opened_attempt,
        "info": asdict(media.info) if media.info else None,
        "segments": media.segments,
        "media_until_ms": media.read_until_ms,
        "size_bytes": media.size_bytes,
        "media_ended_attempt": media.ended_attempt,
        "media_complete": media.complete,
        "media_failure": asdict(media.failure) if media.failure else None,
        "wall_zero_ms": media.wall_zero_ms,
        "wall_uncertainty_ms": media.wall_uncertainty_ms,
        "live": asdict(media.live) if record.live is not None else None,
        "chat_windows": chat.windows,
        "chat_until_ms": chat.read_until_ms,
        "chat_complete": chat.complete,
        "chat_stored": chat.stored,
        "chat_ended_attempt": chat.ended_attempt,
        "chat_failure": asdict(chat.failure) if chat.failure else None,
        "chat_report": asdict(chat.report) if chat.report else None,
    }


def record_of(row: Any) -> StreamRecord:
    """The record that a row holds."""
    return StreamRecord(
        **stream_values(row),
        request=request_of_row(row.request) if row.request else None,
        media=MediaProgress(
            opened_attempt=row.opened_attempt,
            info=_info(row.info) if row.info else None,
            segments=row.segments,
            read_until_ms=row.media_until_ms,
            size_bytes=row.size_bytes,
            ended_attempt=row.media_ended_attempt,
            complete=row.media_complete,
            failure=Failure(**row.media_failure) if row.media_failure else None,
            wall_zero_ms=row.wall_zero_ms,
            wall_uncertainty_ms=row.wall_uncertainty_ms,
            live=_live_progress(row.live) if row.live else LiveProgress(),
        ),
        chat=ChatProgress(
            windows=row.chat_windows,
            read_until_ms=row.chat_until_ms,
            complete=row.chat_complete,
            stored=row.chat_stored,
            ended_attempt=row.chat_ended_attempt,
            failure=Failure(**row.chat_failure) if row.chat_failure else None,
            report=report_of_row(row.chat_report) if row.chat_report else None,
        ),
    )


def request_of_row(document: dict[str, Any]) -> Request:
    """The request that a row holds."""
    place, chat = document["place"], document["chat"]
    return Request(
        priority=document["priority"],
        place=_place(place) if place else None,
        live=_live(document["live"]),
        chat=_chat(chat) if chat else None,
    )


def _live(document: dict[str, Any] | bool) -> LiveSettings | None:
    if isinstance(document, dict):
        return LiveSettings(**document)
    return LiveSettings() if document else None  # an earlier version kept whether it is live


def _live_progress(document: dict[str, Any]) -> LiveProgress:
    return LiveProgress(**{**document, "state": LiveState(document["state"])})


def _chat(document: dict[str, Any]) -> ChatRequest | LiveChatRequest:
    if "kind" in document:
        return LiveChatRequest(LiveChatKind(document["kind"]), document["channel"])
    format = ChatFormat(document["format"]) if document["format"] else None
    started_at = document.get("media_started_at_ms")
    return ChatRequest(_file(document["place"]), format, document["offset_ms"], started_at)


def report_of_row(document: dict[str, Any]) -> ChatReport:
    """The report that a row holds; those of earlier versions name no format."""
    counts, notes = ChatCounts(**document["counts"]), tuple(ChatNote(**note) for note in document["notes"])
    return ChatReport(counts, notes, ChatFormat(document["format"]) if document.get("format") else None)


def _place(document: dict[str, Any]) -> Place:
    return Push(document["key_digest"]) if "key_digest" in document else _file(document)


def _file(document: dict[str, Any]) -> FilePlace:
    if "url" in document:
        return Address(document["url"], sealed=document.get("sealed", False))
    return Upload(document["bucket"], document["key"], document.get("stored_at_s", 0))


def _info(document: dict[str, Any]) -> SourceInfo:
    video, audio = document["video"], document["audio"]
    return SourceInfo(
        format=document["format"],
        claimed_duration_ms=document["claimed_duration_ms"],
        video=VideoTrack(**video) if video else None,
        audio=AudioTrack(**audio) if audio else None,
    )
