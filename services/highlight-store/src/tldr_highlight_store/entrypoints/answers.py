"""Highlights as JSON, for the gateway."""

from typing import Any

from tldr_highlight_store.domain.highlights.edits import Trim
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight
from tldr_streams.values import Failure
from tldr_web import Problem, etag_of


def missing(highlight: Highlight) -> Problem:
    """Why there is no clip or picture to be had."""
    if highlight.cut is ClipState.FAILED and highlight.failure:
        return Problem(404, highlight.failure.code, highlight.failure.reason)
    if highlight.cut is ClipState.READY:
        return Problem(404, "no_picture", "The stream has no picture to show.")
    return Problem(
        409, "clip_not_ready", "The clip is being made. Ask again when the highlight's `clip_state` is `ready`."
    )


def render(highlight: Highlight) -> dict[str, Any]:
    """A highlight as JSON: what detection said of it, under its names, and what became of it here."""
    details = dict(highlight.told)
    missing = details.pop("missing", [])
    return {
        **details,
        "id": highlight.id,
        "stream_id": highlight.stream,
        "run_id": highlight.run,
        "revision": highlight.revision,
        "state": highlight.state,
        "start_ms": highlight.start_ms,
        "end_ms": highlight.end_ms,
        "peak_ms": highlight.peak_ms,
        "missing_modalities": missing,
        "clip_state": highlight.cut,
        "has_thumbnail": highlight.thumbnail is not None,
        "failure": _failure(highlight.failure),
        "description": highlight.edits.description,
        "tags": highlight.edits.tags,
        "verdict": highlight.verdict,
        "trim": _trim(highlight.trim),
        "created_at": highlight.created_at,
    }


def tagged(highlight: Highlight) -> dict[str, Any]:
    """A highlight as JSON with its entity tag, `etag`."""
    shown = render(highlight)
    return {**shown, "etag": etag_of(shown)}


def _trim(trim: Trim | None) -> dict[str, Any] | None:
    if trim is None:
        return None
    state = "failed" if trim.failure else "waiting"
    failure = _failure(trim.failure)
    return {"state": state, "start_ms": trim.start_ms, "end_ms": trim.end_ms, "failure": failure}


def _failure(failure: Failure | None) -> dict[str, str] | None:
    return {"code": failure.code, "reason": failure.reason} if failure else None
