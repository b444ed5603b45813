"""YouTube's pages, and what its own pages ask for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from tldr_ingest.domain.live_chat.youtube import ChatAnswer, ChatPage, chat_answer, chat_page
from tldr_outbound import Answer, OutboundLimits, SourceNotFound, SourceUnavailable, exchange

_LIMITS = OutboundLimits(connect_s=5, read_s=15, total_s=20, max_bytes=8 << 20)
# Without it readers in Europe are sent to a page that asks for consent.
_HEADERS = {"accept-language": "en", "cookie": "SOCS=CAI"}
_CLIENT = {"client": {"clientName": "WEB", "clientVersion": "2.20260101.00.00", "hl": "en"}}


@dataclass(frozen=True, slots=True)
class YoutubeApi:
    """Asks over a guarded client. Each method raises an OutboundError: SourceNotFound where it was refused."""

    base: str
    client: httpx.AsyncClient

    async def page(self, path: str) -> ChatPage:
        """A video's page."""
        answer = _accepted(await exchange(self.client, "GET", f"{self.base}{path}", headers=_HEADERS, limits=_LIMITS))
        return chat_page(answer.body.decode("utf-8", "replace"))

    async def messages(self, page: ChatPage, continuation: str) -> tuple[ChatAnswer, int | None]:
        """What was written, and the server's clock when it answered, where it says so: milliseconds since 1970."""
        url = f"{self.base}/youtubei/v1/live_chat/get_live_chat?prettyPrint=false" + (
            f"&key={page.key}" if page.key.isascii() and page.key.replace("-", "").replace("_", "").isalnum() else ""
        )
        asked = json.dumps({"context": page.context or _CLIENT, "continuation": continuation}).encode()
        headers = {**_HEADERS, "content-type": "application/json"}
        answer = _accepted(await exchange(self.client, "POST", url, headers=headers, content=asked, limits=_LIMITS))
        try:
            found = chat_answer(json.loads(answer.body))
        except (ValueError, RecursionError):
            found = None
        if found is None:
            raise SourceUnavailable("YouTube answered with something that is no chat.")
        return found, _date_ms(answer.headers)


def _accepted(answer: Answer) -> Answer:
    if answer.status in (408, 425, 429) or answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise SourceUnavailable(f"YouTube answered {answer.status}.")
    if answer.status != httpx.codes.OK:
        raise SourceNotFound(answer.status, answer.url)
    return answer


def _date_ms(headers: Mapping[str, Any]) -> int | None:
    try:
        # The header has whole seconds: on average half of one has passed.
        return int(1000 * parsedate_to_datetime(str(headers.get("date", ""))).timestamp()) + 500
    except ValueError:
        return None
