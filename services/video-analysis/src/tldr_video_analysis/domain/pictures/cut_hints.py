"""Where keyframes and packet sizes suggest a cut, without the pictures between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.cuts import UNRELATED
from tldr_video_analysis.domain.pictures.pictures import Pictures, change, similarity
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

LEAST_CHANGE_BETWEEN_KEYFRAMES = 12.0
# Motion below which two unrelated keyframes cannot be a pan: talking heads and slides stay under 3, hand-held over 8.
CALM_MOTION = 3.0
# Motion at which an encoder takes movement for a cut and places a keyframe.
BRISK_MOTION = 50.0
# Deviation of the distances between keyframes over their mean: 0 where they are placed by the clock.
IRREGULAR = 0.2
LARGE_SPIKE = 0.6
BEFORE_CUT_US = 200_000
AFTER_CUT_US = 400_000
# A picture coded later may be shown earlier: encoders look at most 16 ahead.
REORDERING = 16


@dataclass(frozen=True, slots=True)
class CutHint:
    """A possible cut at `at_us`, to be found between `start_us` and `end_us`.

    `sure` says whether it counts when nobody looks closer; those where a look decides most (`strength`, 0..1.5) are
    looked at first.
    """

    at_us: int
    start_us: int
    end_us: int
    strength: float
    sure: bool


def cut_hints(
    packets: VideoPackets, spikes: NDArray[np.intp], keys: Pictures, motion: NDArray[np.float64]
) -> tuple[CutHint, ...]:
    """At most one hint between two decoded keyframes; `motion` (NaN where unknown) was measured right after each.

    Unrelated keyframes have a cut between them or at the later one, or there was a pan. An encoder that places keyframes
    where it likes places them at cuts; one that places them regularly shows the cut by a spike, and a cut without a spike
    hit the keyframe itself. A spike between related keyframes may be a flash, or a cut there and back.
    """
    spaces = np.diff(keys.at_us)
    free = len(spaces) > 1 and float(spaces.std()) > IRREGULAR * float(spaces.mean())
    found = []
    for i in range(len(keys)):
        start, closed = int(keys.at_us[i]), i + 1 < len(keys)
        end = int(keys.at_us[i + 1]) if closed else np.iinfo(np.int64).max
        inside = spikes[(packets.at_us[spikes] > start) & (packets.at_us[spikes] < end)]
        if closed and _unrelated(keys, i):
            if len(inside) and not free:
                found.append(_at_largest(packets, inside, start, end))
            else:
                sure = bool(motion[i] < (BRISK_MOTION if free else CALM_MOTION))
                found.append(CutHint(end, start, end, 0.3 if sure else 0.8, sure))
        elif len(inside):
            strongest = int(inside[np.argmax(packets.size[inside])])
            at, size = _shown_at(packets, strongest), _size(packets, strongest)
            sure = not closed and size >= LARGE_SPIKE
            found.append(CutHint(at, at - BEFORE_CUT_US, at + AFTER_CUT_US, 0.7 * min(size, 1.0), sure))
    return tuple(found)


def _at_largest(packets: VideoPackets, spikes: NDArray[np.intp], start_us: int, end_us: int) -> CutHint:
    """Of several large spikes any can be the cut, which only a look at them all decides; one alone just gets its frame."""
    strongest = int(spikes[np.argmax(packets.size[spikes])])
    at = _shown_at(packets, strongest)
    if np.count_nonzero(packets.size[spikes] >= LARGE_SPIKE * packets.size[strongest]) > 1:
        return CutHint(at, start_us, end_us, 1.5, sure=True)
    return CutHint(at, at - BEFORE_CUT_US, at + AFTER_CUT_US, 1.0, sure=True)


def _unrelated(keys: Pictures, index: int) -> bool:
    before, after = keys.luma[index], keys.luma[index + 1]
    return float(change(before, after)) >= LEAST_CHANGE_BETWEEN_KEYFRAMES and similarity(before, after) < UNRELATED


def _size(packets: VideoPackets, index: int) -> float:
    """In typical keyframes."""
    return float(packets.size[index] / packets.typical_keyframe[index])


def _shown_at(packets: VideoPackets, spike: int) -> int:
    """The middle of the pictures that may be the first after the cut: those coded after the spike and shown before it."""
    at = packets.at_us[spike]
    reached = packets.at_us[max(spike - REORDERING, 0) : spike]
    low = reached[reached < at].max(initial=at - 1)
    near = packets.at_us[spike : spike + REORDERING]
    near = np.sort(near[(near > low) & (near <= at)])
    return int(near[len(near) // 2])
