"""What was not delivered to an endpoint is due again, in order."""

from dataclasses import dataclass
from typing import Protocol

from tldr_streams.transactions import Transactions
from tldr_webhook_dispatcher.application.messages.ports import Recoveries
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing


class Work(Protocol):
    """The repositories of one transaction."""

    @property
    def endpoints(self) -> Endpoints:
        """The organization's endpoints."""

    @property
    def messages(self) -> Messages:
        """Its messages."""

    @property
    def recoveries(self) -> Recoveries:
        """What is to be delivered after all."""

    @property
    def outgoing(self) -> Outgoing:
        """Deliveries."""


@dataclass(frozen=True, slots=True)
class RecoverMessages:
    """Make an endpoint's recovery true, `batch` messages in one transaction.

    All of them are due since the recovery was asked for, so they go out in the order in which they were made, before what is
    newer. An endpoint that is switched off meanwhile gets no more of them.
    """

    batch: int = 500

    async def __call__(self, wanted: str, transactions: Transactions[Work]) -> None:
        """Until nothing is left to do."""
        more = True
        while more:
            async with transactions.progress() as work:
                more = await self._some(work, wanted)

    async def _some(self, work: Work, wanted: str) -> bool:
        # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
        await work.outgoing.deliver(wanted)
        endpoint = await work.endpoints.lock(wanted)
        recovery = await work.recoveries.get(wanted)
        if endpoint is None or recovery is None:
            return False
        due = await work.messages.revive(recovery, self.batch) if endpoint.enabled else []
        if len(due) < self.batch:
            await work.recoveries.end(wanted)
            return False
        await work.recoveries.advance(wanted, due[-1])
        return True
