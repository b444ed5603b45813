"""What a text says."""

import pytest

from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_chat_sentiment.domain.sentiment.senses import DIGITS, EMOTE, HYPE, LINK, MENTION, SURPRISE, TRIUMPH


def test_emotes_are_words(read: TextReader) -> None:
    reading = read("that was PogChamp PogChamp")
    assert (reading.tokens, reading.emotes) == (4, 2)
    assert reading.sentiment > 0.5


def test_what_is_said_is_each_word_once_in_order_of_appearance(read: TextReader) -> None:
    assert read("WOW that PogChamp was wooow 12 times, PogChamp!").words == ("wow", "that", "pogchamp", "was", "times")
    assert read("🔥🔥 :) 👍🏽").words == ("🔥", ":)", "👍")


def test_mentions_links_and_numbers_say_nothing(read: TextReader) -> None:
    assert read("@viewer_3 https://example.com/a 123 ok?").words == ("ok",)


def test_what_is_said_is_bounded(read: TextReader) -> None:
    words = [f"{first}{second}" for first in "abcdef" for second in "uvwxyz"]
    assert read(" ".join(words)).words == tuple(words[:24])
    assert read(f"{'ab' * 12} {'ab' * 13}").words == ("ab" * 12,)


def test_words_that_are_kept_often_are_kept_once(read: TextReader) -> None:
    for word in ("clutch", "table"):
        assert read(f"so {word}").words[1] is read(f"{word.upper()}!").words[0]


def test_emoji_in_a_row_are_words_of_their_own(read: TextReader) -> None:
    reading = read("wow🔥🔥❤️👍🏽")
    assert (reading.tokens, reading.emotes) == (5, 4)


def test_capitals_matter_where_a_name_is_a_common_word(read: TextReader) -> None:
    assert read("Clap").emotes == 1
    assert read("clap").emotes == 0
    assert read("kappa").emotes == read("Kappa").emotes == 1


@pytest.mark.parametrize(("name", "says"), [("streamerHype", HYPE), ("chan2Love", 0), ("abcd123Zzyzx", 0)])
def test_the_emotes_of_a_channel_are_told_by_their_form(name: str, says: int, read: TextReader) -> None:
    reading = read(name)
    assert reading.emotes == 1
    assert reading.bits & HYPE == says


def test_channel_emotes_feel_as_they_end(read: TextReader) -> None:
    assert read("streamerLove").sentiment > 0 > read("streamerRage").sentiment
    assert read("streamerZzyzx").sentiment == 0


def test_names_that_the_platform_calls_emotes_are_emotes(read: TextReader) -> None:
    assert read("look ZzyzxZ").emotes == 0
    assert read("look ZzyzxZ", ("ZzyzxZ",)).emotes == 1


@pytest.mark.parametrize(
    ("drawn_out", "meant"), [("goooood", "good"), ("NICEEEE", "NICE"), ("pogggg", "pog"), ("ggggg", "gg")]
)
def test_drawn_out_letters_do_not_hide_a_word(drawn_out: str, meant: str, read: TextReader) -> None:
    assert read(drawn_out).sentiment == read(meant).sentiment != 0


def test_short_words_are_known_with_their_punctuation(read: TextReader) -> None:
    assert read("gg!").sentiment > read("gg").sentiment > 0


@pytest.mark.parametrize(
    ("text", "bit"),
    [
        ("@viewer_1 hello", MENTION),
        ("we are at 99", DIGITS),
        ("see https://example.com/a", LINK),
        ("best-offers.shop/now", LINK),
    ],
)
def test_marks_are_seen(text: str, bit: int, read: TextReader) -> None:
    assert read(text).bits & bit


def test_hype_in_passing_is_talk(read: TextReader) -> None:
    assert read("insane play").bits & HYPE
    assert read("POG POG CLAP POG").bits & HYPE
    assert not read("i think their win was insane last year").bits & HYPE


@pytest.mark.parametrize("text", ["gg", "GG WP", "ggwp!!", "GOLAZO", "somechannelGG"])
def test_triumph_is_heard(text: str, read: TextReader) -> None:
    assert read(text).bits & TRIUMPH


def test_triumph_in_passing_is_talk(read: TextReader) -> None:
    assert not read("do you think it is gg if they lose this").bits & TRIUMPH


def test_a_run_of_question_marks_is_surprise(read: TextReader) -> None:
    assert read("???").bits & SURPRISE
    assert read("he did what??").bits & SURPRISE
    assert not read("is he there?").bits & SURPRISE


def test_phrases_are_found_however_drawn_out(read: TextReader) -> None:
    assert read("LET'S GOOOO").bits & HYPE
    assert read("ohhh my goddd!").bits & SURPRISE
    assert not read("we have no other way").bits & SURPRISE


def test_laughter_in_digits_and_emotes_with_digits_are_no_numbers(read: TextReader) -> None:
    assert not read("555 4Head chan2Love").bits & DIGITS


def test_capitals_shout_and_emotes_do_not(read: TextReader) -> None:
    assert read("WHAT A PLAY").shouts
    assert not read("OMEGALUL KEKW").shouts
    assert not read("What a play").shouts
    assert not read("GG").shouts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LUL LUL LUL", "LUL"),
        ("nooooo", "NOOO!!"),
        ("so lucky", "so lucky \U000e0000"),
        ("buy cheap gold at my little shop 17", "BUY cheap gold at my little shop 4 xyz"),
        ("@viewer_1 hello", "@viewer_2 hello"),
    ],
)
def test_nearly_the_same_is_the_same(one: str, other: str, read: TextReader) -> None:
    assert read(one).key == read(other).key


def test_different_texts_differ(read: TextReader) -> None:
    texts = ["LUL", "KEKW", "?", "??!", "1", "2", "hello there", "there hello", "😂", "😭"]
    assert len({read(text).key for text in texts}) == len(texts)


def test_six_distinct_words_or_a_link_are_long(read: TextReader) -> None:
    assert read("one two three four five six").long
    assert read("look www.example.com").long
    assert not read("LUL " * 20).long


@pytest.mark.parametrize("text", ["", "   ", "\U000e0000", "\ud800", "@", "!!!", "a" * 5_000, "\x00", "¯\\_(ツ)_/¯"])
def test_odd_texts_are_read(text: str, read: TextReader) -> None:
    assert -1 <= read(text).sentiment <= 1


def test_nothing_but_invisible_characters_is_no_message(read: TextReader) -> None:
    assert read(" \U000e0000 ").tokens == 0
    assert not read("").bits & EMOTE
