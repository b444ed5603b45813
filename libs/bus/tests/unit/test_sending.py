"""Rows on their way to a partition: the one that the broker will not take is found, and the others are sent."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, NotLeaderForPartitionError
from aiokafka.producer.message_accumulator import BatchBuilder

from tldr_bus.sending.batches import Sender

PLACE = ("tldr.streams.v1", 3)


class Producer:
    """Takes batches in order; one that holds a text it was told of fails."""

    def __init__(self, text: bytes, error: type[KafkaError]) -> None:
        self.text, self.error = text, error
        self.taken: list[int] = []

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(1 << 16, 0, is_transactional=False, key_serializer=None, value_serializer=None)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> Awaitable[None]:
        confirmed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.text in bytes(batch._build()):
            confirmed.set_exception(self.error())
        else:
            self.taken.append(batch.record_count())
            confirmed.set_result(None)
        return confirmed


def row(id: int, payload: bytes) -> dict[str, Any]:
    known = {"topic": PLACE[0], "partition": PLACE[1], "organization_id": "org_1", "subject": "str_1", "lane": 3}
    named = {"ce_id": f"event {id}", "type": "tldr.streams.v1.StreamStarted", "traceparent": None, "header_names": None}
    return {"id": id, "payload": payload, "created_at": datetime.now(UTC), "header_values": None, **known, **named}


ROWS: Any = [row(1, b"first"), row(2, b"second"), row(3, b"too much"), row(4, b"fourth")]


async def test_a_record_the_broker_takes_no_batch_with_is_refused_and_all_others_are_sent() -> None:
    producer: Any = Producer(b"too much", MessageSizeTooLargeError)
    sent = await Sender(producer, "/tldr/test").send(PLACE, ROWS)
    assert (sent.ids, list(sent.refused), sent.error) == ([1, 2, 4], [3], None)
    assert "takes no record so large" in sent.refused[3]


@pytest.mark.parametrize("at", [0, 2])
async def test_trouble_with_the_broker_refuses_nothing_and_stops_the_rest(at: int) -> None:
    producer: Any = Producer(ROWS[at]["payload"], NotLeaderForPartitionError)
    sent = await Sender(producer, "/tldr/test").send(PLACE, ROWS)
    assert (sent.ids, sent.refused) == ([], {})
    assert sent.error is not None
