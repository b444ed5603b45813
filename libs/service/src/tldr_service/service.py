"""A service as a value: what it serves, reads and works on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from prometheus_client.registry import Collector

from tldr_bus import Subscription
from tldr_jobs import Worker
from tldr_service.infrastructure import Infrastructure


async def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class BackgroundTask:
    """Something a service does again and again, each time `interval_s` after it ended. A failure is logged, not fatal."""

    name: str
    run: Callable[[], Awaitable[None]]
    interval_s: float


@dataclass(frozen=True, slots=True)
class Service:
    """All that a host needs to run a service."""

    name: str
    routers: tuple[APIRouter, ...] = ()
    subscriptions: tuple[Subscription[Any], ...] = ()
    workers: tuple[Worker, ...] = ()
    tasks: tuple[BackgroundTask, ...] = ()
    web: dict[str, Any] = field(default_factory=dict)
    """Further options of its web application, for example the title of its public document."""
    collectors: tuple[Collector, ...] = ()
    """Figures of its own, for `/metrics`."""
    close: Callable[[], Awaitable[None]] = _nothing
    """Gives back what `build` took: process pools, clients."""


@dataclass(frozen=True, slots=True)
class Definition:
    """How a service comes to be: its name, the folder of its migrations and its composition root."""

    name: str
    migrations: Path
    build: Callable[[Infrastructure], Service]
