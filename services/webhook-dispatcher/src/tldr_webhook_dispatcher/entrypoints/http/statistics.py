"""Questions about how deliveries go."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_webhook_dispatcher.adapters.messages.statistics_postgres import PostgresStatistics
from tldr_webhook_dispatcher.application.messages.view_statistics import ViewStatistics
from tldr_webhook_dispatcher.domain.messages.message import DeliveryState
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk


def routes(desk: Desk) -> APIRouter:
    """The internal route about statistics."""
    router = APIRouter(prefix="/internal/endpoints/{endpoint}", tags=["deliveries"])

    @router.get("/statistics")
    async def statistics(
        organization: Annotated[str, Depends(desk.access)],
        endpoint: str,
        days: Annotated[int, Query(ge=1, le=30)] = 7,
    ) -> dict[str, Any]:
        async with desk.work(organization) as work:
            await desk.known(work, endpoint)
            view = ViewStatistics(PostgresStatistics(work.transaction), desk.clock)
            asked, found = await view(endpoint, days)
        failures = [{"status": one.status, "error": one.error, "attempts": one.count} for one in found.failures]
        return {
            "days": [
                {"date": day, **{state.value: found.days.get(day, {}).get(state, 0) for state in DeliveryState}}
                for day in asked
            ],
            "attempts": found.attempts,
            "failures": failures,
            "duration_p50_ms": found.p50_ms,
            "duration_p95_ms": found.p95_ms,
        }

    return router
