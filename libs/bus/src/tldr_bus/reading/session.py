"""One consumer's membership in its group: fetches, hands over to the lanes, commits, and gives up its partitions in peace."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from tldr_bus.events.envelope import lane_of
from tldr_bus.events.record import Record
from tldr_bus.reading.lanes import Deliver, Lanes
from tldr_bus.reading.offsets import Offsets
from tldr_bus.settings import BusSettings

_log = logging.getLogger(__name__)
_COMMIT_S = 5.0
_POLL_MS = 1000
_AT_ONCE = 500


class Session(ConsumerRebalanceListener):  # type: ignore[misc]
    """From joining to leaving. A record is fetched, queued in its lane, decided; then its offset may be committed."""

    def __init__(
        self, consumer: AIOKafkaConsumer, deliver: Deliver, slots: asyncio.Semaphore, settings: BusSettings
    ) -> None:
        self._consumer = consumer
        self._settings = settings
        self._offsets = Offsets()
        self._dirty = asyncio.Event()
        self._progress = asyncio.Event()
        self._commit_lock = asyncio.Lock()
        self.lanes = Lanes(deliver, self._done, slots, settings.lane_batch)
        self.assigned: frozenset[TopicPartition] = frozenset()

    @property
    def lag(self) -> int:
        """Records not decided yet on the partitions of which one was fetched."""
        ends = {place: self._consumer.highwater(place) or 0 for place in self.assigned}
        positions = self._offsets.positions()
        return sum(max(0, ends[place] - positions[place]) for place in self.assigned if place in positions)

    async def consume(self) -> None:
        """Fetch until cancelled, never holding more than `outstanding` records by much."""
        while True:
            # No time-out and no task around this: its records are queued before anything else can run, so a rebalance
            # either sees them or they are not handed out at all.
            fetched = await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)
            for place, found in fetched.items():
                for raw in found:
                    record = Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, raw.headers)
                    self._offsets.take(place, raw.offset)
                    self.lanes.put((raw.partition, lane_of(record)), record)
            while self._offsets.outstanding >= self._settings.outstanding:
                self._progress.clear()
                await self._progress.wait()

    async def keep_committing(self) -> None:
        """Commit what is decided, now and then, until cancelled."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self._commit()
            await asyncio.sleep(self._settings.commit_every)

    async def give_up(self) -> None:
        """Let the work in hand end, commit it, forget the rest: it is fetched again by whoever has the partitions next."""
        self.assigned = frozenset()
        await self.lanes.halt(self._settings.revoke_wait)
        await self._commit()
        self._offsets.clear()
        self._progress.set()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """The group waits for this, for `rebalance_timeout_ms`. All partitions go: the assignors are eager."""
        await self.give_up()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Partitions are ours from now on, from their committed offsets."""
        self.assigned = frozenset(assigned)

    def _done(self, records: Sequence[Record]) -> None:
        for record in records:
            self._offsets.done(TopicPartition(record.topic, record.partition), record.offset)
        self._dirty.set()
        self._progress.set()

    async def _commit(self) -> None:
        async with self._commit_lock:
            offsets = self._offsets.to_commit()
            if not offsets:
                return
            try:
                await asyncio.wait_for(self._consumer.commit(offsets), _COMMIT_S)
            except (KafkaError, OSError, TimeoutError) as error:
                # After a rebalance it is refused. Whoever has the partition gets the records again; the inbox drops them.
                _log.debug("offsets were not committed: %r", error)
                self._dirty.set()
            else:
                self._offsets.committed(offsets)
