"""Chat as ingest publishes it, in the words of the domain."""

from collections.abc import Iterator

from google.protobuf.message import DecodeError

from tldr.chat.v1.chat_pb2 import ChatEnded, ChatGapFound, ChatMessages, ChatWindowRead
from tldr_chat_sentiment.application.ports import ContentLost
from tldr_chat_sentiment.domain.arrivals.arrival import End, Gap, ObjectPlace, Window
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_streams.messages import failure_of, text_of


def window_of(read: ChatWindowRead) -> Window:
    """A window, with its messages or the place where they are."""
    content: bytes | ObjectPlace = read.messages.SerializeToString()
    if read.WhichOneof("content") == "object":
        content = ObjectPlace(text_of(read.object.bucket), text_of(read.object.key), read.object.sha256)
    return Window(read.index, read.range.start_ms, read.range.end_ms, read.complete_until_ms, content)


def gap_of(found: ChatGapFound) -> Gap:
    """A range that ingest could not read."""
    gap = found.gap
    return Gap(gap.range.start_ms, gap.range.end_ms, text_of(gap.code), text_of(gap.reason), found.complete_until_ms)


def end_of(ended: ChatEnded) -> End:
    """The end of an attempt. The rows and notes of a replay are for its customer, not for this service."""
    return End(max(ended.attempt, 1), ended.duration_ms, failure_of(ended.failure))


def messages_of(content: bytes) -> Iterator[Message]:
    """The messages of a serialised `ChatMessages`. Raises ContentLost before the first one when it is something else."""
    try:
        read = ChatMessages.FromString(content)
    except DecodeError:
        raise ContentLost(
            "chat_unreadable", "A part of the chat is damaged. What was written in it is not counted."
        ) from None
    return (Message(one.at_ms, one.author, one.text, tuple(one.emotes)) for one in read.messages)
