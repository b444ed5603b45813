"""What an analysing service measured, in the words of this one."""

from dataclasses import dataclass

from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece
from tldr_fusion_detector.domain.signals.words import WordPiece


@dataclass(frozen=True, slots=True)
class Measurement:
    """Raw series with what may bound a clip. `modalities` are complete up to `complete_until_ms`."""

    modalities: tuple[Modality, ...]
    complete_until_ms: int
    pieces: tuple[Piece, ...]
    cuts_ms: tuple[int, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    words: WordPiece | None = None

    @property
    def start_ms(self) -> int:
        """Where it begins; its end where it holds nothing."""
        return min((piece.start_s * 1000 for piece in self.pieces), default=self.complete_until_ms)
