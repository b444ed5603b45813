"""What customers trust us with is found nowhere in the mesh, but sealed, and in the one answer that shows it."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tldr_client import register
from tldr_contracts.topics import SERVICES
from tldr_mesh.databases import database_of
from tldr_mesh.mesh import Mesh
from tldr_mesh.secrets_of_folder import MeshSecrets
from tldr_secrets import Sealer
from tldr_testing import eventually, serving
from tldr_testing.contents import everything_in, everything_on
from tldr_testing.letters import Letters
from tldr_testing.studio import Studio

USER, PASSWORD, SIGNATURE = "planted_user", "planted_pass_4711", "planted_signature_4711"
CHAT, HOOK = "planted_chat_4711", "planted_hook_4711"
LOGIN = "planted login 4711"
HOOK_PATH = "pl4ntedHookPath4711A1b2C3d4"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_SEAL = re.compile(r"gAAAA[\w-]{60,}={0,2}")
_ENDED = {"completed", "failed"}
SEALED_AT = {
    "database of gateway": {"recording", "chat"},
    "database of ingest": {"recording", "chat"},
    "topic tldr.streams.v1": {"recording", "chat"},
    "database of webhook-dispatcher": {"webhook address", "signing secret"},
}
"""The only places that hold a secret. The keys are the services' own: gateway and ingest share one, the dispatcher has one."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A customer's server: a recording behind a password and a signature, a file that is none, and what it refuses: a chat,
    webhooks.
    """

    host: str

    @property
    def recording(self) -> str:
        return f"http://{USER}:{PASSWORD}@{self.host}/recording.mp4?signature={SIGNATURE}"

    @property
    def chat(self) -> str:
        return f"http://{self.host}/chat.json?token={CHAT}"

    @property
    def rubbish(self) -> str:
        return f"http://{self.host}/rubbish.mp4?token={CHAT}"

    @property
    def webhook(self) -> str:
        return f"http://{self.host}/in/{HOOK_PATH}?token={HOOK}"


@dataclass(slots=True)
class Customer:
    """An organization that gave us secrets: `shown_once` by the answers that made them, `answers` are all others."""

    http: httpx.AsyncClient
    shown_once: dict[str, str]
    ids: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.http.request(method, path, json=body)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def logs_in(self, email: str, letters: Path) -> None:
        """An account of a person, which is logged in with and refreshed; what a letter and the answers held is secret."""
        await self.call("POST", "/v1/auth/register", {"organization": "Planted", "email": email, "password": LOGIN})

        letter = await Letters(letters).token(email)
        made = await self.call("POST", "/v1/auth/register/confirm", {"token": letter})
        wrong = await self.http.post("/v1/auth/login", json={"email": email, "password": f"not {LOGIN}"})
        first = await self.call("POST", "/v1/auth/login", {"email": email, "password": LOGIN})
        second = await self.call("POST", "/v1/auth/refresh", {"refresh_token": first["refresh_token"]})
        again = await self.http.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
        assert (wrong.status_code, again.status_code) == (401, 401)
        self.answers |= {"answer to a wrong password": wrong.text, "answer to a token of before": again.text}
        self.shown_once |= {
            "token of a letter": letter,
            "key of an account": made["api_key"]["key"].rpartition("_")[2],
            "first refresh token": first["refresh_token"],
            "second refresh token": second["refresh_token"],
            "access token": first["access_token"],
        }

    async def listens(self, url: str) -> None:
        """An endpoint, to which a first attempt was made."""
        made = await self.call("POST", "/v1/webhook-endpoints", {"url": url})
        assert made["url"] == url, "whoever sets it sees it whole, once"
        self.shown_once[url] = made["secret"].removeprefix("whsec_")
        self.ids.setdefault("endpoint_id", []).append(made["id"])
        await self.call("POST", f"/v1/webhook-endpoints/{made['id']}/test")

        async def tried() -> bool:
            log = await self.call("GET", f"/v1/webhook-endpoints/{made['id']}/deliveries")
            return bool(log["deliveries"][0]["attempts"])

        await eventually(tried)

    async def submits(self, source: str, chat: str | None = None) -> dict[str, Any]:
        """A stream that has ended."""
        made = await self.call(
            "POST", "/v1/streams", {"source": {"url": source}, **({"chat": {"url": chat}} if chat else {})}
        )
        self.ids.setdefault("stream_id", []).append(made["id"])

        async def ended() -> dict[str, Any] | None:
            found = await self.call("GET", f"/v1/streams/{made['id']}")
            return found if found["state"] in _ENDED else None

        return await eventually(ended, limit_s=60)

    async def asks_everything(self) -> None:
        """Each GET of the API's document, for each thing there is."""
        document = await self.call("GET", "/openapi.json")
        for path in (path for path, methods in document["paths"].items() if "get" in methods):
            for filled in self._filled(path):
                answer = await self.http.get(filled)
                assert answer.status_code < 500, filled
                self.answers[f"answer of {filled}"] = f"{answer.headers} {answer.text}"

    def _filled(self, path: str) -> Iterable[str]:
        names = re.findall(r"\{(\w+)\}", path)
        return (
            [path] if not names else [path.replace(f"{{{names[0]}}}", one) for one in self.ids.get(names[0], ["none"])]
        )


@pytest_asyncio.fixture(scope="module")
async def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Elsewhere]:
    recording = await asyncio.to_thread(Studio(tmp_path_factory.mktemp("elsewhere")).record, seconds=4)

    async def read(request: Request) -> Response:
        allowed = request.headers.get("authorization") == f"Basic {BASIC}"
        return (
            FileResponse(recording) if allowed and request.url.query == f"signature={SIGNATURE}" else Response("", 403)
        )

    async def talk(_: Request) -> Response:
        return JSONResponse({"this is": "no recording"})

    async def refuse(request: Request) -> Response:
        return Response(f"{request.url} is not for you", 403)

    places = [
        Route("/recording.mp4", read),
        Route("/rubbish.mp4", talk),
        Route("/{_:path}", refuse, methods=["GET", "POST"]),
    ]
    async with serving(Starlette(routes=places)) as url:
        yield Elsewhere(url.removeprefix("http://"))


@pytest_asyncio.fixture(scope="module")
async def planted(mesh: Mesh, elsewhere: Elsewhere) -> AsyncIterator[Customer]:
    """A customer of whom one stream was completed and others failed, and whose receivers took nothing."""
    made = await register(mesh.url, name="Planted", email="planted@example.com")
    headers = {"authorization": f"Bearer {made.api_key}"}
    async with httpx.AsyncClient(base_url=mesh.url, headers=headers, timeout=30, trust_env=False) as http:
        customer = Customer(http, {"API key": made.api_key.split("_", 2)[2]})
        for url in (elsewhere.webhook, f"http://10.0.0.1/{HOOK_PATH}?{HOOK}"):
            await customer.listens(url)
        done, *failed = await asyncio.gather(
            customer.submits(elsewhere.recording, elsewhere.chat),
            customer.submits(elsewhere.recording.replace(PASSWORD, f"not_{PASSWORD}")),
            customer.submits(elsewhere.rubbish),
            customer.submits(f"http://10.0.0.1/final.mp4?signature={SIGNATURE}"),
        )
        assert [stream["state"] for stream in (done, *failed)] == ["completed", "failed", "failed", "failed"]
        await customer.logs_in("person@example.com", mesh.folder / "mail")
        await customer.asks_everything()
        assert "/chat.json?" in customer.answers[f"answer of /v1/streams/{done['id']}/gaps"], "the address was quoted"
        yield customer


async def test_secrets_of_customers_are_found_nowhere(mesh: Mesh, planted: Customer) -> None:
    secrets = {USER, PASSWORD, SIGNATURE, CHAT, HOOK, HOOK_PATH, BASIC, LOGIN, *planted.shown_once.values()}
    places = {**planted.answers, **await _metrics(mesh), **await _rows_and_records(mesh)}
    found = {(place, one) for place, content in places.items() for one in secrets if one in content}
    sought = [one.encode() for one in secrets]
    letters = mesh.folder / "mail"
    for path in (path for path in mesh.folder.rglob("*") if path.is_file() and path.parent != letters):
        content = path.read_bytes()
        found |= {(f"file {path.relative_to(mesh.folder)}", one.decode()) for one in sought if one in content}
    assert found == set()
    assert b"service started" in (mesh.folder / "services.log").read_bytes()


async def test_secrets_of_the_mesh_are_neither_told_nor_stored(mesh: Mesh, planted: Customer) -> None:
    kept = MeshSecrets.of(mesh.folder)
    secrets = {kept.internal, kept.webhooks, kept.sources, mesh.servers.addresses.s3_secret_key}
    secrets |= {
        one for passwords in kept.databases.values() for one in (passwords.owner, passwords.service, passwords.system)
    }
    places = {**planted.answers, **await _metrics(mesh), **await _rows_and_records(mesh)}
    places |= {f"file {path.name}": path.read_text(errors="replace") for path in mesh.folder.rglob("*.log")}
    assert {(place, one) for place, content in places.items() for one in secrets if one in content} == set()


async def test_secrets_are_kept_where_they_are_needed_and_sealed(
    mesh: Mesh, planted: Customer, elsewhere: Elsewhere
) -> None:
    kept = MeshSecrets.of(mesh.folder)
    names = {elsewhere.recording: "recording", elsewhere.chat: "chat", elsewhere.webhook: "webhook address"}
    names[f"whsec_{planted.shown_once[elsewhere.webhook]}"] = "signing secret"
    found: dict[str, set[str]] = {}
    for place, content in (await _rows_and_records(mesh)).items():
        opened = {_opened(kept, seal) for seal in set(_SEAL.findall(content))}
        if known := {names[secret] for secret in opened if secret in names}:
            found[place] = known
    assert found == SEALED_AT


async def _rows_and_records(mesh: Mesh) -> dict[str, str]:
    found = {}
    for service in SERVICES:
        database = database_of(mesh.folder, service)
        found[f"database of {service}"] = await everything_in(database)
        await database.close()
    records = await everything_on(mesh.servers.addresses.kafka)
    return found | {f"topic {name}": content.decode(errors="replace") for name, content in records.items()}


async def _metrics(mesh: Mesh) -> dict[str, str]:
    ports = json.loads((mesh.folder / "ports.json").read_text())
    async with httpx.AsyncClient(trust_env=False) as http:
        pages = {name: await http.get(f"http://127.0.0.1:{ports[name]}/metrics") for name in SERVICES}
    return {f"metrics of {name}": page.raise_for_status().text for name, page in pages.items()}


def _opened(kept: MeshSecrets, seal: str) -> str | None:
    for keys in (kept.sources, kept.webhooks):
        try:
            return Sealer(keys).open(seal)
        except ValueError:
            continue
    return None
