"""YouTube's live chat as a web application on this machine: its page, its answers and their habits, each fault a switch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from time import time
from typing import Any

from tldr_testing.web import serving

_KEY = "AIza-of-a-test"
_CLIENT = {"client": {"clientName": "WEB", "clientVersion": "2.of-a-test"}}


@dataclass
class YoutubeChat:
    """One video's chat. Switches may be thrown at any time.

    `begun`: whether the page shows a chat yet. `over`: the stream has ended; `replay`: its chat can be read as a whole.
    `away`: questions are answered with 503. `missing`: the page is not there. `forgetful`: answers name no continuation
    though the chat goes on. `timeout_ms`: what answers say of when to ask again. `skew_ms`: how far its clock is ahead.
    `history`: how many actions a page's first answer holds.
    """

    video: str = "abcdefghijk"
    begun: bool = True
    over: bool = False
    replay: bool = False
    away: bool = False
    missing: bool = False
    forgetful: bool = False
    timeout_ms: int = 20
    skew_ms: int = 0
    history: int = 20
    url: str = ""
    pages: int = 0
    questions: int = 0
    _actions: list[dict[str, Any]] = field(default_factory=list)
    _epoch: int = 0
    _said: int = 0

    def say(
        self,
        text: str,
        author: str = "viewer",
        *,
        at_ms: int | None = None,
        emoji: str = "",
        paid: bool = False,
        id: str = "",
    ) -> str:
        """Somebody writes, at a time of the server's clock (now without one); the message's id."""
        self._said += 1
        id = id or f"yt-{self._said}"
        runs: list[dict[str, Any]] = [{"text": text}] if text else []
        if emoji:
            runs.append({"emoji": {"emojiId": f"x/{emoji}", "shortcuts": [f":{emoji}:"], "isCustomEmoji": True}})
        item = {
            "id": id,
            "message": {"runs": runs},
            "authorName": {"simpleText": author},
            "authorExternalChannelId": f"UC{author}",
            "timestampUsec": str(1000 * (self.now_ms() if at_ms is None else at_ms)),
        }
        kind = "liveChatPaidMessageRenderer" if paid else "liveChatTextMessageRenderer"
        self._actions.append({"addChatItemAction": {"item": {kind: item}}})
        return id

    def join(self, author: str) -> None:
        """Somebody becomes a member."""
        item = {"liveChatMembershipItemRenderer": {"id": "member", "timestampUsec": "1"}}
        self._actions.append({"addChatItemAction": {"item": item}})

    def delete(self, id: str) -> None:
        """A message is deleted."""
        self._actions.append({"removeChatItemAction": {"targetItemId": id}})

    def bury(self, id: str) -> None:
        """A tombstone is put in a message's place."""
        stone = {"liveChatPlaceholderItemRenderer": {"id": id}}
        self._actions.append({"replaceChatItemAction": {"targetItemId": id, "replacementItem": stone}})

    def ban(self, author: str) -> None:
        """All of an author's messages are deleted."""
        self._actions.append({"removeChatItemByAuthorAction": {"externalChannelId": f"UC{author}"}})

    def expire(self) -> None:
        """No continuation there is leads on."""
        self._epoch += 1

    def now_ms(self) -> int:
        """The server's clock."""
        return int(1000 * time()) + self.skew_ms

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The application."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        if scope["method"] == "POST":
            status, kind, answer = self._asked(json.loads(body))
        else:
            status, kind, answer = self._page(scope["path"])
        headers = [(b"content-type", kind), (b"date", formatdate(self.now_ms() / 1000, usegmt=True).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _page(self, path: str) -> tuple[int, bytes, bytes]:
        self.pages += 1
        if self.away or self.missing:
            return 503 if self.away else 404, b"text/html", b"<html></html>"
        shown = self.begun and (not self.over or self.replay)
        data: dict[str, Any] = {"contents": {"twoColumnWatchNextResults": {"results": {}}}}
        if shown:
            data["contents"]["twoColumnWatchNextResults"]["conversationBar"] = {"liveChatRenderer": self._renderer()}
        settings = {"INNERTUBE_API_KEY": _KEY, "INNERTUBE_CONTEXT": _CLIENT}
        page = (
            "<html><script>var ytcfg={d:function(){}};</script>"
            f"<script>ytcfg.set({json.dumps(settings)}); window.x = 1;</script>"
            f"<script>var ytInitialData = {json.dumps(data)};</script></html>"
        )
        return 200, b"text/html; charset=utf-8", page.encode()

    def _renderer(self) -> dict[str, Any]:
        first = max(len(self._actions) - self.history, 0)
        entries = [
            {"title": title, "continuation": {"reloadContinuationData": {"continuation": self._token(kind, first)}}}
            for title, kind in (("Top chat", "top"), ("Live chat", "all"))
        ]
        header = {"viewSelector": {"sortFilterSubMenuRenderer": {"subMenuItems": entries}}}
        top = {"reloadContinuationData": {"continuation": self._token("top", first)}}
        found: dict[str, Any] = {"continuations": [top], "header": {"liveChatHeaderRenderer": header}}
        return {**found, "isReplay": True} if self.replay and self.over else found

    def _asked(self, question: dict[str, Any]) -> tuple[int, bytes, bytes]:
        self.questions += 1
        if self.away:
            return 503, b"application/json", b"{}"
        kind, _, rest = question["continuation"].partition(":")
        epoch, _, first = rest.partition(":")
        if int(epoch) != self._epoch or question["context"] != _CLIENT:
            return 400, b"application/json", b'{"error": {"code": 400}}'
        actions = self._actions[int(first) :]
        found: dict[str, Any] = {"actions": actions[::2] if kind == "top" else actions}
        if not self.over and not self.forgetful:
            name = ("invalidationContinuationData", "timedContinuationData")[self.questions % 2]
            token = self._token(kind, len(self._actions))
            found["continuations"] = [{name: {"continuation": token, "timeoutMs": self.timeout_ms}}]
        answer = {"responseContext": {}, "continuationContents": {"liveChatContinuation": found}}
        return 200, b"application/json", json.dumps(answer).encode()

    def _token(self, kind: str, first: int) -> str:
        return f"{kind}:{self._epoch}:{first}"


@asynccontextmanager
async def youtube_chat(**switches: Any) -> AsyncIterator[YoutubeChat]:
    """A video whose chat is served on this loop."""
    made = YoutubeChat(**switches)
    async with serving(made, date_header=False) as url:
        made.url = url
        yield made
