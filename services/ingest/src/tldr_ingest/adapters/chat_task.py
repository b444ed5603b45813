"""Reading a chat replay, as it runs in a reading process."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tldr.chat.v1 import chat_pb2
from tldr_ingest.adapters.chat_replay_file import open_chat_replay
from tldr_ingest.adapters.chat_survey import in_order, survey
from tldr_ingest.adapters.readable_places import ReadablePlace
from tldr_ingest.adapters.reading_messages import Item
from tldr_ingest.application.packed_window import PackedWindow, ReplayEnded
from tldr_ingest.domain.chat import ChatFormat
from tldr_ingest.domain.chat_windows import ChatWindow, ChatWindows
from tldr_ingest.domain.errors import NotAChatReplay
from tldr_outbound import GuardedReader

_CHUNK = 1 << 20


class ChatTooLarge(NotAChatReplay):
    """The file is larger than any chat replay."""

    code = "chat_too_large"


@dataclass(frozen=True, slots=True)
class ChatTask:
    """How a replay is to be read; see `ChatReader.read`."""

    format: ChatFormat | None
    offset_ms: int
    window_s: int
    first_index: int
    limit_bytes: int


def read_chat(place: ReadablePlace, task: ChatTask) -> Iterator[Item]:
    """An item without a value once the source answered, then PackedWindow, then ReplayEnded.

    The file is copied to this machine's disk: it is read twice, and a server that breaks off must not be noticed after
    half of the windows were announced. Raises an IngestError or an OutboundError.
    """
    # Without a name: the file is gone with the process, however that ends.
    with tempfile.TemporaryFile() as file:
        with place.open() as source:
            yield Item(None)
            _copy(source, file, task.limit_bytes)
        replay = open_chat_replay(file, task.format, task.offset_ms)
        found = survey(replay)
        windows = ChatWindows(task.window_s, first_index=task.first_index)
        for window in windows.cut(in_order(replay, found, windows.slack_ms), found.last_ms + 1):
            yield Item(PackedWindow(window.index, window.start_ms, window.end_ms, _packed(window)))
        yield Item(ReplayEnded(found.counts.truncated))


def _copy(source: GuardedReader, file: BinaryIO, limit_bytes: int) -> None:
    while chunk := source.read(_CHUNK):
        if file.tell() + len(chunk) > limit_bytes:
            raise ChatTooLarge(f"The file is larger than {limit_bytes >> 20} MB; no chat replay of one stream is.")
        file.write(chunk)
    file.flush()


def _packed(window: ChatWindow) -> bytes:
    messages = [
        chat_pb2.ChatMessage(at_ms=message.at_ms, author=message.author, text=message.text, emotes=message.emotes)
        for message in window.messages
    ]
    return chat_pb2.ChatMessages(messages=messages).SerializeToString()
