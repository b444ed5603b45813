"""What a bare machine lacks.

`python3 machine.py FOLDER` needs nothing but some Python 3, so it also speaks where `make setup` failed.
"""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional  # noqa: UP035 - older Pythons must be able to read this and say that they are old

OLDEST, TOO_NEW = (3, 11), (3, 14)
FREE_BYTES = 2 << 30
MEMORY_BYTES = 1500 << 20
MEMORY = Path("/proc/meminfo")
INSTALL_PYTHON = (
    "Install Python 3.11, 3.12 or 3.13 (Debian: apt install python3 python3-venv), "
    "or uv, which brings one: https://docs.astral.sh/uv"
)


class Finding(NamedTuple):
    """Something that was looked at. `advice` is what to do when it is not well."""

    what: str
    well: bool
    detail: str
    advice: str = ""
    needed: bool = True


def bare(folder: Path, memory: Path = MEMORY) -> List[Finding]:  # noqa: UP006
    """All that can be seen without an installed package."""
    return [python(), platform_(), venv(), *room(folder, memory)]


def python(running: Optional[tuple] = None) -> Finding:  # type: ignore[type-arg]  # noqa: UP045
    """A Python that all packages have wheels for: this one, another on the path, or one that uv brings."""
    version = tuple((running or sys.version_info)[:3])
    named = ".".join(str(part) for part in version)
    if OLDEST <= version < TOO_NEW:
        return Finding("Python", True, named)
    others = [name for minor in (13, 12, 11) if shutil.which(name := f"python3.{minor}")]
    if others or shutil.which("uv"):
        return Finding("Python", True, f"{named} is not supported, {others[0] if others else 'one from uv'} is used")
    return Finding("Python", False, f"{named}; 3.11 to 3.13 are supported", INSTALL_PYTHON)


def platform_() -> Finding:
    """What the wheels are made for."""
    library, version = platform.libc_ver()
    here = f"{platform.system()} {platform.machine()}, {library or 'no glibc'} {version}".strip()
    well = (platform.system(), platform.machine(), library) == ("Linux", "x86_64", "glibc")
    advice = "The servers have wheels for x86-64 Linux with glibc; elsewhere use a container or a virtual machine."
    return Finding("platform", well, here, advice)


def venv() -> Finding:
    """How uv is had where it is not installed."""
    if shutil.which("uv"):
        return Finding("uv", True, "installed")
    here = Path(".uv/bin/uv").exists()
    able = importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None
    advice = "Install python3-venv (Debian: apt install python3-venv) or uv: https://docs.astral.sh/uv"
    detail = (
        "installed by `make setup`" if here else ("can be installed" if able else "missing, and no venv to put it in")
    )
    return Finding("uv", here or able, detail, advice)


def room(folder: Path, memory: Path = MEMORY) -> Iterator[Finding]:
    """Disk and memory for the servers and seven services."""
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    advice = f"Free at least {FREE_BYTES >> 30} GB on the disk of {there}, or choose another FOLDER."
    yield Finding("disk", free > FREE_BYTES, f"{free >> 20} MB free", advice)
    available = _available(memory)
    if available is not None:
        advice = f"Close something: {MEMORY_BYTES >> 20} MB are needed."
        yield Finding("memory", available > MEMORY_BYTES, f"{available >> 20} MB available", advice)


def _available(memory: Path) -> Optional[int]:  # noqa: UP045
    try:
        lines = memory.read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None


def sentences(finding: Finding) -> Iterator[str]:
    """How it is shown."""
    mark = "ok     " if finding.well else ("broken " if finding.needed else "absent ")
    yield f"{mark} {finding.what}: {finding.detail}"
    if not finding.well:
        yield f"        {finding.advice}"


def main() -> None:
    """Show what is lacking, and exit 1 when something is."""
    broken = [finding for finding in bare(Path(sys.argv[1])) if not finding.well]
    for finding in broken:
        print("\n".join(sentences(finding)))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
