"""The chat of a recording on Twitch, fetched page by page onto this machine's disk."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import httpx

from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.chat.twitch_video import CommentPage, CommentsRefused, comment_page
from tldr_outbound import AddressRefused, OutboundError, OutboundLimits, SourceUnavailable, exchange
from tldr_streams.values import Failure

# What Twitch's own player sends.
_CLIENT = "kimne78kx3ncx6brgo4mv6wki5h1ko"
_QUERY = "b70a3591ff0f4e0313d126c6a1502d79a1c02baebb288227c582044aa76adf6a"
_LIMITS = OutboundLimits(connect_s=5, read_s=15, total_s=20, max_bytes=4 << 20)
_TRIES = 6
_LATELY = 5000

_NO_VIDEO = Failure(
    "chat_not_found",
    "There is no chat of this recording on Twitch: it does not exist, is not public, or has no chat. Check the address.",
)
_CHANGED = Failure(
    "chat_page_not_read",
    "Twitch does not tell the chat of recordings in the way that is known here. Export it with TwitchDownloader and submit "
    "the file.",
)
_TOO_LARGE = Failure("chat_too_large", "The chat is larger than any chat of one recording is.")


def _delay_s(failures: int) -> float:
    return float(min(0.5 * 2 ** (failures - 1), 15.0) * random.uniform(0.8, 1.2))  # noqa: S311 - not a secret


@dataclass(frozen=True, slots=True)
class TwitchVideoChat:
    """Asks over a guarded client, one page after the other."""

    url: str
    client: httpx.AsyncClient
    limit_bytes: int
    delay_s: Callable[[int], float] = _delay_s

    async def fetch(self, video: str, file: BinaryIO) -> None:
        """Write all of it in TwitchDownloader's form. Raises ReadingFailed; `passing` where another try may help.

        Where cursors are not accepted from us, pages are asked for by the time of the last comment: one moment with more
        comments than a page holds is refused then, for some of them would be left out.
        """
        file.write(b'{"comments": [')
        seen: deque[str] = deque(maxlen=_LATELY)
        asked: dict[str, Any] = {"contentOffsetSeconds": 0}
        by_time, first, last_s = False, True, 0
        while True:
            page = await self._page({"videoID": video, **asked})
            if isinstance(page, CommentsRefused):
                if not page.integrity or by_time or "cursor" not in asked:
                    raise ReadingFailed(_NO_VIDEO if page.video else _CHANGED)
                by_time, asked = True, {"contentOffsetSeconds": last_s}
                continue
            known = set(seen)
            fresh = [(id, comment) for id, comment in page.comments if id not in known]
            for id, comment in fresh:
                file.write((b"" if first else b",\n") + json.dumps(comment).encode())
                first = False
                seen.append(id)
            if file.tell() > self.limit_bytes:
                raise ReadingFailed(_TOO_LARGE)
            if not page.more:
                break
            if not fresh or not page.cursor:
                raise ReadingFailed(_CHANGED)
            last_s = page.last_s
            asked = {"contentOffsetSeconds": last_s} if by_time else {"cursor": page.cursor}
        file.write(b"]}")
        file.flush()

    async def _page(self, variables: dict[str, Any]) -> CommentPage | CommentsRefused:
        query = {"persistedQuery": {"version": 1, "sha256Hash": _QUERY}}
        asked = [{"operationName": "VideoCommentsByOffsetOrCursor", "variables": variables, "extensions": query}]
        failures = 0
        while True:
            try:
                return comment_page(await self._asked(json.dumps(asked).encode()))
            except AddressRefused as error:
                raise ReadingFailed(Failure(error.code, error.sentence)) from error
            except OutboundError as error:
                failures += 1
                if failures >= _TRIES:
                    raise ReadingFailed(Failure(error.code, error.sentence), passing=True) from error
                await asyncio.sleep(self.delay_s(failures))

    async def _asked(self, body: bytes) -> Any:
        headers = {"client-id": _CLIENT, "content-type": "application/json"}
        answer = await exchange(self.client, "POST", self.url, headers=headers, content=body, limits=_LIMITS)
        if answer.status != httpx.codes.OK:
            raise SourceUnavailable(f"Twitch answered {answer.status}.")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise SourceUnavailable("Twitch answered with something that is no chat.") from None
