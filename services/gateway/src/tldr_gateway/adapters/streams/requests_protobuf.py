"""A submitted stream in the published language."""

from google.protobuf import json_format

from tldr.common.v1 import common_pb2
from tldr.streams.v1 import streams_pb2
from tldr_gateway.domain.streams.source import (
    Address,
    Chat,
    ChatFormat,
    LiveChat,
    LiveChatKind,
    LiveSettings,
    Source,
    SourceKind,
    UploadedObject,
)
from tldr_gateway.domain.streams.submission import Stream

_KINDS = {
    SourceKind.RECORDING: streams_pb2.SOURCE_KIND_RECORDING,
    SourceKind.LIVE: streams_pb2.SOURCE_KIND_LIVE,
}
_FORMATS = {
    ChatFormat.AUTO: streams_pb2.CHAT_FORMAT_UNSPECIFIED,
    ChatFormat.TWITCH_DOWNLOADER: streams_pb2.CHAT_FORMAT_TWITCH_DOWNLOADER,
    ChatFormat.CHAT_DOWNLOADER: streams_pb2.CHAT_FORMAT_CHAT_DOWNLOADER,
    ChatFormat.LIVE_CHAT: streams_pb2.CHAT_FORMAT_LIVE_CHAT,
    ChatFormat.CSV: streams_pb2.CHAT_FORMAT_CSV,
}
_CHATS = {
    LiveChatKind.TWITCH: streams_pb2.LIVE_CHAT_KIND_TWITCH,
    LiveChatKind.YOUTUBE: streams_pb2.LIVE_CHAT_KIND_YOUTUBE,
    LiveChatKind.PUSH: streams_pb2.LIVE_CHAT_KIND_PUSH,
}


def requested(stream: Stream) -> streams_pb2.StreamRequested:
    """All that any service needs to work on a stream."""
    message = streams_pb2.StreamRequested(
        stream_id=stream.id,
        lane=stream.lane,
        priority=stream.priority,
        attempt=stream.attempt,
        source=_source(stream.source),
        chat=_chat(stream.chat) if stream.chat else None,
        modalities=[common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO],
        profile=json_format.ParseDict(stream.profile.document, streams_pb2.DetectionProfile()),
        title=stream.title,
        channel=stream.channel,
    )
    if stream.chat:
        message.modalities.append(common_pb2.MODALITY_CHAT)
    if stream.signals:
        message.modalities.append(common_pb2.MODALITY_EXTERNAL)
    return message


def _source(source: Source) -> streams_pb2.Source:
    kind, live = _KINDS[source.kind], _live(source.live) if source.live else None
    if source.push:
        push = streams_pb2.PushInput(key_digest=bytes.fromhex(source.push.key_digest))
        return streams_pb2.Source(push=push, kind=kind, live=live)
    if source.upload:
        return streams_pb2.Source(upload=_reference(source.upload), kind=kind, live=live)
    return streams_pb2.Source(address=_address(source.address), kind=kind, live=live)


def _live(live: LiveSettings) -> streams_pb2.LiveSettings:
    return streams_pb2.LiveSettings(
        wait_until_live_ms=1000 * live.wait_until_live_s,
        ends_after_silence_ms=1000 * live.ends_after_silence_s,
        longest_ms=1000 * live.max_length_s,
        from_start=live.from_start,
        max_height=live.max_height,
    )


def _chat(chat: Chat) -> streams_pb2.ChatSource:
    if isinstance(chat, LiveChat):
        return streams_pb2.ChatSource(live=streams_pb2.LiveChat(kind=_CHATS[chat.kind], channel=chat.place))
    return streams_pb2.ChatSource(
        upload=_reference(chat.upload) if chat.upload else None,
        address=_address(chat.address),
        format=_FORMATS[chat.format],
        offset_ms=chat.offset_ms,
        media_started_at_ms=chat.media_started_at_ms,
    )


def _address(address: Address | None) -> streams_pb2.SealedAddress | None:
    return streams_pb2.SealedAddress(sealed=address.sealed, shown=address.shown) if address else None


def _reference(upload: UploadedObject) -> common_pb2.ObjectReference:
    return common_pb2.ObjectReference(
        bucket=upload.bucket,
        key=upload.key,
        size_bytes=upload.size_bytes,
        content_type=upload.content_type,
        stored_at_s=upload.stored_at_s,
    )
