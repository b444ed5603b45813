"""A customer sees how deliveries to an endpoint go."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tldr_testing import eventually, refused


async def test_an_endpoint_says_how_its_deliveries_go(new_customer: Callable[[], Any]) -> None:
    customer, other = await new_customer(), await new_customer()
    customer.receiver.answers["/counted"] = [500, 204]
    endpoint = await customer.listens("/counted")
    for _ in range(2):
        await customer.tests(endpoint["id"])
    path = f"/internal/endpoints/{endpoint['id']}/statistics"

    async def done() -> dict[str, Any] | None:
        found: dict[str, Any] = (await customer.http.get(path, params={"days": 3})).raise_for_status().json()
        return found if found["days"][-1]["delivered"] == 2 else None

    found = await eventually(done)
    today = datetime.now(UTC).date().isoformat()
    assert found["days"][-1] == {"date": today, "pending": 0, "delivered": 2, "abandoned": 0}
    assert len(found["days"]) == 3
    assert found["failures"] == [{"status": 500, "error": None, "attempts": 1}]
    assert found["attempts"] == 3
    assert 0 <= found["duration_p50_ms"] <= found["duration_p95_ms"]
    refused(await other.http.get(path), 404, "endpoint_not_found")
