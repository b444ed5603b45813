"""One publishing session: what comes is cut into pieces, and each is on disk before more is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.push.spool_files import PushSpool, SpoolWriter
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage, parts_of
from tldr_ingest.domain.push.pieces import CutPiece, PieceCutter
from tldr_ingest.domain.push.spool_names import Leaving
from tldr_ingest.domain.push.tags import metadata_of

_MEDIA = {MessageType.AUDIO: MessageType.AUDIO, MessageType.VIDEO: MessageType.VIDEO}
_METADATA_BYTES = 64 << 10


@dataclass(slots=True)
class PublishingSession:
    """`now_ms`: the wall clock. Nothing is written before something comes that can be shown; `begun` hears of the stream then.
    Raises OSError of the disk.
    """

    stream: StreamId
    spool: PushSpool
    cutter: PieceCutter
    now_ms: Callable[[], int]
    begun: Callable[[StreamId], Awaitable[None]]
    _writer: SpoolWriter | None = field(default=None)

    async def take(self, message: RtmpMessage) -> bool:
        """Take a message; whether it was picture or sound."""
        if message.type == MessageType.AGGREGATE:
            return any([await self.take(part) for part in parts_of(message) if part.type in _MEDIA])
        if message.type in (MessageType.DATA, MessageType.DATA_AMF3):
            self._describe(message)
            return False
        kind = _MEDIA.get(message.type)  # type: ignore[call-overload]
        if kind is None:
            return False
        piece = self.cutter.add(kind, message.timestamp, message.payload, self.now_ms())
        if piece is not None:
            await self._put(piece)
        elif self._writer is None and self.cutter.began_ms is not None:
            await self._begin(self.cutter.began_ms)
        return True

    async def end(self, how: Leaving) -> None:
        """The publisher went; what came of the last piece is kept."""
        if (piece := self.cutter.end()) is not None:
            await self._put(piece)
        if self._writer is not None:
            await asyncio.to_thread(self._writer.left, self.now_ms(), how)

    def _describe(self, message: RtmpMessage) -> None:
        payload = message.payload[message.type == MessageType.DATA_AMF3 :]
        metadata = metadata_of(payload) if len(payload) <= _METADATA_BYTES else None
        if metadata is not None:
            self.cutter.describe(metadata)

    async def _put(self, piece: CutPiece) -> None:
        writer = self._writer or await self._begin(piece.wall_ms)
        await asyncio.to_thread(writer.put, piece, self.now_ms())

    async def _begin(self, wall_ms: int) -> SpoolWriter:
        writer = self._writer = await asyncio.to_thread(self.spool.begin, self.stream, self.now_ms())
        await asyncio.to_thread(writer.began, wall_ms)
        await self.begun(self.stream)
        return writer
