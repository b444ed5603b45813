"""Whatever is sent to the public API, it is never answered with an error of ours, and always in the same form."""

import asyncio
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import HypothesisDeprecationWarning
from schemathesis import GenerationMode
from sqlalchemy import text

from tldr_testing.hosting import Hosted

EXAMPLES = 3
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def call_all(document: dict[str, Any], url: str, key: str) -> int:
    """Call each operation with good and with bad values; how many calls it were."""
    called = 0
    header = {"Authorization": f"Bearer {key}"}
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # the document is our own
        for mode in MODES:

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(mode))
            def probe(case: Any) -> None:
                nonlocal called
                called += 1
                response = case.call(base_url=url, headers=header, allow_redirects=False)
                assert response.status_code < 500, (case.as_curl_command(), response.text)
                if response.status_code >= 400:
                    assert response.headers["content-type"][0] == "application/problem+json"

            probe()
    return called


@pytest.mark.filterwarnings(
    f"ignore::{HypothesisDeprecationWarning.__module__}.{HypothesisDeprecationWarning.__name__}"
)
async def test_no_request_is_answered_with_an_error_of_ours(gateway: Hosted, customer: Any, neighbours: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as http:
        document = (await http.get("/openapi.json")).json()
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.execute(text("UPDATE organizations SET agreed_limits = '{\"request_burst\": 100000}'"))
    called = await asyncio.to_thread(call_all, document, gateway.url, customer.key)
    assert called > 200
