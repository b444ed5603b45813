"""The chat of a recording on Twitch as a web application on this machine: pages by time or by cursor, each fault a switch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tldr_testing.web import serving


@dataclass
class TwitchVideoChat:
    """`says`: offset in whole seconds, author and text of each comment, in order; a word in capitals is an emote.

    `integrity`: cursors are refused. `failing`: how many of the next questions are answered with 503. `changed`: the query
    is not known any more. `stuck`: every page is the first one.
    """

    video: str = "123456"
    says: Sequence[tuple[int, str, str]] = ()
    page: int = 50
    integrity: bool = False
    failing: int = 0
    changed: bool = False
    stuck: bool = False
    url: str = ""
    questions: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The application."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        status, answer = self._answer(json.loads(body)[0]["variables"])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps([answer]).encode()})

    def _answer(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.questions.append(asked)
        if self.failing:
            self.failing -= 1
            return 503, {}
        if self.changed:
            return 200, {"errors": [{"message": "PersistedQueryNotFound"}]}
        if self.integrity and "cursor" in asked:
            return 200, {"errors": [{"message": "failed integrity check"}], "data": None}
        if asked["videoID"] != self.video:
            return 200, {"data": {"video": None}}
        first = int(asked["cursor"]) if "cursor" in asked else self._at(asked["contentOffsetSeconds"])
        first = 0 if self.stuck else first
        edges = [self._edge(number) for number in range(first, min(first + self.page, len(self.says)))]
        more = first + self.page < len(self.says)
        return 200, {"data": {"video": {"comments": {"edges": edges, "pageInfo": {"hasNextPage": more}}}}}

    def _at(self, second: int) -> int:
        return next((number for number, one in enumerate(self.says) if one[0] >= second), len(self.says))

    def _edge(self, number: int) -> dict[str, Any]:
        at, author, text = self.says[number]
        words = [word for part in text.split(" ") for word in (part, " ")][:-1]
        fragments = [{"text": word, "emote": {"emoteID": "1"} if word.isupper() else None} for word in words]
        node = {
            "id": f"c{number}",
            "contentOffsetSeconds": at,
            "commenter": {"displayName": author} if author else None,
            "message": {"fragments": fragments},
        }
        return {"cursor": f"{number + 1}", "node": node}


@asynccontextmanager
async def twitch_video_chat(**switches: Any) -> AsyncIterator[TwitchVideoChat]:
    """A recording whose chat is served on this loop."""
    made = TwitchVideoChat(**switches)
    async with serving(made) as url:
        made.url = f"{url}/gql"
        yield made
