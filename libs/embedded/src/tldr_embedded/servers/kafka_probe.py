"""Asks a Kafka broker for its metadata: the smallest question that only a broker ready for clients answers."""

import asyncio
import struct

from tldr_embedded.servers.provider import ProbeFailed

METADATA, VERSION = 3, 1
ANSWER_LIMIT = 2**24


async def probe_kafka(port: int) -> None:
    """Metadata request v1 with no topics; the answer has to list a broker. Raises OSError, EOFError or ProbeFailed.

    Apache Kafka accepts connections before its broker has registered: then the list is empty.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        request = struct.pack(">hhihi", METADATA, VERSION, 1, -1, 0)  # correlation id 1, null client id, no topics
        writer.write(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", await reader.readexactly(4))
        if not 8 <= size <= ANSWER_LIMIT:
            raise ProbeFailed(f"an answer of {size} bytes")
        correlation, brokers = struct.unpack(">ii", (await reader.readexactly(size))[:8])
        if correlation != 1 or brokers < 1:
            raise ProbeFailed("no broker has registered yet")
    finally:
        writer.close()
