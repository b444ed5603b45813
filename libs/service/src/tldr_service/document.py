"""The OpenAPI document of a service, made without starting it; `--check` compares it with the committed one."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry

from tldr_service.connecting import connect
from tldr_service.service import Definition
from tldr_service.settings import Settings
from tldr_web import application

_NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"
_PLACEHOLDERS = {
    "kafka_bootstrap": "127.0.0.1:9",
    "database_owner_url": _NOWHERE,
    "database_service_url": _NOWHERE,
    "database_system_url": _NOWHERE,
    "redis_url": "redis://127.0.0.1:9",
    "s3_internal_url": "http://127.0.0.1:9",
    "s3_access_key": "nobody",
    "s3_secret_key": "nothing",
    "internal_secret": "-" * 32,
}


def openapi(definition: Definition) -> dict[str, Any]:
    """OpenAPI 3.1."""
    settings = Settings.model_validate(_PLACEHOLDERS)
    service = definition.build(connect(definition.name, settings, AsyncExitStack()))
    app = application(
        service.name, service.routers, ready=_never, metrics=CollectorRegistry(), refresh=_nothing, **service.web
    )
    return app.openapi()


def write_or_check(definition: Definition) -> None:
    """`… PATH` writes the document, `… --check PATH` exits non-zero when the one at PATH is another."""
    path = Path(sys.argv[-1])
    document = yaml.safe_dump(openapi(definition), sort_keys=False, allow_unicode=True, width=120)
    if "--check" not in sys.argv:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != document:
        sys.exit(f"{path} differs from the code; run `make generate`")


async def _never() -> dict[str, bool]:
    return {}


async def _nothing() -> None:
    return
