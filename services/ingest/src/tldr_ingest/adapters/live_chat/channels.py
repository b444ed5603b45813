"""Whose chat a stream has, where its request leaves that to the source's page."""

from dataclasses import dataclass

from tldr_ingest.application.live.resolving import SourceResolver
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import Address, LiveChatKind, LiveChatRequest, Request
from tldr_ingest.domain.live_chat.pages import page_of
from tldr_secrets import Sealer
from tldr_streams.values import Failure

_UNKNOWN = Failure(
    "chat_channel_unknown",
    "The source does not say whose chat is its own. Submit the stream with the channel, or the video, of its chat.",
)


@dataclass(frozen=True, slots=True)
class SourceChannels:
    """See `ChatChannels`. A page's address often says it; else the page is asked."""

    sealer: Sealer
    resolver: SourceResolver | None = None

    async def channel_of(self, request: Request) -> str:
        """See `ChatChannels.channel_of`."""
        chat, place = request.chat, request.place
        if not isinstance(chat, LiveChatRequest):
            raise ReadingFailed(_UNKNOWN)
        if chat.channel or chat.kind is LiveChatKind.PUSH:
            return chat.channel
        if not isinstance(place, Address):
            raise ReadingFailed(_UNKNOWN)
        try:
            url = self.sealer.open(place.url) if place.sealed else place.url
        except ValueError:
            raise ReadingFailed(_UNKNOWN) from None
        page = page_of(url)
        if page is not None and page.site != chat.kind:
            raise ReadingFailed(_UNKNOWN)  # the one site's name would be somebody else's on the other
        if page is not None and page.channel:
            return page.channel
        if found := await self._asked(url):
            return found
        raise ReadingFailed(_UNKNOWN)

    async def _asked(self, url: str) -> str:
        if self.resolver is None:
            return ""
        return (await self.resolver.resolve(url, max_height=0)).chat
