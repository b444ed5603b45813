"""From a recorded chat to the timeline that the detector sees: through both services' own messages."""

import csv
import gzip
from collections.abc import Iterator
from itertools import groupby

from tldr_chat_sentiment.adapters.announcements_outbox import event_of
from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Measured, ReadWindow, measure_in_order
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_chat_sentiment.domain.measuring.message import Message
from tldr_contracts.ids import StreamId
from tldr_fusion_detector.adapters.signals.signals_protobuf import chat_measurement
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece, Timeline, assemble
from tldr_fusion_detector.domain.signals.words import WordPiece, merge
from tldrctl.evaluation.games import Game, UnreadableData

WINDOW_S = 10
"""As ingest cuts it."""
AFTERMATH_S = 60
"""Chat of so long after the end is read, where there is any: reactions to the last moments."""
_STREAM = StreamId("str_evaluated")


def measured(game: Game) -> Timeline:
    """The chat's signals over the game, and beyond its end as far as there is chat. Raises UnreadableData."""
    messages = [message for message in _messages(game) if message.at_ms < 1000 * (game.length_s + AFTERMATH_S)]
    messages.sort(key=lambda message: message.at_ms)
    length_s = max(game.length_s, messages[-1].at_ms // 1000 + 1 if messages else 0)
    outcomes, _ = measure_in_order(_windows(messages, length_s), ChatMemory(), text_reader())
    pieces: list[Piece] = []
    words: list[WordPiece] = []
    for outcome in outcomes:
        if isinstance(outcome, Measured):
            measurement = chat_measurement(event_of(_STREAM, outcome).measured, (Modality.CHAT,))
            pieces.extend(measurement.pieces)
            words.extend([measurement.words] if measurement.words else ())
    return assemble(length_s, pieces, words=merge(words, length_s))


def _windows(messages: list[Message], length_s: int) -> Iterator[ReadWindow]:
    """Windows of ten seconds without holes, the last one as long as is left."""
    by_window = {
        number: list(those) for number, those in groupby(messages, lambda message: message.at_ms // (1000 * WINDOW_S))
    }
    for number in range(-(-length_s // WINDOW_S)):
        start, end = 1000 * WINDOW_S * number, 1000 * min(WINDOW_S * (number + 1), length_s)
        yield ReadWindow(start, end, end, by_window.get(number, ()))


def _messages(game: Game) -> Iterator[Message]:
    """Those at or after the beginning; an author that is not given is unknown, which is a voice of its own."""
    number = 0
    try:
        with gzip.open(game.chat, "rt", newline="", encoding="utf-8", errors="replace") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):  # noqa: B007
                at_ms = round(1000 * float(row["t_game"]))
                if at_ms >= 0:
                    yield Message(at_ms, row.get("author") or "", row["chat"] or "")
    except (csv.Error, KeyError, TypeError, ValueError, OverflowError, EOFError, gzip.BadGzipFile) as error:
        raise UnreadableData(
            f"{game.chat} cannot be read at message {number}: columns t_game (seconds) and chat are expected."
        ) from error
