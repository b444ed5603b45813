"""Create the topics of the registry and verify their partitions, before anything is sent or read."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from tldr_bus.kafka.broker import Broker, BrokerUnavailable
from tldr_bus.kafka.closing import give_back
from tldr_contracts.topics import Topic

_DEADLINE_S = 30.0
_NO_ERROR, _EXISTS = 0, 36
_DEAD_LETTER_RETENTION = timedelta(days=30)


class TopicMismatch(Exception):
    """A topic has another number of partitions than the registry says; nothing is sent or read until that is mended."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    partitions: int
    settings: Mapping[str, str]


async def ensure_topics(broker: Broker, topics: Iterable[Topic], *, replication: int = 1) -> None:
    """Create what is missing of these topics and of their readers' dead-letter topics, then verify the partitions.

    Safe to repeat, and to run in several processes at once. Raises TopicMismatch, and BrokerUnavailable.
    """
    wanted = _wanted(topics)
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap, request_timeout_ms=10_000)
    try:
        async with asyncio.timeout(_DEADLINE_S):
            await admin.start()
            await _create(admin, wanted, replication)
            await _verify(admin, wanted)
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerUnavailable(f"cannot create topics at {broker.bootstrap}: {error!r}") from error
    finally:
        await give_back(admin.close())


def _wanted(topics: Iterable[Topic]) -> dict[str, _Wanted]:
    wanted: dict[str, _Wanted] = {}
    for topic in topics:
        settings = {"retention.ms": str(int(topic.retention.total_seconds() * 1000))}
        # A snapshot is kept for as long as it is the latest, so a compacted topic has no retention.
        wanted[topic.name] = _Wanted(topic.partitions, {"cleanup.policy": "compact"} if topic.compacted else settings)
        for reader in topic.readers:
            kept = str(int(_DEAD_LETTER_RETENTION.total_seconds() * 1000))
            wanted[topic.dead_letters(reader)] = _Wanted(1, {"retention.ms": kept})
    return wanted


async def _create(admin: AIOKafkaAdminClient, wanted: Mapping[str, _Wanted], replication: int) -> None:
    # All topics are listed: a broker may create, with its own number of partitions, a topic it is asked about by name.
    there = await _partitions(admin)
    missing = [
        NewTopic(name, topic.partitions, replication, topic_configs=dict(topic.settings))
        for name, topic in wanted.items()
        if name not in there
    ]
    if not missing:
        return
    answer = await admin.create_topics(missing, timeout_ms=10_000)
    for name, code, *rest in answer.topic_errors:
        if code not in (_NO_ERROR, _EXISTS):
            raise BrokerUnavailable(f"the broker refused to create {name}: error {code} {' '.join(map(str, rest))}")


async def _verify(admin: AIOKafkaAdminClient, wanted: Mapping[str, _Wanted]) -> None:
    while True:
        there = await _partitions(admin)
        # A broker may answer before every node knows the new topics.
        if all(there.get(name) for name in wanted):
            break
        await asyncio.sleep(0.1)
    wrong = [
        f"{name} has {there[name]} partitions, the registry says {topic.partitions}"
        for name, topic in wanted.items()
        if there[name] != topic.partitions
    ]
    if wrong:
        raise TopicMismatch("; ".join(wrong))


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
