"""A stream's chat as far as it came, and what is let in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, End, Gap, Numbered, Window
from tldr_chat_sentiment.domain.arrivals.measure_in_order import Measured, Outcome
from tldr_streams.state import FollowedStream
from tldr_streams.values import Failure

_MISSING = "chat_window_missing"
_MISSING_REASON = "A part of the chat never came. What was written in it is not counted."
_ROUNDING_MS = 1000


@dataclass(frozen=True, slots=True)
class ChatStream(FollowedStream):
    """One stream. While it has failed, what comes is kept; when it is over, it is ignored.

    ended_attempt: the latest whose end was announced. last_index: of the windows that came, -1 for none. arrivals: how many
    were let in. seen_until_ms: how far they reach. complete_until_ms: as announced.
    """

    priority: int = 0
    ended_attempt: int = 0
    last_index: int = -1
    arrivals: int = 0
    seen_until_ms: int = 0
    complete_until_ms: int = 0

    @property
    def ended(self) -> bool:
        """Whether the end of the current attempt was announced."""
        return self.ended_attempt >= self.attempt

    def is_past(self, end: End) -> bool:
        """Whether this is the end of an attempt that nobody waits for any more."""
        return end.attempt < self.attempt or end.attempt <= self.ended_attempt

    def admit(self, arrival: Arrival, lost: Failure | None = None) -> tuple["ChatStream", Sequence[Numbered]]:
        """The stream with the arrival, and what is to be worked off for it, in order.

        Windows that came before (ingest may send some again in a retry) and ends of older attempts give nothing. A window
        that never came shows by the next one, or by the end, and becomes a gap. `lost` says why the arrival itself cannot
        be kept: of a window a gap is left then, of an end a bad one.
        """
        match arrival:
            case _ if self.over:
                return self, ()
            case Window():
                return self._admit_window(arrival, lost)
            case Gap():
                return self._with((arrival,), until_ms=arrival.end_ms)
            case End():
                return self._admit_end(arrival, lost)

    def announce(self, outcome: Outcome) -> tuple["ChatStream", Outcome | None]:
        """The stream once this is said, and what is to be said: chat is never complete up to less than before, and the end
        of an older attempt is kept quiet.
        """
        match outcome:
            case End() if self.is_past(outcome):
                return self, None
            case End():
                return replace(self, ended_attempt=outcome.attempt), outcome
            case Gap():
                until_ms = max(self.complete_until_ms, outcome.complete_until_ms, outcome.end_ms)
            case Measured():
                until_ms = max(self.complete_until_ms, outcome.complete_until_ms)
        return replace(self, complete_until_ms=until_ms), replace(outcome, complete_until_ms=until_ms)

    def _admit_window(self, window: Window, lost: Failure | None) -> tuple["ChatStream", Sequence[Numbered]]:
        if window.index <= self.last_index:
            return self, ()
        skipped = window.index > self.last_index + 1 and window.start_ms > self.seen_until_ms
        missing = self._missing(window.start_ms) if skipped else ()
        kept = window.gap(lost.code, lost.reason) if lost else window
        return self._with((*missing, kept), index=window.index, until_ms=window.end_ms)

    def _admit_end(self, end: End, lost: Failure | None) -> tuple["ChatStream", Sequence[Numbered]]:
        if self.is_past(end):
            return self, ()
        failure = end.failure or lost
        short = failure is None and end.duration_ms >= self.seen_until_ms + _ROUNDING_MS
        missing = self._missing(end.duration_ms) if short else ()
        current = self.at_attempt(end.attempt)
        return current._with((*missing, replace(end, failure=failure)), until_ms=end.duration_ms if short else 0)

    def _missing(self, until_ms: int) -> tuple[Gap]:
        return (Gap(self.seen_until_ms, until_ms, _MISSING, _MISSING_REASON, until_ms),)

    def _with(
        self, arrivals: Sequence[Arrival], *, index: int | None = None, until_ms: int = 0
    ) -> tuple["ChatStream", Sequence[Numbered]]:
        grown = replace(
            self,
            last_index=self.last_index if index is None else index,
            arrivals=self.arrivals + len(arrivals),
            seen_until_ms=max(self.seen_until_ms, until_ms),
        )
        return grown, [Numbered(number, one) for number, one in enumerate(arrivals, self.arrivals + 1)]
