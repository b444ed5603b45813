"""What became of a stream's chat, in lines for people."""

from collections.abc import Mapping, Sequence
from typing import Any

_FORMS = {
    "twitch-downloader": "TwitchDownloader's JSON",
    "chat-downloader": "chat-downloader's JSON",
    "live-chat": "yt-dlp's live_chat.json",
    "csv": "CSV",
}
_LEFT_OUT = {
    "unreadable": "could not be read",
    "impossible": "have a time that lies in no stream",
    "before_start": "were written before the recording",
    "after_end": "were written after its end",
    "crowded": "are more than is read of a few seconds",
    "other": "are no messages",
}


def chat_lines(chat: Mapping[str, Any] | None) -> Sequence[str]:
    """How a chat was read, what was left out of it, and what to do about that; `chat` as the API shows it."""
    if chat is None:
        return ()
    lines = [f"chat: {_read(chat)}"]
    lines += [f"chat: {note['reason']} ({note['code']})" for note in chat["notes"]]
    if failure := chat["failure"]:
        lines.append(f"chat: {failure['reason']} ({failure['code']})")
    return lines


def _read(chat: Mapping[str, Any]) -> str:
    rows = chat["rows"]
    if rows is None:
        return "not read" if chat["ended"] else "not read yet"
    form = _FORMS.get(chat.get("format") or "", chat.get("format"))
    left_out = [f"{rows[name]} {what}" for name, what in _LEFT_OUT.items() if rows.get(name)]
    said = f"{rows['messages']} messages within the recording" + (f", read as {form}" if form else "")
    return f"{said}; of the other rows {', '.join(left_out)}" if left_out else said
