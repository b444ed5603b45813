"""Row-level security: without an organization nothing is seen, and nobody reads or writes another's highlights."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

SEEDED = ["highlight_labels", "highlights", "jobs", "outbox", "runs", "segments", "streams"]


async def test_highlights_are_their_organizations_alone(mesh: Any, new_mesh: Callable[[], Any]) -> None:
    await mesh.store_segments()
    highlight = await mesh.detect(1_000, 2_000)
    await mesh.complete(highlight)
    await mesh.settled()
    other = await new_mesh()
    async with other.asking() as http:
        for path in ("", "/clip", "/thumbnail"):
            assert (await http.get(f"/internal/highlights/{highlight}{path}")).status_code == 404
        assert (await http.get(f"/internal/streams/{mesh.stream}/highlights")).json()["highlights"] == []
    who = {"organization": mesh.organization}
    for table in SEEDED:
        whole = text(f"SELECT row_to_json(t)::text AS row FROM {table} AS t WHERE organization_id = :organization")
        async with mesh.store.database.tenant(mesh.organization) as transaction:
            row = next(iter(await transaction.execute(whole, who))).row
        async with mesh.store.database.untenanted() as transaction:
            assert list(await transaction.execute(text(f"SELECT 1 FROM {table}"))) == []
        async with mesh.store.database.tenant(other.organization) as transaction:
            assert list(await transaction.execute(whole, who)) == []
            change = text(f"UPDATE {table} SET organization_id = organization_id WHERE organization_id = :organization")
            assert (await transaction.execute(change, who)).rowcount == 0
            gone = text(f"DELETE FROM {table} WHERE organization_id = :organization")
            assert (await transaction.execute(gone, who)).rowcount == 0
        columns = await mesh.rows(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            f"WHERE table_name = '{table}' AND is_generated = 'NEVER'"
        )
        copied = f"SELECT {columns[0][0]} FROM json_populate_record(null::{table}, CAST(:row AS json))"
        taken = f"INSERT INTO {table} ({columns[0][0]}) OVERRIDING SYSTEM VALUE {copied}"
        with pytest.raises(DBAPIError, match="row-level security"):
            async with mesh.store.database.tenant(other.organization) as transaction:
                await transaction.execute(text(taken), {"row": row})
