"""What a word can say, as bits: a message says the union of what its words say."""

from dataclasses import dataclass
from typing import Final

HYPE: Final = 1 << 0
LAUGHTER: Final = 1 << 1
SURPRISE: Final = 1 << 2
EMOTE: Final = 1 << 3
DIGITS: Final = 1 << 4
MENTION: Final = 1 << 5
LINK: Final = 1 << 6
PHRASE_HEAD: Final = 1 << 7

# How a word takes part in the rules of sentiment.
LEXICAL: Final = 1 << 8  # has a valence
BOOSTER: Final = 1 << 9  # "very", "barely"
NEGATION: Final = 1 << 10  # "not", "isn't"
NO: Final = 1 << 11  # a negation before a word with a valence, a word of its own elsewhere
NOR: Final = 1 << 12  # "or", "nor" hand a "no" on
SO: Final = 1 << 13  # "so", "this" strengthen
RARE: Final = 1 << 14  # belongs to a rule that only the reference implementation knows
CAPITALS: Final = 1 << 15
BUT: Final = 1 << 16  # what follows weighs more

TRIUMPH: Final = 1 << 17  # "gg": it is decided

MODIFIES: Final = BOOSTER | NEGATION | NO | SO | BUT


@dataclass(frozen=True, slots=True)
class Sense:
    """What an entry of the vocabulary says. valence: -4..4 on VADER's scale, None where VADER's own lexicon decides."""

    valence: float | None
    bits: int
