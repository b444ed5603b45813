"""What the API's document says of each operation."""

import os
import re
from typing import Any

import jsonschema_rs
import pytest

from tldr_gateway.bootstrap import DEFINITION
from tldr_gateway.entrypoints.http.examples import EXAMPLES
from tldr_service.document import openapi

_METHOD_NAME = re.compile(r"[a-z]+(_[a-z]+)+")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "TLDR_SOURCE_KEYS", os.environ.get("TLDR_SOURCE_KEYS", "bm90LWEtc2VjcmV0LWJ1dC0zMi1ieXRlcy1sb25nISE=")
        )
        return openapi(DEFINITION)


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [operation for item in document["paths"].values() for operation in item.values()]
    named = {operation["operationId"]: operation for operation in found}
    assert len(named) == len(found)
    return named


def test_operations_are_called_as_methods_are(operations: dict[str, dict[str, Any]]) -> None:
    assert [name for name in operations if not _METHOD_NAME.fullmatch(name)] == []


def test_no_status_hides_behind_another(operations: dict[str, dict[str, Any]]) -> None:
    assert [name for name, one in operations.items() if "default" in one["responses"]] == []


def test_each_body_has_an_example_that_holds(document: dict[str, Any], operations: dict[str, dict[str, Any]]) -> None:
    with_bodies = {name: one["requestBody"]["content"] for name, one in operations.items() if "requestBody" in one}
    assert with_bodies.keys() == EXAMPLES.keys()
    for name, content in with_bodies.items():
        (body,) = content.values()
        schema = {**body["schema"], "components": document["components"]}
        jsonschema_rs.validate(schema, body["example"])
        assert body["example"] == EXAMPLES[name]


def test_it_says_where_it_holds_and_names_schemas_without_their_modules(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "/", "description": "Where this document came from."}]
    assert [name for name in document["components"]["schemas"] if not name.isalnum()] == []
