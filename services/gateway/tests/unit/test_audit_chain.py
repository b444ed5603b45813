"""The chain of the audit log: whatever is changed, taken out or put in is found at its place."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_gateway.domain.audit.event import AuditEvent, Link, first_break, written
from tldr_testing import NOW

START = Link(0, b"")


def chain(length: int) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    for number in range(1, length + 1):
        last = events[-1].hash if events else b""
        event = AuditEvent(
            "org_1", number, NOW, "key_1", None, "api_key.created", f"key_{number}", None, "{}", last, b""
        )
        events.append(replace(event, hash=event.computed()))
    return events


def test_a_chain_holds_from_any_of_its_places() -> None:
    events = chain(5)
    assert first_break(START, events) is None
    assert first_break(Link(2, events[1].hash), events[2:]) is None
    assert first_break(START, []) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "key_2"},
        {"address": "203.0.113.7"},
        {"action": "api_key.revoked"},
        {"subject": "key_9"},
        {"before": "{}"},
        {"after": None},
        {"organization": "org_2"},
        {"at": NOW.replace(microsecond=1)},
        {"position": 4},
    ],
)
def test_a_changed_entry_is_found(change: dict[str, Any]) -> None:
    events = chain(5)
    events[2] = replace(events[2], **change)
    assert first_break(START, events) == 3
    events[2] = replace(events[2], hash=events[2].computed())
    assert first_break(START, events) in {3, 4}, "also when its own hash was made anew"


def test_an_entry_that_is_gone_or_was_put_in_is_found() -> None:
    events = chain(5)
    assert first_break(START, events[:2] + events[3:]) == 3
    assert first_break(START, [*events[:3], events[2], *events[3:]]) == 4
    assert first_break(START, events[1:]) == 1


def test_fields_do_not_run_into_each_other() -> None:
    (event,) = chain(1)
    assert replace(event, actor="a", action="bc").computed() != replace(event, actor="ab", action="c").computed()
    assert replace(event, before=None, after="x").computed() != replace(event, before="x", after=None).computed()


def test_details_are_written_one_way() -> None:
    assert written({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'
    assert written(None) is None
