"""The reader of chat: our vocabulary from this package's tables, VADER from its own package; made once per process."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from tldr_chat_sentiment.domain.sentiment.reading import TextReader
from tldr_chat_sentiment.domain.sentiment.rules import Reference
from tldr_chat_sentiment.domain.sentiment.vocabulary import Vocabulary

# One word of each rule that domain/rules.py leaves to VADER: "least", "never so", "without doubt", idioms.
_RARE: Final = frozenset(("least", "kind", "sort", "enough", "never", "without", "doubt", "shit", "bomb")) | {
    "ass",
    "bus",
    "yeah",
    "kiss",
    "die",
    "beating",
}
_STRONGEST: Final = 4.0


@cache
def text_reader() -> TextReader:
    """The process's reader. The first call takes about 50 ms and 10 MB; texts read are remembered, within bounds."""
    return TextReader(*vocabulary_and_vader())


def vocabulary_and_vader() -> tuple[Vocabulary, Reference]:
    """The vocabulary, with every emoji that VADER knows, and VADER with the vocabulary's valences in its lexicon."""
    from vaderSentiment import vaderSentiment

    analyzer = vaderSentiment.SentimentIntensityAnalyzer()
    vocabulary = _tables().with_symbols(_described(analyzer.emojis, analyzer.lexicon))
    analyzer.lexicon.update(vocabulary.valences())

    def score(text: str) -> float:
        return float(analyzer.polarity_scores(text)["compound"])

    reference = Reference(
        lexicon=analyzer.lexicon,
        boosters=vaderSentiment.BOOSTER_DICT,
        negations=frozenset(vaderSentiment.NEGATE),
        rare=_RARE,
        score=score,
    )
    return vocabulary, reference


def _tables() -> Vocabulary:
    folder = files("tldr_chat_sentiment").joinpath("data")
    emotes, words, endings = (
        folder.joinpath(name).read_text("utf-8") for name in ("emotes.csv", "words.csv", "endings.csv")
    )
    return Vocabulary.parse(emotes, words, endings)


def _described(descriptions: Mapping[str, str], lexicon: Mapping[str, float]) -> dict[str, float]:
    """Emoji are worth what the words of their descriptions are; VADER itself sees single characters only."""
    return {
        symbol: max(-_STRONGEST, min(_STRONGEST, sum(lexicon.get(word, 0.0) for word in description.lower().split())))
        for symbol, description in descriptions.items()
        if len(symbol) == 1
    }
