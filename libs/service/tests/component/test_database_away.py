"""A database in trouble is a 503 with a sentence, wherever in a request it comes up; a fault of ours stays a 500."""

import httpx
from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from starlette.middleware import Middleware

from tldr_database import Database, DatabaseAddress, provision
from tldr_service.database_away import DatabaseAway
from tldr_testing import refused
from tldr_web import application

_NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"


def caller(database: Database) -> httpx.AsyncClient:
    """Calls a service whose answers need this database."""
    router = APIRouter()

    @router.get("/asks")
    async def asks(of: str) -> int:
        async with database.tenant("org_1") as transaction:
            await transaction.execute(text("SET LOCAL statement_timeout = '20ms'"))
            return int((await transaction.execute(text(of))).scalar_one())

    async def nothing() -> None:
        return

    async def never() -> dict[str, bool]:
        return {}

    inside = [Middleware(DatabaseAway)]
    app = application("asked", [router], ready=never, metrics=CollectorRegistry(), refresh=nothing, middleware=inside)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://asked")


async def test_a_database_that_is_not_there_is_a_503() -> None:
    database = Database.connect(DatabaseAddress(_NOWHERE, _NOWHERE, _NOWHERE))
    async with caller(database) as http:
        answer = await http.get("/asks", params={"of": "SELECT 1"})
        refused(answer, 503, "temporarily_unavailable")
        assert answer.headers["retry-after"] == "5"
    await database.close()


async def test_a_slow_statement_is_a_503_and_a_wrong_one_a_500(postgres_admin: str) -> None:
    database = Database.connect(await provision(postgres_admin, "database-away", "secret"))
    async with caller(database) as http:
        refused(await http.get("/asks", params={"of": "SELECT 1 FROM pg_sleep(5)"}), 503, "temporarily_unavailable")
        refused(await http.get("/asks", params={"of": "SELECT 1/0"}), 500, "internal_error")
        assert (await http.get("/asks", params={"of": "SELECT 7"})).json() == 7
    await database.close()
