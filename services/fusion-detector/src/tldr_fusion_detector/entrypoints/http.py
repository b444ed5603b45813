"""Questions about a stream's detection, from the gateway."""

import math
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.moments.answer_questions import AnswerQuestions, Progress
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_web import InternalAccess

# Scores are shown and plotted: the ledger recomputes them where more digits matter.
SCORE_DIGITS = 4


def router(answer: AnswerQuestions, access: InternalAccess) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal/streams/{stream}", tags=["detection"])

    @routes.get("/progress")
    async def progress(organization: Annotated[str, Depends(access)], stream: str) -> dict[str, Any]:
        return render_progress(await answer.progress(organization, StreamId(stream)))

    @routes.get("/gaps")
    async def gaps(organization: Annotated[str, Depends(access)], stream: str) -> dict[str, Any]:
        return {"gaps": render_gaps(await answer.gaps(organization, StreamId(stream)))}

    @routes.get("/scores")
    async def scores(
        organization: Annotated[str, Depends(access)],
        stream: str,
        run: Annotated[str | None, Query(max_length=64)] = None,
        from_s: Annotated[int, Query(ge=0, le=1 << 31)] = 0,
    ) -> dict[str, Any]:
        found = (await answer.scores(organization, StreamId(stream), RunId(run) if run else None, from_s)).tolist()
        rounded = [round(score, SCORE_DIGITS) if math.isfinite(score) else None for score in found]
        return {"start_s": from_s, "scores": rounded}

    return routes


def render_progress(progress: Progress) -> dict[str, Any]:
    """How far a stream is, as JSON."""
    live = progress.live
    return {
        "complete_until_ms": progress.complete_until_ms,
        "final_until_ms": live.settled_ms if live else None,
        "provisional_until_ms": live.front_ms if live else None,
        "duration_ms": progress.duration_ms,
        "modalities": {
            modality: {"complete_until_ms": state.complete_until_ms, "ended": ended}
            for modality, (state, ended) in progress.modalities.items()
        },
        "signals_dropped": dict(progress.dropped),
    }


def render_gaps(gaps: Sequence[ReportedGap]) -> list[dict[str, Any]]:
    """Gaps in the published language's JSON form, with the names of its fields and numbers as numbers."""
    return [
        {
            "modality": f"MODALITY_{gap.modality.upper()}",
            "range": {"start_ms": gap.start_ms, "end_ms": gap.end_ms},
            "code": gap.code,
            "reason": gap.reason,
        }
        for gap in gaps
    ]
