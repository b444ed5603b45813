"""Laughter and cheers told by their shape, in many languages."""

import pytest

from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_chat_sentiment.domain.sentiment.senses import HYPE, LAUGHTER, SURPRISE
from tldr_chat_sentiment.domain.sentiment.shapes import shape_bits

LAUGHTER_OF_THE_WORLD = """
haha HAHAHA hehehe ahahah bahaha jaja jajajaja jejeje kkk KKKKKK rsrs huehue lol LOOOL lolol lmao LMAOOO lmfaooo rofl
xd xD XDDDD mdr ptdr kek kekw kekeke ㅋㅋ ㅋㅋㅋㅋㅋ ㅎㅎ www wwwww ｗｗｗ 草 笑 555 55555+ 哈哈哈 233 2333
хаха ахахах ХАХАХАХ лол هههه חחח χαχα wkwkwk ksksks LUL OMEGALUL LULW 😂 🤣😂
هه ههههههه هاها هاهاها ههههاههه ههها خخخ خخخخخخ لول لووول ہاہاہا ہہہہ हाहा हाहाहा हहह हेहे खीखी হাহা হেহে ஹாஹா ஹஹஹ హహహ
๕๕๕ 5555+ ฮ่าๆ ฮ่าๆๆๆ ฮ่าฮ่า ถถถ ตลก555 ㅋㄱㅋㄱ 대박ㅋㅋㅋ ㄏㄏ 嘻嘻 xixi 太强了哈哈哈 哈哈太强了
ハハハ フフ へへへ わらw ワロタ 大草原 すごいwww
すごいｗｗｗ すごい草 ххх пхаха пхпхп пххпх хах חח חהחה הההה χεχε αχαχα ဟားဟား háháhá hähä jájájá"""
NO_LAUGHTER = """
hello that what www.example.com ja he has jar pull roof kick 5 55 1555 exe the
ах аха пах хорошо هو هي هذا أنا هاي היה הוא חם ח कहा है हाँ 母は はい 5人 ww2 καλα"""
CHEERS_OF_THE_WORLD = """
POGGGG pogggers GOOOOOL goooal golazo WOOOO yeeees YESSSS LETSGOOOO WWWW 666 888 vamooos ураааа гоооол
うおおおお ナイス 가즈아 牛逼 يلااا قووول گووول جووول давааай יששש 골골골 冲冲冲 PogChamp streamerHype clutch insane letsgo"""
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
    "اااااا",
    "آاااا",
    "وااااو",
    "ياااا",
    "אאאאא",
    "와아아아아",
    "啊啊啊啊",
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


@pytest.mark.parametrize(
    "filling", ["ха", "хах", "ах", "xd", "d", "ه", "ها", "ㅋㅎㄱ", "ह", "ho", "は", "ло", "ж", "aza"]
)
@pytest.mark.timeout(10)
def test_no_text_takes_for_ever(filling: str) -> None:
    text = filling * 150 + "б"
    assert shape_bits(text, text) in range(1 << 16)
