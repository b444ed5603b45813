"""One viewer of a feed: a bounded queue of what is still to be sent to them."""

import asyncio
from dataclasses import dataclass, field

QUEUE = 256
"""Frames that may wait for one viewer. Who is further behind is cut off, and reads the rest when they come back."""


@dataclass(frozen=True, slots=True)
class Frame:
    """News as it is sent, made once for all viewers. `last`: the feed ends behind it."""

    number: int | None
    data: bytes = field(repr=False)
    last: bool = False


@dataclass(eq=False, slots=True)
class Viewer:
    """`sent` is the number of the newest frame that was handed out."""

    organization: str
    sent: int
    _waiting: asyncio.Queue[Frame] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    _over: bool = False

    def offer(self, frame: Frame, too_slow: Frame) -> None:
        """Add to what waits; a viewer for whom too much waits is sent `too_slow` instead of it all, and nothing more."""
        if self._over:
            return
        if self._waiting.full():
            self.cut_off(too_slow)
            return
        self._waiting.put_nowait(frame)
        self._over = frame.last

    def cut_off(self, frame: Frame) -> None:
        """What waits is dropped; this frame is the last one."""
        if self._over:
            return
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(frame)
        self._over = True

    async def next(self) -> Frame:
        """The next frame; waits for it."""
        return await self._waiting.get()
