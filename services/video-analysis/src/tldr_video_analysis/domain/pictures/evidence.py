"""What was seen of a batch's pictures: stretches looked at closely, and single measurements between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.cut_hints import CutHint
from tldr_video_analysis.domain.pictures.cuts import find_breaks
from tldr_video_analysis.domain.pictures.motion import motion_of_pairs
from tldr_video_analysis.domain.pictures.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Look:
    """A stretch of consecutive pictures, both ends included: its cuts, jumps of brightness and motion by pairs."""

    start_us: int
    end_us: int
    cuts_us: NDArray[np.int64]
    jumps_us: NDArray[np.int64]
    pair_at_us: NDArray[np.int64]
    pair_motion: NDArray[np.float64]

    def overlap_us(self, start_us: int, end_us: int) -> int:
        return max(0, min(self.end_us, end_us) - max(self.start_us, start_us))


@dataclass(frozen=True, slots=True)
class PictureEvidence:
    """`spikes` are the packets out of proportion; `probe_motion` was measured right after the keyframes at `probe_at_us`;
    `unseen` marks seconds, of the batch's, whose pictures should be there and could not be decoded.
    """

    looks: tuple[Look, ...]
    hints: tuple[CutHint, ...]
    spikes: NDArray[np.intp]
    probe_at_us: NDArray[np.int64]
    probe_motion: NDArray[np.float64]
    unseen: NDArray[np.bool_]


def look_at(pictures: Pictures, end_us: int) -> Look:
    """The look at `pictures` (at least one), which hold all there is until `end_us`."""
    breaks = find_breaks(pictures)
    at_us, motion = motion_of_pairs(pictures, breaks.cuts_us)
    return Look(int(pictures.at_us[0]), end_us, breaks.cuts_us, breaks.jumps_us, at_us, motion)
