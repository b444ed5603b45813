"""Keeps an eye on the broker: where it is, which cluster it is, and that its topics are there."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.client import AIOKafkaClient

from tldr_bus.condition import Condition
from tldr_bus.kafka.broker import Broker, BrokerProvider, cluster_id
from tldr_bus.kafka.closing import give_back
from tldr_bus.kafka.topics_admin import ensure_topics
from tldr_contracts.topics import Topic

_log = logging.getLogger(__name__)
_LOOK_S = 0.5
_ASK_EVERY = 4  # looks; asking costs a request, looking does not
_RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster at an address, with its topics verified."""

    broker: Broker
    id: str


class ClusterWatch:
    """Tells the relay and the readers of a service which cluster to use, and when it is another one.

    A cluster is told of only after its topics were created and verified.
    """

    def __init__(self, provider: BrokerProvider, topics: Sequence[Topic], replication: int) -> None:
        self._provider = provider
        self._topics = topics
        self._replication = replication
        self._current: Cluster | None = None
        self._changed = asyncio.Condition()
        self.condition = Condition("broker")

    async def cluster(self) -> Cluster:
        """The cluster to use; waits until there is one."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._current is not None)
        assert self._current is not None  # noqa: S101
        return self._current

    async def left(self, cluster: Cluster) -> None:
        """Return when this cluster is not the one to use any more."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._current != cluster)

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self._watch(self._provider())
            except Exception as error:
                # Also a wrong topic: it may be mended while we wait.
                self.condition.trouble(error)
            await asyncio.sleep(_RETRY_S)

    async def _watch(self, broker: Broker) -> None:
        client = AIOKafkaClient(bootstrap_servers=broker.bootstrap, request_timeout_ms=10_000)
        try:
            await asyncio.wait_for(client.bootstrap(), 15)
            looks = 0
            while self._provider() == broker:
                if looks % _ASK_EVERY == 0:
                    await self._look(broker, await cluster_id(client))
                looks += 1
                await asyncio.sleep(_LOOK_S)
        finally:
            await give_back(client.close())

    async def _look(self, broker: Broker, id: str) -> None:
        found = Cluster(broker, id)
        if found != self._current:
            await ensure_topics(broker, self._topics, replication=self._replication)
            _log.info("using cluster %s at %s", id, broker.bootstrap)
            async with self._changed:
                self._current = found
                self._changed.notify_all()
        self.condition.fine()
