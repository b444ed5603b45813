"""A stream may have ended: both its highlights and the gateway must say so before anybody is told."""

from dataclasses import dataclass

from tldr_webhook_dispatcher.application.messages.send_message import SendMessage
from tldr_webhook_dispatcher.application.ports import Ends
from tldr_webhook_dispatcher.domain.messages.content import stream_completed


@dataclass(frozen=True, slots=True)
class EndStream:
    """Send `stream.completed` when the second of the two words is known, once."""

    ends: Ends
    send: SendMessage

    async def settled(self, stream: str, *, lane: int) -> None:
        """Each highlight is ready or failed."""
        await self.ends.settled(stream)
        await self._send_once_known(stream, lane)

    async def completed(self, stream: str, *, duration_ms: int, highlights: int, lane: int) -> None:
        """The gateway completed the stream."""
        await self.ends.completed(stream, duration_ms=duration_ms, highlights=highlights)
        await self._send_once_known(stream, lane)

    async def _send_once_known(self, stream: str, lane: int) -> None:
        known = await self.ends.claim(stream)
        if known is None:
            return
        duration_ms, highlights = known
        done = stream_completed(stream, duration_ms=duration_ms, highlights=highlights)
        await self.send(done, stream=stream, lane=lane)
