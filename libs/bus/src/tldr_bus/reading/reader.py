"""Reads one topic for a service: a thin runner on a Kafka consumer, whose offsets follow the committed effects.

`fetch_max_wait_ms` was measured with all 19 readers of the seven services idle in one process on Tansu, relays and drains
included (share of a core for the process, for the broker): 300 ms: 2.7 %, 8.9 %; 500 ms: 2.2 %, 6.5 %; 1000 ms: 1.7 %, 3.5 %.
The median latency of one record was 30, 90 and 120 ms, and with 50 ms 9 ms. Apache Kafka answers at once when something
comes, whatever the wait.
"""

import asyncio
import math

from aiokafka import AIOKafkaConsumer

from tldr_bus.condition import Condition
from tldr_bus.kafka.closing import give_back
from tldr_bus.kafka.cluster import Cluster, ClusterWatch
from tldr_bus.reading.lanes import Deliver
from tldr_bus.reading.session import Session
from tldr_bus.settings import BusSettings
from tldr_bus.until_one_ends import until_one_ends
from tldr_contracts.topics import Topic

_START_S = 30.0
_FIRST_DELAY_S, _LAST_DELAY_S = 0.2, 5.0
_NO_POLL_LIMIT_MS = 2**31 - 1  # handlers have a deadline of their own; this one would leave the group silently


class Reader:
    """Promised: every record is decided at least once, each lane's in order; an offset is committed when all records before
    it are decided. A rebalance waits for the work in hand; what it cannot wait for is rolled back and comes again.
    """

    def __init__(
        self,
        *,
        topic: Topic,
        service: str,
        deliver: Deliver,
        watch: ClusterWatch,
        slots: asyncio.Semaphore,
        settings: BusSettings,
    ) -> None:
        self._topic = topic
        self.group = topic.group(service)
        self._deliver = deliver
        self._watch = watch
        self._slots = slots
        self._settings = settings
        self._session: Session | None = None
        self.condition = Condition(f"reader {self.group}")

    @property
    def topic(self) -> str:
        """The name of the topic it reads."""
        return self._topic.name

    @property
    def lag(self) -> float:
        """Records on this reader's partitions that are not decided yet, as far as the last fetch knew; not a number while it
        reads nothing, since nobody knows then what there is.
        """
        return self._session.lag if self.connected and self._session is not None else math.nan

    @property
    def connected(self) -> bool:
        """Whether it is a member of its group, and the broker answers."""
        return self._session is not None and not self._watch.condition.in_trouble

    @property
    def partitions(self) -> int:
        """How many partitions it has now; 0 before it joined."""
        return len(self._session.assigned) if self._session is not None else 0

    async def run(self) -> None:
        """Read until cancelled; the work in hand is then finished within `revoke_wait` or rolled back."""
        delay = _FIRST_DELAY_S
        while True:
            cluster = await self._watch.cluster()
            try:
                await self._read(cluster)
                delay = _FIRST_DELAY_S
            except Exception as error:
                # Whatever it was: the consumer is replaced, and starts where the commits are.
                self.condition.trouble(error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LAST_DELAY_S)

    async def _read(self, cluster: Cluster) -> None:
        consumer = self._consumer(cluster)
        session = Session(consumer, self._deliver, self._slots, self._settings)
        try:
            await asyncio.wait_for(consumer.start(), _START_S)
            consumer.subscribe([self._topic.name], listener=session)
            self._session = session
            self.condition.fine()
            await until_one_ends(
                session.consume(), session.keep_committing(), self._watch.left(cluster), session.lanes.failed
            )
        finally:
            try:
                await session.give_up()
            finally:
                self._session = None
                await give_back(consumer.stop())

    def _consumer(self, cluster: Cluster) -> AIOKafkaConsumer:
        settings = self._settings
        return AIOKafkaConsumer(
            bootstrap_servers=cluster.broker.bootstrap,
            client_id=self.group,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=settings.fetch_wait_ms,
            max_poll_interval_ms=_NO_POLL_LIMIT_MS,
            session_timeout_ms=settings.session_timeout_ms,
            rebalance_timeout_ms=settings.rebalance_timeout_ms,
            heartbeat_interval_ms=3000,
            request_timeout_ms=max(40_000, settings.rebalance_timeout_ms + 10_000),
        )
