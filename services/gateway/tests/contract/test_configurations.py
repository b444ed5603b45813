"""What is configured, over memory and over PostgreSQL."""

from datetime import timedelta
from typing import Any

from tldr_contracts.ids import new_id
from tldr_gateway.domain.configuration.configured import Configured, Head, Kind
from tldr_testing import NOW

SET, CONFIG = Kind.DIMENSION_SET, Kind.PROCESSING_CONFIG


def first(number: int, kind: Kind = SET) -> Configured:
    return Configured(
        new_id(kind.prefix), kind, 1, f"Number {number}", {"weight": 1 / 3, "none": None}, NOW, NOW, "key_1"
    )


async def kept(ports: Any, *every: Configured) -> None:
    for one in every:
        await ports.configurations.add(one)


async def test_every_version_is_kept_and_the_newest_is_the_present_one(ports: Any) -> None:
    shelf, one = ports.configurations, first(1)
    await kept(ports, one)
    assert await shelf.get(SET, one.id) == await shelf.lock(SET, one.id) == one
    later = one.changed("Renamed", {"weight": 0.25}, at=NOW + timedelta(seconds=1), by="key_2")
    await shelf.save(later)
    assert await shelf.get(SET, one.id) == later
    assert await shelf.versions(SET, one.id, before=None, limit=9) == [later, one]
    assert await shelf.versions(SET, one.id, before=2, limit=9) == [one]
    assert await shelf.versions(SET, one.id, before=None, limit=1) == [later]
    assert [await shelf.version(SET, one.id, number) for number in (1, 2, 3)] == [one, later, None]
    assert await shelf.heads() == [Head(one.id, SET, 2, "Renamed")]


async def test_kinds_do_not_see_each_other(ports: Any) -> None:
    shelf, one, config = ports.configurations, first(1), first(1, CONFIG)
    await kept(ports, one, config)
    assert await shelf.get(CONFIG, one.id) is None
    assert await shelf.page(CONFIG, before=None, limit=9) == [config]
    assert await shelf.delete(CONFIG, one.id) is False
    assert await shelf.delete(SET, one.id) is True
    assert await shelf.versions(SET, one.id, before=None, limit=9) == []
    assert [head.id for head in await shelf.heads()] == [config.id]


async def test_pages_are_newest_first(ports: Any) -> None:
    every = [first(number) for number in range(3)]
    await kept(ports, *every)
    assert await ports.configurations.page(SET, before=None, limit=2) == [every[2], every[1]]
    assert await ports.configurations.page(SET, before=every[1].id, limit=2) == [every[0]]
