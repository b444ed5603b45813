"""Everything that makes something, sent again with its `Idempotency-Key`: the operations are written here once more."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from tldr.highlights.v1 import highlights_pb2
from tldr_testing import Hosted, eventually, refused

NOISE: Final = [{"name": "noise", "weight": 1, "signals": [{"signal": "audio.crowd", "weight": 1}]}]
ROAR: Final = {"name": "roar", "title": "The hall roars", "criteria": {"min_scores": {"noise": 0.5}}}
ENDPOINT: Final = "/v1/webhook-endpoints/whe_1"
MESSAGE: Final = "/internal/endpoints/whe_1/messages/msg_1"


@dataclass(frozen=True, slots=True)
class Making:
    """`at`: its path, of things made before where they are between braces. `delete`: what takes the thing away, or makes its
    secret another. `neighbour`: where the thing is kept, if not here.
    """

    at: str
    delete: str = ""
    body: Any = None
    other: Any = None
    neighbour: str = ""


MAKES: Final = {
    "create_api_key": Making(
        "/v1/api-keys",
        "DELETE /v1/api-keys/{id}",
        {"name": "a", "scopes": ["streams:read"]},
        {"name": "b", "scopes": ["streams:read"]},
    ),
    "rotate_api_key": Making("/v1/api-keys/{key}/rotate", "DELETE /v1/api-keys/{id}", {"grace_s": 0}, {"grace_s": 60}),
    "create_upload": Making(
        "/v1/uploads", "upload", {"kind": "media", "size_bytes": 9}, {"kind": "media", "size_bytes": 8}
    ),
    "create_stream": Making(
        "/v1/streams",
        "DELETE /v1/streams/{id}",
        {"source": {"kind": "rtmp"}},
        {"source": {"url": "https://example.com/a.mp4"}},
    ),
    "rotate_stream_key": Making("/v1/streams/{pushed}/stream-key", "POST /v1/streams/{pushed}/stream-key"),
    "rescore_stream": Making(
        "/v1/streams/{finished}/rescores", "DELETE /v1/streams/{finished}", {"preset": "sports"}, {"preset": "gaming"}
    ),
    "create_scorer": Making(
        "/v1/scorers",
        body={"name": "ours", "from_verdicts": True},
        other={"name": "yours", "from_verdicts": True},
        neighbour="/internal/scorers",
    ),
    "create_webhook_endpoint": Making(
        "/v1/webhook-endpoints",
        body={"url": "https://example.com/hook"},
        other={"url": "https://example.com/other"},
        neighbour="/internal/endpoints",
    ),
    "rotate_webhook_secret": Making(
        f"{ENDPOINT}/rotate",
        body={"overlap_s": 0},
        other={"overlap_s": 60},
        neighbour="/internal/endpoints/whe_1/rotate",
    ),
    "test_webhook_endpoint": Making(f"{ENDPOINT}/test", neighbour="/internal/endpoints/whe_1/test"),
    "create_dimension_set": Making(
        "/v1/dimension-sets",
        "DELETE /v1/dimension-sets/{id}",
        {"name": "Ours", "dimensions": NOISE},
        {"name": "Yours", "dimensions": NOISE},
    ),
    "clone_dimension_set": Making(
        "/v1/dimension-sets/gaming/clone", "DELETE /v1/dimension-sets/{id}", {"name": "Ours"}, {"name": "Yours"}
    ),
    "create_highlight_type": Making(
        "/v1/highlight-types", "DELETE /v1/highlight-types/{id}", ROAR, {**ROAR, "title": "It roars"}
    ),
    "create_processing_config": Making(
        "/v1/processing-configs", "DELETE /v1/processing-configs/{id}", {"name": "Ours"}, {"name": "Yours"}
    ),
    "create_invitation": Making(
        "/v1/invitations",
        "DELETE /v1/invitations/{id}",
        {"email": "grace@example.com", "role": "viewer"},
        {"email": "grace@example.com", "role": "member"},
    ),
}
TABLES: Final = ("api_keys", "uploads", "streams", "runs", "configurations", "email_proofs", "audit_log", "idempotency")
MAKES_NONE: Final = {
    "stop_stream": "asks for a state",
    "cancel_stream": "asks for a state",
    "retry_stream": "asks for a state",
    "push_chat": "messages have ids of the customer's own",
    "push_signals": "a second has one figure of a signal",
    "dry_run_stream": "nothing is kept",
    "create_clip": "asked twice, it is cut once",
    "trim_highlight": "asks for a state, under If-Match",
    "redeliver_message": "the message has its id, and is sent again once it was not on its way",
    "recover_messages": "one job, however often it is asked for",
    "create_playlist_link": "nothing is kept",
}
NO_ORGANIZATION: Final = {
    "create_organization",
    "request_registration",
    "confirm_registration",
    "accept_invitation",
    "log_in",
    "log_in_browser",
    "log_out",
    "refresh_session",
    "request_password_reset",
    "reset_password",
}


@dataclass(slots=True)
class Maker:
    """A customer who makes things, some of which need others that were made before."""

    gateway: Hosted
    customer: Any
    neighbours: Any
    sample: Callable[[str, str], Any]

    async def path(self, template: str) -> str:
        """The path, with what it is about made."""
        for name, make in {"key": self._key, "pushed": self._pushed, "finished": self._finished}.items():
            if f"{{{name}}}" in template:
                return template.replace(f"{{{name}}}", await make())
        return template

    async def post(self, path: str, body: Any, key: str) -> httpx.Response:
        found: httpx.Response = await self.customer.http.post(path, json=body, headers={"idempotency-key": key})
        return found

    async def delete(self, making: Making, path: str, made: dict[str, Any]) -> None:
        if making.neighbour:
            self.neighbours.refusal = (404, {"code": "not_found", "detail": "There is no such thing."})
        elif making.delete == "upload":
            await self._change("UPDATE uploads SET expires_at = now() - interval '8 days' WHERE upload_id = :id", made)

            async def swept() -> bool:
                return not await self._change("UPDATE uploads SET uses = uses WHERE upload_id = :id", made)

            await eventually(swept)
        else:
            method, template = making.delete.split()
            about = path.removesuffix("/rescores") if "{finished}" in template else path
            where = template.replace("{id}", made.get("id", "")) if "{id}" in template else about
            (await self.customer.http.request(method, where)).raise_for_status()

    async def rows(self) -> list[int]:
        """How many rows the customer has, by table."""
        counts = [f"(SELECT count(*) FROM {table} WHERE organization_id = :id)" for table in TABLES]
        async with self.gateway.database.system() as transaction:
            found = await transaction.execute(text(f"SELECT {', '.join(counts)}"), {"id": self.customer.organization})
            return list(found.one())

    async def _change(self, statement: str, made: dict[str, Any]) -> int:
        async with self.gateway.database.system() as transaction:
            return (await transaction.execute(text(statement), {"id": made["id"]})).rowcount

    async def _key(self) -> str:
        body = {"name": "before", "scopes": ["streams:read"]}
        return str((await self.customer.http.post("/v1/api-keys", json=body)).raise_for_status().json()["id"])

    async def _pushed(self) -> str:
        return str((await self.customer.submitted(source={"kind": "rtmp"}))["id"])

    async def _finished(self) -> str:
        stream = str((await self.customer.submitted())["id"])
        event = self.sample("tldr.highlights.v1", "settled")
        event.settled.MergeFrom(highlights_pb2.StreamSettled())
        await self.gateway.publish(event, organization=self.customer.organization, subject=stream, lane=3)

        async def done() -> bool:
            return bool((await self.customer.http.get(f"/v1/streams/{stream}")).json()["state"] == "completed")

        await eventually(done)
        return stream


@pytest.fixture
def new_maker(
    gateway: Hosted, new_customer: Callable[[], Any], neighbours: Any, sample: Callable[[str, str], Any]
) -> Callable[[], Awaitable[Maker]]:
    async def made() -> Maker:
        return Maker(gateway, await new_customer(), neighbours, sample)

    return made


async def test_whatever_makes_something_is_in_the_table_and_takes_the_header(customer: Any) -> None:
    document = (await customer.http.get("/openapi.json")).json()
    posts = [item["post"] for item in document["paths"].values() if "post" in item]
    assert {post["operationId"] for post in posts} == MAKES.keys() | MAKES_NONE.keys() | NO_ORGANIZATION
    taking = [post for post in posts if "idempotency-key" in {one["name"] for one in post.get("parameters", ())}]
    assert {post["operationId"] for post in taking} == MAKES.keys()
    for post in taking:
        assert {"400", "409", "410", "422"} <= post["responses"].keys(), post["operationId"]


@pytest.mark.parametrize("operation", MAKES)
async def test_what_is_asked_for_twice_with_one_key_is_made_once(
    new_maker: Callable[[], Awaitable[Maker]], neighbours: Any, operation: str
) -> None:
    making, maker, key = MAKES[operation], await new_maker(), f'"{uuid4()}"'
    path = await maker.path(making.at)
    neighbours.asked.clear()
    first = await maker.post(path, making.body, key)
    assert first.is_success, first.text
    assert "idempotent-replayed" not in first.headers
    rows = await maker.rows()
    again = await maker.post(path, making.body, key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    for name in ("location", "etag"):
        assert again.headers.get(name) == first.headers.get(name)
    refused(await maker.post(path, {} if making.other is None else making.other, key), 422, "idempotency_key_reused")
    assert await maker.rows() == rows
    assert [asked[1] for asked in neighbours.asked].count(making.neighbour) == bool(making.neighbour)

    other = await new_maker()
    theirs = await other.post(await other.path(making.at), making.body, key)
    assert theirs.status_code == first.status_code
    assert "idempotent-replayed" not in theirs.headers
    assert making.neighbour or theirs.json() != first.json()

    await maker.delete(making, path, first.json())
    gone = await maker.post(path, making.body, key)
    refused(gone, 410, "idempotent_answer_gone")
    assert "location" not in gone.headers
    assert not [
        value for value in first.json().values() if isinstance(value, str) and "_" in value and value in gone.text
    ]


@pytest.mark.parametrize("key", ["", '"open', "two words", "k" * 201, 'a"b', "tab\tbed", b"\xc3\xbc"])
async def test_a_malformed_key_is_refused(customer: Any, neighbours: Any, key: str | bytes) -> None:
    for making in MAKES.values():
        path = making.at.replace("{", "").replace("}", "")
        headers = [("idempotency-key", key), ("content-type", "application/json")]
        refused(await customer.http.post(path, content=b"{}", headers=headers), 400, "invalid_idempotency_key")
    assert neighbours.asked == []


async def test_two_keys_in_one_request_are_refused(customer: Any) -> None:
    headers = [("idempotency-key", "one"), ("idempotency-key", "two")]
    body = {"kind": "media", "size_bytes": 9}
    refused(await customer.http.post("/v1/uploads", json=body, headers=headers), 400, "invalid_idempotency_key")


async def test_while_the_first_is_at_work_the_second_is_refused(
    customer: Any, gateway: Hosted, neighbours: Any
) -> None:
    wanted = {"json": {"kind": "media", "size_bytes": 9}, "headers": {"idempotency-key": "busy"}}
    lock = text("SELECT pg_backend_pid() FROM organizations WHERE organization_id = :id FOR UPDATE")
    waiting = text("SELECT 1 FROM pg_locks WHERE NOT granted AND :holder = ANY(pg_blocking_pids(pid))")
    async with asyncio.TaskGroup() as tasks, gateway.database.system() as holding:
        holder = (await holding.execute(lock, {"id": customer.organization})).scalar_one()
        first = tasks.create_task(customer.http.post("/v1/uploads", **wanted))

        async def at_work() -> bool:
            return bool((await holding.execute(waiting, {"holder": holder})).all())

        await eventually(at_work)
        second = await customer.http.post("/v1/uploads", **wanted)
        refused(second, 409, "idempotency_key_in_use")
        assert second.headers["retry-after"] == "1"
        other = {"json": {"url": "https://example.com/hook"}, "headers": {"idempotency-key": "another"}}
        (await customer.http.post("/v1/webhook-endpoints", **other)).raise_for_status()
    assert first.result().status_code == 201
    again = await customer.http.post("/v1/uploads", **wanted)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.result().json(), "true")


async def test_a_secret_is_shown_again_as_long_as_it_opens(customer: Any, neighbours: Any) -> None:
    wanted = {"json": {"name": "a", "scopes": ["streams:read"]}, "headers": {"idempotency-key": "turning"}}
    made = (await customer.http.post("/v1/api-keys", **wanted)).raise_for_status().json()
    rotate = f"/v1/api-keys/{made['id']}/rotate"
    (await customer.http.post(rotate, json={"grace_s": 600})).raise_for_status()
    assert (await customer.http.post("/v1/api-keys", **wanted)).json() == made
    (await customer.http.post(rotate, json={"grace_s": 0})).raise_for_status()
    refused(await customer.http.post("/v1/api-keys", **wanted), 410, "idempotent_answer_gone")

    wanted = {"json": {"url": "https://example.com/hook"}, "headers": {"idempotency-key": "signing"}}
    (await customer.http.post("/v1/webhook-endpoints", **wanted)).raise_for_status()
    neighbours.answers = {**neighbours.answers, "/signs": {**neighbours.answers["/signs"], "signs": False}}
    refused(await customer.http.post("/v1/webhook-endpoints", **wanted), 410, "idempotent_answer_gone")
    assert neighbours.told == {"secret": "whsec_c2VjcmV0"}


async def test_a_key_is_shown_again_to_nobody_who_may_do_less(customer: Any) -> None:
    wanted = {"json": {"name": "all", "scopes": ["admin"]}, "headers": {"idempotency-key": "mighty"}}
    mighty = (await customer.http.post("/v1/api-keys", **wanted)).raise_for_status().json()["key"]
    lesser = {"name": "lesser", "scopes": ["api-keys:write"]}
    key = (await customer.http.post("/v1/api-keys", json=lesser)).raise_for_status().json()["key"]
    headers = {"idempotency-key": "mighty", "authorization": f"Bearer {key}"}
    again = await customer.http.post("/v1/api-keys", json=wanted["json"], headers=headers)
    refused(again, 403, "scope_not_yours")
    assert mighty not in again.text


async def test_an_answer_is_kept_sealed(customer: Any, gateway: Hosted) -> None:
    wanted = {"json": {"name": "a", "scopes": ["streams:read"]}, "headers": {"idempotency-key": "sealed"}}
    made = (await customer.http.post("/v1/api-keys", **wanted)).raise_for_status().json()
    kept = text("SELECT row_to_json(t)::text FROM idempotency AS t WHERE organization_id = :id")
    async with gateway.database.system() as transaction:
        row = str((await transaction.execute(kept, {"id": customer.organization})).scalar_one())
        assert made["key"] not in row
        assert made["id"] not in row
        unreadable = text("UPDATE idempotency SET response = to_jsonb('gAAAA'::text) WHERE organization_id = :id")
        await transaction.execute(unreadable, {"id": customer.organization})
    refused(await customer.http.post("/v1/api-keys", **wanted), 410, "idempotent_answer_gone")


@pytest.mark.parametrize("operation", ["create_scorer", "create_webhook_endpoint"])
async def test_what_a_neighbour_made_is_asked_for_again_by_its_id_when_its_answer_was_lost(
    customer: Any, neighbours: Any, operation: str
) -> None:
    making = MAKES[operation]
    keyed = {"json": making.body, "headers": {"idempotency-key": "lost"}}
    neighbours.refusal = (503, {"code": "temporarily_unavailable", "detail": "It takes too long."})
    refused(await customer.http.post(making.at, **keyed), 503, "temporarily_unavailable")
    lost = neighbours.told["id"]
    refused(
        await customer.http.post(making.at, json=making.other, headers={"idempotency-key": "else"}),
        503,
        "temporarily_unavailable",
    )
    assert neighbours.told["id"] != lost
    neighbours.refusal = None
    made = await customer.http.post(making.at, **keyed)
    assert (made.is_success, neighbours.told["id"]) == (True, lost)
    assert "idempotent-replayed" not in made.headers
    assert (await customer.http.post(making.at, **keyed)).headers["idempotent-replayed"] == "true"


async def test_a_request_that_a_neighbour_refused_does_not_use_up_its_key(customer: Any, neighbours: Any) -> None:
    making, headers = MAKES["create_scorer"], {"idempotency-key": "refused"}
    neighbours.refusal = (422, {"code": "wrong", "detail": "It is wrong."})
    refused(await customer.http.post(making.at, json=making.body, headers=headers), 422, "wrong")
    refusal, neighbours.refusal = neighbours.told["id"], None
    assert (await customer.http.post(making.at, json=making.other, headers=headers)).status_code == 202
    assert neighbours.told["id"] != refusal
