"""What the README and the guides tell a developer to paste works when pasted."""

import asyncio
import json
import re
import sys
from pathlib import Path

from tldr_client import Client
from tldr_embedded import ports
from tldr_mesh.mesh import Mesh
from tldr_testing import eventually
from tldrctl.demo.broadcast import Broadcast

ROOT = Path(__file__).parents[2]
_OWN = ("API=", "VIDEO=", "CHAT=")


def _block(document: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", (ROOT / document).read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return found[1]


async def test_the_walk_of_the_readme_ends_with_a_clip_and_a_thumbnail(
    mesh: Mesh, broadcast: Broadcast, tmp_path: Path
) -> None:
    steps = [line for line in _block("README.md", "bash").splitlines() if not line.startswith(_OWN)]
    own = f"set -euo pipefail\nAPI={mesh.url} VIDEO={broadcast.video} CHAT={broadcast.chat}\n"
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-c", own + "\n".join(steps)),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(shell.communicate(), 100)
    assert shell.returncode == 0, said.decode()
    assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    assert (tmp_path / "thumbnail.jpg").read_bytes()[:2] == b"\xff\xd8"


async def test_the_receiver_of_the_guide_takes_what_is_signed_and_refuses_the_rest(
    mesh: Mesh, customer: Client, tmp_path: Path
) -> None:
    (port,) = ports.choose(1)
    made = await customer.call("POST", "/v1/webhook-endpoints", {"url": f"http://127.0.0.1:{port}/"})
    script, heard = tmp_path / "receiver.py", tmp_path / "heard"
    script.write_text(_block("docs/guides/webhooks.md", "python"))
    with heard.open("wb") as out:
        receiver = await asyncio.create_subprocess_exec(
            *(sys.executable, str(script)), env={"SECRET": made["secret"], "PORT": str(port)}, stdout=out, stderr=out
        )
    try:
        await eventually(lambda: _listens(port))
        await customer.call("POST", f"/v1/webhook-endpoints/{made['id']}/test")
        await eventually(lambda: _heard(heard, "webhook.test"))
        assert b" 400 " in await _answer(port, json.dumps({"type": "forged"}).encode())
    finally:
        receiver.kill()
        await receiver.wait()


async def _listens(port: int) -> bool:
    return not ports.is_free(port)


async def _heard(file: Path, word: str) -> bool:
    return word in file.read_text()


async def _answer(port: int, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.0\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
    line = await reader.readline()
    writer.close()
    return line
