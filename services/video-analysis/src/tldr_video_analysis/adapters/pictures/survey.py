"""Gathers evidence of pictures: keyframes first, then a closer look where they and the packet sizes suggest an event."""

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.adapters.pictures.pictures_pyav import PictureDecoder
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.pictures.cut_hints import cut_hints
from tldr_video_analysis.domain.pictures.evidence import Look, PictureEvidence, look_at
from tldr_video_analysis.domain.pictures.examination import (
    eventful_seconds,
    examined_ranges,
    examined_time_us,
    unknown_ranges,
)
from tldr_video_analysis.domain.pictures.motion import on_scale
from tldr_video_analysis.domain.pictures.pictures import Pictures, change
from tldr_video_analysis.domain.pictures.video_packets import VideoPackets

SECOND_US = 1_000_000
# Whether a picture is there for good is known half a second later, and what is usual half a second before.
LEAD_IN_US = 500_000
TAIL_US = 500_000


def everything(packets: VideoPackets, decoder: PictureDecoder, first_second: int, seconds: int) -> PictureEvidence:
    """One look at all pictures of the seconds, from a keyframe at least half a second before them where there is one."""
    keyframes = packets.keyframes()
    starts = (first_second + np.arange(seconds, dtype=np.int64)) * SECOND_US
    end_us = int(starts[-1]) + SECOND_US
    nothing, no_spikes = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.intp)
    if not len(keyframes):
        return PictureEvidence((), (), no_spikes, nothing, np.zeros(0), _has_packets(packets, starts))
    before = np.flatnonzero(packets.at_us[keyframes] <= starts[0] - LEAD_IN_US)
    pictures = decoder.run(int(keyframes[before[-1]] if len(before) else keyframes[0]), end_us + TAIL_US)
    shown = np.bincount(_second_of(pictures.at_us, first_second, seconds), minlength=seconds)
    unseen = _has_packets(packets, starts) & (shown == 0)
    looks = (look_at(pictures, end_us + TAIL_US),) if len(pictures) else ()
    return PictureEvidence(looks, (), no_spikes, nothing, np.zeros(0), unseen)


def where_it_matters(
    packets: VideoPackets,
    decoder: PictureDecoder,
    first_second: int,
    loudness: NDArray[np.float64],
    settings: AnalysisSettings,
) -> PictureEvidence:
    """Keyframes, and closer looks of at most `examined_share` of the seconds; `loudness` has one value a second."""
    starts = (first_second + np.arange(len(loudness), dtype=np.int64)) * SECOND_US
    end_us = int(starts[-1]) + SECOND_US
    chosen = _spaced_keyframes(packets, int(starts[0]), end_us, settings.keyframe_spacing_ms * 1000)
    probes = [decoder.probe(int(index)) for index in chosen]
    at_us = packets.at_us[chosen]
    failed = np.array([not len(probe) or probe.at_us[0] != at for probe, at in zip(probes, at_us, strict=True)])
    seen = [probe for probe, without in zip(probes, failed, strict=True) if not without]
    keys = Pictures.of([(int(probe.at_us[0]), probe.luma[0]) for probe in seen])
    spikes = packets.spikes()
    motion = np.array([_probe_motion(probe, packets.at_us[spikes]) for probe in seen])
    hints = cut_hints(packets, spikes, keys, motion)
    order = eventful_seconds(packets.change_rate(starts, starts + SECOND_US, spikes), loudness)
    ranges = examined_ranges(
        [hint for hint in hints if starts[0] <= hint.at_us < end_us],
        [(int(starts[index]), int(starts[index]) + SECOND_US) for index in order],
        unknown_ranges(at_us, end_us),
        packets.at_us[packets.keyframes()],
        examined_time_us(settings.examined_share, len(starts), _keyframes_in(packets, int(starts[0]), end_us)),
    )
    looks = [_look(packets, decoder, start, end) for start, end in ranges]
    known = ~np.isnan(motion)
    return PictureEvidence(
        looks=tuple(look for look in looks if look is not None),
        hints=hints,
        spikes=spikes,
        probe_at_us=keys.at_us[known],
        probe_motion=motion[known],
        unseen=_has_packets(packets, starts) & _under_failed(at_us, failed, starts),
    )


def _keyframes_in(packets: VideoPackets, start_us: int, end_us: int) -> int:
    at = packets.at_us[packets.keyframes()]
    return int(np.count_nonzero((at >= start_us) & (at < end_us)))


def _spaced_keyframes(packets: VideoPackets, start_us: int, end_us: int, spacing_us: int) -> NDArray[np.intp]:
    """Keyframes from the last before the range to the first after it; where most are closer than the spacing, those
    that keep it."""
    keyframes = packets.keyframes()
    at = packets.at_us[keyframes]
    low = max(int(np.searchsorted(at, start_us)) - 1, 0)
    chosen = keyframes[low : int(np.searchsorted(at, end_us)) + 1]
    if len(chosen) < 2 or np.median(np.diff(packets.at_us[chosen])) >= spacing_us:
        return chosen
    kept: list[int] = []
    for index in chosen:
        if not kept or packets.at_us[index] - packets.at_us[kept[-1]] >= spacing_us:
            kept.append(int(index))
    return np.asarray(kept, dtype=np.intp)


def _probe_motion(probe: Pictures, spikes_us: NDArray[np.int64]) -> float:
    """NaN where there is one picture only, or perhaps a cut between the two."""
    if len(probe) < 2 or ((spikes_us > probe.at_us[0]) & (spikes_us <= probe.at_us[-1])).any():
        return np.nan
    moved = np.atleast_1d(change(probe.luma[0], probe.luma[-1]))
    return float(on_scale(moved, probe.at_us[-1:] - probe.at_us[:1])[0])


def _look(packets: VideoPackets, decoder: PictureDecoder, start_us: int, end_us: int) -> Look | None:
    keyframes = packets.keyframes()
    index = int(keyframes[np.searchsorted(packets.at_us[keyframes], start_us, "right") - 1])
    pictures = decoder.run(index, end_us)
    return look_at(pictures, end_us) if len(pictures) else None


def _under_failed(at_us: NDArray[np.int64], failed: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Seconds whose middle has no keyframe before it, or one that could not be decoded."""
    if not len(at_us):
        return np.ones(len(starts), dtype=np.bool_)
    last = np.searchsorted(at_us, starts + SECOND_US // 2, "right") - 1
    return np.where(last < 0, True, failed[np.maximum(last, 0)])


def _has_packets(packets: VideoPackets, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    first = int(starts[0]) // SECOND_US
    return np.bincount(_second_of(packets.at_us, first, len(starts)), minlength=len(starts)) > 0


def _second_of(at_us: NDArray[np.int64], first_second: int, seconds: int) -> NDArray[np.int64]:
    at = at_us // SECOND_US - first_second
    return at[(at >= 0) & (at < seconds)]
