"""What detection says of a highlight is kept once, and shown and told from there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tldr_highlight_store.adapters.highlights.detections_protobuf import detected, highlight_of
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.bootstrap import DEFINITION
from tldr_highlight_store.domain.highlights.highlight import HighlightState
from tldr_highlight_store.entrypoints.answers import render
from tldr_testing.databases import upgraded

_STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"
_RUN = "run_0199c2c8f9b07d3a9b1c2d3e4f506172"
_HIGHLIGHT = "hl_0199c2ca11227a4b8c5d6e7f80910213"
_BEFORE = f"""
    INSERT INTO highlights (
        organization_id, highlight_id, stream_id, run_id, revision, standing, start_ms, end_ms, peak_ms,
        types, score, confidence, title, reason, dimensions, contributions, missing, cut
    ) VALUES (
        'org_1', '{_HIGHLIGHT}', '{_STREAM}', '{_RUN}', 2, 'final', 40000, 52500, 45500,
        ARRAY['epic_moment', 'crowd_goes_wild'], 0.75, 0.875, 'Action picks up, crowd roars',
        'Action four times as fast, crowd 12 dB above normal.',
        '[{{"dimension": "action", "score": 0.75, "weight": 0.625}}, {{"dimension": "crowd", "score": 0.75, "weight": 0.375}}]',
        '[{{"signal": "video.motion", "dimension": "action", "value": 16.5, "normalised": 5.25, "amount": 0.5}},
          {{"signal": "audio.crowd", "dimension": "crowd", "value": -36.5, "normalised": 4.5, "amount": 0.25}}]',
        ARRAY['chat'], 'waiting'
    )"""
_SHOWN = {
    "id": _HIGHLIGHT,
    "stream_id": _STREAM,
    "run_id": _RUN,
    "revision": 2,
    "state": "final",
    "start_ms": 40_000,
    "end_ms": 52_500,
    "peak_ms": 45_500,
    "types": ["epic_moment", "crowd_goes_wild"],
    "score": 0.75,
    "confidence": 0.875,
    "title": "Action picks up, crowd roars",
    "reason": "Action four times as fast, crowd 12 dB above normal.",
    "dimensions": [
        {"dimension": "action", "score": 0.75, "weight": 0.625},
        {"dimension": "crowd", "score": 0.75, "weight": 0.375},
    ],
    "contributions": [
        {"signal": "video.motion", "dimension": "action", "value": 16.5, "normalised": 5.25, "amount": 0.5},
        {"signal": "audio.crowd", "dimension": "crowd", "value": -36.5, "normalised": 4.5, "amount": 0.25},
    ],
    "missing_modalities": ["chat"],
    "clip_state": "waiting",
    "has_thumbnail": False,
    "failure": None,
    "description": "",
    "tags": (),
    "verdict": None,
    "trim": None,
    "created_at": None,
}


async def test_a_golden_detection_is_shown_whole_and_told_again_as_it_came(sample: Callable[[str, str], Any]) -> None:
    message = sample("tldr.detections.v1", "detected").detected
    assert render(highlight_of(message)) == _SHOWN
    assert detected(highlight_of(message)) == message


async def test_a_figure_of_zero_is_shown_and_a_detail_of_a_later_version_does_not_harm(
    sample: Callable[[str, str], Any],
) -> None:
    message = sample("tldr.detections.v1", "detected").detected
    message.score = 0.0
    highlight = highlight_of(message)
    assert render(highlight)["score"] == 0.0
    assert detected(replace(highlight, details={**highlight.details, "later": 1})) == message
    assert render(replace(highlight, state=HighlightState.RETRACTED))["state"] == "retracted"


async def test_a_highlight_of_the_version_before_is_shown_and_told_as_it_was(
    postgres_admin: str, sample: Callable[[str, str], Any]
) -> None:
    async with (
        upgraded(postgres_admin, DEFINITION, "0003", _BEFORE) as database,
        database.tenant("org_1") as transaction,
    ):
        (kept,) = await PostgresHighlights(transaction, "org_1").of_run(_RUN)  # type: ignore[arg-type]
    assert {**render(kept), "created_at": None} == _SHOWN
    assert detected(kept) == sample("tldr.detections.v1", "detected").detected
