"""One message, read: what it says, how it feels, and what makes it the same as another."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from operator import and_, itemgetter, or_
from typing import Final, NamedTuple
from zlib import crc32

from tldr_chat_sentiment.domain.sentiment.folding import folded
from tldr_chat_sentiment.domain.sentiment.phrases import Phrases
from tldr_chat_sentiment.domain.sentiment.rules import Reference, capitals_sum, compound, modified_sum
from tldr_chat_sentiment.domain.sentiment.senses import (
    CAPITALS,
    EMOTE,
    HYPE,
    LEXICAL,
    LINK,
    MODIFIES,
    PHRASE_HEAD,
    RARE,
    TRIUMPH,
)
from tldr_chat_sentiment.domain.sentiment.vocabulary import Vocabulary
from tldr_chat_sentiment.domain.sentiment.word import Word
from tldr_chat_sentiment.domain.sentiment.word_reader import WordReader

LONGEST_TEXT: Final = 500  # characters; Twitch allows 500, YouTube 200
LONG_WORDS: Final = 6  # distinct words from which nobody writes the same by chance
MOST_WORDS: Final = 24  # words of a message that are counted: beyond, it is a paste and no reaction
LONGEST_WORD: Final = 24  # characters
SHOUTED_LETTERS: Final = 4
SHOUTED_SHARE: Final = 0.8
_KEPT_TEXTS: Final = 16_384  # distinct texts remembered, about 400 bytes each
_KEPT_WORDS: Final = 32_768
_VALENCE: Final = itemgetter(Word._fields.index("valence"))
_BITS: Final = itemgetter(Word._fields.index("bits"))
_KEY: Final = itemgetter(Word._fields.index("key"))
_SAID: Final = itemgetter(Word._fields.index("said"))
_PICTURES: Final = "\U0001f300-\U0001faff\u2600-\u27bf"


class Reading(NamedTuple):
    """What a text says; a tuple because one is made for every new text.

    sentiment: compound, -1..1. bits: see senses. key: equal for texts that are nearly the same. long: so long, or with a
    link, that the same again is a copy and no coincidence. words: what it says, distinct, in order of appearance.
    """

    sentiment: float
    bits: int
    tokens: int
    emotes: int
    shouts: bool
    key: int
    long: bool
    words: tuple[str, ...]


class _KnownWords(dict[str, Word]):
    """Words looked up before; forgets all of them when full, which costs less than knowing which were used last."""

    def __init__(self, look_up: Callable[[str], Word]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, written: str) -> Word:
        word = self._look_up(written)
        if len(self) >= _KEPT_WORDS:
            self.clear()
        self[written] = word
        return word


class TextReader:
    """Reads texts and remembers what it read; what it returns depends on the arguments only."""

    def __init__(self, vocabulary: Vocabulary, reference: Reference) -> None:
        self._phrases = Phrases(vocabulary)
        self._reference = reference
        self._emoji = _emoji_of(vocabulary)
        self._known = _KnownWords(WordReader(vocabulary, reference, self._phrases.heads()))
        self._remembered = lru_cache(_KEPT_TEXTS)(self._read)
        self._scored = lru_cache(_KEPT_TEXTS)(lambda text: self._score(self._words(text), text))

    def __call__(self, text: str, emotes: tuple[str, ...] = ()) -> Reading:
        """Read a text; emotes: names in it that the platform says are emotes."""
        return self._remembered(text[:LONGEST_TEXT], emotes)

    def sentiment(self, text: str) -> float:
        """The compound sentiment of a text alone, -1..1, remembered apart from whole readings."""
        return self._scored(text[:LONGEST_TEXT])

    def as_read(self, text: str) -> str:
        """The text as sentiment reads it: the reference gives it the same score."""
        return " ".join(word.read_as for word in self._words(text[:LONGEST_TEXT]))

    def _words(self, text: str) -> list[Word]:
        if not text.isascii():
            text = self._emoji.sub(r" \g<0> ", folded(text))
        return list(map(self._known.__getitem__, text.split()))

    def _read(self, text: str, emotes: tuple[str, ...]) -> Reading:
        words = self._words(text)
        sentiment = self._score(words, text)
        if emotes:
            words = _with_emotes(words, text, frozenset(emotes))
        bits = reduce(or_, map(_BITS, words), 0)
        if bits & PHRASE_HEAD:
            words = self._phrases.mark(words)
            bits = reduce(or_, map(_BITS, words), 0)
        for cry in (HYPE, TRIUMPH):
            if bits & cry and not _mostly(words, cry):
                bits &= ~cry
        keys = dict.fromkeys(map(_KEY, words))
        keys.pop("", None)
        said = dict.fromkeys(filter(None, map(_SAID, words))) if bits & EMOTE else keys
        long = len(keys) >= LONG_WORDS
        same = " ".join(list(keys)[:LONG_WORDS] if long else keys or text.split())
        return Reading(
            sentiment,
            bits,
            len(words),
            len([None for word in words if word.bits & EMOTE]) if bits & EMOTE else 0,
            bits & CAPITALS != 0 and _shouts(words),
            crc32(same.encode(errors="replace")),
            long or bits & LINK != 0,
            tuple([word for word in said if len(word) <= LONGEST_WORD][:MOST_WORDS]),
        )

    def _score(self, words: Sequence[Word], text: str) -> float:
        bits = reduce(or_, map(_BITS, words), 0)
        if not bits & LEXICAL:
            return 0.0
        if bits & RARE:
            return self._reference.score(" ".join([word.read_as for word in words]))
        if bits & MODIFIES:
            return compound(modified_sum(words, bits), text)
        if bits & CAPITALS and not reduce(and_, map(_BITS, words)) & CAPITALS:
            return compound(capitals_sum(words), text)
        return compound(sum(map(_VALENCE, words)), text)


def _emoji_of(vocabulary: Vocabulary) -> re.Pattern[str]:
    # A class of single characters beyond U+FFFF is searched one by one: name only those outside the ranges.
    pictures = re.compile(f"[{_PICTURES}]")
    others = [name for name in vocabulary.exact if len(name) == 1 and not name.isascii() and not pictures.match(name)]
    return re.compile(f"[{_PICTURES}{re.escape(''.join(others))}]")


def _mostly(words: Sequence[Word], bit: int) -> bool:
    """At least half of the words do: an "insane" in passing is talk, and short messages mark moments in any language."""
    return 2 * len([None for word in words if word.bits & bit]) >= len(words)


def _shouts(words: Sequence[Word]) -> bool:
    capitals = sum([word.capitals for word in words])
    return capitals >= SHOUTED_LETTERS and capitals >= SHOUTED_SHARE * sum([word.letters for word in words])


def _with_emotes(words: Sequence[Word], text: str, emotes: frozenset[str]) -> list[Word]:
    written = text.split()
    if len(written) != len(words):  # emoji were set apart: only names that are read as written can be found
        written = [word.read_as for word in words]
    return [_as_emote(word) if name in emotes else word for name, word in zip(written, words, strict=True)]


def _as_emote(word: Word) -> Word:
    return word._replace(bits=word.bits | EMOTE, letters=0, capitals=0)
