"""Questions about single highlights, and verdicts on them, from the gateway."""

import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from tldr_contracts.ids import HighlightId, StreamId
from tldr_fusion_detector.adapters.work_postgres import PostgresWork
from tldr_fusion_detector.application.errors import VerdictNotFound
from tldr_fusion_detector.application.learning.verdict import Opinion, Tally, Verdict
from tldr_fusion_detector.application.moments.explain_highlight import ExplainedHighlight, ExplainHighlight
from tldr_fusion_detector.application.signals.view_stream import LONGEST_S
from tldr_fusion_detector.domain.learning.feedback import Recalibration
from tldr_web import InternalAccess

OpenWork = Callable[[str], AbstractAsyncContextManager[PostgresWork]]
StreamTime = Annotated[int | None, Field(ge=0, le=LONGEST_S * 1000)]


class VerdictRequest(BaseModel):
    """An opinion, and where the moment should have begun and ended."""

    verdict: Opinion
    start_ms: StreamTime = None
    end_ms: StreamTime = None


def highlights_router(open_work: OpenWork, explain: ExplainHighlight, access: InternalAccess) -> APIRouter:
    """The internal routes about highlights."""
    routes = APIRouter(prefix="/internal", tags=["highlights"])

    @routes.get("/highlights/{highlight}/explanation")
    async def explanation(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, Any]:
        return render_explanation(await explain(organization, HighlightId(highlight)))

    @routes.put("/highlights/{highlight}/verdict")
    async def put(
        organization: Annotated[str, Depends(access)], highlight: str, request: VerdictRequest
    ) -> dict[str, Any]:
        times = {"start_ms": request.start_ms, "end_ms": request.end_ms}
        async with open_work(organization) as work:
            return render_verdict(await work.record_verdict(HighlightId(highlight), request.verdict, **times))

    @routes.get("/highlights/{highlight}/verdict")
    async def verdict(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, Any]:
        async with open_work(organization) as work:
            found = await work.verdicts.get(HighlightId(highlight))
        if found is None:
            raise VerdictNotFound
        return render_verdict(found)

    @routes.delete("/highlights/{highlight}/verdict", status_code=204)
    async def withdraw(organization: Annotated[str, Depends(access)], highlight: str) -> None:
        async with open_work(organization) as work:
            await work.record_verdict.withdraw(HighlightId(highlight))

    @routes.get("/verdicts")
    async def verdicts(
        organization: Annotated[str, Depends(access)],
        verdict: Opinion | None = None,
        stream: Annotated[str | None, Query(max_length=64)] = None,
        before: AwareDatetime | None = None,
        before_id: Annotated[str, Query(max_length=64)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        """The newest first. `before` and `before_id`: time and highlight of the last one of an earlier answer."""
        async with open_work(organization) as work:
            found = await work.verdicts.page(
                opinion=verdict,
                stream=StreamId(stream) if stream else None,
                before=(before, before_id) if before else None,
                limit=limit + 1,
            )
        return {"verdicts": [render_verdict(one) for one in found[:limit]], "more": len(found) > limit}

    @routes.get("/verdicts/summary")
    async def summary(organization: Annotated[str, Depends(access)]) -> dict[str, Any]:
        async with open_work(organization) as work:
            tallies, in_force = await work.verdicts.tallies(), await work.recalibrations.in_force()
        return {"dimension_sets": [render_tally(one, in_force.get(one.dimension_set)) for one in tallies]}

    return routes


def render_explanation(explained: ExplainedHighlight) -> dict[str, Any]:
    """All figures with every digit, so that anyone can compute them again. A score that nothing gives has no deviation."""
    run, highlight, found = explained.run, explained.found.highlight, explained.explanation
    return {
        "highlight_id": explained.found.id,
        "stream_id": run.stream,
        "run_id": run.id,
        "peak_ms": highlight.peak_ms,
        "title": highlight.title,
        "reason": highlight.reason,
        "settled": explained.holds is not None,
        "recorded_score": highlight.score,
        "recomputed_score": found.score,
        "deviation": found.deviation if math.isfinite(found.deviation) else None,
        "holds": explained.holds,
        "contributions": [asdict(part) for part in found.contributions],
        "dimensions": [asdict(part) for part in highlight.dimensions],
        "lag": asdict(run.lag) if run.lag else None,
        "calibration_version": run.calibration_version,
        "recalibration": asdict(run.recalibration) if run.recalibration else None,
        "scorer_id": run.scorer.id if run.scorer else None,
        "tampered": [asdict(one) for one in explained.tampered],
    }


def render_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict without what is kept for learning."""
    return {
        "highlight_id": verdict.highlight,
        "stream_id": verdict.stream,
        "verdict": verdict.opinion,
        "start_ms": verdict.start_ms,
        "end_ms": verdict.end_ms,
        "decided_at": verdict.decided_at,
    }


def render_tally(tally: Tally, recalibration: Recalibration | None) -> dict[str, Any]:
    """Counts, and what was learned from them."""
    return {**asdict(tally), "recalibration": asdict(recalibration) if recalibration else None}
