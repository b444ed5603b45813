"""Reads what a service publishes, as another team would: straight from Kafka."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from tldr_bus import Received
from tldr_bus.events.envelope import decode
from tldr_bus.events.record import Record
from tldr_contracts.topics import Topic
from tldr_testing.deadline import eventually


@dataclass(frozen=True, slots=True)
class Recorded:
    """Events of one subject in the order they came first; one that is sent again is the same event."""

    events: list[Received[Any]]

    def of_kind(self, kind: str) -> list[Any]:
        """The facts of that name in the topic's oneof."""
        return [event.fact for event in self.events if event.kind == kind]


class Recorder:
    """Everything published on a topic from now on."""

    def __init__(self, bootstrap: str, topic: Topic) -> None:
        self._topic = topic
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=50)
        self._seen: dict[str, Received[Any]] = {}

    async def start(self) -> None:
        """From the end of each partition."""
        await self._consumer.start()
        partitions = [TopicPartition(self._topic.name, number) for number in range(self._topic.partitions)]
        self._consumer.assign(partitions)
        await self._consumer.seek_to_end(*partitions)
        for partition in partitions:
            await self._consumer.position(partition)

    async def stop(self) -> None:
        """Read no more. A fetch that was under way while the loop stood still ends as one that took too long."""
        with suppress(TimeoutError):
            await self._consumer.stop()

    async def of(self, subject: str) -> Recorded:
        """What came about this subject so far."""
        batches = await self._consumer.getmany(timeout_ms=50)
        for records in batches.values():
            for found in records:
                record = Record(
                    found.topic, found.partition, found.offset, found.key, found.value, tuple(found.headers)
                )
                event = decode(record, self._topic.message)
                self._seen.setdefault(event.id, event)
        return Recorded([event for event in self._seen.values() if event.subject == subject])

    async def until(self, subject: str, kind: str, *, count: int = 1, limit_s: float = 30.0) -> Recorded:
        """What came about this subject once `count` facts of that name are among it."""

        async def look() -> Recorded | None:
            recorded = await self.of(subject)
            return recorded if len(recorded.of_kind(kind)) >= count else None

        return await eventually(look, limit_s=limit_s)
