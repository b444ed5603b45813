"""Laughter and cheers told by their shape, in many languages."""

import pytest

from tldr_chat_sentiment.domain.reading import TextReader
from tldr_chat_sentiment.domain.senses import HYPE, LAUGHTER, SURPRISE

LAUGHTER_OF_THE_WORLD = """
haha HAHAHA hehehe ahahah bahaha jaja jajajaja jejeje kkk KKKKKK rsrs huehue lol LOOOL lolol lmao LMAOOO lmfaooo rofl
xd xD XDDDD mdr ptdr kek kekw kekeke ㅋㅋ ㅋㅋㅋㅋㅋ ㅎㅎ www wwwww ｗｗｗ 草 笑 555 55555+ 哈哈哈 233 2333
хаха ахахах ХАХАХАХ лол هههه חחח χαχα wkwkwk ksksks LUL OMEGALUL LULW 😂 🤣😂"""
NO_LAUGHTER = "hello that what www.example.com ja he has jar pull roof kick 5 55 1555 exe the"
CHEERS_OF_THE_WORLD = """
POGGGG pogggers GOOOOOL goooal golazo WOOOO yeeees YESSSS LETSGOOOO WWWW 666 888 vamooos ураааа гоооол
うおおおお ナイス 가즈아 牛逼 PogChamp streamerHype clutch insane letsgo"""
SURPRISES = [
    "omg",
    "OMGGGG",
    "wtf",
    "woah",
    "WOOOOW",
    "no way",
    "Holy shit!",
    "oh my god",
    "AAAAAA",
    "D:",
    "😱",
    "헐",
    "やばい",
]


@pytest.mark.parametrize("text", LAUGHTER_OF_THE_WORLD.split())
def test_laughter_is_heard(text: str, read: TextReader) -> None:
    assert read(text).bits & LAUGHTER


@pytest.mark.parametrize("text", NO_LAUGHTER.split())
def test_other_words_do_not_laugh(text: str, read: TextReader) -> None:
    assert not read(text).bits & LAUGHTER


@pytest.mark.parametrize("text", CHEERS_OF_THE_WORLD.split())
def test_hype_is_heard(text: str, read: TextReader) -> None:
    assert read(text).bits & HYPE


@pytest.mark.parametrize("text", SURPRISES)
def test_surprise_is_heard(text: str, read: TextReader) -> None:
    assert read(text).bits & SURPRISE


def test_a_row_of_capital_ws_wins_and_one_of_small_ws_laughs(read: TextReader) -> None:
    assert read("WWW").bits & (HYPE | LAUGHTER) == HYPE
    assert read("www").bits & (HYPE | LAUGHTER) == LAUGHTER
