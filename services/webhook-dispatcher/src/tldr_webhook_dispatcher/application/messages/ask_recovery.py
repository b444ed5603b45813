"""A customer has what was not delivered sent again, since a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tldr_service import Clock
from tldr_webhook_dispatcher.application.endpoints.errors import require_sending
from tldr_webhook_dispatcher.application.messages.errors import since_too_old
from tldr_webhook_dispatcher.application.messages.ports import Recoveries
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery


@dataclass(frozen=True, slots=True)
class AskRecovery:
    """Ask that the abandoned messages to an endpoint are due again. `retention`: how long messages are kept."""

    endpoints: Endpoints
    messages: Messages
    recoveries: Recoveries
    outgoing: Outgoing
    clock: Clock
    retention: timedelta

    async def __call__(self, wanted: str, since: datetime) -> int:
        """How many there are; Problem 409 where nothing is sent to the endpoint, 422 where `since` is too long ago."""
        recovery = Recovery(wanted, since, self.clock.now())
        if since < recovery.asked_at - self.retention:
            raise since_too_old(self.retention)
        # First the jobs, then the endpoint: in the order in which the job that does it locks them.
        await self.outgoing.recover(wanted)
        require_sending(await self.endpoints.lock(wanted))
        await self.recoveries.ask(recovery)
        return await self.messages.abandoned(recovery)
