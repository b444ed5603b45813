"""The series that chat gives, one value for each second."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_chat_sentiment.domain.memory import UNKNOWN_VOICE
from tldr_chat_sentiment.domain.reading import Reading
from tldr_chat_sentiment.domain.senses import DIGITS, HYPE, LAUGHTER, MENTION, SURPRISE

Series = NDArray[np.float64]


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
    sentiment: mean compound, -1..1; hype, laughter, surprise, shouting, digits, mentions, repetition: shares, 0..1;
    emotes: share of tokens, 0..1; tokens: mean per message.
    """

    first_second: int
    rate: Series
    voices: Series
    sentiment: Series
    hype: Series
    laughter: Series
    surprise: Series
    emotes: Series
    shouting: Series
    tokens: Series
    digits: Series
    mentions: Series
    repetition: Series

    def series(self) -> dict[str, Series]:
        """By published name."""
        return {f"chat.{name}": getattr(self, name) for name in self.__slots__ if name != "first_second"}


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
    says = {bit: sums((bits & bit > 0).astype(np.float64)) for bit in (HYPE, LAUGHTER, SURPRISE, DIGITS, MENTION)}
    return ChatFigures(
        first_second=first_second,
        rate=rate,
        voices=_voices(counted, at, seconds),
        sentiment=_share(sentiment, rate),
        hype=_share(says[HYPE], rate),
        laughter=_share(says[LAUGHTER], rate),
        surprise=_share(says[SURPRISE], rate),
        emotes=_share(emotes, tokens),
        shouting=_share(shouting, rate),
        tokens=_share(tokens, rate),
        digits=_share(says[DIGITS], rate),
        mentions=_share(says[MENTION], rate),
        repetition=_share(repetition, rate),
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
