"""Which of the renditions of a stream is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_H264 = ("avc1", "avc3", "h264")
_AAC = ("mp4a", "aac")


@dataclass(frozen=True, slots=True)
class Rendition:
    """A stream in one size. `codecs` as RFC 6381 writes them, empty where nobody says. `apart`: its sound lies in a playlist
    of its own. Width and height in pixels and `bandwidth` in bits a second, 0 where not known; without `height` and `video`
    it is sound alone.
    """

    url: str = field(repr=False)
    width: int = 0
    height: int = 0
    fps: float = 0.0
    codecs: tuple[str, ...] = ()
    bandwidth: int = 0
    video: bool = True
    apart: bool = False

    @property
    def lines(self) -> int:
        """How tall it is; of a picture that stands upright, how wide."""
        return min(self.width, self.height) if self.width else self.height


def choose(renditions: Sequence[Rendition], max_height: int) -> Rendition | None:
    """The highest that is not taller than `max_height` (0: of any height), else the lowest there is; of equal ones H.264 and
    AAC, one that lies flat, one whose sound is in it, the smoother and the richer. Sound alone where there is no picture.
    """
    seen = [rendition for rendition in renditions if rendition.video] or list(renditions)
    readable = [rendition for rendition in seen if _speaks(rendition, _H264)] or seen
    flat = [rendition for rendition in readable if rendition.width >= rendition.height] or readable
    if not flat:
        return None
    allowed = [rendition for rendition in flat if not max_height or rendition.lines <= max_height]
    if not allowed:
        lowest = min(rendition.lines for rendition in flat)
        allowed = [rendition for rendition in flat if rendition.lines == lowest]
    return max(allowed, key=_preference)


def _preference(rendition: Rendition) -> tuple[int, bool, bool, float, int]:
    return (
        rendition.lines,
        _speaks(rendition, _AAC),
        not rendition.apart,
        rendition.fps,
        rendition.bandwidth,
    )


def _speaks(rendition: Rendition, family: tuple[str, ...]) -> bool:
    # A playlist without CODECS is from the days when there were no others.
    return not rendition.codecs or any(codec.lower().startswith(family) for codec in rendition.codecs)
