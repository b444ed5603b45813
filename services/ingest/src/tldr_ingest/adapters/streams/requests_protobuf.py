"""Requests out of messages of the published language."""

from tldr.streams.v1 import streams_pb2
from tldr_ingest.application.stream_record import Address, ChatRequest, Place, Request, Upload
from tldr_ingest.domain.chat.message import ChatFormat

CHAT_FORMATS = {
    ChatFormat.TWITCH_DOWNLOADER: streams_pb2.CHAT_FORMAT_TWITCH_DOWNLOADER,
    ChatFormat.CHAT_DOWNLOADER: streams_pb2.CHAT_FORMAT_CHAT_DOWNLOADER,
    ChatFormat.LIVE_CHAT: streams_pb2.CHAT_FORMAT_LIVE_CHAT,
    ChatFormat.CSV: streams_pb2.CHAT_FORMAT_CSV,
}
_KNOWN = {number: format for format, number in CHAT_FORMATS.items()}


def request_of(message: streams_pb2.StreamRequested) -> Request:
    """What this service needs of a request. A chat format that is not known here is found out from the file."""
    return Request(
        priority=message.priority,
        place=_place(message.source),
        live=message.source.kind == streams_pb2.SOURCE_KIND_LIVE,
        chat=_chat(message.chat) if message.HasField("chat") else None,
    )


def _chat(chat: streams_pb2.ChatSource) -> ChatRequest | None:
    place = _place(chat)
    started_at = chat.media_started_at_ms if chat.HasField("media_started_at_ms") else None
    return ChatRequest(place, _KNOWN.get(chat.format), chat.offset_ms, started_at) if place else None


def _place(source: streams_pb2.Source | streams_pb2.ChatSource) -> Place | None:
    match source.WhichOneof("place"):
        case "upload":
            return Upload(source.upload.bucket, source.upload.key, source.upload.stored_at_s)
        case "address":
            return Address(source.address.sealed, sealed=True)
        case "url":
            return Address(source.url)
        case _:
            return None
