"""Calls every operation of the API's document with all that schemathesis thinks of, by a key that may do everything.

All of its phases: examples, coverage of the schemas' edges, fuzzing, and chains of calls in which one uses what another made.
Exits with 1 when an answer is a 5xx, is not documented, or is not as the document says.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import sqlalchemy as sa

from tldr_client import Client
from tldr_mesh.databases import database_of
from tldr_mesh.mesh import running_mesh
from tldr_telemetry import configure_logs
from tldr_testing.letters import Letters
from tldrctl.demo.broadcast import render
from tldrctl.recording import Request, follow, submit

EMAIL, PASSWORD = "fuzz@example.com", "correct horse battery staple"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
PLENTY = {
    "active_streams": 100_000,
    "live_streams": 100_000,
    "requests_per_minute": 1_000_000,
    "request_burst": 1_000_000,
    "webhook_endpoints": 500,
    "api_keys": 500,
    "members": 100_000,
}
"""What is fuzzed are the operations, not the limits."""


async def main(examples: int, seconds: int, seed: int, only: str | None) -> int:
    """Run it; the exit code."""
    os.environ |= {"TLDR_GATEWAY_FEED_LONGEST_S": "1", "TLDR_GATEWAY_WRONG_KEYS_PER_MINUTE": "1000000"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "mesh"
        folder.mkdir()
        configure_logs(level="ERROR", file=Path(name) / "services.log")
        async with running_mesh(folder, allow_loopback=True) as mesh:
            await _owner(mesh.url, folder / "mail")
            async with database_of(folder, "gateway").system() as transaction:
                agreed = sa.text("UPDATE organizations SET agreed_limits = :plenty")
                await transaction.execute(agreed, {"plenty": json.dumps(PLENTY)})
            await _finished(mesh.url, Path(name))
            command = [
                *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{mesh.url}/openapi.json"),
                *("--phases", "examples,coverage,fuzzing,stateful", "--checks", ",".join(CHECKS)),
                *("--max-examples", str(examples), "--seed", str(seed), "--max-time", str(seconds)),
                *("--request-timeout", "30", "--continue-on-failure", "--no-color"),
                *(("--include-operation-id", only) if only else ()),
            ]
            told = {"SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("key_of_fuzz.py")), "FUZZ_URL": mesh.url}
            told |= {"FUZZ_EMAIL": EMAIL, "FUZZ_PASSWORD": PASSWORD}
            done = await asyncio.to_thread(subprocess.run, command, env={**os.environ, **told}, cwd=name, check=False)
        errors = [line for line in (Path(name) / "services.log").read_text().splitlines() if "unexpected error" in line]
        print(f"{len(errors)} unexpected errors in the log", *errors[:5], sep="\n")
    return done.returncode or bool(errors)


async def _owner(url: str, letters: Path) -> None:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        wanted = {"organization": "Fuzz", "email": EMAIL, "password": PASSWORD}
        (await http.post("/v1/auth/register", json=wanted)).raise_for_status()
        (
            await http.post("/v1/auth/register/confirm", json={"token": await Letters(letters).token(EMAIL)})
        ).raise_for_status()


async def _finished(url: str, folder: Path) -> None:
    """A stream with highlights, so that there is something to find."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        session = (await http.post("/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})).raise_for_status()
    broadcast = await asyncio.to_thread(render, 3, folder, duration_s=120, moments=3)
    async with Client(url, session.json()["access_token"]) as client:
        await follow(client, await submit(client, Request(broadcast.video, broadcast.chat)), lambda _: None)


if __name__ == "__main__":
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--examples", type=int, default=25, help="cases of each operation and phase")
    asking.add_argument("--seconds", type=int, default=600, help="the longest it may take")
    asking.add_argument("--seed", type=int, default=7)
    asking.add_argument("--only", help="the operation to fuzz, by its operationId")
    asked = asking.parse_args()
    sys.exit(asyncio.run(main(asked.examples, asked.seconds, asked.seed, asked.only)))
