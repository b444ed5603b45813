"""The audit log over HTTP, and the chain that the database makes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tldr_contracts.ids import new_id
from tldr_gateway.adapters.audit.audit_postgres import PostgresAuditLog
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.application.audit.verify_chain import VerifyChain
from tldr_testing import Hosted, refused

WHERE = "/v1/audit-events"


async def read(customer: Any, **wanted: Any) -> Any:
    return (await customer.http.get(WHERE, params=wanted)).raise_for_status().json()


async def verified(customer: Any, **wanted: Any) -> Any:
    return (await customer.http.get(f"{WHERE}/verification", params=wanted)).raise_for_status().json()


async def made(customer: Any, name: str = "reader") -> Any:
    body = {"name": name, "scopes": ["streams:read"]}
    return (await customer.http.post("/v1/api-keys", json=body)).raise_for_status().json()


async def as_owner(gateway: Hosted, statement: str, *values: Any) -> None:
    """What nobody but whoever runs the database can do."""
    connection = await asyncpg.connect(gateway.settings.database_owner_url.get_secret_value())
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


async def test_acts_on_keys_are_told_with_actor_address_and_what_changed(customer: Any) -> None:
    key = await made(customer)
    await customer.http.patch(f"/v1/api-keys/{key['id']}", json={"name": "other"})
    await customer.http.delete(f"/v1/api-keys/{key['id']}")
    revoked, changed, created, registered = (await read(customer))["audit_events"]
    first = registered["after"]["first_key"]
    assert registered["action"] == "organization.registered"
    assert [event["action"] for event in (created, changed, revoked)] == [
        "api_key.created",
        "api_key.changed",
        "api_key.revoked",
    ]
    assert {event["subject"] for event in (created, changed, revoked)} == {key["id"]}
    assert {event["address"] for event in (created, changed, revoked)} == {"127.0.0.1"}
    assert (changed["before"]["name"], changed["after"]["name"]) == ("reader", "other")
    assert (created["before"], revoked["after"], first["scopes"]) == (None, None, ["admin"])
    assert [event["position"] for event in (registered, created, changed, revoked)] == [1, 2, 3, 4]
    assert changed["previous_hash"] == created["hash"]


async def test_the_log_is_filtered_and_paged(customer: Any) -> None:
    keys = [await made(customer) for _ in range(3)]
    created = await read(customer, action="api_key.created", limit=2)
    rest = await read(customer, action="api_key.created", limit=2, cursor=created["next_cursor"])
    found = [event["subject"] for event in (*created["audit_events"], *rest["audit_events"])]
    assert (found, rest["next_cursor"]) == ([key["id"] for key in reversed(keys)], None)
    maker = created["audit_events"][0]["actor"]
    assert len((await read(customer, actor=maker))["audit_events"]) == 3
    then = created["audit_events"][1]["at"]
    assert [
        event["at"] for event in (await read(customer, since=then, limit=1, action="api_key.created"))["audit_events"]
    ]
    assert all(event["at"] < then for event in (await read(customer, until=then))["audit_events"])
    refused(await customer.http.get(WHERE, params={"since": "yesterday"}), 422, "invalid_request")
    reader = {"authorization": f"Bearer {keys[0]['key']}"}
    refused(await customer.http.get(WHERE, headers=reader), 403, "missing_scope")


async def test_a_chain_has_no_gap_when_many_act_at_a_time_and_says_where_it_is_broken(
    gateway: Hosted, customer: Any
) -> None:
    await asyncio.gather(*(made(customer) for _ in range(8)))
    whole = await verified(customer)
    assert (whole["intact"], whole["checked"], whole["head_position"], whole["next_after"]) == (True, 9, 9, None)
    assert (await verified(customer, after=5))["checked"] == 4
    async with gateway.database.tenant(customer.organization) as transaction:
        verify = VerifyChain(PostgresAuditLog(transaction, customer.organization))
        part = await verify(0, limit=4)
        assert (part.intact, part.checked, part.next_after) == (True, 4, 4)
    mine = customer.organization
    await as_owner(gateway, "UPDATE audit_log SET actor = 'key_x' WHERE organization_id = $1 AND position = 6", mine)
    broken = await verified(customer)
    assert (broken["intact"], broken["checked"], broken["broken_at"]) == (False, 5, 6)
    await as_owner(gateway, "DELETE FROM audit_log WHERE organization_id = $1 AND position > 5", mine)
    cut = await verified(customer)
    assert (cut["intact"], cut["broken_at"]) == (False, 6)


async def test_nobody_but_the_database_writes_the_chain(gateway: Hosted, customer: Any) -> None:
    forged = text(
        "INSERT INTO audit_log (organization_id, at, actor, action, subject, position, previous_hash, hash)"
        " VALUES (:organization, now(), 'me', 'a.b', 'x', 40, 'a', 'b')"
    )
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.execute(forged, {"organization": customer.organization})
    assert (await read(customer))["audit_events"][0]["position"] == 2
    assert (await verified(customer))["intact"]
    for statement in ("UPDATE audit_heads SET position = 0", "DELETE FROM audit_heads", "SELECT chain_audit_entry(1)"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with gateway.database.system() as transaction:
                await transaction.execute(text(statement))


async def test_what_was_kept_long_enough_is_forgotten_from_the_old_end_and_no_year_is(gateway: Hosted) -> None:
    organization, now = new_id("org"), datetime.now(UTC)
    add = text(
        "INSERT INTO audit_log (organization_id, at, actor, action, subject) VALUES (:organization, :at, 'a', 'b.c', 'd')"
    )
    for days in (500, 499, 1, 498):
        async with gateway.database.tenant(organization) as transaction:
            await transaction.execute(add, {"organization": organization, "at": now - timedelta(days=days)})
    sweeps = PostgresSweeps(gateway.database)
    with pytest.raises(DBAPIError, match="at least a year"):
        await sweeps.forget_audit_entries(now - timedelta(days=300))
    await sweeps.forget_audit_entries(now - timedelta(days=400))
    async with gateway.database.tenant(organization) as transaction:
        found = await VerifyChain(PostgresAuditLog(transaction, organization))()
    assert (found.intact, found.after, found.checked, found.head.position) == (True, 2, 2, 4)
