"""Announcements over the service's outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr.chat_signals.v1.chat_signals_pb2 import (
    ChatSignalEvent,
    ChatSignalGapFound,
    ChatSignalsEnded,
    ChatSignalsMeasured,
    WordCounts,
)
from tldr.common.v1 import common_pb2
from tldr_bus import Outbox, Publication
from tldr_chat_sentiment.domain.arrivals.arrival import End, Gap
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Measured, Outcome
from tldr_chat_sentiment.domain.measuring.figures import ChatFigures
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import CHAT_SIGNALS
from tldr_database import Transaction
from tldr_streams.messages import failure_message, gap_message


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.chat-signals.v1` in the transaction at hand, in the lane of the stream being handled."""

    outbox: Outbox
    transaction: Transaction
    organization: str
    lane: int

    async def publish(self, stream: StreamId, outcomes: Sequence[Outcome]) -> None:
        """One event each."""
        publications = [
            Publication(CHAT_SIGNALS, event_of(stream, outcome), self.organization, stream, self.lane)
            for outcome in outcomes
        ]
        await self.outbox.append(self.transaction, *publications)

    async def close(self, stream: StreamId) -> None:
        """Let the stream's outbox rows go after the retention."""
        await self.outbox.close(self.transaction, stream)


def event_of(stream: StreamId, outcome: Outcome) -> ChatSignalEvent:
    """An outcome as it is published."""
    match outcome:
        case Measured():
            return ChatSignalEvent(measured=_measured(stream, outcome))
        case Gap():
            return ChatSignalEvent(gap_found=_gap_found(stream, outcome))
        case End():
            return ChatSignalEvent(ended=_ended(stream, outcome))


def _measured(stream: StreamId, measured: Measured) -> ChatSignalsMeasured:
    figures = measured.figures
    return ChatSignalsMeasured(
        stream_id=stream,
        series=[
            common_pb2.Series(name=name, start_s=figures.first_second, values=values.tolist())
            for name, values in figures.series().items()
        ],
        complete_until_ms=measured.complete_until_ms,
        words=_words(figures) if figures.words.words else None,
    )


def _words(figures: ChatFigures) -> WordCounts:
    said = figures.words
    return WordCounts(
        start_s=figures.first_second,
        words=said.words,
        seconds=(said.seconds - figures.first_second).tolist(),
        word_indexes=said.indexes.tolist(),
        counts=said.counts.tolist(),
    )


def _gap_found(stream: StreamId, gap: Gap) -> ChatSignalGapFound:
    return ChatSignalGapFound(
        stream_id=stream,
        gap=gap_message("chat", gap.start_ms, gap.end_ms, gap.code, gap.reason),
        complete_until_ms=gap.complete_until_ms,
    )


def _ended(stream: StreamId, end: End) -> ChatSignalsEnded:
    return ChatSignalsEnded(
        stream_id=stream,
        attempt=end.attempt,
        duration_ms=end.duration_ms,
        failure=failure_message(end.failure),
    )
