"""Clips of a recording whose sound changes its form, as that of inserted advertisements does."""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_highlight_store.adapters.clips.cutter_pyav import cut_clip
from tldr_highlight_store.domain.clips.cutting import SegmentPart

TONE_HZ = 440.0
PART_S = 2
FORMS = [(48_000, "stereo"), (44_100, "stereo"), (32_000, "mono"), (48_000, "stereo")]


def part(index: int, rate: int, layout: str) -> SegmentPart:
    """Two seconds of a tone."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream: Any = output.add_stream("aac", rate=rate)
        stream.layout = layout
        for at in range(0, PART_S * rate, 1024):
            wave = 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(at, at + 1024) / rate).astype(np.float32)
            channels = np.tile(wave, (2 if layout == "stereo" else 1, 1))
            frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    start_ms = 1000 * PART_S * index
    return SegmentPart(index, file.getvalue(), start_ms, start_ms, start_ms + 1000 * PART_S, "mp4", index)


@pytest.fixture(scope="module")
def heard() -> NDArray[np.float32]:
    parts = [part(index, *form) for index, form in enumerate(FORMS)]
    clip = cut_clip(parts, 0, 1000 * PART_S * len(parts))
    with av.open(io.BytesIO(clip.data), "r") as movie:
        return np.concatenate([frame.to_ndarray()[0] for frame in movie.decode(audio=0)])


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_a_tone_keeps_its_pitch(heard: NDArray[np.float32], number: int) -> None:
    second = heard[round((PART_S * number + 0.5) * 48_000) :][:48_000]
    loudest = int(np.argmax(np.abs(np.fft.rfft(second * np.hanning(len(second))))))
    assert loudest == pytest.approx(TONE_HZ, abs=2)
