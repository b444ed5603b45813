"""What a scorer is trained from, what is too little for it, and when one is not worth having."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.moments.agreement import Inside
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.signals.packed_timeline import PackedTimeline
from tldr_fusion_detector.domain.signals.timeline import Timeline

Progress = Callable[[str, float], None]
"""Told which step is taken now, and the share of the step that is done, 0..1."""

LEAST_STREAMS = 5
LEAST_SECONDS = 2 * 3600
LEAST_MOMENTS = 20
# A scorer that learned nothing is as good as the default half of the time; one in a thousand times it is so much better.
SURELY_BETTER = 3.0


class TooLittleData(ValueError):
    """There is not enough to learn from; the message says how much is needed."""


class WorseThanDefault(ValueError):
    """The trained scorer is not surely better than the default; the message has both figures."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledStream:
    """A stream of which people said what they keep: `moments` within its first `length_s` seconds."""

    name: str
    kept: Timeline | PackedTimeline
    length_s: int
    moments: tuple[Interval, ...]

    @property
    def timeline(self) -> Timeline:
        """Of a packed one another each time."""
        return self.kept if isinstance(self.kept, Timeline) else self.kept.unpacked()

    def inside(self) -> Inside:
        """Which seconds lie in a moment by at least half, (length_s,)."""
        inside = np.zeros(self.length_s, np.bool_)
        for moment in self.moments:
            inside[max((moment.start_ms + 500) // 1000, 0) : max((moment.end_ms + 500) // 1000, 0)] = True
        return inside


def require_enough(streams: Sequence[LabelledStream]) -> None:
    """Raises TooLittleData. Two streams at the least, so that one can be left out when the other is learned from."""
    seconds, moments = sum(stream.length_s for stream in streams), sum(len(stream.moments) for stream in streams)
    enough = len(streams) >= LEAST_STREAMS or (len(streams) >= 2 and seconds >= LEAST_SECONDS)
    if not enough or moments < LEAST_MOMENTS:
        raise TooLittleData(
            f"To learn from there are: streams {len(streams)}, hours {seconds / 3600:.1f}, moments {moments}. Training needs "
            f"{LEAST_STREAMS} streams, or two of {LEAST_SECONDS // 3600} h together, and {LEAST_MOMENTS} moments."
        )
    if not all(0 < stream.inside().sum() < stream.length_s for stream in streams):
        raise TooLittleData("Every stream to learn from needs seconds that people kept and seconds that they did not.")


def require_better(trained: Sequence[float], default: Sequence[float]) -> None:
    """Raises WorseThanDefault unless average precisions (0..1) of the same streams are higher, and not by chance.

    The mean of the differences must be three of its standard errors above zero.
    """
    ours, theirs = np.array(trained), np.array(default)
    gain = ours - theirs
    error = float(gain.std(ddof=1)) / len(gain) ** 0.5
    if not float(gain.mean()) > SURELY_BETTER * error:
        raise WorseThanDefault(
            f"On streams it had not seen, the trained scorer has an average precision of {100 * ours.mean():.1f} % and the "
            f"default {100 * theirs.mean():.1f} %: it is not kept, because it is not surely better."
        )


def fingerprint(streams: Sequence[LabelledStream]) -> str:
    """SHA-256 of all that is learned from, whatever the order of the streams."""
    digest = hashlib.sha256()
    for stream in sorted(streams, key=lambda stream: stream.name):
        timeline = stream.timeline
        said = timeline.words
        digest.update(repr((stream.name, stream.length_s, stream.moments, timeline.gaps, said.words)).encode())
        for figures in (said.seconds, said.indexes, said.counts):
            digest.update(figures.astype("<i8").tobytes())
        for name in sorted(timeline.series):
            digest.update(name.encode() + timeline.series[name].astype("<f8").tobytes())
    return digest.hexdigest()
