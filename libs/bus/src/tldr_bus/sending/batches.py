"""Rows of the outbox onto one partition, in order, as batches of a producer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder

from tldr_bus.kafka.broker import Broker, BrokerUnavailable, cluster_id
from tldr_bus.kafka.closing import give_back
from tldr_bus.sending.pending import record_of

_REQUEST_MS = 10_000
_SEND_S = 20.0
_BATCH_BYTES = 512 * 1024  # half of what Kafka takes by default
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)

Place = tuple[str, int]
"""A topic and one of its partitions."""


@dataclass(slots=True)
class Sent:
    """The ids of the rows that the broker has, those that no broker will ever take and why, and what stopped the rest."""

    ids: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    error: BrokerUnavailable | None = None


class Sending(Protocol):
    """Sends rows to the partitions of one broker."""

    async def cluster_id(self) -> str:
        """Which cluster it sends to. Raises BrokerUnavailable."""

    async def send(self, place: Place, rows: Sequence[asyncpg.Record]) -> Sent:
        """Send the rows of one partition in their order; after a failure nothing more of them. Several may be under way,
        each to a partition of its own.
        """

    async def close(self) -> None:
        """Stop at once, also when the broker is gone: nothing arrives any more of what was not confirmed."""


class Sender:
    """`Sending` with a producer."""

    def __init__(self, producer: AIOKafkaProducer, source: str) -> None:
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
        return cls(producer, source)

    async def cluster_id(self) -> str:
        """See `Sending.cluster_id`."""
        return await cluster_id(self._producer.client)

    async def close(self) -> None:
        """See `Sending.close`.

        The producer's sender is stopped first: `stop` alone would send what is left, and a batch that was given up on could
        then arrive on another log before those in front of it.
        """
        await give_back(self._producer._sender.close())
        await give_back(self._producer.stop())

    async def send(self, place: Place, rows: Sequence[asyncpg.Record]) -> Sent:
        """See `Sending.send`."""
        sent = Sent()
        start, most = 0, len(rows)
        while start < len(rows) and sent.error is None:
            batch, end = self._batch(rows[start : start + most])
            part = rows[start : start + end]
            if not part:
                sent.refused[rows[start]["id"]] = f"larger than a batch of {_BATCH_BYTES} bytes"
                start += 1
                continue
            try:
                async with asyncio.timeout(_SEND_S):
                    await (await self._producer.send_batch(batch, place[0], partition=place[1]))
            except _TOO_LARGE as error:
                if end > 1:
                    most = 1  # one by one, to find the one that is too large
                    continue
                sent.refused[part[0]["id"]] = f"the broker takes no record so large: {error!r}"
            except (KafkaError, OSError, TimeoutError, ValueError, AssertionError) as error:
                sent.error = BrokerUnavailable(f"{place[0]}[{place[1]}] was not sent: {error!r}")
                return sent
            else:
                sent.ids.extend(row["id"] for row in part)
            start += end
        return sent

    def _batch(self, rows: Sequence[asyncpg.Record]) -> tuple[BatchBuilder, int]:
        """A batch of the first rows, and how many there was room for."""
        batch = self._producer.create_batch()
        end = 0
        while end < len(rows) and self._add(batch, rows[end]):
            end += 1
        batch.close()
        return batch, end

    def _add(self, batch: BatchBuilder, row: asyncpg.Record) -> bool:
        record = record_of(row, self._source)
        time_ms = int(row["created_at"].timestamp() * 1000)
        return batch.append(timestamp=time_ms, key=record.key, value=record.value, headers=record.headers) is not None
