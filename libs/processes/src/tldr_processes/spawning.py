"""Start processes without running the program's main module again in each of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def without_main() -> Iterator[None]:
    """While open, a spawned process does not import the main module of this one.

    `spawn` imports it in every child, in case the work is defined there. Ours is always a module's function, and a main
    module that builds seven services costs a child three seconds of processor time and its memory. Open it only around
    the call that starts the process: other threads see the stand-in meanwhile.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
