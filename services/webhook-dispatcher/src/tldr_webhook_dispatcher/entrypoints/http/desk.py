"""What the routes of this service share."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from tldr_database import Database
from tldr_service import Clock
from tldr_web import InternalAccess
from tldr_webhook_dispatcher.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_webhook_dispatcher.application.endpoints.add_endpoint import AddEndpoint
from tldr_webhook_dispatcher.application.endpoints.change_endpoint import ChangeEndpoint
from tldr_webhook_dispatcher.application.endpoints.errors import endpoint_not_found
from tldr_webhook_dispatcher.application.endpoints.rotate_secret import RotateSecret
from tldr_webhook_dispatcher.application.messages.ask_recovery import AskRecovery
from tldr_webhook_dispatcher.application.messages.send_again import SendAgain
from tldr_webhook_dispatcher.application.ports import Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Desk:
    """Opens transactions, and the use cases in them. `most`: endpoints an organization may have; `retention`: how long
    messages are kept.
    """

    database: Database
    access: InternalAccess
    factory: WorkFactory
    secrets: Secrets
    clock: Clock
    most: int
    retention: timedelta

    @asynccontextmanager
    async def work(self, organization: str) -> AsyncIterator[PostgresWork]:
        """The work of one transaction, committed at the end."""
        async with self.database.tenant(organization) as transaction:
            yield self.factory(transaction, organization)

    async def known(self, work: PostgresWork, endpoint: str) -> Endpoint:
        """The endpoint; Problem 404 where there is none."""
        found = await work.endpoints.get(endpoint)
        if found is None:
            raise endpoint_not_found()
        return found

    def signs(self, endpoint: Endpoint, secret: str) -> bool:
        """Whether messages to the endpoint are signed with this secret now."""
        held = (self.secrets.open(sealed) for sealed in endpoint.sealed_secrets(self.clock.now()))
        return any(hmac.compare_digest(one.encode(), secret.encode()) for one in held)

    def adding(self, work: PostgresWork) -> AddEndpoint:
        """Adds endpoints."""
        return AddEndpoint(work.endpoints, self.secrets, self.clock, self.most)

    def changing(self, work: PostgresWork) -> ChangeEndpoint:
        """Changes them."""
        return ChangeEndpoint(work.endpoints, work.outgoing, self.secrets)

    def rotating(self, work: PostgresWork) -> RotateSecret:
        """Gives them other secrets."""
        return RotateSecret(work.endpoints, self.secrets, self.clock)

    def again(self, work: PostgresWork) -> SendAgain:
        """Sends messages again."""
        return SendAgain(work.endpoints, work.messages, work.outgoing, self.clock)

    def recovering(self, work: PostgresWork) -> AskRecovery:
        """Has what was not delivered sent again."""
        return AskRecovery(work.endpoints, work.messages, work.recoveries, work.outgoing, self.clock, self.retention)
