"""What runs in a worker process: one call after the other, each item sent as soon as it is there."""

import os
import pickle
import resource
import select
import threading
import traceback
from multiprocessing.connection import Connection

from tldr_processes.endings import WorkFailed
from tldr_processes.messages import OUT_OF_MEMORY, Call, Header, Item, Raised, Returned


def serve(parent: Connection, memory_bytes: int | None) -> None:
    """Run calls until the parent closes its end. Sending blocks while the parent does not take what was sent."""
    threading.Thread(target=_end_with_the_parent, args=(parent.fileno(),), daemon=True).start()
    # RLIMIT_DATA counts what the process may write to and shares with nobody. RLIMIT_AS would count the libraries' files
    # and address space that allocators reserve and never use; a watched RSS is too late for one large allocation.
    if memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    try:
        while True:
            parent.send_bytes(_answer(parent, parent.recv_bytes()))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def raised(error: Exception) -> bytes:
    """A `Raised` as the parent can read it, with the traceback."""
    trace = "".join(traceback.format_exception(error))
    try:
        error.add_note(f"In the worker process:\n{trace}")
        pickled = pickle.dumps(Raised(error))
        pickle.loads(pickled)  # noqa: S301 - our own; many errors of libraries can be written and not read
        return pickled
    except Exception:
        return pickle.dumps(Raised(WorkFailed(trace)))


def _answer(parent: Connection, asked: bytes) -> bytes:
    try:
        call: Call = pickle.loads(asked)  # noqa: S301 - the parent's
        return pickle.dumps(Returned(_run(parent, call)))
    except MemoryError:
        raise
    except Exception as error:
        return raised(error)


def _run(parent: Connection, call: Call) -> object:
    def report(value: object, data: bytes | None = None) -> None:
        parent.send(Header(value, data is not None))
        if data is not None:
            parent.send_bytes(data)

    if not call.streams:
        return call.work(*call.arguments, report) if call.reports else call.work(*call.arguments)
    for item in call.work(*call.arguments):
        if not isinstance(item, Item):
            raise TypeError(f"a stream gives items, not {type(item).__name__}")
        report(item.value, item.data)
    return None


def _end_with_the_parent(descriptor: int) -> None:
    # Also while it reads from a slow server, and also when the parent was killed.
    watch = select.poll()
    watch.register(descriptor, select.POLLRDHUP)
    watch.poll()
    os._exit(0)
