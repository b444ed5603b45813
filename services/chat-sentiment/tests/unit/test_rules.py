"""Our sentiment is VADER's, to the last bit."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tldr_chat_sentiment.adapters.text_reader_vader import vocabulary_and_vader
from tldr_chat_sentiment.domain.sentiment.reading import TextReader

VOCABULARY, VADER = vocabulary_and_vader()
READER = TextReader(VOCABULARY, VADER)

WORDS = """good great terrible love bad awful funny win kind no not never isn't can't n't so this very barely kinda least at
or nor but without doubt the shit bomb ass yeah right sort of just enough hardly LUL PogChamp Clap EZ gg gg! :) :( <3 xD
haha nooooo gooood D: streamerHype 🔥 😂 🥂 wow?? what!? !!! ??? GOOD BAD SO NOT VERY NO BUT a it was 7 @viewer_1"""


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join))
@example("good but good but bad good")
@example("no kind of good, NOT so very GOOD!!!!! but bad???")
def test_every_rule_gives_the_score_of_the_reference(text: str) -> None:
    assert READER.sentiment(text) == VADER.score(READER.as_read(text))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab!?.:)(' \n\tGOOdn🔥é❤️ㅋ"), max_size=30))
def test_any_text_gives_the_score_of_the_reference(text: str) -> None:
    assert READER.sentiment(text) == VADER.score(READER.as_read(text))


@pytest.mark.parametrize(
    "text", ["not good at all", "VERY good", "what a terrible, TERRIBLE idea!", "so lame", "love it but lag"]
)
def test_plain_words_are_read_as_written(text: str) -> None:
    assert READER.as_read(text) == text
    assert READER.sentiment(text) == VADER.score(text) != 0


def test_a_whole_reading_and_sentiment_alone_agree() -> None:
    for text in ("PogChamp so good", "not good", "🔥🔥 but bad", "kind of good"):
        assert READER(text).sentiment == READER.sentiment(text)
