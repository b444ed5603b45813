"""Chat as ingest publishes it, in the words of the domain."""

from collections.abc import Iterator

from google.protobuf.message import DecodeError

from tldr.chat.v1.chat_pb2 import ChatEnded, ChatEvent, ChatGapFound, ChatMessages, ChatWindowRead
from tldr_chat_sentiment.application.ports import ContentLost
from tldr_chat_sentiment.domain.arrival import Arrival, End, Gap, ObjectPlace, Window
from tldr_chat_sentiment.domain.message import Message
from tldr_streams.messages import failure_of, text_of


def arrival_of(event: ChatEvent) -> Arrival | None:
    """What an event says came; None for a fact that this version does not know."""
    match event.WhichOneof("event"):
        case "window_read":
            return _window(event.window_read)
        case "gap_found":
            return _gap(event.gap_found)
        case "ended":
            return _end(event.ended)
    return None


def messages_of(content: bytes) -> Iterator[Message]:
    """The messages of a serialised `ChatMessages`. Raises ContentLost before the first one when it is something else."""
    try:
        read = ChatMessages.FromString(content)
    except DecodeError:
        raise ContentLost(
            "chat_unreadable", "A part of the chat is damaged. What was written in it is not counted."
        ) from None
    return (Message(one.at_ms, one.author, one.text, tuple(one.emotes)) for one in read.messages)


def _window(read: ChatWindowRead) -> Window:
    content: bytes | ObjectPlace = read.messages.SerializeToString()
    if read.WhichOneof("content") == "object":
        content = ObjectPlace(text_of(read.object.bucket), text_of(read.object.key), read.object.sha256)
    return Window(read.index, read.range.start_ms, read.range.end_ms, read.complete_until_ms, content)


def _gap(found: ChatGapFound) -> Gap:
    gap = found.gap
    return Gap(gap.range.start_ms, gap.range.end_ms, text_of(gap.code), text_of(gap.reason), found.complete_until_ms)


def _end(ended: ChatEnded) -> End:
    return End(max(ended.attempt, 1), ended.duration_ms, failure_of(ended.failure))
