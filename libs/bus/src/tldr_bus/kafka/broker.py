"""Where the broker is, and how to ask which cluster answers there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

ASK_S = 10.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker's address. `idempotent` says whether it knows idempotent producers (Tansu does not)."""

    bootstrap: str
    idempotent: bool = True


BrokerProvider = Callable[[], Broker]
"""Answers where the broker is now; asked again at each connection, since an embedded broker moves when it restarts."""


class BrokerUnavailable(Exception):
    """The broker did not answer, or refused; it is waited out."""


async def cluster_id(client: AIOKafkaClient) -> str:
    """The id of the cluster at the other end of this client; another log has another id.

    Asks about no topic, because some brokers create the topics they are asked about. Raises BrokerUnavailable.
    """
    try:
        answer = await asyncio.wait_for(client.send(client.get_random_node(), MetadataRequest([])), ASK_S)
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerUnavailable(f"no answer from the broker: {error!r}") from error
    return str(answer.cluster_id)
