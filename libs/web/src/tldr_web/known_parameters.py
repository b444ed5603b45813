"""A query parameter that nobody reads is refused: a misspelt one would silently change nothing."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from tldr_web.problems import Problem


async def known_parameters(request: Request) -> None:
    """A dependency of a whole application: Problem 422 that names the parameters its route does not have."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    unknown = sorted(set(request.query_params).difference(_names(route.dependant)))
    if unknown:
        errors = [{"field": name, "problem": "There is no such parameter."} for name in unknown]
        raise Problem(422, "invalid_request", "Correct the fields listed in `errors` and send it again.", errors=errors)


def _names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (field.alias or name for name, field in kind.model_fields.items())
        else:
            yield parameter.alias
    for part in dependant.dependencies:
        yield from _names(part)
