"""Makes a service's infrastructure from its settings; nothing is connected until it is used."""

from contextlib import AsyncExitStack

from redis.asyncio import Redis

from tldr_bus import PostgresOutbox
from tldr_database import Database, DatabaseAddress
from tldr_jobs import PostgresJobs
from tldr_outbound import AddressPolicy
from tldr_service.clock import SystemClock
from tldr_service.infrastructure import Infrastructure
from tldr_service.settings import Settings
from tldr_storage import S3Address, S3ObjectStore
from tldr_web import InternalAccess, InternalClient, InternalTokens


def connect(service: str, settings: Settings, parts: AsyncExitStack) -> Infrastructure:
    """The infrastructure of a service; `parts` gives its connections back."""
    database = Database.connect(
        DatabaseAddress(
            settings.database_owner_url.get_secret_value(),
            settings.database_service_url.get_secret_value(),
            settings.database_system_url.get_secret_value(),
        ),
        prepared_statements=settings.database_prepared_statements,
    )
    parts.push_async_callback(database.close)
    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=5, socket_connect_timeout=5)
    parts.push_async_callback(redis.aclose)
    tokens = InternalTokens(settings.internal_secret.get_secret_value())
    internal = InternalClient(service, tokens, settings.address_of)
    parts.push_async_callback(internal.close)
    return Infrastructure(
        service=service,
        database=database,
        jobs=PostgresJobs(),
        outbox=PostgresOutbox(service),
        objects=S3ObjectStore(_s3(settings)),
        redis=redis,
        internal=internal,
        access=InternalAccess(tokens, service),
        addresses=AddressPolicy(allow_loopback=settings.allow_loopback),
        clock=SystemClock(),
    )


def _s3(settings: Settings) -> S3Address:
    return S3Address(
        internal=settings.s3_internal_url,
        public=settings.s3_public_url or settings.s3_internal_url,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
    )
