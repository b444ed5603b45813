"""VADER's rules for what one word does to another, computed on words already looked up.

C. J. Hutto, E. Gilbert: VADER, a parsimonious rule-based model for sentiment analysis of social media text (ICWSM 2014).
The figures are equal to the last bit to those of the reference implementation, vaderSentiment 3.3, for words without
RARE; those take its own path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from tldr_chat_sentiment.domain.sentiment.senses import BOOSTER, BUT, CAPITALS, LEXICAL, MODIFIES, NEGATION, NO, NOR, SO
from tldr_chat_sentiment.domain.sentiment.word import Word

CAPITALS_RAISE: Final = 0.733
NEGATED: Final = -0.74
STRENGTHENED: Final = 1.25
_DISTANCE: Final = (1.0, 0.95, 0.9)  # a modifier one, two, three words before
_ALPHA: Final = 15


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference implementation as this package needs it: its tables, with our vocabulary added, and itself.

    lexicon: lower-case word to valence. rare: words that belong to rules this module leaves to the reference.
    score: text to compound sentiment, -1..1.
    """

    lexicon: Mapping[str, float]
    boosters: Mapping[str, float]
    negations: frozenset[str]
    rare: frozenset[str]
    score: Callable[[str], float]


def capitals_sum(words: Sequence[Word]) -> float:
    """The valence of words that do nothing to each other, some but not all of them in capitals."""
    return sum(
        [_raised(word.valence) if word.bits & CAPITALS else word.valence for word in words if word.bits & LEXICAL]
    )


def modified_sum(words: Sequence[Word], bits: int) -> float:
    """The valence of words where some have a bit of MODIFIES; bits: of all words together."""
    uneven = _uneven(words)
    valences = [_valence(words, i, word, uneven) for i, word in enumerate(words)]
    if bits & BUT:
        _contrast(valences, next(i for i, word in enumerate(words) if word.bits & BUT))
    return sum(valences)


def compound(total: float, text: str) -> float:
    """A sum of valences as -1..1 with four decimals, raised by the text's exclamation and question marks."""
    if total == 0.0:
        return 0.0
    exclamations = text.count("!")
    questions = text.count("?")
    if exclamations or questions > 1:
        emphasis = (exclamations if exclamations < 4 else 4) * 0.292
        if questions > 1:
            emphasis += questions * 0.18 if questions <= 3 else 0.96
        total += emphasis if total > 0 else -emphasis
    return round(total / sqrt(total * total + _ALPHA), 4)


def _valence(words: Sequence[Word], i: int, word: Word, uneven: bool) -> float:
    if not word.bits & LEXICAL or word.bits & BOOSTER:
        return 0.0
    near = word.bits & NO
    for before in words[i - 3 if i > 3 else 0 : i]:
        near |= before.bits
    if near & MODIFIES:
        return _modified(words, i, word, uneven)
    return _raised(word.valence) if uneven and word.bits & CAPITALS else word.valence


def _modified(words: Sequence[Word], i: int, word: Word, uneven: bool) -> float:
    valence = word.valence
    before = [words[i - k] if i >= k else None for k in (1, 2, 3)]
    if word.bits & NO and i + 1 < len(words) and words[i + 1].bits & LEXICAL:
        valence = 0.0
    if _follows_no(before):
        valence = word.valence * NEGATED
    if word.bits & CAPITALS and uneven:
        valence = _raised(valence)
    for distance, modifier in enumerate(before):
        if modifier is None or modifier.bits & LEXICAL:
            continue
        valence += _boost(modifier, valence, uneven, _DISTANCE[distance])
        if distance == 2 and before[0] is not None and before[0].bits & SO:
            valence *= STRENGTHENED
        elif modifier.bits & NEGATION:
            valence *= NEGATED
    return valence


def _uneven(words: Sequence[Word]) -> bool:
    return 0 < len([None for word in words if word.bits & CAPITALS]) < len(words)


def _raised(valence: float) -> float:
    return valence + (CAPITALS_RAISE if valence > 0 else -CAPITALS_RAISE)


def _contrast(valences: list[float], but: int) -> None:
    """Halve what comes before the first "but" and raise by half what comes after, in place."""
    for valence in valences:
        at = valences.index(valence)  # of equal values the reference weighs the first, several times
        if at != but:
            valences[at] *= 0.5 if at < but else 1.5


def _follows_no(before: Sequence[Word | None]) -> bool:
    first, second, third = before
    return bool(
        (first and first.bits & NO)
        or (second and second.bits & NO)
        or (third and third.bits & NO and first and first.bits & NOR)
    )


def _boost(modifier: Word, valence: float, uneven: bool, share: float) -> float:
    if not modifier.bits & BOOSTER:
        return 0.0
    boost = modifier.boost if valence >= 0 else -modifier.boost
    if modifier.bits & CAPITALS and uneven:
        boost += CAPITALS_RAISE if valence > 0 else -CAPITALS_RAISE
    return boost * share
