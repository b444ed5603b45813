"""Verdicts on compound sentiment."""

import pytest

from tldr_chat_sentiment.domain.sentiment.polarity import NEUTRAL_WITHIN, polarity
from tldr_chat_sentiment.domain.sentiment.reading import TextReader


def test_what_is_hardly_felt_is_neutral() -> None:
    assert [polarity(value) for value in (-1, -NEUTRAL_WITHIN, -0.1, 0, 0.1, NEUTRAL_WITHIN, 1)] == [
        -1,
        -1,
        0,
        0,
        0,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("PogChamp what a play", 1),
        ("LUL", 1),
        ("FeelsBadMan", -1),
        ("so boring ResidentSleeper", -1),
        ("which map is next", 0),
    ],
)
def test_chat_is_understood(text: str, verdict: int, read: TextReader) -> None:
    assert polarity(read(text).sentiment) == verdict
