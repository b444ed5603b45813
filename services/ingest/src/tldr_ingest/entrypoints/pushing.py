"""What the service does for pushed streams by itself: it takes them in, and cleans up behind them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tldr_ingest.adapters.push.server_rtmp import RtmpServer
from tldr_ingest.adapters.push.spool_files import PushSpool
from tldr_ingest.application.push.admit_publisher import KeyLookup
from tldr_service import BackgroundTask

_LISTEN_AGAIN_S = 5.0
_KEYS_S = 2.0
_SPOOL_S = 30.0


@dataclass(frozen=True, slots=True)
class Pushing:
    """The server does the work; `now_ms`: the wall clock."""

    server: RtmpServer
    spool: PushSpool
    keys: KeyLookup
    now_ms: Callable[[], int]

    def tasks(self) -> Sequence[BackgroundTask]:
        """A port that is taken is asked for again; the log says so."""
        return (
            BackgroundTask("pushed streams", self.server.serve, _LISTEN_AGAIN_S),
            BackgroundTask("stream keys", self.server.cut_off_others, _KEYS_S),
            BackgroundTask("spool of pushed streams", self.clean_up, _SPOOL_S),
        )

    async def clean_up(self) -> None:
        """Delete what is older than is kept, and then the folders of streams that have ended."""
        await asyncio.to_thread(self.spool.prune, self.now_ms())
        streams = await asyncio.to_thread(self.spool.streams)
        open_streams = await self.keys.open_streams(streams) if streams else ()
        published = {one.admitted.stream for one in self.server.reception.publishers.all}
        for stream in set(streams) - set(open_streams) - published:
            await asyncio.to_thread(self.spool.remove, stream)
