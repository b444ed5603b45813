"""Which frames of 30 ms hold speech, by WebRTC's voice-activity detector."""

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from tldr_video_analysis.domain.sound.speech import FRAME_MS

RATE = 16_000


def voiced_frames(mono: NDArray[np.float32], mode: int) -> NDArray[np.bool_]:
    """One flag per whole frame of `mono` (16 kHz, full scale 1.0). The detector adapts: it wants a second of lead-in."""
    detector = webrtcvad.Vad(mode)
    size = RATE * FRAME_MS // 1000
    data = memoryview((np.clip(mono, -1.0, 1.0) * 32767.0).astype(np.int16).tobytes())
    count = len(mono) // size
    flags = (detector.is_speech(bytes(data[2 * size * i : 2 * size * (i + 1)]), RATE) for i in range(count))
    return np.fromiter(flags, dtype=np.bool_, count=count)
