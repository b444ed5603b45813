"""A client of the public API: one method for each thing a customer does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from tldr_client.live import LiveCalls
from tldr_client.problems import ApiProblem, checked

_CHUNK = 1 << 20
_TERMINAL = {"completed", "failed", "cancelled", "ready", "refused"}
"""Of streams and runs, and of scorers."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered organization and its first API key."""

    organization_id: str
    api_key: str = field(repr=False)


async def register(base_url: str, *, name: str, email: str, token: str = "") -> Registration:
    """Register an organization with its owner. ApiProblem when it is refused."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False) as http:
        response = await http.post(
            "/v1/organizations",
            json={"name": name, "owner": {"email": email}},
            headers={"x-registration-token": token} if token else {},
        )
    body = checked(response)
    return Registration(body["organization"]["id"], body["api_key"]["key"])


class Client(LiveCalls):
    """Calls the API with one API key. An async context manager; ApiProblem for every refusal."""

    def __init__(self, base_url: str, api_key: str, *, timeout_s: float = 30) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"authorization": f"Bearer {api_key}"},
            timeout=timeout_s,
            trust_env=False,
        )
        self._files = httpx.AsyncClient(timeout=httpx.Timeout(timeout_s, write=300, read=300), trust_env=False)

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.aclose()
        await self._files.aclose()

    async def upload(self, path: Path, kind: str) -> str:
        """Upload a file (`media` or `chat`), a piece at a time; the upload's id."""
        size = path.stat().st_size
        if not size:
            raise ApiProblem(422, "upload_empty", f"{path.name} is empty.", [])
        upload = await self.call("POST", "/v1/uploads", {"kind": kind, "size_bytes": size})
        response = await self._files.put(upload["url"], content=_pieces(path), headers={"content-length": str(size)})
        if response.is_error:
            raise ApiProblem(response.status_code, "upload_refused", "The file could not be uploaded.", [])
        return str(upload["id"])

    async def submit(self, request: Mapping[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        """Submit a stream: `source`, `chat`, `preset`, … as in the API's document."""
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return await self.call("POST", "/v1/streams", request, headers=headers)

    async def stream(self, stream_id: str) -> dict[str, Any]:
        """A stream with its progress."""
        return await self.call("GET", f"/v1/streams/{stream_id}")

    async def wait(
        self, stream_id: str, *, limit_s: float, progress: Callable[[dict[str, Any]], None] | None = None
    ) -> dict[str, Any]:
        """The stream once it has ended; TimeoutError after `limit_s`. `progress` sees it twice a second.

        An API that is away for a while is waited for: a stream goes on without anybody looking.
        """
        return await self._ended(f"/v1/streams/{stream_id}", limit_s, progress)

    async def rescore(
        self, stream_id: str, request: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """Detect on a completed stream once more, under another `preset` or `processing`; the new run.

        Its highlights become those of the stream with `make_default`; otherwise it is a look beside them.
        """
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return await self.call("POST", f"/v1/streams/{stream_id}/rescores", request, headers=headers)

    async def runs(self, stream_id: str) -> list[dict[str, Any]]:
        """A stream's runs, oldest first."""
        found: list[dict[str, Any]] = (await self.call("GET", f"/v1/streams/{stream_id}/runs"))["runs"]
        return found

    async def wait_for_run(
        self,
        stream_id: str,
        run_id: str,
        *,
        limit_s: float,
        progress: Callable[[dict[str, Any]], None] | None = None,
    ) -> dict[str, Any]:
        """A run once it has ended, as `wait` does it for a stream."""
        return await self._ended(f"/v1/streams/{stream_id}/runs/{run_id}", limit_s, progress)

    async def _ended(
        self, path: str, limit_s: float, progress: Callable[[dict[str, Any]], None] | None
    ) -> dict[str, Any]:
        async with asyncio.timeout(limit_s):
            while True:
                found = await self._if_there(path)
                if found and progress:
                    progress(found)
                if found and found["state"] in _TERMINAL:
                    return found
                await asyncio.sleep(0.5)

    async def _if_there(self, path: str) -> dict[str, Any] | None:
        try:
            return await self.call("GET", path)
        except httpx.TransportError:
            return None
        except ApiProblem as problem:
            if problem.status < httpx.codes.INTERNAL_SERVER_ERROR:
                raise
            return None

    async def highlights(self, stream_id: str, *, run: str | None = None) -> list[dict[str, Any]]:
        """All highlights of a stream so far, or of one of its runs, in order of time."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            query = f"?limit=100{f'&run={run}' if run else ''}{f'&cursor={cursor}' if cursor else ''}"
            page = await self.call("GET", f"/v1/streams/{stream_id}/highlights{query}")
            found += page["highlights"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    async def explanation(self, highlight_id: str) -> dict[str, Any]:
        """A highlight's score recomputed from the stored signals; `holds` says whether it is the recorded one."""
        return await self.call("GET", f"/v1/highlights/{highlight_id}/explanation")

    async def verdict(
        self,
        highlight_id: str,
        verdict: Literal["accepted", "rejected"],
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> dict[str, Any]:
        """Say whether a highlight was one, and where it should have begun and ended, if elsewhere."""
        wanted = {"verdict": verdict, "start_ms": start_ms, "end_ms": end_ms}
        return await self.call("PUT", f"/v1/highlights/{highlight_id}/verdict", wanted)

    async def withdraw_verdict(self, highlight_id: str) -> None:
        """Take a verdict back."""
        await self.call("DELETE", f"/v1/highlights/{highlight_id}/verdict")

    async def verdicts(self) -> dict[str, Any]:
        """How many highlights were accepted and rejected, and what was learned from that, by dimension set."""
        return await self.call("GET", "/v1/verdicts/summary")

    async def train_scorer(self, request: Mapping[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        """Ask for a scorer: `name`, and `streams` with `moments` or `from_verdicts`."""
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return await self.call("POST", "/v1/scorers", request, headers=headers)

    async def scorers(self) -> list[dict[str, Any]]:
        """The organization's scorers, newest first."""
        found: list[dict[str, Any]] = (await self.call("GET", "/v1/scorers"))["scorers"]
        return found

    async def scorer(self, scorer_id: str) -> dict[str, Any]:
        """A scorer with its figures."""
        return await self.call("GET", f"/v1/scorers/{scorer_id}")

    async def wait_for_scorer(
        self, scorer_id: str, *, limit_s: float, progress: Callable[[dict[str, Any]], None] | None = None
    ) -> dict[str, Any]:
        """A scorer once it is ready, refused or failed, as `wait` does it for a stream."""
        return await self._ended(f"/v1/scorers/{scorer_id}", limit_s, progress)

    async def activate_scorer(self, scorer_id: str) -> dict[str, Any]:
        """Make new runs and rescores with it."""
        return await self.call("PUT", f"/v1/scorers/{scorer_id}/active")

    async def deactivate_scorer(self, scorer_id: str) -> None:
        """Make new runs without it."""
        await self.call("DELETE", f"/v1/scorers/{scorer_id}/active")

    async def download(self, path: str) -> bytes:
        """The bytes behind a `clip_url` or `thumbnail_url`; follows its one redirect without the API key."""
        response = await self._http.get(path)
        if response.status_code != httpx.codes.TEMPORARY_REDIRECT:
            checked(response)
        found = await self._files.get(response.headers["location"])
        if found.is_error:
            raise ApiProblem(found.status_code, "download_refused", "The file could not be downloaded.", [])
        return found.content

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Any other call: the answer's JSON."""
        response = await self._http.request(method, path, json=body, headers=headers)
        return checked(response)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
