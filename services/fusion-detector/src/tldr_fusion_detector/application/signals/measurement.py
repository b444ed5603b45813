"""What an analysing service measured, in the words of this one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Modality, modality_of
from tldr_fusion_detector.domain.signals.timeline import Piece
from tldr_fusion_detector.domain.signals.words import WordPiece

LONGEST_PIECE_S = 60
"""Of live streams, so that a part of one is read without looking far back."""


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

    def of(self, modality: Modality, complete_until_ms: int) -> "Measurement":
        """What of it is of one modality, which is complete up to a place of its own: cuts are seen, pauses heard."""
        return replace(
            self,
            modalities=(modality,),
            complete_until_ms=complete_until_ms,
            pieces=tuple(piece for piece in self.pieces if modality_of(piece.signal) is modality),
            cuts_ms=self.cuts_ms if modality is Modality.VIDEO else (),
            pauses=self.pauses if modality is Modality.AUDIO else (),
        )

    def beyond(self, known_ms: Mapping[Modality, int]) -> "Measurement":
        """Without what lies before the place up to which each modality was complete: those seconds may be settled.

        In pieces of at most `LONGEST_PIECE_S`.
        """
        least = min(known_ms.values(), default=0)
        pieces = (part for piece in self.pieces for part in _cut(piece, known_ms.get(modality_of(piece.signal), 0)))
        words = None if self.words is None else _later_words(self.words, known_ms.get(Modality.CHAT, 0) // 1000)
        return replace(
            self,
            pieces=tuple(pieces),
            cuts_ms=tuple(cut for cut in self.cuts_ms if cut >= least),
            pauses=tuple((max(start, least), end) for start, end in self.pauses if end > least),
            words=words,
        )


def _cut(piece: Piece, known_ms: int) -> Iterator[Piece]:
    first = max(known_ms // 1000 - piece.start_s, 0)
    for at in range(first, len(piece.values), LONGEST_PIECE_S):
        yield Piece(piece.signal, piece.start_s + at, piece.values[at : at + LONGEST_PIECE_S])


def _later_words(piece: WordPiece, known_s: int) -> WordPiece | None:
    if piece.start_s >= known_s:
        return piece
    last = int(piece.said.seconds.max(initial=-1))
    said = piece.said.outside(np.arange(max(last + 1, known_s)) < known_s)
    return WordPiece(known_s, said) if len(said.seconds) else None
