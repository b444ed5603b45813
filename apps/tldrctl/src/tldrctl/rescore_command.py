"""`tldrctl rescore`: a completed stream under another preset."""

import re
from http import HTTPStatus
from typing import Any

from tldr_client import ApiProblem
from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.screen import run_progress, say, show_highlights

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LIMIT_S = 3600


async def rescore_stream(stream: str, preset: str | None, mesh: MeshChoice, *, make_default: bool) -> int:
    """0 when the run completed, 1 when it failed, 2 when there is no such stream."""
    if not _ID.fullmatch(stream):
        say("rescore: give a stream's id, as the API and `tldrctl process` show it")
        return 2
    async with connected(mesh) as client:
        try:
            asked = await client.rescore(stream, {"preset": preset, "make_default": make_default})
        except ApiProblem as problem:
            if problem.status != HTTPStatus.NOT_FOUND:
                raise
            say(f"rescore: {problem.detail}")
            return 2
        with run_progress() as progress:
            run = await client.wait_for_run(stream, asked["id"], limit_s=_LIMIT_S, progress=progress)
        if run["failure"]:
            say(f"failed: {run['failure']['reason']} ({run['failure']['code']})")
            return 1
        _show(run, await client.highlights(stream, run=run["id"]))
    return 0


def _show(run: dict[str, Any], highlights: list[dict[str, Any]]) -> None:
    if highlights:
        show_highlights(highlights)
    for found in highlights:
        if found["failure"]:
            say(f"no clip of {found['id']}: {found['failure']['reason']} ({found['failure']['code']})")
    say(f"{run['id']} under {run['dimension_set']}: {len(highlights)} highlights")
