"""`tldrctl train moments`: a scorer that the mesh trains from an organization's own streams."""

import csv
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tldr_client import ApiProblem
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.screen import say
from tldrctl.training.progress import say_left_out, scorer_progress, show_figures

_LIMIT_S = 9 * 3600  # two attempts of the longest training
_COLUMNS = ["stream_id", "start_ms", "end_ms"]


class UnreadableMoments(Exception):
    """The file does not say moments; the message says why."""


def read_moments(file: Path) -> dict[str, Any]:
    """The streams and moments of a CSV file, as the API takes them. UnreadableMoments, OSError."""
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines)
        if not set(_COLUMNS) <= set(rows.fieldnames or ()):
            raise UnreadableMoments(f"{file} has no header with {', '.join(_COLUMNS)}")
        try:
            moments = [
                {"stream_id": row["stream_id"], "start_ms": int(row["start_ms"]), "end_ms": int(row["end_ms"])}
                for row in rows
            ]
        except (TypeError, ValueError) as error:
            raise UnreadableMoments(f"{file}, line {rows.line_num}: times are whole milliseconds") from error
    return {"streams": list(dict.fromkeys(moment["stream_id"] for moment in moments)), "moments": moments}


async def train_own(name: str, moments: Path | None, mesh: MeshChoice, *, activate: bool) -> int:
    """0 when the scorer is ready, 1 when it was refused or failed, 2 when it could not be asked for."""
    try:
        request = {"name": name, **(read_moments(moments) if moments else {"from_verdicts": True})}
    except (UnreadableMoments, OSError) as error:
        say(f"train: {error}")
        return 2
    async with connected(mesh) as client:
        try:
            asked = await client.train_scorer(request)
        except ApiProblem as problem:
            if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            say(f"train: {problem}")
            return 2
        with scorer_progress() as progress:
            scorer = await client.wait_for_scorer(asked["id"], limit_s=_LIMIT_S, progress=progress)
        say_left_out(scorer["left_out"])
        if scorer["failure"]:
            say(f"{scorer['state']}: {scorer['failure']['reason']} ({scorer['failure']['code']})")
            return 1
        show_figures(Provenance(**scorer["provenance"]), "default")
        if activate:
            await client.activate_scorer(scorer["id"])
        say(f"{scorer['id']}: {scorer['name']}, version {scorer['version']}{', active' if activate else ''}")
    return 0
