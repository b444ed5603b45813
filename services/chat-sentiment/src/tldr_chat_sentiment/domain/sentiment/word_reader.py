"""Looks up words: emotes, words of chat, laughter, drawn-out letters, emotes of channels, in this order."""

import re
from collections.abc import Iterator
from string import punctuation
from sys import intern
from typing import Final, NamedTuple

from tldr_chat_sentiment.domain.sentiment.roles import roles
from tldr_chat_sentiment.domain.sentiment.rules import Reference
from tldr_chat_sentiment.domain.sentiment.senses import (
    CAPITALS,
    DIGITS,
    EMOTE,
    LAUGHTER,
    LINK,
    MENTION,
    NEGATION,
    PHRASE_HEAD,
    SURPRISE,
    Sense,
)
from tldr_chat_sentiment.domain.sentiment.shapes import has_shape, laughs_within, shape_bits, shortened
from tldr_chat_sentiment.domain.sentiment.vocabulary import LAUGH_KEY, Vocabulary, emote_key, ending_key, runs_on
from tldr_chat_sentiment.domain.sentiment.word import Word, word_key, word_letters

# A prefix of the channel's own in lower case, then a name that begins with a capital; Twitch makes it so.
_CHANNEL_EMOTE: Final = re.compile(r"[a-z][a-z0-9]{2,}([A-Z][A-Za-z]*?)\d*")
_LINK: Final = re.compile(
    r"://|^www\.|\w\.(?:com|net|org|gg|tv|io|ru|xyz|shop|store|live|link|ly|me)(?:/|$)", re.IGNORECASE
)
_RUN: Final = re.compile(r"(.)\1+")
_DIGIT: Final = re.compile(r"\d")


class _Found(NamedTuple):
    read_as: str  # how sentiment shall read the word, or its core
    bits: int = 0
    whole: bool = False  # the punctuation was part of the name: ":)"


class WordReader:
    """Looks up one word; the reference's lexicon must hold the vocabulary's valences. heads: keys that begin phrases."""

    def __init__(self, vocabulary: Vocabulary, reference: Reference, heads: frozenset[str] = frozenset()) -> None:
        self._exact = vocabulary.exact
        self._endings = vocabulary.endings
        self._known = {**vocabulary.words, **vocabulary.emotes}
        self._heads = heads
        self._inner = tuple((entry, sense.bits) for entry, sense in vocabulary.words.items() if runs_on(entry))
        self._reference = reference
        self._roles = roles(reference)
        self._says_something = {*self._known, *self._roles, *self._heads, *(name.lower() for name in self._exact)}

    def __call__(self, written: str) -> Word:
        """Look up what stands between two spaces; capitals, punctuation and symbols as written."""
        return self._plain(written) or self._look_up(written)

    def _plain(self, written: str) -> Word | None:
        """Most words that are new say nothing: told apart quickly, by what they have not."""
        core = written.strip(punctuation)
        if not core.isalpha() or not core.isascii() or (core != written and not self._wraps_plainly(written, core)):
            return None
        low = intern(core.lower())
        if low in self._says_something or has_shape(low) or _RUN.search(low):
            return None
        if core.isupper():
            return Word(written, 0.0, CAPITALS, 0.0, len(core), len(core), low, low)
        # What begins small and has capitals may be an emote of a channel.
        return Word(written, 0.0, 0, 0.0, len(core), 0, low, low) if core == low or core[0].isupper() else None

    def _wraps_plainly(self, written: str, core: str) -> bool:
        return len(core) > 2 and written[0] != "@" and written not in self._exact and core not in self._exact

    def _look_up(self, written: str) -> Word:
        core = written.strip(punctuation)
        key = word_key(core)
        found = self._find(written, core)
        if not core.isascii() and laughs_within(core):
            found = found._replace(read_as=found.read_as if found.bits else LAUGH_KEY, bits=found.bits | LAUGHTER)
        read_as = found.read_as
        if core != written and not found.whole:
            read_as = written.replace(core, read_as, 1) if core else written
        bits = found.bits if core == written and core.isalpha() else self._marks(written, core, found.bits)
        if key in self._heads:
            bits |= PHRASE_HEAD
        token = _token(read_as)
        low = token.lower()
        bits |= self._roles.get(low, 0) | (CAPITALS if token.isupper() else 0)
        if "n't" in low:
            bits |= NEGATION
        count = 0 if bits & EMOTE else len(word_letters(core))
        if bits & (MENTION | LINK):
            key = said = ""
        else:
            key = said = intern(key or ("" if core else written))
            if not key and bits & EMOTE:
                said = intern(written if found.whole else core)
        return Word(
            read_as,
            self._reference.lexicon.get(low, 0.0),
            bits,
            self._reference.boosters.get(low, 0.0),
            count,
            count if core.isupper() else 0,
            key,
            said,
        )

    def _find(self, written: str, core: str) -> _Found:
        sense: Sense | None
        if sense := self._exact.get(written):
            return _Found(emote_key(written), sense.bits, whole=True)
        if sense := self._exact.get(core):
            return _Found(emote_key(core), sense.bits)
        low = core.lower()
        if sense := self._known.get(low):
            # VADER keeps the punctuation of words of one or two letters and so would not know "gg!".
            return _Found(emote_key(low) if len(core) <= 2 and core != written else core, sense.bits)
        if bits := shape_bits(core, low):
            return self._shaped(core, bits)
        if low in self._reference.lexicon:
            return _Found(core)
        return next(self._guesses(core), None) or _Found(core)

    def _shaped(self, core: str, bits: int) -> _Found:
        for short in (core, *shortened(core)):
            if short.lower() in self._reference.lexicon:
                return _Found(short, bits)
        return _Found(LAUGH_KEY if bits & LAUGHTER else core, bits)

    def _guesses(self, core: str) -> Iterator[_Found]:
        for short in shortened(core):
            if sense := self._known.get(short.lower()):
                yield _Found(short, sense.bits)
            if short.lower() in self._reference.lexicon:
                yield _Found(short)
        if not core.islower() and (channel := _CHANNEL_EMOTE.fullmatch(core)):
            ending = channel[1].lower()
            known = self._endings.get(ending)
            yield _Found(ending_key(ending), known.bits) if known else _Found(core, EMOTE)
        if not core.isascii():
            for entry, bits in self._inner:
                if entry in core:
                    marks = "".join(mark for mark in core if mark in "!?")
                    yield _Found(emote_key(entry) + marks, bits)

    def _marks(self, written: str, core: str, bits: int) -> int:
        if not bits and _DIGIT.search(written):
            bits |= DIGITS
        if "??" in written:
            bits |= SURPRISE
        if written[0] == "@" and core:
            return bits | MENTION
        return bits | LINK if ("." in written or "://" in written) and _LINK.search(written) else bits


def _token(read_as: str) -> str:
    """A word as VADER tokenises it: without punctuation around it, unless two characters or fewer were left."""
    stripped = read_as.strip(punctuation)
    return stripped if len(stripped) > 2 else read_as
