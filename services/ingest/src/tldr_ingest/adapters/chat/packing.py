"""Windows of chat in their published form."""

from tldr.chat.v1 import chat_pb2
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.domain.chat.windows import ChatWindow


def packed(window: ChatWindow) -> PackedWindow:
    """The window as it is published."""
    messages = [
        chat_pb2.ChatMessage(at_ms=message.at_ms, author=message.author, text=message.text, emotes=message.emotes)
        for message in window.messages
    ]
    content = chat_pb2.ChatMessages(messages=messages).SerializeToString()
    return PackedWindow(window.index, window.start_ms, window.end_ms, content)
