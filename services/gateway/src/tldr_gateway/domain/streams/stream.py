"""A stream's state: which changes are allowed, and what a refused one is."""

from dataclasses import dataclass
from enum import StrEnum

MAX_RETRIES = 3


class State(StrEnum):
    """Where a stream is in its life."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """Whether nothing but a retry leads on from here."""
        return self in {State.COMPLETED, State.FAILED, State.CANCELLED}


class Cause(StrEnum):
    """What asks for a change of state."""

    SUBMITTED = "submitted"
    WORK_STARTED = "work_started"
    SETTLED = "settled"
    RUN_FAILED = "run_failed"
    STOP_ASKED = "stop_asked"
    CANCEL_ASKED = "cancel_asked"
    RETRY_ASKED = "retry_asked"
    STALLED = "stalled"


_AT_WORK = frozenset({State.PENDING, State.PROCESSING})
_ALLOWED: dict[Cause, tuple[frozenset[State], State | None]] = {
    Cause.SUBMITTED: (frozenset(), None),
    Cause.WORK_STARTED: (frozenset({State.PENDING}), State.PROCESSING),
    Cause.SETTLED: (_AT_WORK, State.COMPLETED),
    Cause.RUN_FAILED: (_AT_WORK, State.FAILED),
    Cause.STOP_ASKED: (_AT_WORK, None),
    Cause.CANCEL_ASKED: (_AT_WORK, State.CANCELLED),
    Cause.RETRY_ASKED: (frozenset({State.FAILED}), State.PROCESSING),
    Cause.STALLED: (_AT_WORK, State.FAILED),
}
"""From which states each cause is allowed, and the state it leads to; None where the state stays as it is."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a stream failed: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state that was asked for. A refused one changes nothing and is recorded all the same."""

    before: State
    after: State
    cause: Cause
    applied: bool
    refusal: str = ""


SUBMISSION = Transition(State.PENDING, State.PENDING, Cause.SUBMITTED, applied=True)
"""The first row of every stream's history."""


def decide(state: State, cause: Cause, *, attempt: int, of_attempt: int | None = None) -> Transition:
    """What a cause does to a stream in `state` at `attempt`; `of_attempt` is the attempt an outcome speaks of."""
    allowed, after = _ALLOWED[cause]
    if of_attempt is not None and of_attempt < attempt:
        return Transition(state, state, cause, applied=False, refusal="it is the outcome of an earlier attempt")
    if state not in allowed:
        return Transition(state, state, cause, applied=False, refusal=f"the stream is {state}")
    if cause is Cause.RETRY_ASKED and attempt > MAX_RETRIES:
        return Transition(state, state, cause, applied=False, refusal=f"it was retried {MAX_RETRIES} times")
    return Transition(state, after or state, cause, applied=True)
