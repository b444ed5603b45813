"""Word counts as chat-sentiment publishes them and as they are stored, which is the same message, compressed."""

import zlib
from collections.abc import Sequence

import numpy as np

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr_fusion_detector.domain.signals.words import Ints, WordCounts, WordPiece, cut_down

_LATEST_S = 1 << 31


def word_piece(message: chat_signals_pb2.WordCounts) -> WordPiece | None:
    """What of a message keeps the rules, None where that is nothing. No message is refused for its words."""
    start = message.start_s
    if not 0 <= start < _LATEST_S:
        return None
    said = cut_down(message.words, _ints(message.seconds), _ints(message.word_indexes), _ints(message.counts))
    return WordPiece(start, _later(said, start)) if said.words else None


def packed(piece: WordPiece) -> bytes:
    """A piece as it is stored."""
    said = piece.said
    message = chat_signals_pb2.WordCounts(
        start_s=piece.start_s,
        words=said.words,
        seconds=(said.seconds - piece.start_s).tolist(),
        word_indexes=said.indexes.tolist(),
        counts=said.counts.tolist(),
    )
    return zlib.compress(message.SerializeToString(deterministic=True))


def unpacked(payload: bytes) -> WordPiece:
    """A piece as it was stored; it kept the rules when it came."""
    message = chat_signals_pb2.WordCounts.FromString(zlib.decompress(payload))
    said = WordCounts(tuple(message.words), _ints(message.seconds), _ints(message.word_indexes), _ints(message.counts))
    return WordPiece(message.start_s, _later(said, message.start_s))


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _later(said: WordCounts, start_s: int) -> WordCounts:
    return WordCounts(said.words, said.seconds + start_s, said.indexes, said.counts)
