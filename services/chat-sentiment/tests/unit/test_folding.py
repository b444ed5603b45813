"""What people add to letters changes nothing of what they say."""

import unicodedata

import pytest

from tldr_chat_sentiment.domain.sentiment.folding import folded
from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_chat_sentiment.domain.sentiment.senses import HYPE, LAUGHTER, SURPRISE


def _drowned(text: str) -> str:
    return "".join(f"{letter}\u0335\u0321\u0301\u0360" for letter in text)


@pytest.mark.parametrize("text", ["haha", "good", "PogChamp", "ХАХАХА", "ههههه", "ㅋㅋㅋ", "ㅠㅠ"])
def test_a_text_drowned_in_marks_says_what_it_says_without(text: str, read: TextReader) -> None:
    plain, drowned = read(text), read(_drowned(text))
    assert (drowned.bits, drowned.sentiment, drowned.key) == (plain.bits, plain.sentiment, plain.key)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("هـهـهـهـه", LAUGHTER),
        ("هَهَهَهَ", LAUGHTER),
        ("يـــلاااا", HYPE),
        ("خــخــخ", LAUGHTER),
        ("\U0001d4f1\U0001d4ea\U0001d4f1\U0001d4ea", LAUGHTER),
        ("\uff2c\uff2f\uff2c", LAUGHTER),
        ("\uff2f\uff2d\uff27", SURPRISE),
    ],
)
def test_letters_drawn_out_pointed_or_adorned_are_letters(text: str, bits: int, read: TextReader) -> None:
    assert read(text).bits & bits


@pytest.mark.parametrize("text", ["café", "mañana", "ёлка й", "Việt Nam tuyệt", "हिन्दी", "ก็ดี", "한국어"])
def test_accents_and_signs_that_belong_to_letters_stay(text: str) -> None:
    assert folded(text) == text
    assert unicodedata.normalize("NFC", folded(unicodedata.normalize("NFD", text))) == text


def test_a_sign_put_often_is_said_once() -> None:
    assert folded("ก็" + "็" * 9) == "ก็"
