"""A title and one sentence for people, made from contributions alone."""

from tldr_contracts.signals import Words, signal_named
from tldr_fusion_detector.domain.scoring.ledger import Contribution, total
from tldr_fusion_detector.domain.signals.signals import Modality, modality_of

MOST_CLAUSES = 4
LEAST_SHARE = 0.06  # a signal that gave less of the score than this is not worth a word
_COUNTED = ("twice", "three times", "four times", "five times", "six times", "seven times", "eight times")


UNSAID = frozenset({"trained.base"})
"""Contributions that are no signal."""


def title_for(contributions: tuple[Contribution, ...], fallback: str) -> str:
    """The two loudest kinds of evidence in a few words: `Crowd roars, chat laughs`."""
    headlines: dict[str, str] = {}
    for contribution, words in _worth_a_word(contributions):
        headlines.setdefault(modality_of(contribution.signal), f"{words.subject} {words.headline}")
    return _capital(", ".join(list(headlines.values())[:2])) or _capital(fallback)


def reason_for(contributions: tuple[Contribution, ...]) -> str:
    """One sentence: `Crowd 14 dB above normal, chat five times as fast, laughing.`

    Clauses stand in order of what they gave; those of one subject stand together and name it once.
    """
    predicates: dict[str, list[str]] = {}
    said = 0
    for contribution, words in _worth_a_word(contributions):
        predicate = _predicate(words, contribution)
        known = predicates.setdefault(words.subject, [])
        if predicate not in known and said < MOST_CLAUSES:
            known.append(predicate)
            said += 1
    clauses = [f"{subject} {', '.join(said_of_it)}" for subject, said_of_it in predicates.items() if said_of_it]
    return f"{_capital(', '.join(clauses))}." if clauses else "Several signals rose a little together."


def times_as(ratio: float) -> str:
    """A ratio as people say it: 1.6 -> `half again`, 4.8 -> `five times`."""
    if ratio < 1.75:
        return "half again" if ratio >= 1.35 else "a little"
    whole = round(ratio)
    return _COUNTED[whole - 2] if whole - 2 < len(_COUNTED) else "more than eight times"


def _worth_a_word(contributions: tuple[Contribution, ...]) -> list[tuple[Contribution, Words]]:
    """Signals that counted and have words, the largest first; a signal of two dimensions is taken once, summed."""
    least = LEAST_SHARE * total(contributions)
    summed: dict[str, float] = {}
    for contribution in contributions:
        summed[contribution.signal] = summed.get(contribution.signal, 0.0) + contribution.amount
    first = {c.signal: c for c in reversed(contributions)}
    ordered = sorted(summed, key=lambda signal: (-summed[signal], signal))
    counted = [first[name] for name in ordered if summed[name] > max(least, 0.0)]
    return [(one, words) for one in counted if (words := _words(one)) is not None]


def _words(contribution: Contribution) -> Words | None:
    known = signal_named(contribution.signal)
    if known is not None:
        return known.words
    if contribution.signal in UNSAID:
        return None
    name = contribution.signal.partition(".")[2].replace("_", " ")
    if modality_of(contribution.signal) is Modality.MODEL:
        rated = f"rated {round(100 * contribution.value)} of 100"
        return Words(name, "stands out", rated, rated)
    return Words(name, "stands out", "far above normal", "far below normal")


def _predicate(words: Words, contribution: Contribution) -> str:
    """What the sentence says: its words with the figures in them."""
    said = words.rising if contribution.normalised > 0 or not words.falling else words.falling
    for place, figure in _FIGURES.items():
        if place in said:
            said = said.replace(place, figure(contribution))
    return said


def _decibels(contribution: Contribution) -> str:
    return str(max(round(contribution.value - contribution.baseline), 1))


def _pace(contribution: Contribution) -> str:
    """How many times as much: `suddenly`, `a little more`, `five times as`."""
    if contribution.baseline < 0.02 * contribution.value:
        return "suddenly"
    amount = times_as(contribution.value / contribution.baseline)
    return f"{amount} more" if amount == "a little" else f"{amount} as"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


_FIGURES = {"{decibels}": _decibels, "{pace}": _pace}
