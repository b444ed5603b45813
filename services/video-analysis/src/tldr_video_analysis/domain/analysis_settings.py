"""How thoroughly segments are analysed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """`thorough` decodes every picture. Otherwise `examined_share` bounds the share of the time that is decoded beyond
    keyframes, and keyframes that follow a decoded one within `keyframe_spacing_ms` are left out.
    """

    thorough: bool = False
    examined_share: float = 0.1
    keyframe_spacing_ms: int = 1000
    speech_mode: int = 2
    """Aggressiveness of the voice-activity detector, 0 (lets much through) to 3 (strict)."""
    pause_ms: int = 300
    """The shortest range without speech that counts as a pause."""
