"""What runs in a reading process: one generator after the other, each item sent as soon as it is wanted."""

import os
import threading
import traceback
from multiprocessing import connection, parent_process

from tldr_ingest.adapters.reading_messages import Broken, Done, Header, Refused, Task
from tldr_ingest.domain.errors import IngestError
from tldr_outbound import DeadlineExceeded, OutboundError, SourceUnavailable

_PASSING = (SourceUnavailable, DeadlineExceeded)


def serve(service: "connection.Connection[object, Task]") -> None:
    """Run tasks until the service closes its end. Sending blocks while the service does not take what was sent."""
    threading.Thread(target=_end_with_the_service, name="end-with-the-service", daemon=True).start()
    while True:
        try:
            task = service.recv()
        except EOFError:
            return
        try:
            for item in task.work(*task.arguments):
                service.send(Header(item.value, item.data is not None))
                if item.data is not None:
                    service.send_bytes(item.data)
            service.send(Done())
        except BrokenPipeError:
            return
        except Exception as error:
            service.send(_outcome(error))


def _outcome(error: Exception) -> Refused | Broken:
    # Errors of demuxers and HTTP clients often cannot be pickled, and what they say is not for customers.
    if isinstance(error, IngestError):
        return Refused(error.code, error.sentence, passing=False)
    if isinstance(error, OutboundError):
        return Refused(error.code, error.sentence, passing=isinstance(error, _PASSING))
    return Broken("".join(traceback.format_exception(error)))


def _end_with_the_service() -> None:
    # While it reads from a slow server the process does not see that the service was killed.
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
