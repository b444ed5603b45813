"""Measures a window of chat."""

from collections.abc import Callable, Sequence
from zlib import crc32

from tldr_chat_sentiment.domain.measuring.figures import ChatFigures, Counted, figures
from tldr_chat_sentiment.domain.measuring.memory import UNKNOWN_VOICE, ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_chat_sentiment.domain.measuring.recent_chat import RecentChat
from tldr_chat_sentiment.domain.sentiment.reading import Reading

Read = Callable[[str, tuple[str, ...]], Reading]


def measure(
    messages: Sequence[Message], first_second: int, end_second: int, memory: ChatMemory, read: Read
) -> tuple[ChatFigures, ChatMemory]:
    """The series of [first_second, end_second) of stream time, and the memory for the window that follows.

    messages: in any order; those outside the range and those without a text are left out. memory: what the window before
    returned; with it, the series do not depend on where windows begin and end. ValueError when the range is empty.
    """
    if end_second <= first_second:
        raise ValueError(f"a window of chat ends after it begins: {first_second}..{end_second}")
    recent = RecentChat(memory)
    counted = []
    for message in sorted(messages, key=_order):
        second = message.at_ms // 1000
        if not first_second <= second < end_second:
            continue
        reading = read(message.text, message.emotes)
        if not reading.tokens:
            continue
        voice = _voice(message.author)
        counts, agrees = recent.hear(message.at_ms, voice, reading.key, reading.long)
        if counts:
            counted.append(Counted(second, voice, reading, agrees))
    return figures(counted, first_second, end_second - first_second), recent.memory()


def _order(message: Message) -> tuple[int, str, str]:
    return message.at_ms, message.author, message.text  # the same for every order of arrival


def _voice(author: str) -> int:
    return (crc32(author.encode(errors="replace")) or 1) if author else UNKNOWN_VOICE
