"""`tldrctl process`: the highlights of a recording of one's own."""

from pathlib import Path
from typing import Literal

from tldr_client import Client
from tldrctl.account import api_key_for
from tldrctl.meshes import mesh_at
from tldrctl.recording import Outcome, Request, follow, save, submit
from tldrctl.screen import say, show_highlights, stream_progress

__all__ = ["Request", "process_recording"]


async def process_recording(
    request: Request, out: Path, *, url: str, api_key: str, folder: Path, kafka: Literal["tansu", "apache"]
) -> int:
    """Submit, follow, save; 0 when the stream completed."""
    if url and not api_key:
        say("--url needs an API key of that mesh: --api-key, or TLDR_API_KEY in the environment")
        return 2
    if url:
        return await _process(request, out, url, api_key)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with mesh_at(folder, kafka, allow_loopback=False, progress=say) as own:
        return await _process(request, out, own, await api_key_for(folder, own))


async def _process(request: Request, out: Path, url: str, api_key: str) -> int:
    async with Client(url, api_key) as client:
        say(f"Uploading {request.video.name}")
        stream_id = await submit(client, request)
        with stream_progress() as progress:
            outcome = await follow(client, stream_id, progress)
    _show(outcome)
    if outcome.stream["state"] != "completed":
        return 1
    say(f"saved in {save(outcome, out / outcome.stream['id'])}")
    return 0


def _show(outcome: Outcome) -> None:
    stream = outcome.stream
    if stream["failure"]:
        say(f"failed: {stream['failure']['reason']} ({stream['failure']['code']})")
        return
    for gap in outcome.gaps:
        seconds = f"{gap['start_ms'] / 1000:.0f}–{gap['end_ms'] / 1000:.0f} s"
        say(f"missing {gap['modality']} {seconds}: {gap['reason']} ({gap['code']})")
    if outcome.highlights:
        show_highlights(outcome.highlights)
    say(f"{stream['state']}: {len(outcome.highlights)} highlights in {(stream['duration_ms'] or 0) / 1000:.1f} s")
