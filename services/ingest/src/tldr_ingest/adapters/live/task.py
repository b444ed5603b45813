"""Reading a live source, as it runs in a reading process; PyAV is loaded there only."""

import time
from collections.abc import Iterator
from dataclasses import replace

from tldr_ingest.adapters.live.feeds import LivePlace, OpenFeed
from tldr_ingest.adapters.reading.messages import Item
from tldr_ingest.domain.live.cursor import Going
from tldr_ingest.domain.media.source import CutSegment


def read_live(open_feed: OpenFeed, place: LivePlace, going: Going, renew_at_ms: int) -> Iterator[Item]:
    """What `cut_live` yields; a segment's bytes are the item's data."""
    import av.logging

    from tldr_ingest.adapters.live.following_pyav import cut_live

    av.logging.set_level(av.logging.PANIC)
    for event in cut_live(open_feed(place), going, _now_ms, renew_at_ms=renew_at_ms):
        if isinstance(event, CutSegment):
            yield Item(replace(event, data=b""), event.data)
        else:
            yield Item(event)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
