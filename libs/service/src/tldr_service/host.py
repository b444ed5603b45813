"""Hosts one service: connects it, migrates, starts its parts in order and stops them in the reverse order."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import uvicorn
from starlette.middleware import Middleware

from tldr_bus import Broker, Bus, BusSettings
from tldr_database import Database
from tldr_jobs import WorkerPool
from tldr_service.background import BackgroundTasks
from tldr_service.connecting import connect
from tldr_service.database_away import DatabaseAway
from tldr_service.figures import MeshFigures
from tldr_service.infrastructure import Infrastructure
from tldr_service.schema_version import bring_up_to_date
from tldr_service.service import Definition, Service
from tldr_service.settings import Settings
from tldr_telemetry import logger
from tldr_web import application

_log = logger(__name__)


class ServiceHost:
    """One service, running. `broker` may answer differently over time: an embedded broker moves when it restarts."""

    def __init__(self, definition: Definition, settings: Settings, broker: Callable[[], Broker] | None = None) -> None:
        self._definition = definition
        self._settings = settings
        self._broker = broker or (lambda: Broker(settings.kafka_bootstrap, settings.kafka_idempotent))
        self._parts = AsyncExitStack()
        self._infrastructure: Infrastructure | None = None
        self._bus: Bus | None = None
        self._workers: asyncio.Task[None] | None = None

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
        await bring_up_to_date(self._definition, settings)
        infrastructure = self._infrastructure = connect(self._definition.name, settings, self._parts)
        service = self._definition.build(infrastructure)
        self._parts.push_async_callback(service.close)
        self._figures = MeshFigures(infrastructure.database, infrastructure.jobs if service.workers else None)
        for collector in service.collectors:
            self._figures.registry.register(collector)
        await self._start_web(service)
        await self._start_work(service, infrastructure.database)
        _log.info("service started", service=service.name, port=settings.http_port)

    async def _start_web(self, service: Service) -> None:
        figures = self._figures
        app = application(
            service.name,
            service.routers,
            ready=self._ready,
            metrics=figures.registry,
            refresh=figures.refresh,
            middleware=[Middleware(DatabaseAway)],
            **service.web,
        )
        config = uvicorn.Config(
            app,
            log_config=None,
            lifespan="off",
            access_log=False,
            # Who calls is the other end of the connection. Services that believe a proxy say which.
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            limit_concurrency=500,
        )
        server = uvicorn.Server(config)
        listening = self._listen()
        serving = asyncio.create_task(server._serve([listening]), name=f"{service.name}: web")

        async def stop() -> None:
            server.should_exit = True
            await asyncio.wait([serving], timeout=8)

        self._parts.push_async_callback(stop)
        while not server.started:
            if serving.done():
                raise OSError(f"{service.name} cannot serve on port {self._settings.http_port}")
            await asyncio.sleep(0.01)

    def _listen(self) -> socket.socket:
        """Opened here: a web server that finds its port taken would end the process, and all services in it."""
        host, port = self._settings.http_host, self._settings.http_port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            raise OSError(f"{self._definition.name} cannot listen on {host} port {port}: {error.strerror}") from error

    async def _start_work(self, service: Service, database: Database) -> None:
        grace = self._settings.stop_grace_s
        if service.workers:
            self._start_workers(service, database)
        tasks = BackgroundTasks(service.name, service.tasks)
        tasks.start()
        self._parts.push_async_callback(tasks.stop)
        settings = BusSettings(replication=self._settings.kafka_replication)
        bus = self._bus = Bus(service.name, database, self._broker, service.subscriptions, settings)
        self._figures.bus = bus
        await bus.start()
        self._parts.push_async_callback(bus.stop, grace)

    def _start_workers(self, service: Service, database: Database) -> None:
        pool = WorkerPool(database, service.workers)
        running = self._workers = asyncio.create_task(pool.run(), name=f"{service.name}: workers")

        async def stop() -> None:
            await pool.stop(timedelta(seconds=self._settings.stop_grace_s))
            await asyncio.wait([running], timeout=1)

        self._parts.push_async_callback(stop)

    async def _ready(self) -> dict[str, bool]:
        return {
            "database": await _answers(self._ask_database()),
            "redis": await _answers(self._ask_redis()),
            "bus": self._bus is not None and self._bus.healthy,
            "workers": self._workers is None or not self._workers.done(),
        }

    async def _ask_database(self) -> None:
        assert self._infrastructure  # noqa: S101
        async with self._infrastructure.database.untenanted():
            return

    async def _ask_redis(self) -> None:
        assert self._infrastructure  # noqa: S101
        await self._infrastructure.redis.ping()


async def _answers(question: "asyncio._CoroutineLike[None]") -> bool:
    try:
        await asyncio.wait_for(question, timeout=2)
    except Exception:
        return False
    return True
