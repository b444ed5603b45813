"""What an OpenAPI document says beyond what the framework finds out: each status an operation may answer with, and problems."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI

from tldr_web.problems import MEDIA_TYPE, ProblemDocument

_CHANGES = frozenset({"post", "put", "patch", "delete"})
_METHODS = _CHANGES | {"get"}
_COMPONENT = "Problem"
_MEANINGS: Final = {
    400: "A header or the request itself cannot be read.",
    401: "No credential, or one that does not hold.",
    403: "The credential holds, but not for this.",
    404: "There is nothing of this id.",
    409: "The state of things does not allow it; `detail` says what does.",
    410: "It was here, and is not kept any longer.",
    412: "It was changed meanwhile: its `ETag` is another one than `If-Match` says.",
    413: "The body or the file is too large.",
    422: "Fields or parameters are wrong; `errors` names them.",
    429: "A limit is reached; `limit` says which one and when it frees.",
    500: "Something went wrong here.",
    503: "A part that is needed does not answer now; try again after `Retry-After`.",
    504: "It took too long.",
}


def describe(app: FastAPI, servers: Sequence[Mapping[str, str]], examples: Mapping[str, Any]) -> None:
    """Let the application's document say all of it. `examples`: a body for each operation of that name."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made()
            if servers:
                document["servers"] = [dict(server) for server in servers]
            _say_problems(document)
            _show(document, examples)
        assert app.openapi_schema is not None  # noqa: S101 - made just now
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def may(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route: refusals that its parameters, body and credential do not tell of."""
    return {status: _refusal(status) for status in statuses}


def _refusal(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{_COMPONENT}"}}}
    return {"description": _MEANINGS[status], "content": content}


def _say_problems(document: dict[str, Any]) -> None:
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas[_COMPONENT] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in document.get("paths", {}).items():
        for method in _METHODS & operations.keys():
            operation = operations[method]
            responses = operation["responses"]
            for status in _refusals(path, method, operation):
                if str(status) not in responses or "application/json" in responses[str(status)].get("content", {}):
                    responses[str(status)] = _refusal(status)
            operation["responses"] = dict(sorted(responses.items()))


def _show(document: dict[str, Any], examples: Mapping[str, Any]) -> None:
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            if operation["operationId"] in examples:
                operation["requestBody"]["content"]["application/json"]["example"] = examples[operation["operationId"]]


def _refusals(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """The statuses that an operation may refuse with."""
    yield from (422, 500, 503, 504)
    if operation.get("security"):
        yield from (401, 403, 429)
    if "{" in path:
        yield 404
    if method in _CHANGES:
        yield 409
    if any(parameter["name"].lower() == "if-match" for parameter in operation.get("parameters", ())):
        yield 412
    if "requestBody" in operation:
        yield from (400, 413)
