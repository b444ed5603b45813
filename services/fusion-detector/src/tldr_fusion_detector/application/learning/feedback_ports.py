"""What feedback needs. Repositories see one organization, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import HighlightId, StreamId
from tldr_fusion_detector.application.learning.verdict import Opinion, Tally, Verdict
from tldr_fusion_detector.domain.learning.feedback import Judged, Recalibration

MOST_VERDICTS = 100_000


class Verdicts(Protocol):
    """The verdicts of an organization, `MOST_VERDICTS` at most: the oldest go."""

    async def get(self, highlight: HighlightId) -> Verdict | None:
        """That on a highlight."""

    async def page(
        self, *, opinion: Opinion | None, stream: StreamId | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Verdict]:
        """The newest first, of an opinion or a stream; those behind a time and a highlight's id."""

    async def put(self, verdict: Verdict) -> Verdict:
        """Keep it in place of an earlier one on the same highlight; returns it with the time."""

    async def delete(self, highlight: HighlightId) -> bool:
        """Forget it; whether there was one."""

    async def forget(self, stream: StreamId) -> bool:
        """Forget those on a stream's highlights; whether there were any."""

    async def judged(self) -> Mapping[str, Sequence[Judged]]:
        """All of them by dimension set, without times and streams."""

    async def tallies(self) -> Sequence[Tally]:
        """Counts, in order of the dimension set's name."""


class Recalibrations(Protocol):
    """What was learned of each dimension set."""

    async def in_force(self) -> Mapping[str, Recalibration]:
        """Those that new runs are made with, by dimension set."""

    async def put(self, dimension_set: str, recalibration: Recalibration) -> None:
        """Put one into force as the next version; versions that were retired count."""

    async def retire(self, dimension_set: str) -> None:
        """Put none into force."""


class Learner(Protocol):
    """Learning, somewhere it holds nobody up."""

    async def __call__(self, verdicts: Sequence[Judged]) -> Recalibration | None:
        """See `tldr_fusion_detector.domain.learning.feedback.learn`."""


class Learning(Protocol):
    """Asks that verdicts are learned from."""

    async def wake(self) -> None:
        """Soon; many wishes are one."""
