"""`tldrctl process`: the highlights of a recording of one's own."""

from pathlib import Path

from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.recording import Request, follow, save, submit
from tldrctl.screen import say, stream_progress
from tldrctl.stream_report import show_stream

__all__ = ["Request", "process_recording"]


async def process_recording(request: Request, out: Path, mesh: MeshChoice) -> int:
    """Submit, follow, save; 0 when the stream completed."""
    async with connected(mesh, makes_folder=True) as client:
        say(f"Uploading {request.video.name}")
        stream_id = await submit(client, request)
        with stream_progress() as progress:
            outcome = await follow(client, stream_id, progress)
    show_stream(outcome.stream, outcome.highlights, outcome.gaps)
    if outcome.stream["state"] != "completed":
        return 1
    say(f"saved in {save(outcome, out / outcome.stream['id'])}")
    return 0
