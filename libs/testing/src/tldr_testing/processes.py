"""Whether a process still runs, and what it loads."""

import os
import pickle
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import psutil

from tldr_testing.deadline import eventually


async def gone(pid: int, *, limit_s: float = 10.0) -> None:
    """Wait until the process has ended; one that nobody has waited for (a zombie) has."""

    async def look() -> bool:
        return has_ended(pid)

    await eventually(look, limit_s=limit_s)


def has_ended(pid: int) -> bool:
    """Whether the process has ended with all of its threads, reaped or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        return bool(ended.poll(0))
    finally:
        os.close(descriptor)


def templates() -> list[psutil.Process]:
    """The processes that workers of this process are forked from; one that has ended is none."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            found += [child] if "tldr_processes.template" in " ".join(child.cmdline()) else []
    return found


def workers() -> list[psutil.Process]:
    """The worker processes of this process."""
    found = []
    for template in templates():
        with suppress(psutil.Error):
            found += template.children()
    return found


def packages_loaded(prepare: Callable[[], None], call: Callable[[], object]) -> set[str]:
    """The packages that a call loads in a process that has prepared itself; items of an iterator are taken.

    Both are pickled, and the call is read after the preparation: what it is made of counts.
    """
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _LOADED],
        input=pickle.dumps([pickle.dumps(prepare), pickle.dumps(call)]),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return set(told.stdout.decode().split())


_LOADED = """
import pickle, sys
from collections import deque
from collections.abc import Iterator
prepare, call = pickle.load(sys.stdin.buffer)
pickle.loads(prepare)()
before = set(sys.modules)
result = pickle.loads(call)()
if isinstance(result, Iterator):
    deque(result, maxlen=0)
print(*{name.partition(".")[0] for name in sys.modules} - {name.partition(".")[0] for name in before})
"""
