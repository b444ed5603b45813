"""The video series of a batch, from its packets and from what was seen of its pictures."""

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Series
from tldr_video_analysis.domain.pictures.cuts import SAME_EVENT_US
from tldr_video_analysis.domain.pictures.evidence import PictureEvidence
from tldr_video_analysis.domain.pictures.motion import motion_per_second
from tldr_video_analysis.domain.pictures.motion_estimate import Measured, estimate_motion
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

SECOND_US = 1_000_000
# A second of which half was looked at is measured; a third of one still serves to calibrate the estimate of others.
MEASURED_US = 500_000
CALIBRATING_US = 300_000
PROBE_WINDOW_US = 500_000


def video_series(
    packets: VideoPackets, evidence: PictureEvidence, first_second: int, seconds: int
) -> tuple[dict[str, Series], tuple[int, ...]]:
    """The four series of shape (seconds,) and the stream times of cuts in milliseconds."""
    cuts_us = _cuts(evidence)
    jumps_us = np.concatenate([look.jumps_us for look in evidence.looks] or [np.zeros(0, dtype=np.int64)])
    motion = _motion(packets, evidence, first_second, seconds)
    cuts = _per_second(cuts_us, first_second, seconds)
    flashes = _per_second(jumps_us, first_second, seconds)
    for values in (motion, cuts, flashes):
        values[evidence.unseen] = np.nan
    series = {
        signal_names.MOTION: motion,
        signal_names.ACTIVITY: packets.kbit_per_second(first_second, seconds),
        signal_names.CUTS: cuts,
        signal_names.FLASHES: flashes,
    }
    inside = (cuts_us >= first_second * SECOND_US) & (cuts_us < (first_second + seconds) * SECOND_US)
    return series, tuple(int(at) // 1000 for at in cuts_us[inside])


def _cuts(evidence: PictureEvidence) -> NDArray[np.int64]:
    """Cuts that were seen, and sure hints where nobody looked; one for what lies within 200 ms."""
    seen = [int(at) for look in evidence.looks for at in look.cuts_us]
    hinted = [
        hint.at_us
        for hint in evidence.hints
        if hint.sure and not any(look.start_us < hint.at_us <= look.end_us for look in evidence.looks)
    ]
    kept: list[int] = []
    for at in (*sorted(seen), *sorted(hinted)):
        if all(abs(at - other) >= SAME_EVENT_US for other in kept):
            kept.append(at)
    return np.asarray(sorted(kept), dtype=np.int64)


def _per_second(at_us: NDArray[np.int64], first_second: int, seconds: int) -> Series:
    at = at_us // SECOND_US - first_second
    return np.bincount(at[(at >= 0) & (at < seconds)], minlength=seconds).astype(np.float32)


def _motion(packets: VideoPackets, evidence: PictureEvidence, first_second: int, seconds: int) -> Series:
    """Measured where at least half of the second was looked at, else estimated from what was measured around it."""
    starts = (first_second + np.arange(seconds, dtype=np.int64)) * SECOND_US
    looked = np.zeros(seconds, dtype=np.int64)
    for look in evidence.looks:
        looked += np.array([look.overlap_us(int(start), int(start) + SECOND_US) for start in starts])
    at_us = np.concatenate([look.pair_at_us for look in evidence.looks] or [np.zeros(0, dtype=np.int64)])
    pairs = np.concatenate([look.pair_motion for look in evidence.looks] or [np.zeros(0)])
    # No pair ends in a second in which nothing new was shown: a still picture.
    measured = np.nan_to_num(motion_per_second(at_us, pairs, first_second, seconds))
    near = np.minimum(packets.at_us.max(initial=0), evidence.probe_at_us + PROBE_WINDOW_US)
    rate = packets.change_rate(starts, starts + SECOND_US, evidence.spikes)
    calibrating = looked >= CALIBRATING_US
    known = Measured(
        at_s=np.concatenate((evidence.probe_at_us / 1e6, starts[calibrating] / 1e6 + 0.5)),
        motion=np.concatenate((evidence.probe_motion, measured[calibrating])),
        rate=np.concatenate((packets.change_rate(evidence.probe_at_us, near, evidence.spikes), rate[calibrating])),
    )
    estimate = estimate_motion(known, starts / 1e6 + 0.5, rate)
    return np.where(looked >= MEASURED_US, measured, estimate).astype(np.float32)
