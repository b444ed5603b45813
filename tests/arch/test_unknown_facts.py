"""Every service counts a fact that it does not know, of any topic it reads, and knows each fact that there is."""

from collections.abc import Generator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest

from tldr_bus import Received, Subscription
from tldr_bus.events.unknown import unknown_facts
from tldr_contracts.topics import SERVICES
from tldr_testing import golden, received
from tldr_testing.samples import SAMPLES


class Anything:
    """Stands for whatever a handler works with, and does nothing."""

    def __getattr__(self, name: str) -> "Anything":
        return self

    def __call__(self, *_: Any, **__: Any) -> "Anything":
        return self

    def __await__(self) -> Generator[None, None, "Anything"]:
        yield from ()
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())


def subscriptions(service: str) -> list[Subscription[Any]]:
    """What a service reads, handled by its own handlers over nothing."""
    events = import_module(f"tldr_{service.replace('-', '_')}.entrypoints.events").Events
    return list(events(**{field.name: Anything() for field in fields(events)}).subscriptions())


READ = [(service, one) for service in SERVICES for one in subscriptions(service)]
NAMES = [f"{service} reads {one.topic.name}" for service, one in READ]


def of_tomorrow(subscription: Subscription[Any], type: str) -> Received[Any]:
    topic, now = subscription.topic, datetime.now(UTC)
    return Received("1", type, "/tldr/test", now, "org_1", "str_1", 0, None, topic.message(), topic.name, 0, 0)


@pytest.mark.parametrize(("service", "subscription"), READ, ids=NAMES)
async def test_a_fact_of_a_newer_writer_is_counted(service: str, subscription: Subscription[Any]) -> None:
    topic = subscription.topic.name
    newer = f"{topic}.NewTo{service}"
    await subscription.handle(Anything(), of_tomorrow(subscription, newer))  # type: ignore[arg-type]
    assert unknown_facts([topic])[newer] == 1


@pytest.mark.parametrize(("service", "subscription"), READ, ids=NAMES)
async def test_every_fact_there_is_is_known(service: str, subscription: Subscription[Any]) -> None:
    topic = subscription.topic.name
    before = dict(unknown_facts([topic]))
    for sample in sorted((SAMPLES / topic).glob("*.json")):
        event = received(golden(topic, sample.stem), "org_1", subject="str_1")
        with suppress(TypeError, ValueError):  # a use case that works on nothing
            await subscription.handle(Anything(), event)  # type: ignore[arg-type]
    assert dict(unknown_facts([topic])) == before
