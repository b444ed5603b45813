"""A live source is not there yet: wait for it without holding anything, or refuse it."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import SourceWaiting, Work
from tldr_ingest.application.stream_record import LiveState, Push, StreamRecord
from tldr_streams.values import Failure

_LONGEST_MS = 7 * 24 * 3_600_000
_PUSH_MS = 3_600_000
"""Nobody submits a stream that is pushed unless an encoder is to come."""


@dataclass(frozen=True, slots=True)
class AwaitSource:
    """Ask for another look every `again_s`, give or take a third, until the time to wait is over."""

    work: Work
    now_ms: int
    again_s: float

    async def __call__(self, record: StreamRecord, away: Failure) -> None:
        """`record` is held, and nothing of it was read."""
        live = record.media.live
        until_ms = live.waits_until_ms or self.now_ms + _patience_ms(record)
        if self.now_ms >= until_ms:
            await EndReading(self.work).media(record, _refused(away, waited=bool(live.waits_until_ms)))
            return
        waiting = replace(live, state=LiveState.WAITING, waits_until_ms=until_ms)
        current = replace(record, media=replace(record.media, live=waiting))
        if not live.waits_until_ms:
            await self.work.announcements.media(current, [SourceWaiting(away, until_ms)])
        await self.work.streams.put(current)
        # Channels that are waited for together are not looked at together.
        pause_s = min(self.again_s * random.uniform(2 / 3, 4 / 3), (until_ms - self.now_ms) / 1000)  # noqa: S311
        await self.work.readings.ask_media(current, timedelta(seconds=pause_s))


def _patience_ms(record: StreamRecord) -> int:
    asked_ms = record.live.wait_until_live_ms if record.live is not None else 0
    pushed = record.request is not None and isinstance(record.request.place, Push)
    return min(asked_ms or (_PUSH_MS if pushed else 0), _LONGEST_MS)


def _refused(away: Failure, *, waited: bool) -> Failure:
    reason = f"{away.reason} It was waited for in vain." if waited else away.reason
    return Failure("source_not_live", reason)
