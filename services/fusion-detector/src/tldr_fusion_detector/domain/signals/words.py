"""How many messages of each second of a stream say a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LONGEST_WORD: Final = 24
MOST_WORDS: Final = 64
"""Words of a second, those that most messages say."""


@dataclass(frozen=True, slots=True, eq=False)
class WordCounts:
    """`counts[i]` messages of second `seconds[i]` say `words[indexes[i]]`.

    `words` are sorted and all in use; the arrays (n,) are sorted by second, then by word, each pair once. Treat them as
    read-only.
    """

    words: tuple[str, ...]
    seconds: Ints
    indexes: Ints
    counts: Ints

    def until(self, length_s: int) -> "WordCounts":
        """Those of [0, length_s)."""
        return self._only((self.seconds >= 0) & (self.seconds < length_s))

    def since(self, start_s: int) -> "WordCounts":
        """Those of `start_s` and later, their seconds counted from there."""
        later = self._only(self.seconds >= start_s)
        return WordCounts(later.words, later.seconds - start_s, later.indexes, later.counts)

    def outside(self, hidden: NDArray[np.bool_]) -> "WordCounts":
        """Without the seconds that are hidden, (n,) with n beyond the last second."""
        return self._only(~hidden[self.seconds])

    def _only(self, kept: NDArray[np.bool_]) -> "WordCounts":
        if kept.all():
            return self
        return _ordered(self.words, self.seconds[kept], self.indexes[kept], self.counts[kept])


_NONE: Final = np.empty(0, np.int64)
NO_WORDS: Final = WordCounts((), _NONE, _NONE, _NONE)


@dataclass(frozen=True, slots=True, eq=False)
class WordPiece:
    """The words of some contiguous seconds from `start_s` on."""

    start_s: int
    said: WordCounts

    def since(self, start_s: int) -> "WordPiece":
        """The same with its seconds counted from `start_s`."""
        said = self.said
        return WordPiece(
            self.start_s - start_s, WordCounts(said.words, said.seconds - start_s, said.indexes, said.counts)
        )


def cut_down(words: Sequence[str], seconds: Ints, indexes: Ints, counts: Ints) -> WordCounts:
    """Counts from anything that looks like them: what breaks a rule is left out.

    The rules: parallel arrays, indexes of `words`, words of 1 to `LONGEST_WORD` characters, at least one message, at most
    `MOST_WORDS` words a second. Of a word that is there twice in a second the larger count stands.
    """
    length = min(len(seconds), len(indexes), len(counts))
    seconds, indexes, counts = seconds[:length], indexes[:length], counts[:length]
    known = (indexes >= 0) & (indexes < len(words)) & (seconds >= 0) & (counts > 0)
    seconds, indexes, counts = seconds[known], indexes[known], counts[known]
    distinct = tuple(sorted({word for word in words if 0 < len(word) <= LONGEST_WORD}))
    place = {word: index for index, word in enumerate(distinct)}
    indexes = np.array([place.get(word, -1) for word in words], np.int64)[indexes]
    order = np.lexsort((-counts, indexes, seconds))
    order = order[indexes[order] >= 0]
    seconds, indexes, counts = seconds[order], indexes[order], counts[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(seconds) > 0) | (np.diff(indexes) > 0)
    seconds, indexes, counts = seconds[first], indexes[first], counts[first]
    most = _most_said(seconds, counts)
    return _ordered(distinct, seconds[most], indexes[most], counts[most])


def merge(pieces: Iterable[WordPiece], length_s: int) -> WordCounts:
    """The words of the first `length_s` seconds, from pieces in any order, the same for every order.

    A second belongs to one piece: of those that have words of it to the one that starts later, then to the one whose
    words and figures are greater.
    """
    places: dict[str, int] = {}
    owner = np.full(length_s, -1, np.int64)
    parts: list[Ints] = [np.empty((4, 0), np.int64)]
    for number, piece in enumerate(sorted(pieces, key=_order)):
        said = piece.said
        indexes = np.array([places.setdefault(word, len(places)) for word in said.words], np.int64)
        inside = slice(*np.searchsorted(said.seconds, (0, length_s)))
        seconds = said.seconds[inside]
        owner[seconds] = number
        parts.append(
            np.stack((seconds, indexes[said.indexes[inside]], said.counts[inside], np.full_like(seconds, number)))
        )
    seconds, indexes, counts, number_of = np.concatenate(parts, axis=1)
    kept = owner[seconds] == number_of
    return _ordered(tuple(places), seconds[kept], indexes[kept], counts[kept])


def _order(piece: WordPiece) -> tuple[int, tuple[str, ...], bytes, bytes, bytes]:
    said = piece.said
    return piece.start_s, said.words, said.seconds.tobytes(), said.indexes.tobytes(), said.counts.tobytes()


def _most_said(seconds: Ints, counts: Ints) -> NDArray[np.bool_]:
    """Which entries, sorted by second and word, are among the first `MOST_WORDS` of their second."""
    order = np.lexsort((-counts, seconds))
    rank = np.arange(len(order)) - np.searchsorted(seconds, seconds)
    kept = np.empty(len(order), np.bool_)
    kept[order] = rank < MOST_WORDS
    return kept


def _ordered(words: Sequence[str], seconds: Ints, indexes: Ints, counts: Ints) -> WordCounts:
    """With the words in use alone; `words` are distinct, and each of them is there once in a second."""
    used = np.flatnonzero(np.bincount(indexes, minlength=len(words))).tolist()
    used.sort(key=words.__getitem__)
    place = np.zeros(len(words), np.int64)
    place[used] = np.arange(len(used))
    renumbered = place[indexes]
    order = np.lexsort((renumbered, seconds))
    return WordCounts(tuple(words[index] for index in used), seconds[order], renumbered[order], counts[order])
