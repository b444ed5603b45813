"""How words take part in the rules of sentiment, looked up in the reference's tables."""

from tldr_chat_sentiment.domain.sentiment.rules import Reference
from tldr_chat_sentiment.domain.sentiment.senses import BOOSTER, BUT, LEXICAL, NEGATION, NO, NOR, RARE, SO


def roles(reference: Reference) -> dict[str, int]:
    """Lower-case word to bits, for every word that has a role."""
    found: dict[str, int] = {}
    for words, bit in (
        (reference.lexicon, LEXICAL),
        (reference.boosters, BOOSTER),
        (reference.negations, NEGATION),
        (reference.rare, RARE),
        (("so", "this"), SO),
        (("no",), NO),
        (("but",), BUT),
        (("or", "nor"), NOR),
    ):
        for word in words:
            found[word] = found.get(word, 0) | bit
    return found
