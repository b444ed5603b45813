"""Finds phrases of the vocabulary in a message: what a phrase says, each of its words then says."""

from collections.abc import Sequence

from tldr_chat_sentiment.domain.sentiment.vocabulary import Vocabulary
from tldr_chat_sentiment.domain.sentiment.word import Word, word_key


class Phrases:
    """Phrases are compared by the keys of their words: without case, punctuation and drawn-out letters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_head: dict[str, list[tuple[list[str], int]]] = {}
        for phrase, sense in vocabulary.phrases.items():
            keys = [word_key(word) for word in phrase.split()]
            self._by_head.setdefault(keys[0], []).append((keys, sense.bits))

    def heads(self) -> frozenset[str]:
        """The keys of the words with which a phrase begins."""
        return frozenset(self._by_head)

    def mark(self, words: Sequence[Word]) -> list[Word]:
        """The words, with the bits of the phrases in which they stand."""
        keys = [word.key for word in words]
        marked = list(words)
        for start, key in enumerate(keys):
            for phrase, bits in self._by_head.get(key, ()):
                if keys[start : start + len(phrase)] == phrase:
                    for i in range(start, start + len(phrase)):
                        marked[i] = marked[i]._replace(bits=marked[i].bits | bits)
        return marked
