"""Runs the tools that come with the servers, with a time limit and their last words in the error."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from tldr_embedded.errors import ServerFailed

TAIL_LINES = 12


def tail(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-TAIL_LINES:])


def tail_of(path: Path) -> str:
    try:
        return tail(path.read_text(errors="replace"))
    except FileNotFoundError:
        return ""


async def run_command(
    words: Sequence[str], *, purpose: str, seconds: float, environment: Mapping[str, str] | None = None
) -> str:
    """What the command printed on both streams. Raises ServerFailed when it fails, is missing or takes too long."""
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise ServerFailed(f"{purpose} failed: {words[0]} cannot be run ({error}).") from error
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    except TimeoutError:
        raise ServerFailed(f"{purpose} took longer than {seconds:g} s ({words[0]}).") from None
    finally:
        if process.returncode is None:
            process.kill()
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise ServerFailed(f"{purpose} failed with exit code {process.returncode}:\n{tail(text)}")
    return text
