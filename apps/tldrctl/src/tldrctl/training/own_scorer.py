"""`tldrctl train moments`: a scorer that the mesh trains from an organization's own streams."""

import csv
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from tldr_client import ApiProblem, Client
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldrctl.account import api_key_for
from tldrctl.meshes import mesh_at
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


async def train_own(
    name: str,
    moments: Path | None,
    *,
    activate: bool,
    url: str,
    api_key: str,
    folder: Path,
    kafka: Literal["tansu", "apache"],
) -> int:
    """0 when the scorer is ready, 1 when it was refused or failed, 2 when it could not be asked for."""
    try:
        request = {"name": name, **(read_moments(moments) if moments else {"from_verdicts": True})}
    except (UnreadableMoments, OSError) as error:
        say(f"train: {error}")
        return 2
    if url and not api_key:
        say("--url needs an API key of that mesh: --api-key, or TLDR_API_KEY in the environment")
        return 2
    if url:
        return await _train(request, url, api_key, activate=activate)
    if not folder.is_dir():
        say(f"train: there is no mesh in {folder}; name its folder with --folder, or its address with --url")
        return 2
    async with mesh_at(folder, kafka, allow_loopback=False, progress=say) as own:
        return await _train(request, own, await api_key_for(folder, own), activate=activate)


async def _train(request: dict[str, Any], url: str, api_key: str, *, activate: bool) -> int:
    async with Client(url, api_key) as client:
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
