"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from tldr_outbound import guarded_async_client
from tldr_secrets import Sealer
from tldr_service import BackgroundTask, Definition, Infrastructure, Service
from tldr_webhook_dispatcher.adapters.endpoints.plain_addresses_postgres import PlainAddresses
from tldr_webhook_dispatcher.adapters.endpoints.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.adapters.messages.receiver_http import HttpReceiver
from tldr_webhook_dispatcher.adapters.retention_postgres import PostgresRetention
from tldr_webhook_dispatcher.adapters.work_postgres import WorkFactory
from tldr_webhook_dispatcher.application.messages.deliver_messages import DeliverMessages
from tldr_webhook_dispatcher.domain.messages.schedule import Schedule
from tldr_webhook_dispatcher.domain.messages.shares import Shares
from tldr_webhook_dispatcher.entrypoints.events import Events
from tldr_webhook_dispatcher.entrypoints.http import deliveries, endpoints, events, statistics
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk
from tldr_webhook_dispatcher.entrypoints.jobs import JobHandlers
from tldr_webhook_dispatcher.settings import WebhookDispatcherSettings


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = WebhookDispatcherSettings()  # type: ignore[call-arg]  # read from the environment
    clock = infrastructure.clock
    secrets = SealedSecrets(Sealer(settings.encryption_keys.get_secret_value()))
    http = guarded_async_client(infrastructure.addresses, follow_redirects=False)
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox, clock)
    deliver = DeliverMessages(
        HttpReceiver(http, secrets, settings.timeout_s),
        Schedule(settings.delays_s),
        Shares(settings.deliveries_at_once),
        clock,
    )
    kept = timedelta(days=settings.retention_days)
    desk = Desk(infrastructure.database, infrastructure.access, work, secrets, clock, settings.endpoints_max, kept)
    retention = PostgresRetention(infrastructure.database)

    async def forget() -> None:
        await retention.forget_secrets(clock.now())
        await retention.forget(clock.now() - kept)

    return Service(
        name=DEFINITION.name,
        routers=tuple(part.routes(desk) for part in (endpoints, deliveries, events, statistics)),
        subscriptions=Events(work).subscriptions(),
        workers=JobHandlers(work, deliver, clock, settings.deliveries_at_once).workers(),
        tasks=(
            BackgroundTask("forget old messages", forget, interval_s=3600),
            BackgroundTask("seal addresses", PlainAddresses(infrastructure.database, secrets).seal, interval_s=3600),
        ),
        close=http.aclose,
    )


DEFINITION = Definition("webhook-dispatcher", Path(__file__).parent / "migrations", build)
