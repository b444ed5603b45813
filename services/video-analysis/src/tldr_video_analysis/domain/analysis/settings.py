"""How thoroughly segments are analysed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """`thorough` decodes every picture.

    Otherwise `examined_share` bounds the share of the time that is decoded beyond keyframes; where keyframes are more than
    two seconds apart it is up to four times that, as there are fewer of them to pay for and to learn from. Where most
    keyframes are closer than `keyframe_spacing_ms`, only some of them are decoded.
    """

    thorough: bool = False
    live: bool = False
    """Leave out what small pictures hardly show, deblocking and pictures that no other refers to: every second is looked at,
    so it has to be cheap.
    """
    examined_share: float = 0.1
    keyframe_spacing_ms: int = 1000
    speech_mode: int = 2
    """Aggressiveness of the voice-activity detector, 0 (lets much through) to 3 (strict)."""
    pause_ms: int = 300
    """The shortest range without speech that counts as a pause."""
