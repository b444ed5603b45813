"""A process in which libraries can do nothing but compute, and ask the outside through one door."""

import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

_door = threading.local()
_PROGRAMS = frozenset({"os.exec", "os.fork", "os.forkpty", "os.spawn", "os.startfile", "os.system"})
_ONE_PROGRAM = frozenset({"os.posix_spawn", "subprocess.Popen"})
_NETWORK = frozenset(
    {
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.getnameinfo",
        "socket.sendmsg",
        "socket.sendto",
    }
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Sealed(PermissionError):
    """A library wanted to start a program, to reach the network past the guard, or to write a file."""


@contextmanager
def through_the_door() -> Iterator[None]:
    """Network may be used meanwhile, in this thread; what does so asks the guard itself."""
    _door.open = True
    try:
        yield
    finally:
        _door.open = False


def seal(programs: Collection[str] = ()) -> None:
    """From now on, and until this process ends, anything else raises Sealed. `programs` may be started nevertheless."""
    sys.dont_write_bytecode = True
    sys.addaudithook(_hook(frozenset(programs)))


def _hook(programs: frozenset[str]) -> Callable[[str, tuple[Any, ...]], None]:
    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NETWORK:
            if not getattr(_door, "open", False):
                raise Sealed(f"{event} outside the guard")
        elif event in _PROGRAMS or (event in _ONE_PROGRAM and str(arguments[0]) not in programs):
            raise Sealed(f"{event}: a program was to be started")
        elif event == "open" and not isinstance(arguments[0], int) and (arguments[2] or 0) & _WRITING:
            # What is named by its number is open already: a pipe to a program that may be started.
            raise Sealed("a file was to be written")

    return refuse
