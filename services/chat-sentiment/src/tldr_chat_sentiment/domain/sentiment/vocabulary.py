"""Our own words, phrases and emotes, parsed from their tables."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tldr_chat_sentiment.domain.sentiment.senses import EMOTE, HYPE, LAUGHTER, SURPRISE, TRIUMPH, Sense

_SAYS = (("hype", HYPE), ("laughter", LAUGHTER), ("surprise", SURPRISE), ("triumph", TRIUMPH))
LAUGH = Sense(1.5, LAUGHTER)
LAUGH_KEY = "chat-laughter"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Emotes are looked up as written where capitals matter, everything else in lower case."""

    exact: Mapping[str, Sense]
    emotes: Mapping[str, Sense]
    words: Mapping[str, Sense]
    phrases: Mapping[str, Sense]
    endings: Mapping[str, Sense]

    @classmethod
    def parse(cls, emotes: str, words: str, endings: str) -> "Vocabulary":
        """Read the three tables (CSV with a header; lines that begin with "# " are comments). ValueError when malformed."""
        exact: dict[str, Sense] = {}
        folded: dict[str, Sense] = {}
        for row in _rows(emotes):
            sense = _sense(row, EMOTE)
            if row["exact"] or not row["name"].isalnum():
                exact[row["name"]] = sense
            else:
                folded[row["name"].lower()] = sense
        entries = {row["word"]: _sense(row) for row in _rows(words)}
        return cls(
            exact=exact,
            emotes=folded,
            words={word: sense for word, sense in entries.items() if " " not in word},
            phrases={word: sense for word, sense in entries.items() if " " in word},
            endings={row["ending"]: _sense(row, EMOTE) for row in _rows(endings)},
        )

    def with_symbols(self, valences: Mapping[str, float]) -> "Vocabulary":
        """The vocabulary and these emoji, where it does not have them."""
        return replace(
            self, exact={symbol: Sense(valence, EMOTE) for symbol, valence in valences.items()} | {**self.exact}
        )

    def valences(self) -> dict[str, float]:
        """What a sentiment lexicon needs to know in addition: lower-case key to valence."""
        valences = {emote_key(name): sense.valence for name, sense in self.exact.items()}
        valences |= {ending_key(name): sense.valence for name, sense in self.endings.items()}
        valences |= {word: sense.valence for word, sense in self.words.items()}
        valences |= {name: sense.valence for name, sense in self.emotes.items()}
        short = {
            name: sense for name, sense in {**self.words, **self.emotes}.items() if len(name) <= 2 or runs_on(name)
        }
        valences |= {emote_key(name): sense.valence for name, sense in short.items()}
        valences[LAUGH_KEY] = LAUGH.valence
        return {key: valence for key, valence in valences.items() if valence is not None}


def emote_key(name: str) -> str:
    """The word that stands for a name that a lexicon in lower case, or VADER's idea of a word, cannot hold."""
    return f"emote-{name.encode(errors='replace').hex()}"


def runs_on(word: str) -> bool:
    """Whether a word belongs to a script that puts no spaces between words (Thai and what follows in Unicode)."""
    return ord(word[0]) >= 0x0E00


def ending_key(ending: str) -> str:
    """The word that stands for every channel's emotes with this ending."""
    return f"channel-emote-{ending}"


def _rows(table: str) -> Iterator[dict[str, str]]:
    lines = [line for line in table.splitlines() if line and not line.startswith("# ")]
    for row in csv.DictReader(lines, strict=True):
        if None in row or None in row.values():
            raise ValueError(f"a row of the vocabulary has too many or too few cells: {row}")
        yield row


def _sense(row: Mapping[str, str], bits: int = 0) -> Sense:
    for column, bit in _SAYS:
        bits |= bit if row[column] else 0
    return Sense(float(row["valence"]) if row["valence"] else None, bits)
