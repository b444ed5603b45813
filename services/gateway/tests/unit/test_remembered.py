"""Answers that are good for half a second."""

import asyncio
from dataclasses import dataclass, field

import pytest

from tldr_gateway.adapters.accounts.remembered import Remembered


@dataclass
class Ledger:
    """Answers with how often it was asked, once it is let."""

    asked: int = 0
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def one(self) -> int:
        self.asked += 1
        mine = self.asked
        await self.let.wait()
        return mine

    async def none(self) -> None:
        self.asked += 1

    async def fails(self) -> int:
        self.asked += 1
        raise OSError("away")


@dataclass
class Watch:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


async def test_of_many_at_a_time_one_asks_and_one_who_goes_takes_nobody_along() -> None:
    ledger, remembered = Ledger(), Remembered[int](0.5, 10)
    first, *rest = [asyncio.create_task(remembered.answer("key", ledger.one)) for _ in range(20)]
    await asyncio.sleep(0)
    first.cancel()
    ledger.let.set()
    assert await asyncio.gather(*rest) == [1] * 19
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_an_answer_counts_from_when_it_was_asked_for() -> None:
    watch, ledger = Watch(), Ledger()
    remembered = Remembered[int](0.5, 10, watch)
    slow = asyncio.create_task(remembered.answer("key", ledger.one))
    await asyncio.sleep(0)
    watch.now += 0.5
    late = asyncio.create_task(remembered.answer("key", ledger.one))
    await asyncio.sleep(0)
    ledger.let.set()
    assert (await slow, await late) == (1, 2)
    watch.now += 0.49
    assert await remembered.answer("key", ledger.one) == 2
    watch.now += 0.01
    assert await remembered.answer("key", ledger.one) == 3


async def test_what_is_not_there_and_what_failed_is_asked_for_again() -> None:
    ledger, remembered = Ledger(), Remembered[int | None](0.5, 10)
    for _ in range(2):
        assert await remembered.answer("unknown", ledger.none) is None
        with pytest.raises(OSError, match="away"):
            await remembered.answer("away", ledger.fails)
    await asyncio.sleep(0)
    assert (ledger.asked, len(remembered)) == (4, 0)


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    ledger, remembered = Ledger(), Remembered[int](0.5, 10)
    ledger.let.set()
    for number in range(25):
        await remembered.answer(str(number), ledger.one)
    assert len(remembered) <= 10
