"""What is not known is not shown as nothing."""

import asyncio
import math
from datetime import UTC, datetime
from typing import Any

from tldr_bus import BusSettings, Received, unknown_fact
from tldr_bus.condition import Condition
from tldr_bus.events.unknown import unknown_facts
from tldr_bus.reading.reader import Reader
from tldr_contracts.topics import STREAMS


class Watch:
    def __init__(self) -> None:
        self.condition = Condition("broker")


class Session:
    lag = 7


def test_the_lag_of_a_reader_that_reads_nothing_is_not_a_number() -> None:
    watch: Any = Watch()
    reader = Reader(
        topic=STREAMS,
        service="ingest",
        deliver=None,  # type: ignore[arg-type]
        watch=watch,
        slots=asyncio.Semaphore(1),
        settings=BusSettings(),
    )
    assert math.isnan(reader.lag)
    reader._session = Session()  # type: ignore[assignment]
    assert (reader.lag, reader.connected) == (7, True)
    watch.condition.trouble(OSError("no broker"))
    assert math.isnan(reader.lag)
    assert not reader.connected


def test_unknown_facts_are_counted_by_type() -> None:
    message = STREAMS.message()
    received = Received("1", "tldr.x.v9.Y", "s", datetime.now(UTC), "org", "str", 0, None, message, "tldr.x.v9", 0, 0)
    for _ in range(3):
        unknown_fact(received)
    assert unknown_facts(["tldr.x.v9"]) == {"tldr.x.v9.Y": 3}
    assert unknown_facts(["tldr.streams.v1"]) == {}
