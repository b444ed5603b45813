"""The outbox and its retention, on a database alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tldr.organizations.v1 import organizations_pb2
from tldr.streams.v1 import streams_pb2
from tldr_bus import BusSettings, NotPublishable, PostgresOutbox, Publication, lane_of_organization, schema
from tldr_bus.sending.retention import Retention
from tldr_contracts.topics import CHAT, ORGANIZATIONS, STREAMS
from tldr_database import Database, DatabaseAddress, driver

OUTBOX = PostgresOutbox("gateway")
AGE = "UPDATE outbox SET created_at = now() - $1::interval, sent_at = now() - $1::interval"


@pytest.fixture
async def database(new_database: Callable[[str], Awaitable[DatabaseAddress]]) -> AsyncIterator[Database]:
    database = Database.connect(await new_database("gateway"))
    yield database
    await database.close()


def stopped(subject: str, lane: int | None = 3) -> Publication:
    message = streams_pb2.StreamEvent(stopped=streams_pb2.StreamStopped(stream_id=subject))
    return Publication(STREAMS, message, "org_a", subject, lane)


def snapshot(organization: str, version: int) -> Publication:
    changed = organizations_pb2.OrganizationChanged(organization_id=organization, version=version)
    message = organizations_pb2.OrganizationEvent(changed=changed)
    return Publication(ORGANIZATIONS, message, organization, organization)


async def rows(database: Database, statement: str, *arguments: object) -> list[Any]:
    async with database.system() as transaction:
        return list(await (await driver(transaction)).fetch(statement, *arguments))


async def publish(database: Database, *publications: Publication) -> None:
    async with database.tenant(publications[0].organization) as transaction:
        await OUTBOX.append(transaction, *publications)


async def sweep(database: Database) -> None:
    async with database.system() as transaction:
        await Retention(BusSettings(), ["gateway.compacted"]).sweep(await driver(transaction))


async def test_a_row_says_where_the_event_goes(database: Database) -> None:
    await publish(database, stopped("str_1", lane=13), stopped("str_1", lane=None))
    first, second = await rows(database, "SELECT * FROM outbox ORDER BY id")
    assert (first["topic"], first["partition"], first["lane"]) == ("tldr.streams.v1", 5, 13)
    assert (first["organization_id"], first["subject"], first["type"]) == (
        "org_a",
        "str_1",
        "tldr.streams.v1.StreamStopped",
    )
    assert second["lane"] == lane_of_organization("org_a")
    assert first["ce_id"] < second["ce_id"]
    assert first["ce_id"].version == 7


@pytest.mark.parametrize(
    ("publication", "reason"),
    [
        (Publication(CHAT, CHAT.message(), "org_a", "str_1", 1), "written by ingest alone"),
        (Publication(STREAMS, CHAT.message(), "org_a", "str_1", 1), "carries StreamEvent"),
        (Publication(STREAMS, STREAMS.message(), "org_a", "str_1", 1), "holds no fact"),
        (stopped(""), "1 to 255 characters"),
        (stopped("nul\x00"), "1 to 255 characters"),
        (stopped("s" * 900_000), "go by reference"),
    ],
)
async def test_what_breaks_the_rules_is_refused_before_anything_is_written(
    database: Database, publication: Publication, reason: str
) -> None:
    with pytest.raises(NotPublishable, match=reason):
        await publish(database, stopped("str_1"), publication)
    assert await rows(database, "SELECT id FROM outbox") == []


async def test_a_tenant_sees_neither_the_outbox_nor_the_parked_records_of_another(database: Database) -> None:
    await publish(database, stopped("str_1"))
    async with database.tenant("org_b") as transaction:
        connection = await driver(transaction)
        for table in ("outbox", "parked", "dead_letters", "outbox_subjects"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    columns = await rows(database, "SELECT column_name FROM information_schema.columns WHERE table_name = 'inbox'")
    assert {row["column_name"] for row in columns} == {"reader_group", "ce_id", "subject", "state", "at"}


async def test_events_of_an_open_stream_stay_and_go_a_day_after_it_was_closed(database: Database) -> None:
    await publish(database, stopped("str_1"), stopped("str_2"), stopped("about_no_stream", lane=None))
    await rows(database, AGE, timedelta(hours=25))
    await sweep(database)
    assert [row["subject"] for row in await rows(database, "SELECT subject FROM outbox ORDER BY id")] == [
        "str_1",
        "str_2",
    ]
    async with database.tenant("org_a") as transaction:
        await OUTBOX.close(transaction, "str_1")
        await OUTBOX.close(transaction, "str_2")
    await rows(database, "UPDATE outbox_subjects SET closed_at = now() - interval '25 h' WHERE subject = 'str_1'")
    await sweep(database)
    assert [row["subject"] for row in await rows(database, "SELECT subject FROM outbox")] == ["str_2"]


async def test_a_stream_nobody_closed_and_what_was_never_sent(database: Database) -> None:
    await publish(database, stopped("str_1"), stopped("str_2"))
    await rows(database, AGE, timedelta(days=15))
    await rows(database, "UPDATE outbox SET sent_at = NULL WHERE subject = 'str_2'")
    await sweep(database)
    assert [row["subject"] for row in await rows(database, "SELECT subject FROM outbox")] == ["str_2"]


async def test_the_latest_snapshot_of_each_organization_stays_for_ever(database: Database) -> None:
    for organization, version in (("org_a", 1), ("org_b", 1), ("org_a", 2)):
        await publish(database, snapshot(organization, version))
    await rows(database, AGE, timedelta(days=400))
    await sweep(database)
    kept = await rows(database, "SELECT organization_id, payload FROM outbox ORDER BY id")
    versions = [organizations_pb2.OrganizationEvent.FromString(row["payload"]).changed.version for row in kept]
    assert [(row["organization_id"], version) for row, version in zip(kept, versions, strict=True)] == [
        ("org_b", 1),
        ("org_a", 2),
    ]


async def test_inbox_rows_outlive_the_outbox_rows_they_answer(database: Database) -> None:
    enter = """
        INSERT INTO inbox (reader_group, ce_id, subject, state, at)
        VALUES ($1, gen_random_uuid(), $2, $3, now() - $4::interval)
    """
    close = "INSERT INTO outbox_subjects VALUES ($1, 'org_a', now() - $2::interval)"
    old, older = timedelta(hours=30), timedelta(hours=50)
    await rows(database, close, "closed long ago", older)
    await rows(database, close, "closed lately", old)
    for group, subject, state, age in (
        ("g", "open", "done", older),
        ("g", "closed lately", "done", older),
        ("g", "closed long ago", "done", older),
        ("g", "closed long ago", "parked", older),
        ("g", "closed long ago", "dead", older),
        ("gateway.compacted", "closed long ago", "done", timedelta(days=400)),
        ("g", "never closed", "done", timedelta(days=16)),
    ):
        await rows(database, enter, group, subject, state, age)
    await sweep(database)
    left = await rows(database, "SELECT reader_group, subject, state FROM inbox")
    assert {tuple(row) for row in left} == {
        ("g", "closed lately", "done"),
        ("g", "closed long ago", "parked"),
        ("g", "open", "done"),
        ("gateway.compacted", "closed long ago", "done"),
    }


def test_every_table_with_a_payload_belongs_to_tenants() -> None:
    statements: list[str] = []
    schema.create(statements.append, "gateway")
    with_payload = {
        words[2]
        for statement in statements
        if (words := statement.split())[:2] == ["CREATE", "TABLE"]
        and ("payload" in statement or "value bytea" in statement)
    }
    forced = {statement.split()[2] for statement in statements if statement.endswith("FORCE ROW LEVEL SECURITY")}
    assert with_payload == {"outbox", "parked", "dead_letters"}
    assert with_payload <= forced
