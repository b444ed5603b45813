"""Row-level security: without an organization nothing is seen, and nobody reads or writes another's rows."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tldr_testing import eventually
from tldr_testing.hosting import Hosted

SEEDED = {
    "organizations",
    "users",
    "api_keys",
    "uploads",
    "streams",
    "stream_history",
    "stream_words",
    "idempotency",
    "audit_log",
    "configurations",
    "configuration_versions",
    "outbox",
    "outbox_subjects",
}


async def _seed(customer: Any) -> None:
    upload = await customer.uploaded()
    wanted = {"source": {"upload_id": upload}, "title": "Final"}
    made = await customer.http.post("/v1/streams", json=wanted, headers={"idempotency-key": "seed"})
    await customer.http.post(f"/v1/streams/{made.json()['id']}/cancel")
    (await customer.http.post("/v1/dimension-sets/gaming/clone")).raise_for_status()


@pytest.mark.parametrize("table", sorted(SEEDED))
async def test_rows_are_their_organizations_alone(gateway: Hosted, new_customer: Callable[[], Any], table: str) -> None:
    mine, other = await new_customer(), await new_customer()
    await _seed(mine)
    whole = text(f"SELECT row_to_json(t)::text AS row FROM {table} AS t WHERE organization_id = :organization")
    who = {"organization": mine.organization}
    async with gateway.database.tenant(mine.organization) as transaction:
        (row, *_) = [found.row for found in await transaction.execute(whole, who)]
        written = text(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_name = :table AND is_generated = 'NEVER'"
        )
        columns = (await transaction.execute(written, {"table": table})).scalar_one()
    async with gateway.database.untenanted() as transaction:
        assert list(await transaction.execute(text(f"SELECT 1 FROM {table}"))) == []
    async with gateway.database.tenant(other.organization) as transaction:
        assert list(await transaction.execute(whole, who)) == []
    for statement in (
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE "
        f"SELECT {columns} FROM json_populate_record(null::{table}, CAST(:row AS json))",
        f"UPDATE {table} SET organization_id = organization_id WHERE organization_id = :organization",
        f"DELETE FROM {table} WHERE organization_id = :organization",
    ):
        await _in_vain(gateway, other.organization, statement, {**who, "row": row})
    async with gateway.database.tenant(mine.organization) as transaction:
        assert list(await transaction.execute(whole, who)) != []


async def _in_vain(gateway: Hosted, organization: str, statement: str, values: dict[str, str]) -> None:
    """The statement touches no row, or is refused: 42501, by the policy or by a revoked privilege."""
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    outcome: Any = None
    try:
        async with gateway.database.tenant(organization) as transaction:
            outcome = (await transaction.execute(text(statement), used)).rowcount
    except DBAPIError as error:
        outcome = getattr(error.orig, "sqlstate", repr(error))
    assert outcome in {0, "42501"}, statement


@pytest.mark.parametrize("table", ["stream_history", "audit_log", "usage_ledger"])
async def test_books_are_only_appended_to(gateway: Hosted, customer: Any, table: str) -> None:
    for opened in (gateway.database.tenant(customer.organization), gateway.database.system()):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET organization_id = 'org_x'"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with opened as transaction:
                    await transaction.execute(text(statement))
            opened = gateway.database.tenant(customer.organization)


async def test_a_deleted_stream_takes_its_history_along(gateway: Hosted, customer: Any) -> None:
    stream = (await customer.submitted())["id"]
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204

    async def left() -> bool:
        async with gateway.database.system() as transaction:
            query = text("SELECT 1 FROM stream_history WHERE stream_id = :stream")
            return not list(await transaction.execute(query, {"stream": stream}))

    await eventually(left)
