"""One word of a message, looked up."""

import re
from typing import Final, NamedTuple

_RUN: Final = re.compile(r"(.)\1+")
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")


class Word(NamedTuple):
    """What a word says and does; a tuple because a fresh one is made for every new word, three times as fast.

    read_as: the word as sentiment reads it. valence: -4..4, 0 without LEXICAL. bits: see senses. boost: what it adds to
    the words after it. letters: how many, 0 for emotes; capitals: the same if all of them are capitals, else 0.
    key: the word without case, drawn-out letters, digits and punctuation, empty where nothing is left.
    said: what is counted, the key or the symbol of an emote without letters; interned, thousands of readings hold it.
    """

    read_as: str
    valence: float
    bits: int
    boost: float
    letters: int
    capitals: int
    key: str
    said: str


def word_letters(core: str) -> str:
    """The letters of a word in lower case."""
    return core.lower() if core.isalpha() else _NOT_LETTERS.sub("", core.lower())


def word_key(core: str) -> str:
    """The letters of a word in lower case, each run of one letter once; empty where it has none."""
    letters = word_letters(core)
    return _RUN.sub(r"\1", letters) if _RUN.search(letters) else letters
