"""What an organization's verdicts say of its confidence."""

from dataclasses import dataclass, replace
from typing import Protocol

from tldr_fusion_detector.application.learning.feedback_ports import Learner, Recalibrations, Verdicts
from tldr_streams.transactions import Transactions


class FeedbackWork(Protocol):
    """The repositories of one transaction."""

    @property
    def verdicts(self) -> Verdicts:
        """The organization's verdicts."""

    @property
    def recalibrations(self) -> Recalibrations:
        """What was learned of them."""


@dataclass(frozen=True, slots=True)
class RecalibrateConfidence:
    """Learn anew from all verdicts, for each dimension set by itself; what no longer pays is put out of force.

    Runs that there are keep what they were made with.
    """

    learner: Learner

    async def __call__(self, transactions: Transactions[FeedbackWork]) -> None:
        """The same verdicts give no new version. No transaction is open while it learns."""
        async with transactions.look() as work:
            judged = await work.verdicts.judged()
        learned = {name: await self.learner(verdicts) for name, verdicts in judged.items()}
        async with transactions.finish() as work:
            known = await work.recalibrations.in_force()
            for name in sorted(learned.keys() | known.keys()):
                old, fresh = known.get(name), learned.get(name)
                if fresh is None:
                    await work.recalibrations.retire(name)
                elif old is None or replace(fresh, version=old.version) != old:
                    await work.recalibrations.put(name, fresh)
