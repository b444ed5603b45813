"""From voiced frames to speech spans, pauses and the share of speech in a second."""

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.figures.figures import Span

FRAME_MS = 30


def runs(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """First and one-past-last index of each run of True, shape (runs, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return edges.reshape(-1, 2).astype(np.int64)


def pauses_and_speech(
    voiced: NDArray[np.bool_], first_frame_ms: int, pause_ms: int, window: Span
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Spans of at least `pause_ms` without a voiced frame, and the spans between them, both clipped to `window`.

    Frames of 30 ms, the first at `first_frame_ms`. A pause is judged with what lies around the window, then clipped.
    """
    quiet = runs(~voiced)
    long = quiet[(quiet[:, 1] - quiet[:, 0]) * FRAME_MS >= pause_ms]
    talking = np.ones(len(voiced), dtype=np.bool_)
    for start, end in long:
        talking[start:end] = False
    return _clipped(long, first_frame_ms, window), _clipped(runs(talking), first_frame_ms, window)


def speech_share(
    voiced: NDArray[np.bool_], heard: NDArray[np.bool_], first_frame_ms: int, first_second: int, seconds: int
) -> NDArray[np.float32]:
    """Share of voiced frames among those `heard` that start in each second, 0..1; NaN where none does."""
    at = (first_frame_ms + FRAME_MS * np.arange(len(voiced))) // 1000 - first_second
    inside = (at >= 0) & (at < seconds) & heard
    frames = np.bincount(at[inside], minlength=seconds)
    spoken = np.bincount(at[inside], weights=voiced[inside], minlength=seconds)
    return np.where(frames > 0, spoken / np.maximum(frames, 1), np.nan).astype(np.float32)


def _clipped(frames: NDArray[np.int64], first_frame_ms: int, window: Span) -> tuple[Span, ...]:
    starts = np.maximum(first_frame_ms + frames[:, 0] * FRAME_MS, window.start_ms)
    ends = np.minimum(first_frame_ms + frames[:, 1] * FRAME_MS, window.end_ms)
    return tuple(Span(int(start), int(end)) for start, end in zip(starts, ends, strict=True) if start < end)
