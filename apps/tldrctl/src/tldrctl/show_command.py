"""`tldrctl stream show`: a stream that was submitted before."""

import re
from http import HTTPStatus

from tldr_client import ApiProblem
from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.screen import say
from tldrctl.stream_report import show_stream

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def show(stream_id: str, mesh: MeshChoice) -> int:
    """0 when it was shown, 2 when there is none of this id."""
    if not _ID.fullmatch(stream_id):
        say("stream show: give a stream's id, as the API and `tldrctl process` show it")
        return 2
    async with connected(mesh) as client:
        try:
            stream = await client.stream(stream_id)
            gaps = await client.call("GET", f"/v1/streams/{stream_id}/gaps")
        except ApiProblem as problem:
            if problem.status != HTTPStatus.NOT_FOUND:
                raise
            say(f"stream show: {problem.detail}")
            return 2
        show_stream(stream, await client.highlights(stream_id), gaps["gaps"])
    return 0
