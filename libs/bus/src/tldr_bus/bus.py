"""A service's part of the bus: its relay, its readers and its drain, started and stopped together."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tldr_bus.events.event import Subscription
from tldr_bus.events.unknown import unknown_facts
from tldr_bus.kafka.broker import BrokerProvider
from tldr_bus.kafka.cluster import ClusterWatch
from tldr_bus.parked.drain import Drain
from tldr_bus.parked.retry import Retry
from tldr_bus.reading.delivery import Delivery
from tldr_bus.reading.reader import Reader
from tldr_bus.sending.relay import Relay
from tldr_bus.sending.retention import Retention
from tldr_bus.settings import BusSettings
from tldr_contracts.topics import TOPICS, Topic
from tldr_database import Database, driver

_DEPTHS = """
    SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS outbox,
           (SELECT count(*) FROM parked) AS parked,
           (SELECT count(*) FROM dead_letters) AS dead
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """For metrics: rows to send, parked and dead records, facts that were not known by type, and of each consumer group
    whether it reads and its undecided records (not a number while it does not).
    """

    outbox: int
    parked: int
    dead: int
    unknown: Mapping[str, int]
    connected: Mapping[str, bool]
    lag: Mapping[str, float]


class Bus:
    """Runs until stopped, through every outage of broker and database. Several replicas of a service may run one each."""

    def __init__(
        self,
        service: str,
        database: Database,
        broker: BrokerProvider,
        subscriptions: Sequence[Subscription[Any]],
        settings: BusSettings | None = None,
    ) -> None:
        settings = settings or BusSettings()
        topics = _topics(service, subscriptions)
        self._database = database
        self._watch = ClusterWatch(broker, topics, settings.replication)
        retention = Retention(settings, [topic.group(service) for topic in topics if topic.compacted])
        self._relay = Relay(service, database, self._watch, retention, settings)
        by_group = {subscription.topic.group(service): subscription for subscription in subscriptions}
        retries = {group: Retry(service, each, database, settings) for group, each in by_group.items()}
        self._drain = Drain(service, retries, database, settings)
        slots = asyncio.Semaphore(settings.lanes)
        self._deliveries = [
            Delivery(service, each, database, settings, parked=self._drain.wake) for each in by_group.values()
        ]
        self.readers = [
            Reader(
                topic=subscription.topic,
                service=service,
                deliver=delivery,
                watch=self._watch,
                slots=slots,
                settings=settings,
            )
            for subscription, delivery in zip(by_group.values(), self._deliveries, strict=True)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start everything side by side; returns at once. Whatever is not there yet is waited for in the background."""
        loops = [self._watch.run(), self._relay.run(), self._drain.run(), *(reader.run() for reader in self.readers)]
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self, grace: float = 10.0) -> None:
        """Take nothing more, let handlers in hand end within the grace, commit, leave the groups."""
        for _ in range(2):  # the second time, what is late is not asked again
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=grace)
        self._tasks = []

    @property
    def healthy(self) -> bool:
        """Everything runs, and nothing has been in trouble for half a minute."""
        conditions = [self._watch.condition, self._relay.condition, self._drain.condition]
        conditions += [reader.condition for reader in self.readers]
        conditions += [delivery.condition for delivery in self._deliveries]
        running = bool(self._tasks) and not any(task.done() for task in self._tasks)
        return running and all(condition.healthy for condition in conditions)

    async def figures(self) -> Figures:
        """What metrics show, for this replica's readers and the whole service's tables."""
        async with self._database.system() as transaction:
            row = await (await driver(transaction)).fetchrow(_DEPTHS)
        assert row is not None  # noqa: S101
        return Figures(
            outbox=row["outbox"],
            parked=row["parked"],
            dead=row["dead"],
            unknown=unknown_facts([reader.topic for reader in self.readers]),
            connected={reader.group: reader.connected for reader in self.readers},
            lag={reader.group: reader.lag for reader in self.readers},
        )


def _topics(service: str, subscriptions: Sequence[Subscription[Any]]) -> list[Topic]:
    read = [subscription.topic for subscription in subscriptions]
    return [*read, *(topic for topic in TOPICS if topic.writer == service and topic not in read)]
