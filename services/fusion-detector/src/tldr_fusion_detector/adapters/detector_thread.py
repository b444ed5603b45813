"""Detection in a thread, so that the event loop goes on; numpy lets go of the interpreter in part of it."""

import asyncio
from dataclasses import dataclass

from tldr_fusion_detector.domain.baseline import Mode
from tldr_fusion_detector.domain.detection import Detection, detect
from tldr_fusion_detector.domain.profile import Profile
from tldr_fusion_detector.domain.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ThreadDetector:
    """Takes tens of milliseconds for an hour of stream."""

    async def __call__(self, timeline: Timeline, profile: Profile, mode: Mode) -> Detection:
        """See `detect`."""
        return await asyncio.to_thread(detect, timeline, profile, mode=mode)
