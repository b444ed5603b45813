"""An organization that lost all its keys is let in again by an operator."""

from dataclasses import dataclass

import httpx
import pytest_asyncio
import sqlalchemy as sa

from tldr_contracts.ids import new_id
from tldr_gateway.adapters.accounts.recovery_postgres import Recovery
from tldr_service import SystemClock
from tldr_testing import Hosted


@dataclass(frozen=True, slots=True)
class Locked:
    """An organization whose only key was revoked."""

    hosted: Hosted
    organization: str
    lost: str
    email: str

    @property
    def recovery(self) -> Recovery:
        """What the command line uses."""
        return Recovery(self.hosted.database, SystemClock())

    async def status_with(self, key: str) -> int:
        """How the API answers."""
        async with httpx.AsyncClient(base_url=self.hosted.url, trust_env=False) as http:
            return (await http.get("/v1/organization", headers={"authorization": f"Bearer {key}"})).status_code


@pytest_asyncio.fixture
async def locked(gateway: Hosted) -> Locked:
    email = f"{new_id('usr')}@example.com"
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        body = {"name": "Example", "owner": {"email": email}}
        made = (await http.post("/v1/organizations", json=body)).json()
    return Locked(gateway, made["organization"]["id"], made["api_key"]["key"], email)


async def test_an_organization_without_a_key_is_let_in_again_and_the_audit_log_says_who_did_it(locked: Locked) -> None:
    found = await locked.recovery.find(f" {locked.email.replace('example.com', 'Example.com')} ")
    assert found == locked.organization == await locked.recovery.find(locked.organization)
    key, secret = await locked.recovery.recover(found, revoke_others=True)
    assert (await locked.status_with(locked.lost), await locked.status_with(secret)) == (401, 200)
    async with locked.hosted.database.tenant(found) as transaction:
        rows = await transaction.execute(sa.text("SELECT actor, action, subject FROM audit_log ORDER BY at, action"))
    assert ("operator", "access.recovered", key.id) in {tuple(row) for row in rows}


async def test_other_keys_stay_unless_asked_and_nobody_unknown_is_found(locked: Locked) -> None:
    assert await locked.recovery.find("stranger@example.com") is None
    found = await locked.recovery.find(locked.organization)
    assert found
    await locked.recovery.recover(found, revoke_others=False)
    assert await locked.status_with(locked.lost) == 200
