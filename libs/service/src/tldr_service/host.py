"""Hosts one service: connects it, migrates, starts its parts in order and stops them in the reverse order."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import uvicorn
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from tldr_bus import Broker, Bus, BusSettings, PostgresOutbox
from tldr_database import Database, DatabaseAddress, upgrade
from tldr_jobs import PostgresJobs, WorkerPool
from tldr_outbound import AddressPolicy
from tldr_service.background import BackgroundTasks
from tldr_service.clock import SystemClock
from tldr_service.infrastructure import Infrastructure
from tldr_service.service import Definition, Service
from tldr_service.settings import Settings
from tldr_storage import S3Address, S3ObjectStore
from tldr_telemetry import logger
from tldr_web import InternalAccess, InternalClient, InternalTokens, application

_log = logger(__name__)


class ServiceHost:
    """One service, running. `broker` may answer differently over time: an embedded broker moves when it restarts."""

    def __init__(self, definition: Definition, settings: Settings, broker: Callable[[], Broker] | None = None) -> None:
        self._definition = definition
        self._settings = settings
        self._broker = broker or (lambda: Broker(settings.kafka_bootstrap, settings.kafka_idempotent))
        self._parts = AsyncExitStack()
        self._database: Database | None = None
        self._bus: Bus | None = None
        self._redis: Redis | None = None

    async def start(self) -> None:
        """Bring the service up; when this returns it answers. What was started is stopped again when a part fails."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Take no more, let the work in hand end within the grace, give everything back. Safe to repeat."""
        await self._parts.aclose()

    async def _start(self) -> None:
        settings = self._settings
        await upgrade(settings.database_owner_url.get_secret_value(), self._definition.migrations)
        infrastructure = self._connect()
        service = self._definition.build(infrastructure)
        self._parts.push_async_callback(service.close)
        await self._start_web(service)
        await self._start_work(service, infrastructure.database)
        _log.info("service started", service=service.name, port=settings.http_port)

    def _connect(self) -> Infrastructure:
        settings, name = self._settings, self._definition.name
        database = self._database = Database.connect(
            DatabaseAddress(
                settings.database_owner_url.get_secret_value(),
                settings.database_service_url.get_secret_value(),
                settings.database_system_url.get_secret_value(),
            ),
            prepared_statements=settings.database_prepared_statements,
        )
        self._parts.push_async_callback(database.close)
        redis = self._redis = Redis.from_url(
            settings.redis_url.get_secret_value(), socket_timeout=5, socket_connect_timeout=5
        )
        self._parts.push_async_callback(redis.aclose)
        tokens = InternalTokens(settings.internal_secret.get_secret_value())
        internal = InternalClient(name, tokens, settings.address_of)
        self._parts.push_async_callback(internal.close)
        return Infrastructure(
            service=name,
            database=database,
            jobs=PostgresJobs(),
            outbox=PostgresOutbox(name),
            objects=S3ObjectStore(_s3(settings)),
            redis=redis,
            internal=internal,
            access=InternalAccess(tokens, name),
            addresses=AddressPolicy(allow_loopback=settings.allow_loopback),
            clock=SystemClock(),
        )

    async def _start_web(self, service: Service) -> None:
        app = application(service.name, service.routers, ready=self._ready, metrics=CollectorRegistry(), **service.web)
        config = uvicorn.Config(
            app,
            host=self._settings.http_host,
            port=self._settings.http_port,
            log_config=None,
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=5,
            limit_concurrency=500,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve(), name=f"{service.name}: web")

        async def stop() -> None:
            server.should_exit = True
            await asyncio.wait([serving], timeout=8)

        self._parts.push_async_callback(stop)
        while not server.started:
            if serving.done():
                raise OSError(f"{service.name} cannot listen on port {self._settings.http_port}")
            await asyncio.sleep(0.01)

    async def _start_work(self, service: Service, database: Database) -> None:
        grace = self._settings.stop_grace_s
        if service.workers:
            self._start_workers(service, database)
        tasks = BackgroundTasks(service.name, service.tasks)
        tasks.start()
        self._parts.push_async_callback(tasks.stop)
        settings = BusSettings(replication=self._settings.kafka_replication)
        bus = self._bus = Bus(service.name, database, self._broker, service.subscriptions, settings)
        await bus.start()
        self._parts.push_async_callback(bus.stop, grace)

    def _start_workers(self, service: Service, database: Database) -> None:
        pool = WorkerPool(database, service.workers)
        running = asyncio.create_task(pool.run(), name=f"{service.name}: workers")

        async def stop() -> None:
            await pool.stop(timedelta(seconds=self._settings.stop_grace_s))
            await asyncio.wait([running], timeout=1)

        self._parts.push_async_callback(stop)

    async def _ready(self) -> dict[str, bool]:
        return {
            "database": await _answers(self._ask_database()),
            "redis": await _answers(self._ask_redis()),
            "bus": self._bus is not None and self._bus.healthy,
        }

    async def _ask_database(self) -> None:
        assert self._database  # noqa: S101
        async with self._database.untenanted():
            return

    async def _ask_redis(self) -> None:
        assert self._redis  # noqa: S101
        await self._redis.ping()


async def _answers(question: "asyncio._CoroutineLike[None]") -> bool:
    try:
        await asyncio.wait_for(question, timeout=2)
    except Exception:
        return False
    return True


def _s3(settings: Settings) -> S3Address:
    return S3Address(
        internal=settings.s3_internal_url,
        public=settings.s3_public_url or settings.s3_internal_url,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
    )
