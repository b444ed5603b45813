"""A window that cannot be analysed, however often it is tried."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_video_analysis.application.analyse_window import conclude
from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.figures.figures import Span
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import MEDIA, missing, unexplained
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis

_CODE = "decode_failed"
_REASON = "Picture and sound of this range could not be analysed."


@dataclass(frozen=True, slots=True)
class GiveUpWindow:
    """Leave a gap for all of it, and go on behind it."""

    work: Work

    async def __call__(self, wanted: StreamId, window: Window) -> None:
        """Give one window up."""
        stream = await self.work.streams.lock(wanted)
        windows, measured = await self.work.windows.waiting_from(wanted, window, 0)
        if not windows:
            return
        lost = tuple(modality for modality in MEDIA if modality not in measured)
        known = await self.work.gaps.within(wanted, window.start_ms, window.end_ms)
        read = Span(window.start_ms, max(window.start_ms, min(window.end_ms, stream.read_until_ms)))
        gaps = unexplained(missing([read], stream.declared, _CODE, _REASON), known)
        gaps = tuple(gap for gap in gaps if gap.modality in lost)
        await conclude(self.work, wanted, [WindowAnalysis(window, gaps=gaps, measured=frozenset(lost))])
