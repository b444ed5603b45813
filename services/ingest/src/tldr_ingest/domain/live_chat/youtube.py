"""What YouTube's pages and answers say of a live chat. Nothing in them is believed to be there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tldr_ingest.domain.chat.message import emotes_of, name_of, text_of
from tldr_ingest.domain.live_chat.events import LiveChatEvent, LiveMessage, TakenBack, Uncounted

_DATA = re.compile(r"(?:var\s+ytInitialData|window\[\"ytInitialData\"\])\s*=\s*")
_SETTINGS = re.compile(r"ytcfg\.set\(\s*(?=\{)")
_CONTINUATIONS = ("invalidationContinuationData", "timedContinuationData", "reloadContinuationData")
_SPOKEN = ("liveChatTextMessageRenderer", "liveChatPaidMessageRenderer")


@dataclass(frozen=True, slots=True)
class ChatPage:
    """A video's page. `continuation` asks for all messages, empty where there is no chat. `replay`: the stream is over and its
    chat can be read as a whole. `key`, `context`: what questions to YouTube carry.
    """

    continuation: str
    replay: bool
    key: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What was written since the question before. `continuation` asks on, empty where there is nothing more; `wait_ms`: when."""

    actions: Sequence[Any]
    continuation: str
    wait_ms: int


def chat_page(html: str) -> ChatPage:
    """What a page says of its chat."""
    data, settings = _object_behind(_DATA, html), _object_behind(_SETTINGS, html)
    renderer = _at(data, "contents", "twoColumnWatchNextResults", "conversationBar", "liveChatRenderer")
    menu = _at(renderer, "header", "liveChatHeaderRenderer", "viewSelector", "sortFilterSubMenuRenderer")
    # The first entry is a choice of "top" messages, the second one is all of them.
    every = [_continuation(_mapping(entry).get("continuation")) for entry in _list(menu.get("subMenuItems"))[1:2]]
    first = [_continuation(entry) for entry in _list(renderer.get("continuations"))[:1]]
    found = next((token for token, _ in [*every, *first] if token), "")
    context = _at(settings, "INNERTUBE_CONTEXT")
    return ChatPage(found, renderer.get("isReplay") is True, _text(settings.get("INNERTUBE_API_KEY")), context)


def chat_answer(document: Any) -> ChatAnswer | None:
    """An answer, or None where it is none."""
    found = _at(document, "continuationContents", "liveChatContinuation")
    if not found:
        return ChatAnswer((), "", 0) if isinstance(document, Mapping) and "responseContext" in document else None
    tokens = [_continuation(entry) for entry in _list(found.get("continuations"))]
    token, wait_ms = next((one for one in tokens if one[0]), ("", 0))
    return ChatAnswer(_list(found.get("actions")), token, wait_ms)


def said(actions: Sequence[Any]) -> Iterator[LiveChatEvent]:
    """What actions say, in order. Gifts, memberships and notices are no messages."""
    for action in map(_mapping, actions):
        if item := _at(action, "addChatItemAction", "item"):
            yield _added(item)
        elif replaced := _at(action, "replaceChatItemAction"):
            yield from _replaced(replaced)
        for name in ("removeChatItemAction", "markChatItemAsDeletedAction"):
            if target := _text(_at(action, name).get("targetItemId")):
                yield TakenBack(id=target)
        for name in ("removeChatItemByAuthorAction", "markChatItemsByAuthorAsDeletedAction"):
            if author := _text(_at(action, name).get("externalChannelId")):
                yield TakenBack(user=author)


def _replaced(action: Mapping[str, Any]) -> Iterator[LiveChatEvent]:
    """A message that was held for review comes so; else what stands in its place says that it was deleted."""
    item = _added(_at(action, "replacementItem"))
    if isinstance(item, LiveMessage):
        yield item
    elif target := _text(action.get("targetItemId")):
        yield TakenBack(id=target)


def _added(item: Mapping[str, Any]) -> LiveChatEvent:
    found = next((renderer for name in _SPOKEN if (renderer := _at(item, name))), None)
    if found is None:
        return Uncounted()
    runs = [run for run in _list(_at(found, "message").get("runs")) if isinstance(run, Mapping)]
    parts = [(_text(run.get("text")), "") if "text" in run else ("", _emoji(run)) for run in runs]
    text = " ".join("".join(text or f" {emoji} " for text, emoji in parts).split())
    written = _text(found.get("timestampUsec"))
    if not text:
        return Uncounted()  # money without a word
    if not (written.isdecimal() and len(written) < 20):
        return Uncounted(unreadable=True)
    return LiveMessage(
        id=name_of(_text(found.get("id"))),
        at_ms=int(written) // 1000,
        author=name_of(_text(_at(found, "authorName").get("simpleText"))),
        text=text_of(text),
        emotes=emotes_of([emoji for _, emoji in parts if emoji]),
        user=_text(found.get("authorExternalChannelId")),
    )


def _emoji(run: Mapping[str, Any]) -> str:
    emoji = _at(run, "emoji")
    names = [name for name in _list(emoji.get("shortcuts")) if isinstance(name, str)]
    return names[0] if names and emoji.get("isCustomEmoji") else _text(emoji.get("emojiId"))


def _continuation(entry: object) -> tuple[str, int]:
    for name in _CONTINUATIONS:
        data = _at(entry, name)
        if token := _text(data.get("continuation")):
            wait = data.get("timeoutMs")
            return token, int(wait) if isinstance(wait, int | float) and 0 <= wait < 1e6 else 0
    return "", 0


def _object_behind(mark: re.Pattern[str], html: str) -> Mapping[str, Any]:
    for found in mark.finditer(html):
        try:
            document, _ = json.JSONDecoder().raw_decode(html, found.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(document, Mapping) and document:
            return document
    return {}


def _at(value: object, *names: str) -> Mapping[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return _mapping(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
