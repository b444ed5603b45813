"""Sentiment of labelled messages: ours, and plain VADER beside it."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.domain.sentiment.polarity import polarity
from tldrctl.evaluation.games import UnreadableData

TEXT_COLUMNS = ("message", "text", "chat")
LABEL_COLUMNS = ("sentiment", "label", "polarity")
_VADER_NEUTRAL_WITHIN = 0.05  # what its authors recommend


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what people took it for: -1, 0 or 1."""

    text: str
    label: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares, 0..1. `macro_f1`: the mean over the classes that people used of each one's F1."""

    accuracy: float
    macro_f1: float

    def __str__(self) -> str:
        return f"accuracy {100 * self.accuracy:.1f}, macro-F1 {100 * self.macro_f1:.1f}"


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Messages of a CSV file with a column of texts and one of labels. Raises UnreadableData."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            text, label = (_column(rows.fieldnames or (), names) for names in (TEXT_COLUMNS, LABEL_COLUMNS))
            messages = tuple(Labelled(row[text] or "", _label(row, label)) for row in rows)
    except (csv.Error, KeyError, ValueError, TypeError) as error:
        raise UnreadableData(
            f"{path} cannot be read: a column message and a column sentiment with -1, 0 or 1 are expected."
        ) from error
    if not messages:
        raise UnreadableData(f"{path} holds no messages.")
    return messages


def predicted(messages: Sequence[Labelled]) -> list[int]:
    """As chat-sentiment reads them."""
    reader = text_reader()
    return [polarity(reader.sentiment(message.text)) for message in messages]


def predicted_by_vader(messages: Sequence[Labelled]) -> list[int]:
    """By VADER as it comes, without our words."""
    from vaderSentiment import vaderSentiment

    analyzer = vaderSentiment.SentimentIntensityAnalyzer()
    compounds = [float(analyzer.polarity_scores(message.text)["compound"]) for message in messages]
    return [(compound >= _VADER_NEUTRAL_WITHIN) - (compound <= -_VADER_NEUTRAL_WITHIN) for compound in compounds]


def agreement(messages: Sequence[Labelled], found: Sequence[int]) -> Agreement:
    """How often prediction and label are the same; at least one message."""
    labels = [message.label for message in messages]
    right = sum(label == guess for label, guess in zip(labels, found, strict=True))
    f1 = []
    for kind in sorted(set(labels)):
        both = sum(label == guess == kind for label, guess in zip(labels, found, strict=True))
        f1.append(2 * both / (labels.count(kind) + list(found).count(kind)))
    return Agreement(right / len(labels), sum(f1) / len(f1))


def said_of(path: Path) -> tuple[str, str]:
    """Two lines: our agreement with people, then VADER's alone. Raises UnreadableData."""
    messages = read_labelled(path)
    ours, vader = agreement(messages, predicted(messages)), agreement(messages, predicted_by_vader(messages))
    return f"Sentiment of {len(messages)} messages: {ours}", f"VADER alone: {vader}"


def write_moods(messages: Sequence[Labelled], found: Sequence[int], path: Path) -> None:
    """A CSV file with sentiment, predicted and message, in the order they were read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("sentiment", "predicted", "message"))
        writer.writerows((m.label, guess, m.text) for m, guess in zip(messages, found, strict=True))


def _column(columns: Sequence[str], names: Sequence[str]) -> str:
    by_name = {column.strip().lower(): column for column in columns}
    return by_name[next((name for name in names if name in by_name), names[0])]


def _label(row: Mapping[str, str], column: str) -> int:
    label = float(row[column])
    if label not in {-1.0, 0.0, 1.0}:
        raise ValueError("a label is -1, 0 or 1")
    return int(label)
