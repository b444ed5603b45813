"""Compound sentiment as a verdict."""

from typing import Final, Literal

# One mild word is worth about 0.15 (a valence of 0.6 on VADER's scale of 4). VADER's own 0.05 was set for reviews and
# tweets; in chat, where most messages are one word or emote, agreement with people is flat between 0.1 and 0.2.
NEUTRAL_WITHIN: Final = 0.15


def polarity(compound: float) -> Literal[-1, 0, 1]:
    """-1 negative, 0 neutral, 1 positive."""
    if compound >= NEUTRAL_WITHIN:
        return 1
    return -1 if compound <= -NEUTRAL_WITHIN else 0
