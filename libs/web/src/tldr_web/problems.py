"""Errors over HTTP as RFC 9457 problems: a stable code and a sentence that tells the caller what to do."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

_METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
MEDIA_TYPE = "application/problem+json"
REQUEST_ID: ContextVar[str | None] = ContextVar("tldr_request_id", default=None)
"""Of the request that is being answered."""


class LimitReached(BaseModel):
    """Which limit was reached, how much it allows, and when the next one is free, where that is known."""

    name: str
    allowed: int
    frees_at: datetime | None = None


class ProblemDocument(BaseModel):
    """An error, after RFC 9457. `code` is stable; `detail` says what to do, `errors` which fields are wrong,
    `limit` what was used up.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str | None = None
    errors: list[dict[str, str]] = []
    limit: LimitReached | None = None


class Problem(Exception):
    """What a caller did wrong, or what is wrong here, in words for the caller."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        errors: Sequence[dict[str, str]] = (),
        limit: LimitReached | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.errors = tuple(errors)
        self.limit = limit

    def body(self) -> dict[str, Any]:
        """The problem document."""
        document: dict[str, Any] = {
            "type": f"urn:tldr:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if (request_id := REQUEST_ID.get()) is not None:
            document["request_id"] = request_id
        if self.errors:
            document["errors"] = list(self.errors)
        if self.limit is not None:
            document["limit"] = self.limit.model_dump(mode="json", exclude_none=True)
        return document

    def response(self) -> JSONResponse:
        """The problem as a response."""
        return JSONResponse(self.body(), status_code=self.status, headers=self.headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of an application with a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101
    return error.response()


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        {"field": ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0]), "problem": found["msg"]}
        for found in error.errors()
    ]
    return Problem(
        422, "invalid_request", "Correct the fields listed in `errors` and send it again.", errors=errors
    ).response()


def _methods(request: Request) -> list[str]:
    """What any route at this address takes: the framework names those of the first one only."""
    found: set[str] = set()
    for method in _METHODS:
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes):
            found.add(method)
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        error.headers = {"Allow": ", ".join(_methods(request))}
    codes = {404: "not_found", 405: "method_not_allowed"}
    details = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    return Problem(
        error.status_code,
        codes.get(error.status_code, "http_error"),
        details.get(error.status_code, str(error.detail)),
        headers=dict(error.headers) if error.headers else None,
    ).response()
