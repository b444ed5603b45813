"""A live HLS source as a feed: blocking, for a reading process."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from tldr_ingest.adapters.hls.contents import Contents
from tldr_ingest.adapters.hls.getting import Getter
from tldr_ingest.adapters.hls.reading import Reading
from tldr_ingest.adapters.hls.recorded import Recording
from tldr_ingest.adapters.hls.threads import Threads
from tldr_ingest.domain.hls.pacing import Patience
from tldr_ingest.domain.live.feed import FeedEvent, PieceMark
from tldr_outbound import AddressPolicy, ReadingLimits


@dataclass(frozen=True, slots=True)
class HlsSettings:
    """How a source is followed. `from_start`: from the playlist's start, not its live edge. Times in milliseconds.

    `ends_after_silence_ms`: it is over when it gave nothing new for so long. `interrupted_after_ms`: when that is said first,
    `missing_every_ms`: and how often. `returns_ms`: so long one that said it ended may come back. `stall_ms`: a request that
    gives no byte for so long is made anew.
    """

    from_start: bool = False
    max_height: int = 720
    ends_after_silence_ms: int = 300_000
    interrupted_after_ms: int = 10_000
    missing_every_ms: int = 10_000
    returns_ms: int = 10_000
    stall_ms: int = 4_000
    segment_ms: int = 50_000
    side_by_side: int = 4

    @property
    def patience(self) -> Patience:
        return Patience(self.interrupted_after_ms, self.ends_after_silence_ms, self.returns_ms)


@dataclass(frozen=True, slots=True)
class HlsFeed:
    """See `LiveFeed`. `headers` go with every request. `recording`: it has ended, and is read from its start.

    AddressExpired is raised as often as the address is refused: who finds it out anew leaves time in between, and counts the
    source's silence over all of them.
    """

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    policy: AddressPolicy
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    settings: HlsSettings = field(default_factory=HlsSettings)
    recording: Recording | None = None

    def follow(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        """See `LiveFeed.follow`."""
        tls = ssl.create_default_context()
        stall_s = self.settings.stall_ms / 1000

        def getter() -> Getter:
            return Getter(self.headers, self.policy, self.limits, stall_s, tls)

        with closing(Threads(self.settings.side_by_side + 1, getter, Getter.close)) as threads:
            reading = Reading(
                self.url,
                self.settings.max_height,
                self.settings.from_start or self.recording is not None,
                self.settings.patience,
                self.settings.missing_every_ms,
                threads,
                Contents(self.settings.segment_ms / 1000),
                side_by_side=self.settings.side_by_side,
                now=time.monotonic,
                wall=time.time if self.recording is None else self.recording.wall_s,
                chance=random.random,
                recording=self.recording,
            )
            yield from reading.run(after)
