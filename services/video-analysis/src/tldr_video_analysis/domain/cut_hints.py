"""Where keyframes and packet sizes suggest a cut, without the pictures between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.cuts import UNRELATED
from tldr_video_analysis.domain.pictures import Pictures, change, similarity
from tldr_video_analysis.domain.video_packets import VideoPackets

LEAST_CHANGE_BETWEEN_KEYFRAMES = 12.0


@dataclass(frozen=True, slots=True)
class CutHint:
    """A possible cut at `at_us`. `sure` says whether it counts when nobody looks closer; the strongest are looked at first."""

    at_us: int
    strength: float
    sure: bool


def cut_hints(
    packets: VideoPackets, spikes: NDArray[np.intp], keys: Pictures, motion: NDArray[np.float64]
) -> tuple[CutHint, ...]:
    """Hints between the decoded keyframes `keys`; `motion` (NaN where unknown) was measured right after each of them.

    A spike between two unrelated keyframes is a cut. Unrelated keyframes without a spike between them are a cut at the
    later one where the encoder placed it early or where the motion cannot explain the change; else perhaps a pan.
    """
    spaces = np.diff(keys.at_us)
    hints: list[CutHint] = []
    for i, start in enumerate(keys.at_us):
        closed = i + 1 < len(keys)
        end = keys.at_us[i + 1] if closed else np.iinfo(np.int64).max
        inside = spikes[(packets.at_us[spikes] > start) & (packets.at_us[spikes] < end)]
        moved = float(change(keys.luma[i], keys.luma[i + 1])) if closed else 0.0
        unrelated = (
            closed
            and moved >= LEAST_CHANGE_BETWEEN_KEYFRAMES
            and similarity(keys.luma[i], keys.luma[i + 1]) < UNRELATED
        )
        if len(inside):
            hints += _at_spikes(packets, inside, closed, unrelated)
        elif unrelated:
            early = bool(end - start < 0.9 * np.median(spaces))
            # Motion is 10 levels per level of change in 100 ms; eight such steps rarely make another picture.
            explained = motion[i] * 0.8 > moved
            sure = early or not explained
            hints.append(CutHint(int(end), 0.3 if sure else 0.8, sure))
    return tuple(hints)


def _at_spikes(
    packets: VideoPackets, spikes: NDArray[np.intp], closed: bool, unrelated: bool
) -> list[CutHint]:
    typical = float(np.median(packets.size[packets.key]))
    sizes = packets.size[spikes] / typical
    strongest = int(np.argmax(sizes))
    return [
        CutHint(
            at_us=_shown_at(packets, int(spike)),
            strength=min(float(size), 1.0) + float(unrelated),
            sure=order == strongest and (unrelated if closed else bool(size >= 0.6)),
        )
        for order, (spike, size) in enumerate(zip(spikes, sizes, strict=True))
    ]


def _shown_at(packets: VideoPackets, spike: int) -> int:
    """The middle of the pictures that may be the first after the cut: pictures coded later can be shown before it."""
    reached = packets.at_us[max(spike - 16, 0) : spike]
    reached = reached[reached < packets.at_us[spike]]
    low = int(reached.max()) if len(reached) else int(packets.at_us[spike]) - 1
    near = packets.at_us[spike : spike + 16]
    near = np.sort(near[(near > low) & (near <= packets.at_us[spike])])
    return int(near[len(near) // 2])
