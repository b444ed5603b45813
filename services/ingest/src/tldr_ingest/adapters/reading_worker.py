"""What runs in a reading process: one generator after the other, each item sent as soon as it is wanted."""

import os
import select
import sys
import threading
import traceback
from multiprocessing.connection import Connection

from tldr_ingest.adapters.reading_messages import Broken, Done, Header, Refused
from tldr_ingest.domain.errors import IngestError
from tldr_outbound import DeadlineExceeded, OutboundError, SourceUnavailable

_PASSING = (SourceUnavailable, DeadlineExceeded)


def serve(service: Connection) -> None:
    """Say that it is ready, and run tasks until the service closes its end.

    Sending blocks while the service does not take what was sent.
    """
    threading.Thread(target=_end_with_the_service, args=(service.fileno(),), daemon=True).start()
    service.send(Done())
    while True:
        task = service.recv()
        try:
            for item in task.work(*task.arguments):
                service.send(Header(item.value, item.data is not None))
                if item.data is not None:
                    service.send_bytes(item.data)
            service.send(Done())
        except Exception as error:
            service.send(_outcome(error))


def _outcome(error: Exception) -> Refused | Broken:
    # Errors of demuxers and HTTP clients often cannot be pickled, and what they say is not for customers.
    if isinstance(error, IngestError):
        return Refused(error.code, error.sentence, passing=False)
    if isinstance(error, OutboundError):
        return Refused(error.code, error.sentence, passing=isinstance(error, _PASSING))
    return Broken("".join(traceback.format_exception(error)))


def _end_with_the_service(descriptor: int) -> None:
    # Also while it reads from a slow server, and also when the service was killed.
    watch = select.poll()
    watch.register(descriptor, select.POLLRDHUP)
    watch.poll()
    os._exit(0)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
