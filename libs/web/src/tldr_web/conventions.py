"""What holds for every request and answer, whatever route they are of: ids, traces, headers, HEAD, limits of size and time."""

import asyncio
import re
import secrets
from collections.abc import MutableMapping
from contextlib import suppress

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tldr_telemetry import following, logger, next_traceparent, valid_traceparent
from tldr_web.problems import REQUEST_ID, Problem

MAX_BODY_BYTES = 1 << 20
LONGEST_S = 30.0
"""How long a request may take until its answer begins; what is streamed then may go on for hours."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
_HEADERS = "tldr.headers"
_ALWAYS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
"""Unless the answer says otherwise."""
_log = logger(__name__)


def answer_with(request: HTTPConnection, **headers: str) -> None:
    """Let the answer to this request have these headers, also where it is a problem; `_` stands for `-`."""
    kept: MutableMapping[str, str] = request.scope.setdefault(_HEADERS, {})
    kept.update({name.replace("_", "-"): said for name, said in headers.items()})


class Conventions:
    """The outermost layer of an application: no answer goes past it, errors of ours and refusals of the framework included."""

    def __init__(self, app: ASGIApp, *, longest_s: float = LONGEST_S) -> None:
        self._app = app
        self._longest_s = longest_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        said = headers.get("x-request-id", "")
        request_id = said if _REQUEST_ID.fullmatch(said) else f"req_{secrets.token_hex(16)}"
        with (
            following(valid_traceparent(headers.get("traceparent"))),
            structlog.contextvars.bound_contextvars(request_id=request_id),
        ):
            exchange = _Exchange(scope, receive, send, request_id, next_traceparent())
            token = REQUEST_ID.set(request_id)
            try:
                await exchange.run(self._app if _acceptable(headers) else _too_large(), self._longest_s)
            finally:
                REQUEST_ID.reset(token)


class _Exchange:
    """One request and its answer. A HEAD is a GET whose answer ends where its body would begin."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str, traceparent: str) -> None:
        self._head = scope["method"] == "HEAD"
        self._added: dict[str, str] = {"x-request-id": request_id, "traceparent": traceparent}
        self._scope: Scope = {**scope, _HEADERS: self._added, **({"method": "GET"} if self._head else {})}
        self._receive, self._send = receive, send
        self._begun = asyncio.Event()

    async def run(self, app: ASGIApp, longest_s: float) -> None:
        """Let the application answer, and answer for it where it fails or takes too long."""
        try:
            async with asyncio.timeout(longest_s) as limit:
                self._limit = limit
                await app(self._scope, self._hear, self._say)
        except TimeoutError:
            if self._begun.is_set() or not limit.expired():
                raise
            _log.error("a request took too long", path=self._scope["path"])
            await self._answer(_took_too_long(longest_s))
        except Exception as error:
            if self._begun.is_set():
                raise
            _log.error("unexpected error", path=self._scope["path"], exc_info=error)
            await self._answer(_unexpected())

    async def _answer(self, problem: Problem) -> None:
        await problem.response()(self._scope, self._hear, self._say)

    async def _hear(self) -> Message:
        if self._head and self._begun.is_set():
            return {"type": "http.disconnect"}
        return await self._receive()

    async def _say(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun.set()
            with suppress(RuntimeError):  # it is too late where the time is over
                self._limit.reschedule(None)
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
            headers.update(self._added)
            await self._send(message)
            if self._head:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not self._head:
            await self._send(message)


def _acceptable(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return "transfer-encoding" not in headers and length.isdigit() and int(length) <= MAX_BODY_BYTES


def _too_large() -> ASGIApp:
    """Refused before any of it is read."""
    detail = f"Send a body of at most {MAX_BODY_BYTES} bytes with its length; files go to an upload address."
    return Problem(413, "body_too_large", detail).response()


def _took_too_long(limit_s: float) -> Problem:
    detail = f"The answer took longer than {limit_s:g} seconds. It may have been done all the same; look before you try again."
    return Problem(504, "request_timeout", detail)


def _unexpected() -> Problem:
    detail = "Something went wrong here. Try again; if it stays, tell the operator the `request_id`."
    return Problem(500, "internal_error", detail)
