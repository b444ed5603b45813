"""`tldrctl resolve`: what would be read of a page, found out as the service does, on the network of this machine."""

import json
import os
import time
from collections.abc import Mapping
from typing import Protocol

from rich.table import Table

from tldr_ingest.adapters.resolving.findings import Found
from tldr_ingest.adapters.resolving.resolver_process import ProcessSourceResolver, resolving_processes
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.resolving.renditions import Rendition
from tldr_outbound import AddressPolicy
from tldr_secrets import redacted
from tldrctl.screen import console, say


async def resolve_page(address: str, max_height: int, javascript: Mapping[str, str], *, allow_loopback: bool) -> int:
    """0 when it is known what to read, 1 when not, with the reason. Nothing that is printed opens anything."""
    processes = resolving_processes(1)
    resolver = ProcessSourceResolver(
        processes,
        AddressPolicy(allow_loopback=allow_loopback),
        lambda: int(time.time()),
        sites=json.loads(os.environ.get("TLDR_INGEST_SITES", "{}")),
        runtime=javascript,
    )
    try:
        return await tell(resolver, address, max_height)
    finally:
        await processes.close()


class Looking(Protocol):
    """What looks at a page: see `ProcessSourceResolver.examine`."""

    async def examine(self, url: str, *, max_height: int) -> Found: ...


async def tell(looking: Looking, address: str, max_height: int) -> int:
    """Look, and print what was found or why nothing was."""
    began = time.monotonic()
    try:
        found = await looking.examine(address, max_height=max_height)
    except NotLive as error:
        say(f"not live: {error.failure.reason} ({error.failure.code})")
        return 1
    except ReadingFailed as error:
        later = " Another try may help." if error.passing else ""
        say(f"not resolved: {error.failure.reason} ({error.failure.code}){later}")
        return 1
    _show(found, time.monotonic() - began)
    return 0


def _show(found: Found, seconds: float) -> None:
    source = found.source
    if not found.library:
        say("no page of a known site: it is read as it is")
        return
    say(f"found     by {found.library} in {found.requests} requests, {seconds:.1f} s with the start of a process")
    say(f"live      {'yes' if source.live else 'no, a recording'}")
    say(f"broadcast {source.broadcast or 'not named'}, “{source.title}”")
    say(f"chat      {source.chat or 'none'}")
    left = source.expires_at_s - time.time()
    say(f"holds     {f'another {left / 3600:.1f} h' if source.expires_at_s else 'as long as the site likes'}")
    say(f"playlist  {redacted(source.url)}")
    say(f"headers   {', '.join(name for name, _ in source.headers) or 'none'}")
    table = Table("", "size", "frames/s", "Mb/s", "codecs", title="Renditions")
    for rendition in sorted(found.renditions, key=lambda one: (one.lines, one.fps, one.bandwidth), reverse=True):
        table.add_row("read" if rendition == found.chosen else "", *_columns(rendition))
    console.print(table)


def _columns(rendition: Rendition) -> tuple[str, str, str, str]:
    size = f"{rendition.width}x{rendition.height}" if rendition.height else "sound" if not rendition.video else "?"
    codecs = ", ".join(rendition.codecs) or "?"
    return (
        size,
        f"{rendition.fps:g}" if rendition.fps else "?",
        f"{rendition.bandwidth / 1e6:.1f}" if rendition.bandwidth else "?",
        f"{codecs}, sound apart" if rendition.apart else codecs,
    )
