"""The series that chat gives, one value for each second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tldr_chat_sentiment.domain.measuring.memory import UNKNOWN_VOICE
from tldr_chat_sentiment.domain.measuring.word_counts import WordCounts, count_words
from tldr_chat_sentiment.domain.sentiment.reading import Reading
from tldr_chat_sentiment.domain.sentiment.senses import DIGITS, HYPE, LAUGHTER, MENTION, SURPRISE, TRIUMPH
from tldr_contracts.signals import published_by

Series = NDArray[np.float64]
BRIEF_TOKENS: Final = 2  # an outcry; from three tokens on people talk


@dataclass(frozen=True, slots=True)
class Counted:
    """A message that counts. second: of stream time. agrees: another voice wrote nearly the same within 10 s."""

    second: int
    voice: int
    reading: Reading
    agrees: bool


@dataclass(frozen=True, slots=True, eq=False)
class ChatFigures:
    """Series over [first_second, first_second + n), one float64 for each second.

    rate: messages that count. voices: distinct voices among them. Of the messages that count, NaN where there are none:
    sentiment: mean compound, -1..1; hype, triumph, laughter, surprise, brevity (at most two tokens), shouting, digits,
    mentions, repetition: shares, 0..1;
    emotes: share of tokens, 0..1; tokens: mean per message. words: how many of these messages say a word.
    """

    first_second: int
    rate: Series
    voices: Series
    sentiment: Series
    hype: Series
    triumph: Series
    laughter: Series
    surprise: Series
    emotes: Series
    brevity: Series
    shouting: Series
    tokens: Series
    digits: Series
    mentions: Series
    repetition: Series
    words: WordCounts

    def series(self) -> dict[str, Series]:
        """By published name."""
        return {signal.name: getattr(self, signal.field) for signal in published_by("chat-sentiment")}

    def part(self, first_second: int, end_second: int) -> "ChatFigures":
        """Those of [first_second, end_second), which lies within."""
        inside = slice(first_second - self.first_second, end_second - self.first_second)
        series = {name: getattr(self, name)[inside] for name in _SERIES}
        return ChatFigures(first_second, **series, words=self.words.part(first_second, end_second))


_SERIES: Final = [signal.field for signal in published_by("chat-sentiment")]


def figures(counted: Sequence[Counted], first_second: int, seconds: int) -> ChatFigures:
    """Add up the messages of each second; every message's second lies in the range."""
    at = np.fromiter((message.second - first_second for message in counted), np.int64, len(counted))
    bits = np.fromiter((message.reading.bits for message in counted), np.int64, len(counted))
    amounts = np.array(
        [(m.reading.sentiment, m.reading.tokens, m.reading.emotes, m.reading.shouts, m.agrees) for m in counted],
        np.float64,
    ).reshape(-1, 5)

    def sums(weights: Series) -> Series:
        return np.bincount(at, weights, seconds).astype(np.float64)

    rate = np.bincount(at, minlength=seconds).astype(np.float64)
    sentiment, tokens, emotes, shouting, repetition = (sums(amounts[:, column]) for column in range(5))
    says = {
        bit: sums((bits & bit > 0).astype(np.float64)) for bit in (HYPE, TRIUMPH, LAUGHTER, SURPRISE, DIGITS, MENTION)
    }
    return ChatFigures(
        first_second=first_second,
        rate=rate,
        voices=_voices(counted, at, seconds),
        sentiment=_share(sentiment, rate),
        hype=_share(says[HYPE], rate),
        triumph=_share(says[TRIUMPH], rate),
        laughter=_share(says[LAUGHTER], rate),
        surprise=_share(says[SURPRISE], rate),
        emotes=_share(emotes, tokens),
        brevity=_share(sums((amounts[:, 1] <= BRIEF_TOKENS).astype(np.float64)), rate),
        shouting=_share(shouting, rate),
        tokens=_share(tokens, rate),
        digits=_share(says[DIGITS], rate),
        mentions=_share(says[MENTION], rate),
        repetition=_share(repetition, rate),
        words=count_words(at + first_second, [message.reading.words for message in counted]),
    )


def _voices(counted: Sequence[Counted], at: NDArray[np.int64], seconds: int) -> Series:
    voices = np.fromiter((message.voice for message in counted), np.int64, len(counted))
    known = voices != UNKNOWN_VOICE
    distinct = np.unique((at[known] << 32) | voices[known]) >> 32
    unknown = np.bincount(at[~known], minlength=seconds)
    return (np.bincount(distinct, minlength=seconds) + unknown).astype(np.float64)


def _share(part: Series, whole: Series) -> Series:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
