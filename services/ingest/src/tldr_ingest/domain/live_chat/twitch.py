"""What lines of Twitch's chat say."""

from __future__ import annotations

from tldr_ingest.domain.chat.message import emotes_of, name_of, text_of
from tldr_ingest.domain.live_chat.events import LiveChatEvent, LiveMessage, TakenBack, Uncounted
from tldr_ingest.domain.live_chat.irc import IrcLine

_ACTION = "\x01ACTION "
GONE_NOTICES = frozenset({"msg_channel_suspended", "tos_ban", "msg_room_not_found", "msg_banned"})
"""Notices that say that a channel cannot be read, now or later."""


def sent_ms(line: IrcLine) -> int | None:
    """When the server sent it, where it says so."""
    written = line.tags.get("tmi-sent-ts", "")
    return int(written) if written.isdecimal() and len(written) < 16 else None


def said(line: IrcLine, at_ms: int) -> LiveChatEvent | None:
    """What a line says of the chat; None where it says nothing of it."""
    match line.command:
        case "PRIVMSG":
            return _message(line, at_ms)
        case "CLEARMSG":
            return TakenBack(id=line.tags.get("target-msg-id", "")) if line.tags.get("target-msg-id") else None
        case "CLEARCHAT":
            user = line.tags.get("target-user-id", "")
            return TakenBack(user=user) if user else None if line.parameter(1) else TakenBack(all=True)
        case "USERNOTICE":
            return Uncounted()  # subscriptions, raids and announcements are no chatter
        case _:
            return None


def _message(line: IrcLine, at_ms: int) -> LiveChatEvent:
    text, tags = line.parameter(1), line.tags
    if not text.strip():
        return Uncounted(unreadable=True)
    start = len(_ACTION) if text.startswith(_ACTION) else 0
    spoken = text[start:].removesuffix("\x01") if start else text
    return LiveMessage(
        id=tags.get("id", ""),
        at_ms=at_ms,
        author=name_of(tags.get("display-name") or line.nick),
        text=text_of(spoken),
        emotes=emotes_of(_emotes(tags.get("emotes", ""), spoken)),
        user=tags.get("user-id", "") or line.nick,
    )


def _emotes(written: str, text: str) -> list[str]:
    """`25:0-4,12-16/1902:6-10`: places in the text, in code points, without the mark of an action."""
    found: list[tuple[int, str]] = []
    for emote in written.split("/"):
        for span in emote.partition(":")[2].split(","):
            first, _, last = span.partition("-")
            if first.isdecimal() and last.isdecimal() and int(first) <= int(last) < len(text):
                found.append((int(first), text[int(first) : int(last) + 1]))
    return [name for _, name in sorted(found)]
