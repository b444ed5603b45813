"""PostgreSQL refuses to run as root; this finds whom to run it as then, and how."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from tldr_embedded.errors import ServerFailed

# Bits of CapEff in /proc/self/status, best first. Either one lets the plain user enter folders that only root may enter
# (a home of mode 0700), so that no folder above the data has to be opened to everybody.
SEARCH_CAPABILITIES = {2: "dac_read_search", 1: "dac_override"}
STRANGER = "nobody"


@dataclass(frozen=True, slots=True)
class PlainUser:
    """`prefix` goes before a command; `owner` is to own the data, None when we are not root."""

    prefix: tuple[str, ...]
    owner: tuple[int, int] | None


def plain_user(data: Path, *, stop_signal: str) -> PlainUser:
    """Ourselves, or for root the owner of the data, or `nobody` while there is no data. Raises ServerFailed.

    The signal asked for at the parent's death is lost when the user changes, so `setpriv` asks again.
    """
    if os.geteuid() != 0:
        return PlainUser((), None)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServerFailed(
            "PostgreSQL refuses to run as root and setpriv is missing: install util-linux, or do not be root."
        )
    owner = _owner(data)
    capability = _search_capability()
    capabilities = f"-all,+{capability}" if capability else "-all"
    prefix = (
        setpriv,
        f"--reuid={owner[0]}",
        f"--regid={owner[1]}",
        "--clear-groups",
        f"--inh-caps={capabilities}",
        f"--ambient-caps={capabilities}",
        f"--pdeathsig={stop_signal}",
    )
    return PlainUser(prefix, owner)


def _owner(data: Path) -> tuple[int, int]:
    if data.exists() and (status := data.stat()).st_uid != 0:
        return status.st_uid, status.st_gid
    stranger = pwd.getpwnam(STRANGER)
    return stranger.pw_uid, stranger.pw_gid


def _search_capability() -> str | None:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            effective = int(line.split()[1], 16)
            return next((name for bit, name in SEARCH_CAPABILITIES.items() if effective >> bit & 1), None)
    return None
