"""Follows a live feed to its end, cut into segments without re-encoding. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tldr_ingest.adapters.live.cutting_pyav import LIVE_RULE, LiveCutter
from tldr_ingest.domain.errors import AddressExpired, IngestError
from tldr_ingest.domain.live.cursor import Going
from tldr_ingest.domain.live.events import LiveEvent
from tldr_ingest.domain.live.feed import FeedEnded, LiveFeed
from tldr_ingest.domain.media.cutting import SegmentRule
from tldr_outbound import OutboundError


def cut_live(
    feed: LiveFeed,
    going: Going,
    now_ms: Callable[[], int],
    rule: SegmentRule = LIVE_RULE,
    renew_at_ms: int = 0,
    *,
    recorded: bool = False,
) -> Iterator[LiveEvent]:
    """LiveOpened first where nothing was read before, then what comes, in order, then SourceEnded.

    Each millisecond of stream time lies in a segment or in gaps of all modalities, none in two segments. Raises what the
    feed raises, and AddressExpired at `renew_at_ms` (0: never), when all that it gave was yielded. `recorded`: see `LiveClock`.
    """
    cutter = LiveCutter(going, now_ms, rule, recorded=recorded)
    try:
        for event in feed.follow(going.after.mark if going.after else None):
            yield from cutter.take(event)
            if isinstance(event, FeedEnded):
                return
            if renew_at_ms and now_ms() >= renew_at_ms:
                raise AddressExpired("The address of the source is about to expire.")
        yield from cutter.take(FeedEnded("source_ended", "The source has ended."))
    except (IngestError, OutboundError):
        yield from cutter.rest()
        raise
    finally:
        cutter.close()
