"""Runs of a stream: the detection that finished it, and those asked for since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Profile

MAX_RUNS = 20
"""As many are kept of one stream."""
MAX_WAITING = 4
"""As many of one organization are asked for and not settled at a time."""


class RunState(StrEnum):
    """Where a run is in its life; `processing` once its clips are being cut."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One detection over a stream's signals. `highlights` is known once it is completed.

    `make_default`: its highlights are those of the stream once it is completed; otherwise it is only a look.
    """

    id: RunId
    stream: StreamId
    state: RunState
    profile: Profile
    created_at: datetime
    completed_at: datetime | None = None
    highlights: int | None = None
    failure: Failure | None = None
    make_default: bool = True


def default_of(runs: Sequence[Run]) -> RunId | None:
    """The run whose highlights are shown: the newest that completed and is more than a look. Ids of runs grow."""
    return max((run.id for run in runs if run.state is RunState.COMPLETED and run.make_default), default=None)
