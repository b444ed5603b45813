"""`tldrctl rescore`: a completed stream under another preset."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from tldr_client import ApiProblem, Client
from tldrctl.account import api_key_for
from tldrctl.meshes import mesh_at
from tldrctl.screen import run_progress, say, show_highlights

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LIMIT_S = 3600


async def rescore_stream(
    stream: str,
    preset: str | None,
    *,
    make_default: bool,
    url: str,
    api_key: str,
    folder: Path,
    kafka: Literal["tansu", "apache"],
) -> int:
    """0 when the run completed, 1 when it failed, 2 when there is no such stream."""
    if not _ID.fullmatch(stream):
        say("rescore: give a stream's id, as the API and `tldrctl process` show it")
        return 2
    if url and not api_key:
        say("--url needs an API key of that mesh: --api-key, or TLDR_API_KEY in the environment")
        return 2
    request = {"preset": preset, "make_default": make_default}
    if url:
        return await _rescore(stream, request, url, api_key)
    if not folder.is_dir():
        say(f"rescore: there is no mesh in {folder}; name its folder with --folder, or its address with --url")
        return 2
    async with mesh_at(folder, kafka, allow_loopback=False, progress=say) as own:
        return await _rescore(stream, request, own, await api_key_for(folder, own))


async def _rescore(stream: str, request: dict[str, Any], url: str, api_key: str) -> int:
    async with Client(url, api_key) as client:
        try:
            asked = await client.rescore(stream, request)
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
