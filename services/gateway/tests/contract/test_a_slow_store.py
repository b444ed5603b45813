"""The object store is never asked while a transaction is open: it may be slow, and connections are few."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from tldr_bus import PostgresOutbox
from tldr_contracts.ids import OrganizationId, new_id
from tldr_database import Database, Transaction
from tldr_gateway.adapters.accounts.limits_postgres import PostgresLimits
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.limit_requests import LimitRequests
from tldr_gateway.domain.accounts.rates import Rate, Taken
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES
from tldr_gateway.domain.streams.source import UploadedObject
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.client_addresses import ClientAddresses
from tldr_gateway.entrypoints.http.idempotency import Once
from tldr_gateway.entrypoints.http.streams import streams
from tldr_gateway.entrypoints.http.uploads import uploads
from tldr_gateway.settings import GatewaySettings
from tldr_secrets import Sealer
from tldr_service import SystemClock
from tldr_testing.hosting import SEALING_KEY


@dataclass
class CountedDatabase:
    """Knows how many transactions are open."""

    database: Database
    open: int = 0

    @asynccontextmanager
    async def tenant(self, organization: str) -> AsyncIterator[Transaction]:
        self.open += 1
        try:
            async with self.database.tenant(organization) as transaction:
                yield transaction
        finally:
            self.open -= 1


@dataclass
class WatchingStore:
    """Notes what was asked, and how many transactions were open."""

    database: CountedDatabase
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def ready(self, organization: str) -> None:
        self.asked.append(("ready", self.database.open))

    def upload_url(self, upload: UploadedObject) -> str:
        return "https://files.example.com"

    async def found(self, upload: UploadedObject) -> UploadedObject | None:
        self.asked.append(("found", self.database.open))
        return upload


class Plenty:
    async def take(self, subject: str, rate: Rate) -> Taken:
        return Taken(True, rate.burst, 0.0, 0.0)


async def test_no_transaction_is_open_while_the_store_is_asked(database: Database) -> None:
    organization, counted = OrganizationId(new_id("org")), CountedDatabase(database)
    store = WatchingStore(counted)

    async def anybody(presented: str, address: object) -> Caller:
        return Caller(organization, "key_1", ALL_SCOPES)

    sealed = SealedAddresses(Sealer(SEALING_KEY))
    work = WorkFactory(PostgresOutbox("gateway"), sealed, FileProfiles.read(), SystemClock())
    settings = GatewaySettings.model_validate({"TLDR_SOURCE_KEYS": SEALING_KEY})
    parts: dict[str, Any] = {
        "authenticate": anybody,
        "addresses": ClientAddresses(),
        "limit": LimitRequests(Plenty(), PostgresLimits(counted), Rate(60, 60), SystemClock()),  # type: ignore[arg-type]
        "view": None,
        "internal": None,
        "settings": settings,
        "cursors": None,
        "once": Once(sealed.sealer),
    }
    api = Api(database=counted, work=work, files=store, **parts)  # type: ignore[arg-type]
    async with counted.tenant(organization) as transaction:
        await work(transaction, organization).register(
            organization, name="E", email=f"{organization}@e.com", plan="free"
        )
    app = FastAPI()
    for part in (uploads, streams):
        app.include_router(part.routes(api))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        upload = (await http.post("/v1/uploads", json={"kind": "media", "size_bytes": 10})).json()["id"]
        wanted, key = {"source": {"upload_id": upload}}, {"idempotency-key": "once"}
        made = await http.post("/v1/streams", json=wanted, headers=key)
        assert made.status_code == 201, made.text
        assert store.asked == [("ready", 0), ("found", 0)]
        assert (await http.post("/v1/streams", json=wanted, headers=key)).json() == made.json()
        assert len(store.asked) == 2, "an answer that is given again needs no look"
