"""Requests out of messages of the published language."""

from tldr.streams.v1 import streams_pb2
from tldr_ingest.application.stream_record import (
    Address,
    ChatRequest,
    FilePlace,
    LiveChatKind,
    LiveChatRequest,
    LiveSettings,
    Place,
    Push,
    Request,
    Upload,
)
from tldr_ingest.domain.chat.message import ChatFormat

CHAT_FORMATS = {
    ChatFormat.TWITCH_DOWNLOADER: streams_pb2.CHAT_FORMAT_TWITCH_DOWNLOADER,
    ChatFormat.CHAT_DOWNLOADER: streams_pb2.CHAT_FORMAT_CHAT_DOWNLOADER,
    ChatFormat.LIVE_CHAT: streams_pb2.CHAT_FORMAT_LIVE_CHAT,
    ChatFormat.CSV: streams_pb2.CHAT_FORMAT_CSV,
}
_KNOWN = {number: format for format, number in CHAT_FORMATS.items()}
_LIVE_CHATS = {
    streams_pb2.LIVE_CHAT_KIND_TWITCH: LiveChatKind.TWITCH,
    streams_pb2.LIVE_CHAT_KIND_YOUTUBE: LiveChatKind.YOUTUBE,
    streams_pb2.LIVE_CHAT_KIND_PUSH: LiveChatKind.PUSH,
}


def request_of(message: streams_pb2.StreamRequested) -> Request:
    """What this service needs of a request. A chat format that is not known here is found out from the file."""
    return Request(
        priority=message.priority,
        place=_place(message.source),
        live=_live(message.source.live) if message.source.kind == streams_pb2.SOURCE_KIND_LIVE else None,
        chat=_chat(message.chat) if message.HasField("chat") else None,
    )


def _live(live: streams_pb2.LiveSettings) -> LiveSettings:
    return LiveSettings(
        wait_until_live_ms=live.wait_until_live_ms,
        ends_after_silence_ms=live.ends_after_silence_ms,
        longest_ms=live.longest_ms,
        from_start=live.from_start,
        max_height=live.max_height,
    )


def _chat(chat: streams_pb2.ChatSource) -> ChatRequest | LiveChatRequest | None:
    if chat.WhichOneof("place") == "live":
        kind = _LIVE_CHATS.get(chat.live.kind)
        return LiveChatRequest(kind, chat.live.channel) if kind else None
    place = _file(chat)
    started_at = chat.media_started_at_ms if chat.HasField("media_started_at_ms") else None
    return ChatRequest(place, _KNOWN.get(chat.format), chat.offset_ms, started_at) if place else None


def _place(source: streams_pb2.Source) -> Place | None:
    if source.WhichOneof("place") == "push":
        return Push(source.push.key_digest.hex())
    return _file(source)


def _file(source: streams_pb2.Source | streams_pb2.ChatSource) -> FilePlace | None:
    match source.WhichOneof("place"):
        case "upload":
            return Upload(source.upload.bucket, source.upload.key, source.upload.stored_at_s)
        case "address":
            return Address(source.address.sealed, sealed=True)
        case "url":
            return Address(source.url)
        case _:
            return None
