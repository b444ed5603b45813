"""The public API of a mesh in one process: a mixed load, one highlight again and again, and pages of a long list.

* 10,000 requests a minute for a minute: 80 % one thing (a highlight, a stream), 15 % lists, 5 % new streams. They wait for an
  encoder, so that what is measured is the API and not the reading of a thousand sources.
* `GET /v1/highlights/{id}` as fast as it is answered, against a bare FastAPI route with one query by asyncpg on the same row.
* A page of 100 at the beginning and deep in a list of a million.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from http_load import Call, Connection, Measured, at_rate, saturate
from mesh_process import mesh_process

from tldr_client import Client, register
from tldr_mesh.databases import database_of
from tldrctl.demo.broadcast import render
from tldrctl.recording import Request, follow, submit

PER_S, P95_MS, GOAL_MS = 10_000 / 60, 50, 25
RATIO, GOAL_RATIO, DEEP_RATIO = 0.5, 0.6, 2.0
CONNECTIONS, SATURATED_S, PAGES_DEEP = 32, 10, 1000
_PLENTY = {"active_streams": 100_000, "live_streams": 100_000, "requests_per_minute": 10**7, "request_burst": 10**6}
_COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_name = 'highlights' AND is_generated = 'NEVER' AND column_name NOT IN ('highlight_id', 'created_at')
"""
_COPIES = """
INSERT INTO highlights (highlight_id, created_at, {columns})
SELECT 'hl_copy_' || lpad(number::text, 8, '0'), created_at - number * interval '1 second', {columns}
FROM highlights, generate_series(CAST(:first AS int), CAST(:last AS int)) AS number WHERE highlight_id = :highlight
"""
_AT_A_TIME = 50_000


async def main(seconds: int, highlights: int) -> None:
    """Run, and print."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "mesh"
        home.mkdir()
        async with mesh_process(home) as mesh:
            made = await register(mesh.url, name="bench", email="bench@example.com")
            async with database_of(home, "gateway").system() as transaction:
                agreed = sa.text("UPDATE organizations SET agreed_limits = :plenty")
                await transaction.execute(agreed, {"plenty": json.dumps(_PLENTY)})
            async with Client(mesh.url, made.api_key) as client:
                stream, found = await _finished(client, Path(name))
                connections = [
                    Connection(mesh.url, {"authorization": f"Bearer {made.api_key}"}) for _ in range(CONNECTIONS)
                ]
                mixed = await at_rate(connections, Mix(stream, found), per_s=PER_S, seconds=seconds)
                print(f"mixed, {PER_S:.0f} requests a second for {seconds} s: {mixed}")
                print(f"ratio: {mixed.percentile(0.95) / P95_MS:.2f} of {P95_MS} ms; goal {GOAL_MS / P95_MS:.2f}")
                await _saturated(connections, mesh.postgres, found[0])
                await _copied(home, found[0], highlights)
                await _pages(client, connections[0], highlights)


async def _finished(client: Client, folder: Path) -> tuple[str, list[str]]:
    broadcast = await asyncio.to_thread(render, 3, folder, duration_s=120, moments=3)
    outcome = await follow(client, await submit(client, Request(broadcast.video, broadcast.chat)), lambda _: None)
    return str(outcome.stream["id"]), [str(one["id"]) for one in outcome.highlights]


class Mix:
    """Calls as customers make them."""

    def __init__(self, stream: str, highlights: list[str]) -> None:
        self._one = [f"/v1/streams/{stream}", *(f"/v1/highlights/{one}" for one in highlights)]
        self._lists = ["/v1/highlights?limit=20", "/v1/streams?limit=20", f"/v1/streams/{stream}/highlights"]
        self._new = json.dumps({"title": "bench", "source": {"kind": "rtmp"}, "chat": {"kind": "push"}}).encode()

    def __call__(self, dice: random.Random) -> Call:
        """One of them."""
        kind = dice.random()
        if kind < 0.8:
            return Call("GET", dice.choice(self._one))
        return Call("GET", dice.choice(self._lists)) if kind < 0.95 else Call("POST", "/v1/streams", self._new)


async def _saturated(connections: list[Connection], postgres: str, highlight: str) -> None:
    async with _bare_process(postgres) as url:
        bare = await _best([Connection(url, {}) for _ in connections], f"/highlights/{highlight}")
    ours = await _best(connections, f"/v1/highlights/{highlight}")
    print(f"one highlight, {len(connections)} connections: {_rate(ours):.0f} a second ({ours})")
    print(f"bare FastAPI and asyncpg: {_rate(bare):.0f} a second ({bare})")
    print(f"ratio: {_rate(ours) / _rate(bare):.2f}; reach {RATIO}, goal {GOAL_RATIO}")


async def _best(connections: list[Connection], target: str) -> Measured:
    await saturate(connections, Call("GET", target), 1)
    return await saturate(connections, Call("GET", target), SATURATED_S)


def _rate(measured: Measured) -> float:
    return (len(measured.took_s) - measured.errors) / SATURATED_S


async def _copied(home: Path, highlight: str, highlights: int) -> None:
    for first in range(1, highlights + 1, _AT_A_TIME):
        async with database_of(home, "highlight-store").system() as transaction:
            span = {"highlight": highlight, "first": first, "last": min(first + _AT_A_TIME - 1, highlights)}
            await transaction.execute(sa.text("SET LOCAL statement_timeout = 0"))
            columns = await transaction.scalar(sa.text(_COLUMNS))
            await transaction.execute(sa.text(_COPIES.format(columns=columns)), span)


async def _pages(client: Client, connection: Connection, highlights: int) -> None:
    target = "/v1/highlights?limit=100"
    cursor, last = "", ""
    for _ in range(min(PAGES_DEEP, highlights // 100)):
        last = f"{target}&cursor={cursor}" if cursor else target
        cursor = (await client.call("GET", last))["next_cursor"]
    first, deep = Measured(), Measured()
    for _ in range(5):
        for measured, page in ((first, target), (deep, last)):
            some = await saturate([connection], Call("GET", page), 1)
            measured.took_s += some.took_s
            measured.errors += some.errors
    print(f"first page of 100 of {highlights}: {first}")
    print(f"page {min(PAGES_DEEP, highlights // 100)}: {deep}")
    print(f"ratio: {deep.percentile(0.5) / first.percentile(0.5):.2f}; reach {DEEP_RATIO}")


@asynccontextmanager
async def _bare_process(postgres: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--bare", postgres, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def _serve_bare(postgres: str) -> None:
    pool = await asyncpg.create_pool(postgres.rpartition("/")[0] + "/highlight_store", min_size=4, max_size=8)
    app = FastAPI()

    @app.get("/highlights/{highlight_id}")
    async def one(highlight_id: str) -> dict[str, object]:
        row = await pool.fetchrow("SELECT * FROM highlights WHERE highlight_id = $1", highlight_id)
        assert row is not None
        return {**row, "details": json.loads(row["details"])}

    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off", access_log=False, server_header=False)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    print(f"http://{host}:{port}", flush=True)
    await serving


if __name__ == "__main__":
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("--seconds", type=int, default=60, help="of mixed load")
    asking.add_argument("--highlights", type=int, default=1_000_000, help="of the long list")
    asking.add_argument("--bare", help=argparse.SUPPRESS)
    asked = asking.parse_args()
    asyncio.run(_serve_bare(asked.bare) if asked.bare else main(asked.seconds, asked.highlights))
