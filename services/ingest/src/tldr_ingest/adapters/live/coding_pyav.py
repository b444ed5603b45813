"""How the tracks of a piece are coded, and whether that is otherwise than in the one before."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks


@dataclass(frozen=True, slots=True)
class TrackCoding:
    """One track's parameters; 0 and empty where the piece does not say them: not every piece of MPEG-TS has a keyframe."""

    codec: str
    base: tuple[int, int]
    width: int = 0
    height: int = 0
    rate: int = 0
    channels: int = 0
    head: bytes = b""

    def differs(self, other: TrackCoding) -> bool:
        """Whether the other is coded otherwise, as far as both say."""
        pairs = (
            (self.width, other.width),
            (self.height, other.height),
            (self.rate, other.rate),
            (self.channels, other.channels),
            (self.head, other.head),
        )
        return (self.codec, self.base) != (other.codec, other.base) or any(a and b and a != b for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Coding:
    """Of the tracks that there are."""

    video: TrackCoding | None
    audio: TrackCoding | None

    @classmethod
    def of(cls, tracks: ChosenTracks) -> Coding:
        """What the demuxer found out."""
        video, audio = tracks.video, tracks.audio
        return cls(
            None if video is None else TrackCoding(**_shared(video), width=video.width, height=video.height),
            None if audio is None else TrackCoding(**_shared(audio), rate=audio.sample_rate, channels=audio.channels),
        )

    @property
    def complete(self) -> bool:
        """Whether a segment can be written with what it says."""
        video = self.video
        return video is None or (video.width > 0 and (bool(video.head) or video.codec not in ("h264", "hevc")))

    @property
    def short(self) -> str:
        """Equal where all is coded alike."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    def differs(self, other: Coding) -> bool:
        """Whether a track that both have is coded otherwise."""
        pairs = ((self.video, other.video), (self.audio, other.audio))
        return any(a is not None and b is not None and a.differs(b) for a, b in pairs)


def _shared(stream: Any) -> dict[str, Any]:
    base = stream.time_base
    head = bytes(stream.codec_context.extradata or b"") if stream.codec_context is not None else b""
    return {"codec": stream.codec.canonical_name, "base": (base.numerator, base.denominator), "head": head}
