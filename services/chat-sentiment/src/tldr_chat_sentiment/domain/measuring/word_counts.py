"""How many messages of each second say a word: what the detector learns a channel's vocabulary from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST_WORDS: Final = 64
"""Words kept of a second, those that most messages say; a second of the busiest chats has about a hundred."""
_ENTRY_BYTES: Final = 7  # second, word and count as they travel, each a number of one to three bytes


@dataclass(frozen=True, slots=True, eq=False)
class WordCounts:
    """`counts[i]` messages of `seconds[i]` (of stream time) say `words[indexes[i]]`.

    `words` are sorted and all in use; the arrays (n,) are sorted by second, then by word.
    """

    words: tuple[str, ...]
    seconds: Ints
    indexes: Ints
    counts: Ints

    @property
    def size_bytes(self) -> int:
        """About how large they are when they travel, rather too much."""
        return _ENTRY_BYTES * len(self.indexes) + sum(len(word.encode(errors="replace")) + 2 for word in self.words)

    def part(self, first_second: int, end_second: int) -> "WordCounts":
        """Those of [first_second, end_second)."""
        inside = slice(*np.searchsorted(self.seconds, (first_second, end_second)))
        return _with_words_in_use(self.words, self.seconds[inside], self.indexes[inside], self.counts[inside])


def count_words(seconds: Ints, said: Sequence[tuple[str, ...]]) -> WordCounts:
    """Count them; message i has the distinct words `said[i]` and belongs to `seconds[i]`.

    Of each second the `MOST_WORDS` said most are kept, of those said equally often the first in the alphabet: a second's
    counts depend on its messages alone, and on no order.
    """
    flat = list(chain.from_iterable(said))
    words = tuple(sorted(set(flat)))
    place = {word: index for index, word in enumerate(words)}
    lengths = np.fromiter(map(len, said), np.int64, len(said))
    indexes = np.fromiter(map(place.__getitem__, flat), np.int64, len(flat))
    keys, counts = np.unique(np.repeat(seconds, lengths) * len(words) + indexes, return_counts=True)
    when, what = np.divmod(keys, max(len(words), 1))
    kept = _most_said(when, counts)
    return _with_words_in_use(words, when[kept], what[kept], counts[kept])


def _most_said(seconds: Ints, counts: Ints) -> NDArray[np.bool_]:
    """Which entries, sorted by second and word, are among the first `MOST_WORDS` of their second."""
    order = np.lexsort((-counts, seconds))  # stable: equal counts stay in the order of the alphabet
    rank = np.arange(len(order)) - np.searchsorted(seconds, seconds)
    kept = np.empty(len(order), np.bool_)
    kept[order] = rank < MOST_WORDS
    return kept


def _with_words_in_use(words: Sequence[str], seconds: Ints, indexes: Ints, counts: Ints) -> WordCounts:
    used = np.bincount(indexes, minlength=len(words)) > 0
    renumbered = np.cumsum(used) - 1
    return WordCounts(_picked(words, used), seconds, renumbered[indexes], counts)


def _picked(words: Sequence[str], used: Iterable[bool]) -> tuple[str, ...]:
    return tuple(word for word, kept in zip(words, used, strict=True) if kept)
