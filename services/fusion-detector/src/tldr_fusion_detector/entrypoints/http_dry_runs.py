"""Dry runs: what a profile would make of a finished stream, from the gateway."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.adapters.requests_protobuf import profile_of_json
from tldr_fusion_detector.application.moments.try_profile import TryProfile
from tldr_fusion_detector.domain.moments.comparison import Comparison
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_web import InternalAccess

MOST_SHOWN = 200
"""Of each list; the counts are of all."""


class DryRunRequest(BaseModel):
    """A profile in the published language's JSON form, and the run to compare with."""

    profile: dict[str, Any]
    against: Annotated[str | None, Field(max_length=64)] = None


def dry_runs_router(attempt: TryProfile, access: InternalAccess) -> APIRouter:
    """The internal route about dry runs."""
    routes = APIRouter(prefix="/internal/streams/{stream}", tags=["detection"])

    @routes.post("/dry-runs")
    async def dry_run(
        organization: Annotated[str, Depends(access)], stream: str, request: DryRunRequest
    ) -> dict[str, Any]:
        against = RunId(request.against) if request.against else None
        profile = profile_of_json(request.profile)
        return render_comparison(await attempt(organization, StreamId(stream), profile, against))

    return routes


def render_comparison(found: Comparison) -> dict[str, Any]:
    """Counts of all, and the first of each list."""
    return {
        "counts": {
            "appear": len(found.appear),
            "vanish": len(found.vanish),
            "change": len(found.change),
            "same": found.same,
        },
        "appear": [_render(one) for one in found.appear[:MOST_SHOWN]],
        "vanish": [{"id": name, **_render(one)} for name, one in found.vanish[:MOST_SHOWN]],
        "change": [
            {"id": name, "before": _render(before), "after": _render(after)}
            for name, before, after in found.change[:MOST_SHOWN]
        ],
    }


def _render(one: Highlight) -> dict[str, Any]:
    return {
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "peak_ms": one.peak_ms,
        "types": list(one.types),
        "score": one.score,
        "confidence": one.confidence,
        "title": one.title,
    }
