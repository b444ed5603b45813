"""One word of a message, looked up."""

from typing import NamedTuple


class Word(NamedTuple):
    """What a word says and does; a tuple because a fresh one is made for every new word, three times as fast.

    read_as: the word as sentiment reads it. valence: -4..4, 0 without LEXICAL. bits: see senses. boost: what it adds to
    the words after it. letters: how many, 0 for emotes; capitals: the same if all of them are capitals, else 0.
    key: the word without case, drawn-out letters, digits and punctuation, empty where nothing is left.
    """

    read_as: str
    valence: float
    bits: int
    boost: float
    letters: int
    capitals: int
    key: str
