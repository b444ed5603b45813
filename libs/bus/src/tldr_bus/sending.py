"""Rows of the outbox onto their partitions: in order, one batch outstanding for each partition."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from tldr_bus.broker import Broker, BrokerUnavailable, cluster_id
from tldr_bus.closing import give_back
from tldr_bus.pending import record_of

_REQUEST_MS = 10_000
_SEND_S = 20.0
_BATCH_BYTES = 512 * 1024  # half of what Kafka takes by default


@dataclass(frozen=True, slots=True)
class Sent:
    """The ids of the rows that the broker has, and what stopped the others."""

    ids: list[int]
    error: BrokerUnavailable | None


class Sender:
    """A producer on one broker. After a BrokerUnavailable it is to be closed and replaced."""

    def __init__(self, broker: Broker, producer: AIOKafkaProducer, source: str) -> None:
        self.broker = broker
        self._producer = producer
        self._source = source

    @classmethod
    async def connect(cls, broker: Broker, source: str) -> "Sender":
        """A sender whose producer has met the broker. Raises BrokerUnavailable."""
        producer = AIOKafkaProducer(
            bootstrap_servers=broker.bootstrap,
            client_id=f"relay{source.replace('/', '-')}",
            acks="all",
            enable_idempotence=broker.idempotent,
            max_batch_size=_BATCH_BYTES,
            request_timeout_ms=_REQUEST_MS,
        )
        try:
            await asyncio.wait_for(producer.start(), _SEND_S)
        except (KafkaError, OSError, TimeoutError) as error:
            await give_back(producer.stop())
            raise BrokerUnavailable(f"cannot reach {broker.bootstrap}: {error!r}") from error
        except BaseException:
            await give_back(producer.stop())
            raise
        return cls(broker, producer, source)

    async def cluster_id(self) -> str:
        """Which cluster it sends to. Raises BrokerUnavailable."""
        return await cluster_id(self._producer.client)

    async def send(self, rows: Iterable[asyncpg.Record]) -> Sent:
        """Send the rows of each partition in their order, the partitions side by side.

        A partition that fails sends nothing after the failure, so the rest stays pending in order.
        """
        partitions: dict[tuple[str, int], list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            partitions[row["topic"], row["partition"]].append(row)
        parts = await asyncio.gather(*(self._partition(*place, rows) for place, rows in partitions.items()))
        errors = [part.error for part in parts if part.error is not None]
        return Sent([id for part in parts for id in part.ids], errors[0] if errors else None)

    async def close(self) -> None:
        """Stop the producer at once, also when the broker is gone.

        Its sender is stopped first: `stop` alone would send what is left, and a batch that was given up on could then
        arrive on another log before those in front of it.
        """
        await give_back(self._producer._sender.close())
        await give_back(self._producer.stop())

    async def _partition(self, topic: str, partition: int, rows: Sequence[asyncpg.Record]) -> Sent:
        sent: list[int] = []
        start = 0
        while start < len(rows):
            batch = self._producer.create_batch()
            end = start
            while end < len(rows) and self._add(batch, rows[end]):
                end += 1
            batch.close()
            try:
                async with asyncio.timeout(_SEND_S):
                    await (await self._producer.send_batch(batch, topic, partition=partition))
            except (KafkaError, OSError, TimeoutError, ValueError, AssertionError) as error:
                return Sent(sent, BrokerUnavailable(f"{topic}[{partition}] was not sent: {error!r}"))
            sent.extend(row["id"] for row in rows[start:end])
            start = end
        return Sent(sent, None)

    def _add(self, batch: BatchBuilder, row: asyncpg.Record) -> bool:
        record = record_of(row, self._source)
        time_ms = int(row["created_at"].timestamp() * 1000)
        return batch.append(timestamp=time_ms, key=record.key, value=record.value, headers=record.headers) is not None
