"""The tables of emotes and words, and how they are parsed."""

from importlib.resources import files

import pytest

from tldr_chat_sentiment.adapters.text_reader_vader import vocabulary_and_vader
from tldr_chat_sentiment.domain.sentiment.senses import EMOTE, HYPE, LAUGHTER, SURPRISE, TRIUMPH, Sense
from tldr_chat_sentiment.domain.sentiment.vocabulary import Vocabulary, emote_key

EMOTES = """# a comment
name,valence,hype,laughter,surprise,triumph,exact
PogChamp,2.8,1,,1,,
Clap,2,1,,,,1
:),1.4,,,,,
"""
WORDS = "word,valence,hype,laughter,surprise,triumph\ngg,1.7,,,,1\nfunny,,,1,,\nno way,,,,1,\n"
ENDINGS = "ending,valence,hype,laughter,surprise,triumph\nhype,2,1,,,\n"


def test_names_keep_their_capitals_only_where_capitals_matter() -> None:
    vocabulary = Vocabulary.parse(EMOTES, WORDS, ENDINGS)
    assert vocabulary.emotes == {"pogchamp": Sense(2.8, EMOTE | HYPE | SURPRISE)}
    assert vocabulary.exact == {"Clap": Sense(2.0, EMOTE | HYPE), ":)": Sense(1.4, EMOTE)}


def test_phrases_stand_apart_from_words() -> None:
    vocabulary = Vocabulary.parse(EMOTES, WORDS, ENDINGS)
    assert vocabulary.phrases == {"no way": Sense(None, SURPRISE)}
    assert vocabulary.words == {"gg": Sense(1.7, TRIUMPH), "funny": Sense(None, LAUGHTER)}


def test_a_word_without_a_valence_of_ours_leaves_it_to_the_reference() -> None:
    valences = Vocabulary.parse(EMOTES, WORDS, ENDINGS).valences()
    assert "funny" not in valences
    assert valences["gg"] == 1.7
    assert valences[emote_key(":)")] == 1.4


def test_a_symbol_never_replaces_an_emoji_of_ours() -> None:
    vocabulary = Vocabulary.parse(EMOTES + "🔥,2.2,1,,,,\n", WORDS, ENDINGS).with_symbols({"🔥": -1.0, "🥂": 0.5})
    assert vocabulary.exact["🔥"].valence == 2.2
    assert vocabulary.exact["🥂"] == Sense(0.5, EMOTE)


@pytest.mark.parametrize("row", ["lonely\n", "gg,1,,,,,,\n", "gg,much,,,,\n"])
def test_a_malformed_table_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"cells|convert"):
        Vocabulary.parse(EMOTES, WORDS + row, ENDINGS)


@pytest.mark.parametrize("table", ["emotes.csv", "words.csv", "endings.csv"])
def test_every_name_of_our_tables_stands_once_and_under_a_licence(table: str) -> None:
    lines = files("tldr_chat_sentiment").joinpath("data", table).read_text("utf-8").splitlines()
    assert lines[0] == "# SPDX-License-Identifier: Apache-2.0"
    names = [line.split(",")[0] for line in lines if line and not line.startswith("# ")]
    assert len(names) == len(set(names))


def test_our_valences_lie_on_the_scale_of_the_reference() -> None:
    vocabulary, reference = vocabulary_and_vader()
    assert all(-4 <= valence <= 4 for valence in vocabulary.valences().values())
    assert len(vocabulary.emotes) + len(vocabulary.exact) > 700
    assert reference.lexicon["pogchamp"] == 2.8
