"""A small recording submitted two seconds after another organization's 22, against the same one alone, in one run."""

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from tldr_client import Client, register
from tldr_mesh.mesh import running_mesh
from tldrctl.demo.broadcast import Broadcast, render

CACHE = Path(__file__).parents[2] / ".cache" / "bench"
SEED, DURATION_S, MOMENTS = 3, 60, 1
OTHERS = 22
AFTER_S = 2.0
LIMIT_S = 300
GOAL, REACH = 2.0, 3.0


async def main() -> None:
    """Render once; measure on a warm mesh."""
    CACHE.mkdir(parents=True, exist_ok=True)
    broadcast = await asyncio.to_thread(render, SEED, CACHE, duration_s=DURATION_S, moments=MOMENTS)
    with tempfile.TemporaryDirectory() as folder:
        async with running_mesh(Path(folder)) as mesh:
            few, many = await _key(mesh.url, "few"), await _key(mesh.url, "many")
            async with Client(mesh.url, few) as b, Client(mesh.url, many) as a:
                await _processed(b, await _uploaded(b, broadcast))  # the readers have joined, the processes are up
                alone = await _processed(b, await _uploaded(b, broadcast))
                print(f"alone: {alone:.1f} s")
                beside = await _beside(a, b, broadcast)
    print(f"beside another organization's {OTHERS}: {beside:.1f} s")
    print(f"reach {REACH:g}, goal {GOAL:g}")
    print(f"ratio: {beside / alone:.2f}")


async def _key(url: str, name: str) -> str:
    return (await register(url, name=name, email=f"{name}-{secrets.token_hex(6)}@example.com")).api_key


async def _uploaded(client: Client, broadcast: Broadcast) -> dict[str, dict[str, str]]:
    media, chat = await client.upload(broadcast.video, "media"), await client.upload(broadcast.chat, "chat")
    return {"source": {"upload_id": media}, "chat": {"upload_id": chat}}


async def _beside(a: Client, b: Client, broadcast: Broadcast) -> float:
    """Everything is uploaded before, so that only the work is measured."""
    bodies = [await _uploaded(a, broadcast) for _ in range(OTHERS)]
    own = await _uploaded(b, broadcast)
    others = [(await a.submit(body))["id"] for body in bodies]
    await asyncio.sleep(AFTER_S)
    took = await _processed(b, own)
    states = [(await a.stream(stream))["state"] for stream in others]
    print(f"of the others {states.count('completed')} were completed by then, {states.count('failed')} had failed")
    return took


async def _processed(client: Client, body: dict[str, dict[str, str]]) -> float:
    """Seconds from POST to a completed stream; where they went is printed."""
    begun = last = time.monotonic()
    stages: dict[str, float] = {}
    stream = (await client.submit(body))["id"]
    while True:
        now = await client.stream(stream)
        stage, then = now["progress"]["stage"], time.monotonic()
        stages[stage], last = stages.get(stage, 0.0) + then - last, then
        if now["state"] == "completed":
            print("  " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages.items()))
            return time.monotonic() - begun
        if now["state"] in {"failed", "cancelled"} or time.monotonic() - begun > LIMIT_S:
            raise SystemExit(f"the stream is {now['state']}: {now['failure']}")
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())
